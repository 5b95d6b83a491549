"""Units of work that are run together."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from ..decision import Decision
from ..errors import StoreError
from ..journal import Entry, Recorded, Wanted
from ..store import Deciding, Unit, Write
from .journaling import JournalSuite, entry, numbers, unit
from .repeating import failing
from .suite import CONTACT, DEAL, ORDER, PHONE, by_key, claimed, deals_of, written


class TogetherContract(JournalSuite):
    """Each of several units is whole or not at all, whatever becomes of the others."""

    def test_no_units_are_fine(self) -> None:
        """A call without units gives no outcomes."""
        with self.open_journal() as store:
            assert [] == list(store.transact_all([]))

    def test_outcomes_stand_in_the_order_of_their_units(self) -> None:
        """An outcome is at the place of its unit, of each kind."""
        rows = [entry(number, str(number)) for number in range(4)]
        again = entry(9, "0")
        with self.open_journal(CONTACT) as store:
            store.transact_all([unit(rows[0])])
            outcomes = store.transact_all(
                [
                    unit(rows[1], written(Write("deal", None), links=("1",))),
                    unit(again),
                    unit(rows[2], failing),
                    unit(rows[3], written(Write("deal", "77"))),
                    Unit(written(Write("lead", None))),
                ]
            )
            kinds = [Decision, Recorded, LookupError, StoreError, Decision]
            assert kinds == [type(each) for each in outcomes]
            (done, recorded, error, missing, _) = outcomes
            assert isinstance(done, Decision)
            assert done.entity is not None
            assert list(done.entity.ids) == deals_of(store, "1")
            assert isinstance(recorded, Recorded)
            assert rows[0].delivery.id == recorded.delivery
            assert "deciding fails" == str(error)
            assert "77" in str(missing)
            assert {0, 1} == set(numbers(store.entries(Wanted())))

    def test_what_is_refused_leaves_no_row(self) -> None:
        """A unit whose writes are refused is not in the journal, and a row that fails no writes."""

        def broken(_: Decision) -> Entry:
            raise LookupError("no row")

        change = Write("deal", "5", {"TITLE": "changed"})
        refused = [
            unit(entry(1, "a"), written(change, Write("deal", "77"))),
            unit(entry(2, "b"), written(change, links=("77",))),
            unit(entry(3, "c"), written(change, Write("deal", None, {"UF": "\0"}))),
            Unit(written(change), broken),
        ]
        with self.open_journal(CONTACT, DEAL) as store:
            kinds = [StoreError, StoreError, StoreError, LookupError]
            assert kinds == [type(each) for each in store.transact_all(refused)]
            assert [] == list(store.entries(Wanted()))
            assert [DEAL] == by_key(store, "deal", ORDER)
            (outcome,) = store.transact_all([unit(entry(1, "a"))])
            assert isinstance(outcome, Decision)

    def test_one_person_several_times_is_one_contact(self) -> None:
        """Units of a call find what others of it have made, those that fail aside."""

        def half() -> Deciding:
            plan = yield from claimed(PHONE)()
            raise LookupError(plan.decision.channel)

        with self.open_journal() as store:
            works = [half, claimed(PHONE), claimed(PHONE), half, claimed(PHONE)]
            units = [unit(entry(number), work) for number, work in enumerate(works)]
            outcomes = store.transact_all(units)
            assert [0, 3] == [at for at, each in enumerate(outcomes) if isinstance(each, Exception)]
            (person,) = by_key(store, "contact", PHONE)
            assert 3 == len(deals_of(store, person.id))
            assert {1, 2, 4} == set(numbers(store.entries(Wanted())))

    def test_a_call_may_have_many_units(self) -> None:
        """More units than share a transaction are all carried out."""
        count = 150
        work = written(Write("deal", None), links=("1",))
        with self.open_journal(CONTACT) as store:
            outcomes = store.transact_all([unit(entry(at), work) for at in range(count)])
            assert [Decision] * count == [type(each) for each in outcomes]
            assert count == len(deals_of(store, "1"))
            assert count == len(store.entries(Wanted(limit=1000)))
