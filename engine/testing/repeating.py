"""What a store makes of a request that is delivered again."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event
from typing import Final

import pytest

from ..decision import Decision
from ..errors import StoreError
from ..journal import Entry, Identity, Recorded, Wanted
from ..late_dataclass import replace
from ..store import Deciding, JournalStore, Outcome, Unit, Work, Write
from .journaling import JournalSuite, delivery, entry, plain, unit
from .suite import CONTACT, DEAL, ORDER, by_key, deals_of, written

LONG: Final = "long " * 200_000
IDS: Final = (
    "a",
    "A",
    "",
    " ",
    "a ",
    "Ж",
    "e\u0301",
    "\u00e9",
    "a\0",
    "a\0b",
    "\ud800",
    "\udfff",
    "\ud83d\ude42",
    "\U0001f642",
    "\ufffd",
    "%",
    "_",
    "'; DROP TABLE journal; --",
    "x" * 255,
    "x" * 256,
    LONG,
    LONG + "a",
    "sha256:" + sha256(LONG.encode()).hexdigest(),
    "sha256:",
)


def repeat(store: JournalStore, row: Entry, work: Work | None = None) -> Outcome:
    """What becomes of one delivery in a call of its own."""
    (outcome,) = store.transact_all([unit(row, work)])
    return outcome


def failing() -> Deciding:
    """Work that fails."""
    yield from ()
    raise LookupError("deciding fails")


class RepeatContract(JournalSuite):
    """Of several units with one identity one is carried out, and the others are told of it."""

    def test_a_repeated_request_gets_what_was_recorded(self) -> None:
        """Nothing is run again, deliveries are counted, and the digest is that of the first."""
        calls: list[str] = []

        def work() -> Deciding:
            calls.append("run")
            return (yield from written(Write("deal", None, keys=(ORDER,)))())

        with self.open_journal() as store:
            done = repeat(store, entry(1, "a", status=201), work)
            assert isinstance(done, Decision)
            told = Recorded(delivery(1).id, f"{1:064}", "create", 201, done.to_json())
            assert [told, told] == [repeat(store, entry(number, "a"), work) for number in (2, 3)]
            assert ["run"] == calls
            assert 1 == len(by_key(store, "deal", ORDER))
            ((_, row),) = store.entries(Wanted())
            first = entry(1, "a", status=201, decision=done.to_json())
            assert replace(first, attempts=3) == row

    def test_requests_are_told_apart_by_their_ids(self) -> None:
        """Any text is an id, however long, and no two of them are the same."""
        with self.open_journal() as store:
            rows = [entry(number, id) for number, id in enumerate(IDS)]
            for expected in (Decision, Recorded):
                outcomes = store.transact_all([unit(each) for each in rows])
                assert [expected] * len(IDS) == [type(each) for each in outcomes]
            found = [outcome.delivery for outcome in outcomes if isinstance(outcome, Recorded)]
            assert [each.delivery.id for each in rows] == found
            assert {2} == {row.attempts for _, row in store.entries(Wanted())}

    def test_an_id_is_known_in_its_channel_only(self) -> None:
        """Another channel's request of the same id is another request."""
        identity = Identity("form", "a", "0" * 64)
        other = replace(entry(2), delivery=delivery(2, channel="form"), identity=identity)
        with self.open_journal() as store:
            assert isinstance(repeat(store, entry(1, "a")), Decision)
            assert isinstance(repeat(store, other), Decision)

    def test_requests_without_an_id_are_never_the_same(self) -> None:
        """Without an identity every delivery is a request of its own."""
        with self.open_journal() as store:
            outcomes = store.transact_all([unit(entry(1)), unit(entry(1)), unit(entry(2))])
            assert [Decision] * 3 == [type(each) for each in outcomes]
            assert 3 == len(store.entries(Wanted()))

    @pytest.mark.parametrize("together", [True, False])
    def test_a_request_that_failed_is_not_known(self, together: bool) -> None:
        """Where the first delivery fails, the next one is carried out, in one call as in two."""
        units = [unit(entry(1, "a"), failing), unit(entry(2, "a")), unit(entry(3, "a"))]
        with self.open_journal() as store:
            calls = [units] if together else [[each] for each in units]
            outcomes = [outcome for call in calls for outcome in store.transact_all(call)]
            assert [LookupError, Decision, Recorded] == [type(each) for each in outcomes]
            ((_, row),) = store.entries(Wanted())
            assert (delivery(2).id, 2) == (row.delivery.id, row.attempts)

    @pytest.mark.parametrize("fails", [True, False])
    def test_the_second_of_two_at_once_waits_for_the_first(self, fails: bool) -> None:
        """A delivery that comes while the first is under way is run only where that fails."""
        begun, called = Event(), Event()

        def first() -> Deciding:
            begun.set()
            called.wait()
            return (yield from failing() if fails else written(Write("deal", None))())

        def second() -> Outcome:
            begun.wait()
            called.set()
            return repeat(store, entry(2, "a"))

        with self.open_journal() as store, ThreadPoolExecutor(2) as pool:
            outcomes = [
                pool.submit(repeat, store, entry(1, "a"), first),
                pool.submit(second),
            ]
            expected = [LookupError, Decision] if fails else [Decision, Recorded]
            assert expected == [type(each.result()) for each in outcomes]

    def test_many_at_once_have_one_effect(self) -> None:
        """However many deliveries of a request come at once, one is carried out."""
        threads, calls = 4, 5
        link = written(Write("deal", None), links=("1",))

        def run(number: int) -> list[Outcome]:
            deliveries = [entry(10 * number + each, "a") for each in range(calls)]
            return list(store.transact_all([unit(each, link) for each in deliveries]))

        with self.open_journal(CONTACT) as store, ThreadPoolExecutor(threads) as pool:
            several = list(pool.map(run, range(threads)))
            outcomes = [type(outcome) for each in several for outcome in each]
            assert 1 == outcomes.count(Decision)
            assert threads * calls - 1 == outcomes.count(Recorded)
            assert 1 == len(deals_of(store, "1"))
            ((_, row),) = store.entries(Wanted())
            assert threads * calls == row.attempts

    def test_a_row_of_another_identity_is_refused(self) -> None:
        """A row that repeated deliveries would not find is not written, nor is what it tells of."""
        change = written(Write("deal", "5", {"TITLE": "changed"}))
        row, known = entry(1, "a"), Identity("shop", "b", "0" * 64)
        wrong = [
            Unit(change, lambda _: row, known),
            Unit(change, lambda _: row),
            Unit(change, identity=known),
            Unit(change, lambda _: replace(row, delivery=delivery(1, channel="x")), row.identity),
        ]
        with self.open_journal(CONTACT, DEAL) as store:
            outcomes = store.transact_all([*wrong, plain(row)])
            assert [StoreError] * 4 == [type(each) for each in outcomes[:4]]
            assert isinstance(outcomes[4], Decision)
            assert [DEAL] == by_key(store, "deal", ORDER)
