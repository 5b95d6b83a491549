"""The SQLite store, beyond the contract of all stores: its file, its faults, its processes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.adapters.memory import MemoryStore
from leadlark.adapters.sqlite import SqliteStore
from leadlark.adapters.sqlite import journal as journal_module
from leadlark.adapters.sqlite.file import APPLICATION_ID
from leadlark.adapters.sqlite.sql import JOURNAL, SQL
from leadlark.adapters.statements import RECORD_TYPES
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.journal import Wanted
from leadlark.store import Deciding, Key, Plan, Record, RecordType, Search, Store, Task, Work, Write
from leadlark.testing.journaling import entry, unit
from leadlark.values.keys import keys_of
from leadlark.values.value import Json

WRITER = Path(__file__).with_name("sqlite_writer.py")
DECISION = Decision(
    "test", "create", "a test", "0" * 64, 1, ContactPart("none"), EntityPart("deal")
)
KEY = Key("UF", "1")


def planned(plan: Plan) -> Work:
    def work() -> Deciding:
        yield Search("contact", keys=(KEY,))
        return plan

    return work


def written(*entities: Write, contact: Write | None = None) -> Work:
    return planned(Plan(DECISION, contact, entities))


FULL = written(
    Write("deal", None, {"UF": 1}, keys=(KEY,), comment="c", task=Task("s", "", None)),
    Write("deal", "1", {"UF": "new"}, {"WEB": ("x",)}, keys=(Key("UF", "new"),)),
    contact=Write("contact", None, {"NAME": "new"}, keys=(KEY,)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "crm.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path, wait=0) as opened:
        opened.add([Record("deal", "1", {"UF": "old"})])
        yield opened


def shown(store: SqliteStore | MemoryStore) -> list[object]:
    """Everything that a store holds."""
    records = [record for type in RECORD_TYPES for record in store.records(type)]
    beside = [
        (store.comments(each.type, each.id), store.tasks(each.type, each.id)) for each in records
    ]
    return [*records, *beside]


# The file


def test_a_file_is_used_durably(store: SqliteStore) -> None:
    """A write-ahead log, synced in full, foreign keys on, and a file that says whose it is."""
    pragmas = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": APPLICATION_ID,
    }
    for name, value in pragmas.items():
        assert (value,) == store._tables.connection.execute(f"PRAGMA {name}").fetchone()


@pytest.mark.parametrize(
    ("version", "way_out"),
    [("9999", "the LeadLark that upgraded it"), ("0000", "`leadlark db upgrade --store sqlite://")],
)
def test_a_file_of_another_version_is_refused(path: Path, version: str, way_out: str) -> None:
    """A file whose tables are of another version is not used, and the way out is told."""
    SqliteStore(path).close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = ?", (version,))
    other.close()
    with pytest.raises(StoreError, match=f"version {version}.*{way_out}"):
        SqliteStore(path)


def test_a_file_that_tells_no_version_is_refused(path: Path) -> None:
    """A file without a version is like one of the oldest."""
    SqliteStore(path).close()
    with sqlite3.connect(path) as other:
        other.execute("DELETE FROM alembic_version")
    with pytest.raises(StoreError, match="version 0000"):
        SqliteStore(path)
    other.execute("DROP TABLE alembic_version")
    other.close()
    with pytest.raises(StoreError, match="version 0000"):
        SqliteStore(path)


def test_a_database_of_another_program_is_refused_and_untouched(path: Path) -> None:
    """Tables that are not LeadLark's are neither used nor changed."""
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE contact (id INTEGER)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="no LeadLark database"):
        SqliteStore(path)
    assert before == path.read_bytes()


def test_a_file_that_is_no_database_is_refused_and_untouched(path: Path) -> None:
    """Any other file is neither used nor changed."""
    path.write_text("leadlark 1\n" * 200)
    with pytest.raises(StoreError, match="no LeadLark database"):
        SqliteStore(path)
    assert "leadlark 1\n" * 200 == path.read_text()


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    """An empty file is like a missing one."""
    path.touch()
    with SqliteStore(path) as store:
        assert () == store.records("deal")


@pytest.mark.parametrize("name", ["missing/crm.db", ".", "crm\0.db"])
def test_a_path_that_cannot_be_opened_is_a_store_error(tmp_path: Path, name: str) -> None:
    """A missing folder, a folder and a name that no file has are told, with the way out."""
    with pytest.raises(StoreError, match=r"check that its folder exists|no file has such a name"):
        SqliteStore(tmp_path / name)


@pytest.mark.parametrize("text", ["{", "[]", '{"a": NaN}', "[" * 100_000])
def test_a_damaged_value_is_a_store_error(store: SqliteStore, text: str) -> None:
    """A record that another program has broken is named."""
    store._tables.connection.execute("UPDATE deal SET fields = ?", (text,))
    with pytest.raises(StoreError, match="deal 1 is damaged"):
        store.records("deal")


def test_a_closed_store_is_a_store_error(store: SqliteStore) -> None:
    """A store that is closed says so."""
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.search(Search("deal", keys=(KEY,)))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (Record("deal", "1", {}), "two records with the id deal 1"),
        (Record("deal", "abc", {}), "no positive integer"),
        (Record("deal", "2", {}, contacts=("7",)), "no contact with the id '7'"),
        (Record("deal", "2", {}, contacts=("abc",)), "no contact with the id 'abc'"),
    ],
)
def test_records_that_cannot_be_are_refused(
    store: SqliteStore, record: Record, message: str
) -> None:
    """Existing records are added all or none."""
    with pytest.raises(StoreError, match=message):
        store.add([Record("contact", "5", {}), record])
    assert () == store.records("contact")


# Statements


@pytest.mark.parametrize("type", RECORD_TYPES)
def test_no_statement_reads_a_whole_table(store: SqliteStore, type: RecordType) -> None:
    """Every statement finds its rows by an index, so that it costs the same at any size."""
    named = dict(SQL.queries(type))
    del named["read_all"]  # for looking at what a store holds
    named["several"] = SQL.repeated(type, "find_by_key", 3)
    for name, statement in named.items():
        places = (None,) * statement.count("?")
        plan = store._tables.connection.execute(
            f"EXPLAIN QUERY PLAN {statement}", places
        ).fetchall()
        scans = [row[3] for row in plan if row[3].startswith("SCAN")]
        assert [] == [scan for scan in scans if "json_each" not in scan], name


@pytest.mark.parametrize(
    ("names", "index"),
    [
        (("read",), "INTEGER PRIMARY KEY (rowid<?)"),
        (("read", "of_channel"), "journal_of_channel (channel=? AND number<?)"),
        (("read", "of_delivery"), "journal_of_delivery (delivery=? AND rowid<?)"),
        (("read", "also_of_channel", "of_delivery"), "journal_of_delivery"),
        (("read", "of_actions", "from_time", "before_time", "with_text"), "(rowid<?)"),
        (("read", "of_channel", "of_actions", "from_time"), "journal_of_channel"),
    ],
)
def test_a_page_of_the_journal_is_read_by_an_index(
    store: SqliteStore, names: tuple[str, ...], index: str
) -> None:
    """Rows are read in their order, so that a page costs the same at any size of the journal."""
    statement = "\n".join(JOURNAL.named()[name] for name in (*names, "newest"))
    steps = plan_of(store, statement)

    assert index in steps[0]
    assert [] == [step for step in steps if "TEMP B-TREE" in step or "SCAN journal" in step]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("recorded", "journal_of_request (channel=? AND request_id=?)"),
        ("count_again", "INTEGER PRIMARY KEY (rowid=?)"),
        ("empty", "journal_kept (received<?)"),
        ("drop", "journal_of_time (received<?)"),
    ],
)
def test_rows_of_the_journal_are_found_by_an_index(
    store: SqliteStore, name: str, index: str
) -> None:
    """Repeated requests and purges find their rows without reading the others."""
    steps = plan_of(store, JOURNAL.named()[name])

    assert any(index in step for step in steps)
    assert [] == [step for step in steps if "SCAN journal" in step]


def plan_of(store: SqliteStore, statement: str) -> list[str]:
    places = (None,) * statement.count("?")
    rows = store._tables.connection.execute(f"EXPLAIN QUERY PLAN {statement}", places).fetchall()
    return [row[3] for row in rows]


def test_a_purge_of_many_rows_lets_requests_in_between(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A purge is several transactions, and counts the rows of all of them."""
    monkeypatch.setattr(journal_module, "PURGED_AT_ONCE", 3)
    store.transact_all([unit(entry(number)) for number in range(1, 12)])
    commits: list[str] = []
    store._tables.connection.set_trace_callback(
        lambda statement: commits.append(statement) if statement == "COMMIT" else None
    )

    assert (7, 4) == store.purge("9", "2026-01-01T12:00:05.000Z")
    assert 7 == len(store.entries(Wanted()))
    assert len(commits) > 4


def test_every_statement_has_its_name_once() -> None:
    """The files of statements are read whole, without their comments."""
    assert 16 == len(SQL.queries("deal"))
    assert all("--" not in text and "{" not in text for text in SQL.queries("deal").values())
    assert all(statement.startswith("CREATE ") for statement in SQL.schema())


# Faults


def test_a_full_disk_takes_nothing(store: SqliteStore) -> None:
    """A unit of work that does not fit leaves the store as it was; the next one is fine."""
    (pages,) = store._tables.connection.execute("PRAGMA page_count").fetchone()
    store._tables.connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    before = shown(store)
    with pytest.raises(StoreError, match="disk is full"):
        store.transact(written(Write("deal", None), Write("deal", None, {"UF": "x" * 100_000})))
    assert before == shown(store)
    store.transact(written(Write("deal", None)))
    assert 2 == len(store.records("deal"))


def test_a_file_that_cannot_be_written_is_a_store_error(store: SqliteStore) -> None:
    """A file that became read-only is told, with the way out."""
    store._tables.connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="permissions"):
        store.transact(FULL)


def test_another_writer_is_waited_for_no_longer_than_said(store: SqliteStore, path: Path) -> None:
    """A busy file is a store error; readers are not kept out, and the next request is fine."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another process"):
        store.transact(FULL)
    assert 1 == len(store.records("deal"))
    other.close()
    store.transact(FULL)
    assert 2 == len(store.records("deal"))


def test_a_failed_unit_of_work_holds_no_lock(store: SqliteStore, path: Path) -> None:
    """Other processes can write as soon as a unit of work has failed."""
    with pytest.raises(StoreError):
        store.transact(written(Write("deal", None), Write("deal", "77")))
    with SqliteStore(path, wait=0) as other:
        other.transact(FULL)
    assert 2 == len(store.records("deal"))


def test_work_cannot_use_its_store_by_itself(store: SqliteStore) -> None:
    """A unit of work that reaches for its store is told to yield a search instead."""

    def work() -> Deciding:
        yield from ()
        store.transact(FULL)
        return Plan(DECISION)

    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(work)
    assert 1 == len(store.records("deal"))


# Processes


def run_writer(path: Path, first: int, count: int) -> Popen[str]:
    command = [sys.executable, str(WRITER), str(path), str(first), str(count)]
    return Popen(command, stdout=PIPE, text=True)


def number_of(record: Record) -> int:
    number = record.fields["UF_NUMBER"]
    assert isinstance(number, int)
    return number


def test_two_processes_make_one_contact_of_one_person(path: Path) -> None:
    """Processes that create one file and claim the same keys at once make no duplicate."""
    writers = [run_writer(path, 0, 40) for _ in range(2)]
    for writer in writers:
        output, _ = writer.communicate()
        assert 0 == writer.returncode
        assert 40 == len(output.splitlines())
    with SqliteStore(path) as store:
        assert list(range(40)) == sorted(map(number_of, store.records("contact")))
        assert 80 == len(store.records("deal"))


def test_threads_that_create_one_file_do_not_disturb_each_other(path: Path) -> None:
    """Whoever comes second to a new file waits for its tables."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            SqliteStore(path).close()
        except BaseException as error:
            errors.append(error)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [] == errors


# One meaning

TEXTS = st.sampled_from(["a", "b", "Мария", "+74712773120", "84712773120", "m@example.com", " a "])
NAMES = st.sampled_from(["UF", "NAME", "PHONE", "EMAIL", "WEB"])
SCALARS = st.one_of(
    TEXTS, st.integers(-(2**70), 2**70), st.booleans(), st.decimals(allow_nan=False, places=2)
).filter(lambda value: "Infinity" not in str(value))


@st.composite
def writes(draw: st.DrawFn, types: list[RecordType], ids: list[str | None]) -> Write:
    fields: dict[str, Json] = draw(
        st.dictionaries(NAMES, st.none() | SCALARS | st.lists(SCALARS, max_size=3))
    )
    append: dict[str, tuple[str, ...]] = draw(
        st.dictionaries(NAMES, st.lists(TEXTS, max_size=3).map(tuple), max_size=2)
    )
    added: list[tuple[str, Json]] = [(name, list(values)) for name, values in append.items()]
    keys = [key for name, value in (*fields.items(), *added) for key in keys_of(name, value)]
    return Write(
        type=draw(st.sampled_from(types)),
        id=draw(st.sampled_from(ids)),
        fields=fields,
        append=append,
        types=draw(st.dictionaries(NAMES, st.lists(TEXTS, max_size=2).map(tuple), max_size=2)),
        keys=tuple(keys),
        status=draw(st.none() | TEXTS),
        responsible=draw(st.none() | TEXTS),
        comment=draw(st.none() | TEXTS),
        task=draw(st.none() | st.builds(Task, TEXTS, TEXTS, st.none() | TEXTS)),
    )


CONTACTS = writes(["contact"], [None, "1", "2"])
ENTITIES = writes(["lead", "deal"], [None, None, "1", "2", "x"])
PLANS = st.builds(
    Plan,
    st.just(DECISION),
    st.none() | CONTACTS,
    st.lists(ENTITIES, max_size=3).map(tuple),
    st.lists(st.sampled_from(["1", "2", "3", "x"]), max_size=2).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PLANS, max_size=6))
def test_both_stores_make_the_same_of_any_plans(plans: list[Plan]) -> None:
    """Whatever is written, both stores hold the same, find the same and refuse the same."""
    with TemporaryDirectory() as folder, SqliteStore(Path(folder) / "crm.db") as file:
        memory = MemoryStore()
        keys: set[Key] = set()
        for plan in plans:
            outcomes: list[object] = []
            stores: tuple[Store, Store] = (memory, file)
            for store in stores:
                try:
                    outcomes.append(store.transact(planned(plan)))
                except StoreError as error:
                    outcomes.append(str(error))
            assert outcomes[0] == outcomes[1]
            every = [*plan.entities, plan.contact] if plan.contact else plan.entities
            keys |= {key for write in every for key in write.keys}
        assert repr(shown(memory)) == repr(shown(file))
        for type in RECORD_TYPES:
            for key in keys:
                search = Search(type, keys=(key,))
                assert list(memory.search(search)) == list(file.search(search))
