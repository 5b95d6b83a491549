"""What a store keeps together and what it keeps apart."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from ..errors import StoreError
from ..store import Deciding, Key, Search, Store, Write
from .suite import CONTACT, DEAL, ORDER, PHONE, StoreSuite, by_key, claimed, deals_of, written


class UnitContract(StoreSuite):
    """Units of work happen whole or not at all, one as if after the other."""

    def test_nothing_is_written_where_deciding_fails(self) -> None:
        """An error in deciding comes out as it is, and the next unit of work is fine."""

        def work() -> Deciding:
            yield Search("contact", keys=(PHONE,))
            raise LookupError("deciding fails")

        with self.open_store([CONTACT]) as store:
            with pytest.raises(LookupError, match="deciding fails"):
                store.transact(work)
            assert [CONTACT] == by_key(store, "contact", PHONE)
            store.transact(claimed(PHONE))
            assert 1 == len(deals_of(store, "1"))

    @pytest.mark.parametrize(
        ("last", "links"),
        [
            (Write("deal", "77", {"TITLE": "x"}), ()),
            (Write("deal", "abc", {"TITLE": "x"}), ()),
            (Write("deal", None), ("77",)),
            (Write("deal", None), ("abc",)),
            (Write("deal", None, {"TITLE": "\0"}), ()),
        ],
        ids=["no such deal", "no id", "no such contact", "no contact id", "value"],
    )
    def test_a_plan_is_written_whole_or_not_at_all(self, last: Write, links: Sequence[str]) -> None:
        """A write that fails takes back all writes before it, and the next plan is fine."""
        contact = Write("contact", "1", {"NAME": "changed"}, append={"PHONE": ("+74712773129",)})
        first = Write("deal", "5", {"TITLE": "changed"}, keys=(PHONE,), comment="c", status="WON")
        made = Write("lead", None, keys=(ORDER,))
        with self.open_store([CONTACT, DEAL]) as store:
            with pytest.raises(StoreError):
                store.transact(written(first, made, last, contact=contact, links=links))
            assert [CONTACT] == by_key(store, "contact", PHONE)
            assert [DEAL] == by_key(store, "deal", ORDER)
            assert [] == by_key(store, "deal", PHONE)
            assert [] == by_key(store, "lead", ORDER)
            assert [] == list(self.comments(store, "deal", "5"))
            store.transact(written(first, contact=contact))
            (changed,) = by_key(store, "deal", PHONE)
            assert "WON" == changed.status

    def test_two_threads_claim_one_key(self) -> None:
        """However many requests of one person come at once, one contact is made of them."""
        threads, rounds = 4, 10
        barrier = Barrier(threads)

        def run(store: Store) -> None:
            for number in range(rounds):
                barrier.wait()
                store.transact(claimed(Key("UF", str(number))))

        with self.open_store([]) as store, ThreadPoolExecutor(threads) as pool:
            for future in [pool.submit(run, store) for _ in range(threads)]:
                future.result()
            for number in range(rounds):
                (person,) = by_key(store, "contact", Key("UF", str(number)))
                assert threads == len(deals_of(store, person.id))

    def test_a_unit_of_work_sees_what_was_written_before_it(self) -> None:
        """Searches of a unit of work see all earlier units, and each other's answers stand."""
        seen: list[list[str]] = []

        def work() -> Deciding:
            for _ in range(2):
                found = yield Search("contact", keys=(PHONE,))
                seen.append([record.id for record in found])
            return (yield from written()())

        with self.open_store([]) as store:
            decision = store.transact(claimed(PHONE))
            assert decision.contact is not None
            store.transact(work)
            assert [list(decision.contact.ids)] * 2 == seen

    def test_closing_twice_is_fine(self) -> None:
        """Whoever closes a store need not know whether it is closed already."""
        store = self.open_store([CONTACT])
        store.close()
        store.close()
