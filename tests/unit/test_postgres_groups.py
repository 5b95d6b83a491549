"""Units of work of one call in PostgreSQL: who holds what within their transaction."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from postgres_server import PostgresServer, rows

from leadlark.adapters.memory import MemoryStore
from leadlark.adapters.postgres import PostgresStore
from leadlark.adapters.postgres.group import MAX_GROUP
from leadlark.adapters.postgres.journal import PURGED_AT_ONCE
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.journal import Recorded, Wanted
from leadlark.store import (
    Deciding,
    JournalStore,
    Key,
    Outcome,
    Plan,
    Record,
    RecordType,
    Search,
    Task,
    Unit,
    Work,
    Write,
)
from leadlark.testing.journaling import delivery, entry, plain, unit

DECISION = Decision(
    "test", "create", "a test", "0" * 64, 1, ContactPart("none"), EntityPart("deal")
)
ONE, TWO = Key("UF_ONE", "1"), Key("UF_TWO", "2")
PERSON, ORDER = "UF_PERSON", "UF_ORDER"


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    return postgres.empty()


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    with PostgresStore(url) as opened:
        yield opened


def made(by: Key, *also: Key) -> Unit:
    """A unit that makes a contact with all keys where there is none with the first of them."""

    def work() -> Deciding:
        found = yield Search("contact", keys=(by,))
        return Plan(DECISION, None if found else Write("contact", None, keys=(by, *also)))

    return Unit(work)


def kinds(outcomes: Sequence[Outcome]) -> list[type]:
    """The types of outcomes."""
    return [type(each) for each in outcomes]


def test_who_writes_a_key_that_another_searches_by_comes_after(store: PostgresStore) -> None:
    """Two units of a call that know a person by different keys make one contact of her."""
    for number in range(5):
        first, second = Key("UF_ONE", str(number)), Key("UF_TWO", str(number))
        outcomes = store.transact_all([made(first, second), made(second, first)])
        assert [Decision] * 2 == kinds(outcomes)
    assert 5 == len(store.records("contact"))


def test_who_finds_a_record_that_another_holds_comes_after(store: PostgresStore) -> None:
    """Two units of a call that find a contact by different keys make one deal of it."""

    def deal_of(key: Key) -> Work:
        def work() -> Deciding:
            (person,) = yield Search("contact", keys=(key,))
            deals = yield Search("deal", contacts=(person.id,), statuses=("NEW",))
            entities = () if deals else (Write("deal", None, status="NEW"),)
            return Plan(DECISION, None, entities, (person.id,))

        return work

    store.transact_all([made(ONE, TWO)])
    store.transact_all([Unit(deal_of(key)) for key in (ONE, TWO, ONE)])
    assert 1 == len(store.records("deal"))


def test_units_that_wait_for_each_other_within_a_call_are_carried_out(
    store: PostgresStore,
) -> None:
    """Of two units that each hold what the other asks for next, one goes on, one begins anew."""
    calls: list[Key] = []

    def both(first: Key, second: Key) -> Unit:
        def work() -> Deciding:
            calls.append(first)
            yield Search("contact", keys=(first,))
            found = yield Search("contact", keys=(second,))
            return Plan(DECISION, None if found else Write("contact", None, keys=(first, second)))

        return Unit(work)

    outcomes = store.transact_all([both(ONE, TWO), both(TWO, ONE)])
    assert [Decision] * 2 == kinds(outcomes)
    assert 1 == len(store.records("contact"))
    assert 3 == len(calls) - 2  # all begin once more when the fields become known


def test_what_others_hold_keeps_nobody_else_waiting(url: str) -> None:
    """A unit that meets a lock is refused after its time; those of its call are carried out."""
    with PostgresStore(url, wait=2) as store:
        store.transact_all([made(ONE), made(TWO)])
        with psycopg.connect(url) as other:
            other.execute("SELECT * FROM claim WHERE field = 'UF_ONE' FOR UPDATE")
            several = [made(ONE), *(made(Key("UF_TWO", f"{number}")) for number in range(3, 10))]
            held, *free = store.transact_all(several)
            assert [Decision] * 7 == kinds(free)
            assert 9 == len(store.records("contact"))
            assert isinstance(held, StoreError)
            assert "other units of work hold the same records for too long" in str(held)
        assert [Decision] == kinds(store.transact_all([made(ONE)]))


def test_groups_that_wait_in_a_circle_are_all_carried_out(url: str) -> None:
    """The server ends one of them, and its units are carried out again."""
    barrier = Barrier(2)
    first_time = [True, True]

    def both(place: int, first: Key, second: Key) -> Unit:
        def work() -> Deciding:
            yield Search("contact", keys=(first,))
            if first_time[place]:
                first_time[place] = False
                barrier.wait(10)
            yield Search("contact", keys=(second,))
            return Plan(DECISION, Write("contact", None, keys=(first, second)))

        return Unit(work)

    def group(place: int, first: Key, second: Key) -> list[type]:
        others = [made(Key("UF_ONE", f"{place}.{number}")) for number in range(3)]
        return kinds(store.transact_all([*others, both(place, first, second)]))

    with PostgresStore(url) as store, ThreadPoolExecutor(2) as pool:
        store.transact_all([made(ONE), made(TWO)])  # both fields are known to be searched by
        circle = [pool.submit(group, 0, ONE, TWO), pool.submit(group, 1, TWO, ONE)]
        assert [[Decision] * 4] * 2 == [each.result() for each in circle]
        assert 10 == len(store.records("contact"))


def mixed(person: int, order: int, number: int) -> Work:
    """Work that comes to the same in whatever order such works are done."""
    who, what = Key(PERSON, str(person)), Key(ORDER, str(order))

    def work() -> Deciding:
        people = yield Search("contact", keys=(who,))
        contact: Write | None = Write("contact", None, {PERSON: person}, keys=(who,))
        if people:
            note = Key("EMAIL", f"{number}@example.com")
            contact = Write("contact", people[0].id, append={"EMAIL": (note.value,)}, keys=(note,))
        links = tuple(each.id for each in people)
        deals = yield Search("deal", keys=(what,))
        task = Task(f"task {number}", "", None)
        comment = f"comment {number}"
        if deals:
            change = Write("deal", deals[0].id, status="AGAIN", comment=comment, task=task)
            again = Write("deal", deals[0].id, {"UF_LAST": None}, append={"WEB": (f"{number}",)})
            return Plan(DECISION, contact, (change, again), links)
        new = Write("deal", None, {ORDER: order}, keys=(what,), comment=comment, task=task)
        lead = Write("lead", None, {"UF_NUMBER": number})
        return Plan(DECISION, contact, (new, lead), links)

    return work


def held(store: PostgresStore | MemoryStore) -> list[object]:
    """All that a store holds, without ids and without order of coming."""
    people = {each.id: each.fields[PERSON] for each in store.records("contact")}

    def seen(type: RecordType, each: Record) -> tuple[object, ...]:
        fields = {
            name: len(value) if isinstance(value, list) else value
            for name, value in each.fields.items()
            if name != "UF_NUMBER"
        }
        return (
            sorted(map(str, fields.items())),
            each.status,
            sorted(str(people[id]) for id in each.contacts),
            len(store.comments(type, each.id)),
            len(store.tasks(type, each.id)),
        )

    return [
        sorted(str(seen(type, each)) for each in store.records(type))
        for type in ("contact", "deal", "lead")
    ]


@pytest.mark.parametrize("seed", range(4))
def test_units_together_come_to_what_they_come_to_one_by_one(
    store: PostgresStore, seed: int
) -> None:
    """A group of units of all kinds, of few people or many, gives what the store in memory gives.

    Who creates and who changes differs with the order; how often each thing happens does not.
    """
    chance = random.Random(seed)
    few = (2, 8, 30, 200)[seed]
    works = []
    for number in range(3 * MAX_GROUP):
        person = chance.randrange(few)
        works.append(mixed(person, 2 * person + chance.randrange(2), number))
    memory = MemoryStore()
    stores: tuple[JournalStore, ...] = (memory, store)
    for each in stores:
        for at in range(0, len(works), MAX_GROUP):
            several = [Unit(work) for work in works[at : at + MAX_GROUP]]
            assert [Decision] * MAX_GROUP == kinds(each.transact_all(several))
    assert held(memory) == held(store)


def test_a_purge_goes_on_to_the_last_row_and_forgets_claims(url: str, store: PostgresStore) -> None:
    """More rows than one transaction takes are dropped and emptied, with what was claimed."""
    count = PURGED_AT_ONCE + 50
    old, new = delivery(1), delivery(2)
    for given, prefix in ((old, "old"), (new, "new")):
        units = [
            plain(entry(number, f"{prefix} {number}", delivery=given)) for number in range(count)
        ]
        store.transact_all(units)
    assert (count, count) == store.purge("9", new.received)
    assert {new.id} == {row.delivery.id for _, row in store.entries(Wanted())}
    assert [(count,)] == rows(url, "SELECT count(*) FROM claim WHERE type = 'request'")


def test_a_request_under_way_elsewhere_is_waited_for_by_a_group(url: str) -> None:
    """A group that holds a delivery of a request waits for the one that came first."""
    begun, called = Barrier(2), Barrier(2)

    def slow() -> Deciding:
        yield Search("contact", keys=(ONE,))
        begun.wait(10)
        called.wait(10)
        return Plan(DECISION, Write("contact", None))

    again = [unit(entry(2, "a"), slow), unit(entry(3, "b"))]
    with PostgresStore(url) as store, ThreadPoolExecutor(2) as pool:
        store.transact_all([made(ONE)])
        first = pool.submit(store.transact_all, [unit(entry(1, "a"), slow)])
        begun.wait(10)
        second = pool.submit(store.transact_all, again)
        while not rows(url, "SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not second.done()
        called.wait(10)
        assert [Recorded, Decision] == kinds(second.result())
        assert [Decision] == kinds(first.result())
        assert 2 == len(store.records("contact"))
