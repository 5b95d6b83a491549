"""The PostgreSQL store, beyond the contract of all stores: its units of work and its tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from postgres_server import PostgresServer, rows

from leadlark.adapters.memory import MemoryStore
from leadlark.adapters.opening import open_store
from leadlark.adapters.postgres import PostgresStore
from leadlark.adapters.postgres.server import Connection, connect, server
from leadlark.adapters.postgres.sql import JOURNAL, SQL, TOGETHER
from leadlark.adapters.statements import RECORD_TYPES
from leadlark.adapters.version import VERSION
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.store import Deciding, Key, Plan, Record, RecordType, Search, Work, Write
from leadlark.values.value import Json

DECISION = Decision(
    "test", "create", "a test", "0" * 64, 1, ContactPart("none"), EntityPart("deal")
)
ONE, TWO = Key("UF_ONE", "1"), Key("UF_TWO", "2")


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.empty()


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    with PostgresStore(url) as opened:
        yield opened


def at_once(*works: Callable[[], object]) -> None:
    """Run in threads, all at the same moment."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result()


def found_or_made(by: Key, *also: Key) -> Work:
    """Work that makes a contact with all keys where there is none with the first of them."""

    def work() -> Deciding:
        found = yield Search("contact", keys=(by,))
        if found:
            return Plan(DECISION)
        return Plan(DECISION, Write("contact", None, keys=(by, *also)))

    return work


# Tables


def test_a_database_gets_its_tables_and_their_version(url: str) -> None:
    """An empty database becomes a store, which the next one opens."""
    PostgresStore(url).close()
    assert [(VERSION,)] == rows(url, "SELECT version_num FROM alembic_version")
    with PostgresStore(url) as again:
        assert () == again.records("contact")


def test_many_may_make_the_tables_at_once(url: str) -> None:
    """Whoever comes second to an empty database uses the tables of the first."""
    at_once(*[lambda: PostgresStore(url).close()] * 6)
    assert [(VERSION,)] == rows(url, "SELECT version_num FROM alembic_version")


@pytest.mark.parametrize("version", ["0000", "9999"])
def test_tables_of_another_version_are_refused(url: str, version: str) -> None:
    """Older tables are to be upgraded, newer ones left to the LeadLark that knows them."""
    PostgresStore(url).close()
    rows(url, f"UPDATE alembic_version SET version_num = '{version}'")
    told = "leadlark db upgrade" if version < VERSION else "a newer one"
    with pytest.raises(StoreError, match=told):
        PostgresStore(url)


def test_tables_of_another_program_are_refused_and_untouched(url: str) -> None:
    """A table that has the name of one of LeadLark's is neither used nor changed."""
    rows(url, "CREATE TABLE deal (id integer)")
    with pytest.raises(StoreError, match="another program"):
        PostgresStore(url)
    assert [] == rows(url, "SELECT * FROM deal")
    assert [(None,)] == rows(url, "SELECT to_regclass('contact')")


def test_an_encoding_without_all_characters_is_refused(postgres: PostgresServer) -> None:
    """A database that cannot hold what people write is refused before anything is written."""
    postgres.run("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    with pytest.raises(StoreError, match="encoding is LATIN1"):
        PostgresStore(postgres.url("latin"))


def test_looking_makes_no_tables(url: str) -> None:
    """A database without tables is an empty store to whoever only looks."""
    assert isinstance(open_store(url, create=False), MemoryStore)
    assert [(None,)] == rows(url, "SELECT to_regclass('contact')")
    PostgresStore(url).close()
    with open_store(url, create=False) as store:
        assert isinstance(store, PostgresStore)


# Statements


GIVEN: dict[str, object] = {
    **{name: ["x"] for name in ("key_fields", "key_values", "old_fields", "old_values", "names")},
    **{name: ["x"] for name in ("channels", "requests", "actions", "addresses", "texts")},
    **{name: ["x"] for name in ("subjects", "dues", "doers")},
    **{name: [1] for name in ("ids", "contacts", "links", "positions", "numbers", "counts")},
    **dict.fromkeys(("id", "linked", "last", "count", "limit", "below"), 1),
    **dict.fromkeys(("comment", "subject", "due", "doer", "status", "responsible"), "x"),
    **dict.fromkeys(("channel", "delivery", "before", "after"), "x"),
    "fields": "{}",
    "types": "{}",
    "statuses": None,
    "needle": b"x",
}
ARRAYS: dict[str, object] = {
    **GIVEN,
    "statuses": [None],
    "responsibles": [None],
    "fields": ["{}"],
    "types": ["{}"],
}


@pytest.mark.parametrize("type", RECORD_TYPES)
def test_no_statement_reads_a_whole_table(url: str, type: RecordType) -> None:
    """Every statement finds its rows by an index, planned for a table that is empty still."""
    PostgresStore(url).close()
    several = ("add_records", "change_records")
    statements = SQL.queries(type)
    with connect(server(url, 1)) as connection:
        for name, statement in statements.items():
            if name == "read_all":  # for looking at what a store holds
                continue
            parameters = ARRAYS if name in several else GIVEN
            assert [] == list(scans(plan_of(connection, statement, parameters))), name


def test_no_statement_of_units_together_reads_a_whole_table(url: str) -> None:
    """The same for the statements that are of all types of records, and of the journal."""
    PostgresStore(url).close()
    statements = {**TOGETHER.named(), **JOURNAL.named()}
    read, newest = statements["read"], statements["newest"]
    conditions = ("of_channel", "of_delivery", "of_actions", "from_time", "before_time")
    for name in (*conditions, "with_text"):
        statements[name] = f"{read} {statements[name]} {newest}"
    statements["read"] = f"{read} {newest}"
    left_out = ("newest", "in_order", "write", "addresses")  # what has no rows to find
    with connect(server(url, 1)) as connection:
        connection.execute(b"SET enable_sort = off")
        connection.execute(b"SET enable_bitmapscan = off")
        for name, statement in statements.items():
            if name not in left_out:
                plan = plan_of(connection, statement, ARRAYS)
                assert [] == list(scans(plan)), name
                sorts = "Sort" in json.dumps(plan)
                assert not (statement.startswith(read) and sorts), name


def plan_of(
    connection: Connection, statement: str, parameters: dict[str, object]
) -> dict[str, Json]:
    """What the server plans to do for a statement."""
    asked = f"EXPLAIN (FORMAT JSON) {statement}".encode()
    ((plan,),) = connection.execute(asked, parameters).fetchall()
    found: dict[str, Json] = plan[0]["Plan"]
    return found


def scans(plan: dict[str, Json]) -> Iterator[str]:
    """The parts of a plan that read a table or an index from end to end."""
    kind = str(plan["Node Type"])
    of_table = kind in ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
    if (
        of_table
        and "Index Cond" not in plan
        and not str(plan.get("Relation Name")).endswith("_seq")
    ):
        yield json.dumps(plan)
    parts = plan.get("Plans", [])
    assert isinstance(parts, list)
    for part in parts:
        assert isinstance(part, dict)
        yield from scans(part)


def test_a_key_too_long_for_an_index_is_found(store: PostgresStore) -> None:
    """Keys of any length lead to their records, and to no others."""
    long = [Key("UF", "ё" * 5000 + end) for end in ("", "x")]
    for key in long:
        store.transact(found_or_made(key))
        store.transact(found_or_made(key))
    assert [["1"], ["2"]] == [
        [record.id for record in store.search(Search("contact", keys=(key,)))] for key in long
    ]


# Units of work


def test_a_key_that_is_written_is_as_good_as_one_searched_by(url: str) -> None:
    """Who searches by a key waits for whoever is writing it, though that one searched by another.

    Two channels that know a person by different fields make one contact of her.
    """
    with PostgresStore(url) as one, PostgresStore(url) as other:
        for number in range(10):
            first, second = Key("UF_ONE", str(number)), Key("UF_TWO", str(number))
            at_once(
                lambda: one.transact(found_or_made(first, second)),  # noqa: B023 (called at once)
                lambda: other.transact(found_or_made(second, first)),  # noqa: B023
            )
        assert 10 == len(one.records("contact"))


def test_a_contact_found_by_two_keys_gets_one_deal(store: PostgresStore) -> None:
    """Deals are looked for by contact one unit of work after the other, whatever found it."""

    def deal_of(key: Key) -> Work:
        def work() -> Deciding:
            (person,) = yield Search("contact", keys=(key,))
            deals = yield Search("deal", contacts=(person.id,), statuses=("NEW",))
            entities = () if deals else (Write("deal", None, status="NEW"),)
            return Plan(DECISION, None, entities, (person.id,))

        return work

    for number in range(20):
        keys = [Key("UF_ONE", str(number)), Key("UF_TWO", str(number))]
        store.transact(found_or_made(*keys))
        at_once(*[lambda key=key: store.transact(deal_of(key)) for key in keys])
    assert 20 == len(store.records("deal"))


def test_units_of_work_that_wait_in_a_circle_are_both_carried_out(store: PostgresStore) -> None:
    """The server ends one of them, and it is carried out again."""
    barrier = Barrier(2)
    calls: list[Key] = []

    def both(first: Key, second: Key) -> Work:
        def work() -> Deciding:
            yield Search("contact", keys=(first,))
            calls.append(first)
            if len(calls) <= 2:
                barrier.wait(10)
            yield Search("contact", keys=(second,))
            return Plan(DECISION, Write("contact", None, keys=(first, second)))

        return work

    store.transact(found_or_made(ONE))  # both fields are known to be searched by
    store.transact(found_or_made(TWO))
    at_once(lambda: store.transact(both(ONE, TWO)), lambda: store.transact(both(TWO, ONE)))
    assert 3 == len(calls)
    assert 4 == len(store.records("contact"))


def test_nobody_is_waited_for_longer_than_said(url: str) -> None:
    """A key that another holds for too long is a store error, and the next request is fine."""
    with PostgresStore(url, wait=0.3) as store, psycopg.connect(url) as other:
        store.transact(found_or_made(ONE))
        other.execute("SELECT * FROM claim FOR UPDATE")
        with pytest.raises(StoreError, match="hold the same records for too long"):
            store.transact(found_or_made(ONE))
        other.rollback()
        store.transact(found_or_made(TWO))
        assert 2 == len(store.records("contact"))


def test_a_connection_is_waited_for_no_longer_than_said(url: str) -> None:
    """Where all connections are in use, the way out is told."""
    barrier = Barrier(2)

    def slow() -> Deciding:
        yield Search("contact", keys=(ONE,))
        barrier.wait(10)
        barrier.wait(10)
        return Plan(DECISION)

    with PostgresStore(url, pool_size=1, wait=0.3) as store, ThreadPoolExecutor(1) as pool:
        store.transact(found_or_made(ONE))
        running = pool.submit(store.transact, slow)
        barrier.wait(10)
        with pytest.raises(StoreError, match="all 1 connections are in use"):
            store.records("contact")
        barrier.wait(10)
        running.result()
        assert 1 == len(store.records("contact"))


def test_work_cannot_use_its_store_by_itself(store: PostgresStore) -> None:
    """A unit of work that reaches for its store is told to yield a search instead."""

    def work() -> Deciding:
        yield Search("contact", keys=(ONE,))
        store.transact(found_or_made(ONE))
        return Plan(DECISION)

    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(work)
    assert () == store.records("contact")


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
    store: PostgresStore, record: Record, message: str
) -> None:
    """Existing records are added all or none."""
    store.add([Record("deal", "1", {})])
    with pytest.raises(StoreError, match=message):
        store.add([Record("contact", "5", {}), record])
    assert () == store.records("contact")


def test_added_records_leave_their_ids_to_them(store: PostgresStore) -> None:
    """New records get ids above those that were added, however many there are."""
    store.add(Record("contact", str(id), {}) for id in range(1, 2502))
    store.transact(found_or_made(ONE))
    assert "2502" == store.records("contact")[-1].id
    store.add([Record("contact", "9000", {})])
    store.transact(found_or_made(TWO))
    assert "9001" == store.records("contact")[-1].id
