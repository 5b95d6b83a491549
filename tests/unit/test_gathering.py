"""Units of a service on an event loop share calls, and each gets its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from leadlark import AsyncStore, MemoryStore
from leadlark.adapters import gathering
from leadlark.adapters.gathering import Gathered
from leadlark.adapters.sqlite import SqliteStore
from leadlark.decision import Decision
from leadlark.errors import StoreError
from leadlark.journal import Recorded, Wanted
from leadlark.store import Deciding, Outcome, Search, Unit, Write
from leadlark.testing.journaling import delivery, entry, numbers, unit
from leadlark.testing.suite import PHONE, by_key, claimed, written


class Watched(MemoryStore):
    """A store whose calls wait for a gate, and that knows how many units each had."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()
        self.gate.set()
        self.calls: list[int] = []
        self.error: BaseException | None = None
        self.closed = 0

    def transact_all(self, units: Sequence[Unit]) -> list[Outcome]:
        self.calls.append(len(units))
        self.gate.wait()
        if self.error is not None:
            raise self.error
        return super().transact_all(units)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def store() -> Watched:
    return Watched()


def gathered(
    store: Watched, use: Callable[[Gathered], Awaitable[Any]], calls: int = 1, queue: int = 1000
) -> Any:
    """What an asynchronous use of a store gives; the gate is open once it has ended."""

    async def run() -> Any:
        async with Gathered(store, calls, queue=queue) as opened:
            try:
                return await use(opened)
            finally:
                store.gate.set()

    return asyncio.run(run())


async def started(opened: Gathered, *units: Unit) -> list[asyncio.Task[Decision | Recorded]]:
    """Tasks that wait for units, once they have been handed in."""
    tasks = [asyncio.ensure_future(opened.run(each)) for each in units]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


def failing() -> Deciding:
    yield from ()
    raise LookupError("deciding fails")


def test_what_cannot_begin_in_time_is_not_carried_out(store: Watched) -> None:
    """A unit that waits for longer than it may is refused, and nothing is written then."""

    async def use(opened: Gathered) -> list[Decision | Recorded | BaseException]:
        store.gate.clear()
        waiting = asyncio.gather(
            opened.run(unit(entry(1)), 0.01),
            opened.run(unit(entry(2)), 60),
            return_exceptions=True,
        )
        await asyncio.sleep(0.1)
        store.gate.set()
        return await waiting

    late, fine = gathered(store, use)
    assert isinstance(late, StoreError)
    assert "could not begin within 0.01 seconds" in str(late)
    assert isinstance(fine, Decision)
    assert [2] == numbers(store.entries(Wanted()))


def test_units_that_come_together_share_a_call(store: Watched) -> None:
    """Those of one moment are one call, and those that come while it is out are the next."""

    async def use(opened: Gathered) -> None:
        store.gate.clear()
        tasks = await started(opened, *(unit(entry(number)) for number in range(3)))
        for number in range(3, 8):
            tasks += await started(opened, unit(entry(number)))
        store.gate.set()
        outcomes = await asyncio.gather(*tasks)
        assert [Decision] * 8 == [type(each) for each in outcomes]

    gathered(store, use)

    assert [3, 5] == store.calls
    assert list(range(7, -1, -1)) == numbers(store.entries(Wanted()))


def test_a_call_has_so_many_units_at_most(store: Watched) -> None:
    """More units than share a transaction are several calls, in order."""
    count = 2 * gathering.MAX_UNITS + 1

    async def use(opened: Gathered) -> None:
        await asyncio.gather(*(opened.run(unit(entry(number))) for number in range(count)))

    gathered(store, use)

    assert [gathering.MAX_UNITS, gathering.MAX_UNITS, 1] == store.calls
    assert list(range(count - 1, -1, -1)) == numbers(store.entries(Wanted(limit=count)))


def test_so_many_calls_are_out_at_once(store: Watched) -> None:
    """A store that works on several calls at a time is given several."""

    async def use(opened: Gathered) -> None:
        store.gate.clear()
        tasks = []
        for number in range(5):
            tasks += await started(opened, unit(entry(number)))
        while len(store.calls) < 3:
            await asyncio.sleep(0)
        assert [1, 1, 1] == store.calls
        store.gate.set()
        await asyncio.gather(*tasks)

    gathered(store, use, calls=3)

    assert 5 == sum(store.calls)


def test_each_waiter_gets_its_own_outcome(store: Watched) -> None:
    """Decisions, what is recorded, what deciding raises and what a store refuses, each in place."""

    async def use(opened: Gathered) -> list[Any]:
        units = [
            unit(entry(1, "a")),
            unit(entry(2, "a")),
            unit(entry(3), failing),
            unit(entry(4), written(Write("deal", "77"))),
            unit(entry(5)),
        ]
        return await asyncio.gather(*map(opened.run, units), return_exceptions=True)

    outcomes = gathered(store, use)

    kinds = [Decision, Recorded, LookupError, StoreError, Decision]
    assert kinds == [type(each) for each in outcomes]
    assert delivery(1).id == outcomes[1].delivery
    assert [5] == store.calls


@pytest.mark.parametrize(
    ("error", "kind", "told"),
    [
        (StoreError("the disk is full"), StoreError, "the disk is full"),
        (ValueError("a bug"), RuntimeError, r"ValueError\('a bug'\)"),
        (SystemExit(3), RuntimeError, r"SystemExit\(3\)"),
    ],
)
def test_an_error_of_a_call_is_told_to_all(
    store: Watched, error: BaseException, kind: type[Exception], told: str
) -> None:
    """Each waiter raises an exception of its own, caused by that of the call."""

    async def use(opened: Gathered) -> list[Any]:
        store.error = error
        units = [unit(entry(1)), unit(entry(2))]
        failed = await asyncio.gather(*map(opened.run, units), return_exceptions=True)
        store.error = None
        await opened.run(unit(entry(3)))
        return failed

    first, second = gathered(store, use)

    assert first is not second
    assert (error, error) == (first.__cause__, second.__cause__)
    with pytest.raises(kind, match=told):
        raise first
    assert [3] == numbers(store.entries(Wanted()))


def test_outcomes_that_are_missing_are_an_error() -> None:
    """A store that does not tell of every unit leaves nobody waiting."""

    class Forgetful(Watched):
        def transact_all(self, units: Sequence[Unit]) -> list[Outcome]:
            return super().transact_all(units)[1:]

    async def use(opened: Gathered) -> None:
        with pytest.raises(StoreError, match="the store told of 0 of 1 units"):
            await opened.run(unit(entry(1)))

    gathered(Forgetful(), use)


def test_a_cancelled_waiter_changes_nothing_for_others(store: Watched) -> None:
    """A unit nobody waits for is left out if it has not begun, and finished if it has."""

    async def use(opened: Gathered) -> None:
        store.gate.clear()
        tasks = await started(opened, unit(entry(1)), unit(entry(2)))
        while not store.calls:
            await asyncio.sleep(0)
        tasks += await started(opened, unit(entry(3)), unit(entry(4)))
        for number in (1, 3):
            tasks[number - 1].cancel()
        await asyncio.sleep(0)
        store.gate.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        cancelled, done = asyncio.CancelledError, Decision
        assert [cancelled, done, cancelled, done] == [type(each) for each in outcomes]

    gathered(store, use)

    assert [2, 1] == store.calls
    assert [4, 2, 1] == numbers(store.entries(Wanted()))


def test_a_full_queue_refuses(store: Watched) -> None:
    """Over so many waiting units a further one is refused at once, and the others are done."""

    async def use(opened: Gathered) -> None:
        store.gate.clear()
        tasks = await started(opened, unit(entry(1)))
        while not store.calls:
            await asyncio.sleep(0)
        tasks += await started(opened, unit(entry(2)), unit(entry(3)))
        with pytest.raises(StoreError, match=r"busy: 2 requests wait .* try again in a moment"):
            await opened.run(unit(entry(4)))
        store.gate.set()
        await asyncio.gather(*tasks)
        await opened.run(unit(entry(5)))

    gathered(store, use, queue=2)

    assert [5, 3, 2, 1] == numbers(store.entries(Wanted()))


def test_closing_finishes_what_was_accepted(store: Watched) -> None:
    """Accepted units are carried out, new ones refused, and the store is closed at the end."""

    async def run() -> None:
        opened = Gathered(store)
        store.gate.clear()
        tasks = await started(opened, unit(entry(1)))
        tasks += await started(opened, unit(entry(2)))
        closing = [asyncio.ensure_future(opened.close()) for _ in range(2)]
        await asyncio.sleep(0)
        for refused in (opened.run(unit(entry(3))), opened.search(Search("deal"))):
            with pytest.raises(StoreError, match="closed"):
                await refused
        assert 0 == store.closed
        store.gate.set()
        await asyncio.gather(*tasks, *closing)
        await opened.close()

    asyncio.run(run())

    assert [2, 1] == numbers(store.entries(Wanted()))
    assert store.closed


def test_closing_waits_for_nobody_who_is_gone(store: Watched) -> None:
    """Where all that wait are cancelled, closing comes to its end."""

    async def run() -> None:
        opened = Gathered(store)
        store.gate.clear()
        tasks = await started(opened, unit(entry(1)))
        tasks += await started(opened, unit(entry(2)))
        for each in tasks:
            each.cancel()
        closing = asyncio.ensure_future(opened.close())
        await asyncio.sleep(0)
        store.gate.set()
        await closing

    asyncio.run(run())

    assert [1] == numbers(store.entries(Wanted()))


def test_it_is_a_store_of_a_service(store: Watched) -> None:
    """It searches and transacts as any store that is awaited, without a row of the journal."""

    async def use(opened: Gathered) -> None:
        as_store: AsyncStore = opened
        await as_store.transact(claimed(PHONE))
        with pytest.raises(LookupError):
            await as_store.transact(failing)
        (person,) = await as_store.search(Search("contact", keys=(PHONE,)))
        assert by_key(store, "contact", PHONE) == [person]

    gathered(store, use)

    assert [] == store.entries(Wanted())


def test_requests_of_one_person_at_once_are_one_contact(tmp_path: Path) -> None:
    """On an SQLite file: 200 units at once, each with its row, and one contact."""

    async def run() -> None:
        async with Gathered(SqliteStore(tmp_path / "crm.db")) as opened:
            units = [unit(entry(number), claimed(PHONE)) for number in range(200)]
            await asyncio.gather(*map(opened.run, units))

    asyncio.run(run())
    with SqliteStore(tmp_path / "crm.db") as store:
        assert 1 == len(store.records("contact"))
        assert 200 == len(store.records("deal"))
        assert 200 == len(store.entries(Wanted(limit=1000)))
