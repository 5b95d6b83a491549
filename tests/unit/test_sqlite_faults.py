"""The SQLite store where things go wrong: shared transactions, failing disks, killed processes."""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from subprocess import run
from threading import Event, Thread, get_ident, main_thread
from typing import Any

import pytest

from leadlark.adapters.sqlite import SqliteStore
from leadlark.adapters.sqlite import group as group_module
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.journal import Delivery, Entry, Identity, Recorded, Wanted
from leadlark.store import Deciding, Key, Outcome, Plan, Record, Search, Unit, Work, Write

BENCH = Path(__file__).parents[2] / "bench"
PLACE: ContextVar[str] = ContextVar("PLACE", default="nowhere")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "crm.db", wait=0) as opened:
        yield opened


def makes(name: str, during: Callable[[], object] = lambda: None) -> Work:
    """Work that creates a deal of a name; ``during`` is called amid deciding."""
    decision = Decision(
        "test", "create", "a test", "0" * 64, 1, ContactPart("none"), EntityPart("deal")
    )
    key = Key("TITLE", name)

    def work() -> Deciding:
        yield Search("deal", keys=(key,))
        during()
        return Plan(decision, None, (Write("deal", None, {"TITLE": name}, keys=(key,)),))

    return work


def missing(name: str) -> Work:
    """Work that creates a deal, and then changes one that is not there."""

    def work() -> Deciding:
        plan = yield from makes(name)()
        return Plan(plan.decision, None, (*plan.entities, Write("deal", "999")))

    return work


def names(store: SqliteStore) -> set[object]:
    return {each.fields["TITLE"] for each in store.records("deal")}


class Together:
    """Units of work in one group: the first one waits amid its work for all others."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.outcomes: dict[str, Decision | BaseException] = {}
        self.threads: list[Thread] = []

    def start(self, name: str, work: Work, place: str = "nowhere") -> None:
        """Run work in a thread of its own."""

        def transact() -> None:
            PLACE.set(place)
            try:
                self.outcomes[name] = self.store.transact(work)
            except BaseException as error:
                self.outcomes[name] = error

        self.threads.append(Thread(target=transact))
        self.threads[-1].start()

    def gather(self, count: int) -> None:
        """Wait until so many units are handed in."""
        while len(self.store._group._waiting) < count:
            time.sleep(0.0001)

    def run(self, **works: Work) -> dict[str, Decision | BaseException]:
        """What becomes of all, the first with a name of its own."""
        begun = Event()

        def during() -> None:
            if not begun.is_set():
                begun.set()
                self.gather(len(works))

        self.start("first", makes("first", during))
        begun.wait()
        for name, work in works.items():
            self.start(name, work)
        for each in self.threads:
            each.join()
        return self.outcomes


@pytest.fixture
def statements(store: SqliteStore) -> list[str]:
    """The statements around units of work, as SQLite gets them."""
    seen: list[str] = []

    def trace(statement: str) -> None:
        if re.match("BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", statement):
            seen.append(statement)

    store._tables.connection.set_trace_callback(trace)
    return seen


# Groups


def test_units_of_work_at_the_same_time_share_a_transaction(
    store: SqliteStore, statements: list[str]
) -> None:
    """One transaction for all, and a savepoint for each but the first."""
    outcomes = Together(store).run(a=makes("a"), b=makes("b"))

    assert all(isinstance(each, Decision) for each in outcomes.values())
    assert {"first", "a", "b"} == names(store)
    saved = ["SAVEPOINT unit", "RELEASE unit"]
    assert ["BEGIN IMMEDIATE", *saved, *saved, "COMMIT"] == statements


def test_a_unit_alone_needs_no_savepoint(store: SqliteStore, statements: list[str]) -> None:
    """What nobody shares is one transaction, as short as it can be."""
    store.transact(makes("a"))

    assert ["BEGIN IMMEDIATE", "COMMIT"] == statements


def test_units_of_a_group_see_one_another(store: SqliteStore) -> None:
    """Of two units for one person the second finds what the first made, in one transaction."""
    found: list[int] = []

    def looking() -> Deciding:
        records = yield Search("deal", keys=(Key("TITLE", "first"),))
        found.append(len(records))
        return (yield from makes("b")())

    Together(store).run(b=looking)

    assert [1] == found


@pytest.mark.parametrize("failing", ["deciding", "writing"])
def test_an_error_of_one_unit_touches_no_other(store: SqliteStore, failing: str) -> None:
    """Those before it and behind it are carried out, and its own thread gets its error."""
    error = LookupError("deciding fails")

    def fail() -> None:
        raise error

    wrong = makes("wrong", fail) if failing == "deciding" else missing("wrong")
    outcomes = Together(store).run(a=makes("a"), wrong=wrong, b=makes("b"))

    assert {"first", "a", "b"} == names(store)
    assert isinstance(outcomes["a"], Decision)
    assert isinstance(outcomes["b"], Decision)
    if failing == "deciding":
        assert error is outcomes["wrong"]
    else:
        assert "there is no deal with the id '999' to change" == str(outcomes["wrong"])


def test_a_unit_that_spoils_the_transaction_touches_no_other(
    store: SqliteStore, statements: list[str]
) -> None:
    """Where SQLite rolls all back because of one unit, the others are run again without it."""
    connection = store._tables.connection

    def break_off_once() -> bool:
        connection.set_progress_handler(None, 0)
        return True

    def spoil() -> None:
        connection.set_progress_handler(break_off_once, 1)

    outcomes = Together(store).run(a=makes("a"), wrong=makes("wrong", spoil), b=makes("b"))

    assert isinstance(outcomes["wrong"], StoreError)
    assert {"first", "a", "b"} == names(store)
    assert 2 == statements.count("BEGIN IMMEDIATE")


def test_a_group_is_bounded(
    store: SqliteStore, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes when a group is full is in the next one."""
    monkeypatch.setattr(group_module, "MAX_GROUP", 2)
    Together(store).run(a=makes("a"), b=makes("b"), c=makes("c"))

    assert {"first", "a", "b", "c"} == names(store)
    assert 2 == statements.count("COMMIT")


def test_nobody_is_told_before_the_commit(store: SqliteStore) -> None:
    """When the transaction cannot be committed, all of the group fail and nothing is written."""
    connection = store._tables.connection

    class NoCommit:
        def __getattr__(self, name: str) -> object:
            return getattr(connection, name)

        def execute(self, statement: str) -> object:
            if statement == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return connection.execute(statement)

    store._group._connection = NoCommit()  # type: ignore[assignment]
    outcomes = Together(store).run(a=makes("a"), b=makes("b"))
    store._group._connection = connection

    assert all("disk I/O error" in str(each) for each in outcomes.values())
    assert [StoreError] * 3 == [type(each) for each in outcomes.values()]
    assert set() == names(store)
    store.transact(makes("next"))
    assert {"next"} == names(store)


def test_work_has_the_context_of_its_caller(store: SqliteStore) -> None:
    """Work that runs in the thread of another sees its own caller's context variables."""
    seen: dict[str, tuple[str, int]] = {}
    running, begun = Together(store), Event()

    def during() -> None:
        begun.set()
        running.gather(1)
        seen["a"] = (PLACE.get(), get_ident())

    running.start("a", makes("a", during), place="here")
    begun.wait()
    running.start("b", makes("b", lambda: seen.update(b=(PLACE.get(), get_ident()))), "there")
    for each in running.threads:
        each.join()

    assert ("here", "there") == (seen["a"][0], seen["b"][0])
    assert seen["a"][1] == seen["b"][1]


def test_an_interrupt_of_the_leader_touches_no_other(store: SqliteStore) -> None:
    """Ctrl-C in the thread that runs a group ends its own unit, and the others are carried out."""
    running = Together(store)

    def during() -> None:
        running.start("a", makes("a"))
        running.start("b", makes("b"))
        running.gather(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.transact(makes("interrupted", during))
    for each in running.threads:
        each.join()

    assert {"a", "b"} == names(store)
    store.transact(makes("next"))
    assert {"a", "b", "next"} == names(store)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Ctrl-C raises, even where a shell in the background has handed on that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_of_one_that_waits_touches_no_other(store: SqliteStore) -> None:
    """Ctrl-C in a thread that waits for its group takes its unit out of the queue."""
    running, begun = Together(store), Event()
    main = main_thread().ident
    assert main == get_ident()

    def during() -> None:
        begun.set()
        running.gather(1)
        signal.pthread_kill(main, signal.SIGINT)
        while store._group._waiting:
            time.sleep(0.0001)

    running.start("a", makes("a", during))
    begun.wait()
    with pytest.raises(KeyboardInterrupt):
        store.transact(makes("interrupted"))
    running.threads[0].join()
    store.transact(makes("next"))

    assert {"a", "next"} == names(store)


# Reading


def test_searches_wait_for_no_unit_of_work(store: SqliteStore) -> None:
    """Outside of a unit of work the store is as it was last committed, without waiting."""
    store.add([Record("deal", "1", {"TITLE": "there"})])
    seen: list[object] = []
    reader = Thread(target=lambda: seen.append(names(store)))

    def during() -> None:
        reader.start()
        reader.join()

    store.transact(makes("new", during))

    assert [{"there"}] == seen
    assert {"there", "new"} == names(store)


def test_work_cannot_search_its_store_by_itself(store: SqliteStore) -> None:
    """Work that reaches for its store is told so, for it would see what was there before."""
    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(makes("a", lambda: store.search(Search("deal"))))
    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(makes("a", store.close))
    assert set() == names(store)


# Units handed in together


def row(name: str, identity: Identity | None = None) -> Callable[[Decision], Entry]:
    """The journal's row of a unit, known by its name."""
    received = "2026-01-01T12:00:00.000Z"
    delivery = Delivery(name, received, "shop", "shop", "POST", "", {}, b"", "0" * 64)
    return lambda told: Entry(delivery, 0, True, identity, "create", 200, told.to_json())


def known(name: str, work: Work | None = None) -> Unit:
    """A unit that makes a deal of a name, with a row, for a request whose id is that name."""
    identity = Identity("shop", name, "0" * 64)
    return Unit(work or makes(name), row(name, identity), identity)


def rows(store: SqliteStore) -> dict[str, int]:
    """How often each request in the journal was delivered."""
    return {entry.delivery.id: entry.attempts for _, entry in store.entries(Wanted(limit=10**6))}


def test_units_of_one_call_share_a_transaction(store: SqliteStore, statements: list[str]) -> None:
    """Up to 64 units of a call are one transaction, in the order given, without a thread each."""
    order: list[str] = []

    def noting(name: str) -> Unit:
        return known(name, makes(name, lambda: order.append(f"{name} {get_ident()}")))

    units = [noting(str(number)) for number in range(100)]
    outcomes = store.transact_all(units)

    assert [Decision] * 100 == [type(each) for each in outcomes]
    assert [f"{number} {get_ident()}" for number in range(100)] == order
    assert 2 == statements.count("COMMIT")
    assert 98 == statements.count("SAVEPOINT unit")
    assert list(map(str, range(99, -1, -1))) == list(rows(store))


def test_units_of_calls_at_the_same_time_share_a_transaction(
    store: SqliteStore, statements: list[str]
) -> None:
    """What other threads hand in amid a call goes with it, whichever hands in several units."""
    running, outcomes = Together(store), list[object]()
    several = Thread(target=lambda: outcomes.extend(store.transact_all([known("b"), known("c")])))

    def during() -> None:
        if not running.threads:
            several.start()
            running.gather(3)
            running.start("d", makes("d"))
            running.gather(4)

    outcomes += store.transact_all([known("first", makes("first", during)), known("a")])
    for each in (several, *running.threads):
        each.join()

    assert {"first", "a", "b", "c", "d"} == names(store)
    assert [Decision] * 4 == [type(each) for each in outcomes]
    assert 1 == statements.count("COMMIT")


def test_an_interrupt_amid_a_call_ends_its_units(store: SqliteStore) -> None:
    """Ctrl-C takes the units of its own call out, and those of others are carried out."""
    running = Together(store)

    def during() -> None:
        running.start("other", makes("other"))
        running.gather(3)
        raise KeyboardInterrupt

    units = [known("a"), known("interrupted", makes("interrupted", during)), known("b")]
    with pytest.raises(KeyboardInterrupt):
        store.transact_all([*units, known("c")])
    running.threads[0].join()

    assert {"other"} == names(store)
    assert {} == rows(store)
    store.transact_all([known("a"), known("b")])
    assert {"other", "a", "b"} == names(store)


def test_an_exit_amid_a_call_comes_out(store: SqliteStore) -> None:
    """What is no exception of a unit comes out of the call once its other units have ended."""

    def leave() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        store.transact_all([known("a"), known("leaving", makes("leaving", leave)), known("b")])

    assert {"a", "b"} == names(store)


def test_a_unit_that_spoils_the_transaction_is_alone_in_failing(store: SqliteStore) -> None:
    """The units of its call before and behind it are carried out, with their rows, once each."""
    connection = store._tables.connection

    def spoil() -> None:
        connection.execute("ROLLBACK")
        raise LookupError("spoiled")

    outcomes = store.transact_all([known("a"), known("wrong", makes("wrong", spoil)), known("b")])

    assert [Decision, LookupError, Decision] == [type(each) for each in outcomes]
    assert {"a", "b"} == names(store)
    assert {"a": 1, "b": 1} == rows(store)


@pytest.mark.parametrize("call", ["transact_all", "entries", "purge", "addresses"])
def test_a_closed_store_keeps_no_journal(store: SqliteStore, call: str) -> None:
    """Every call of the journal says that the store is closed."""
    arguments = {
        "transact_all": [known("a"), known("b")],
        "entries": Wanted(),
        "purge": "9",
        "addresses": ["shop"],
    }
    store.close()
    with pytest.raises(StoreError, match="closed"):
        getattr(store, call)(arguments[call])


def test_a_busy_file_refuses_a_call_as_a_whole(store: SqliteStore) -> None:
    """Where another process writes for too long, the call says so and nothing is carried out."""
    with closing(sqlite3.connect(store._path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process is writing"):
            store.transact_all([known("a"), known("b")])
    assert set() == names(store)
    store.transact_all([known("a"), known("b")])
    assert {"a": 1, "b": 1} == rows(store)


class Failing:
    """A connection whose statement of a number fails, and with ``lasting`` all after it."""

    def __init__(self, connection: sqlite3.Connection, number: int, *, lasting: bool) -> None:
        self._connection = connection
        self._left = number
        self._lasting = lasting

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, *given: Any) -> object:
        self._fail()
        return self._connection.execute(*given)

    def executemany(self, *given: Any) -> object:
        self._fail()
        return self._connection.executemany(*given)

    def _fail(self) -> None:
        self._left -= 1
        if self._left == 0 or (self._lasting and self._left < 0):
            raise sqlite3.OperationalError("disk I/O error")


@contextmanager
def fault(store: SqliteStore, kind: str, number: int) -> Iterator[None]:
    """Within it the statement of a number fails, or the one that takes so many steps in SQLite."""
    connection, left = store._tables.connection, number

    def step() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    if kind == "broken off":
        connection.set_progress_handler(step, 10)
    else:
        failing: Any = Failing(connection, number, lasting=kind == "all")
        store._tables.connection = store._group._connection = failing
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        store._tables.connection = store._group._connection = connection


@pytest.mark.parametrize("kind", ["one", "all", "broken off"])
def test_a_fault_at_any_statement_leaves_rows_and_records_together(
    store: SqliteStore, kind: str
) -> None:
    """Whichever statement fails, a unit has its deal and its row, or neither, and is told so."""
    store.transact_all([known("again")])
    done, repeated = {"again"}, 1
    for moment in count(1):
        own = [f"{moment}.{part}" for part in range(3)]
        units = [known(own[0]), known("again"), known(own[1]), known(own[2])]
        outcomes: list[Outcome] = [StoreError()] * 4
        with fault(store, kind, moment), suppress(StoreError):
            outcomes = store.transact_all(units)
        of_again = outcomes.pop(1)
        done |= {
            name for name, each in zip(own, outcomes, strict=True) if isinstance(each, Decision)
        }
        repeated += isinstance(of_again, Recorded)
        assert done == names(store) == set(rows(store))
        assert repeated == rows(store)["again"]
        failed = [each for each in (*outcomes, of_again) if isinstance(each, Exception)]
        assert all(isinstance(each, StoreError) for each in failed)
        assert kind == "all" or len(failed) in (0, 1, 4)
        if not failed:
            break
    assert moment > 20


# Scripts whose counts are larger when they are run by hand


@pytest.mark.parametrize(
    ("script", "arguments", "last"),
    [
        ("faults.py", ["--groups", "2"], "  nothing wrong"),
        ("kills.py", ["50"], "nothing wrong"),
    ],
)
def test_faults_and_kills_leave_whole_units(script: str, arguments: list[str], last: str) -> None:
    """Whatever fails or is killed, units are there whole or not at all, and none told is lost."""
    command = [sys.executable, str(BENCH / script), *arguments]
    done = run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert done.stdout.splitlines()[-1].endswith(last)
