"""The contract of a store as a test suite, for the stores of LeadLark and for yours.

It needs pytest and nothing else. Subclass `StoreContract` in a test module::

    from leadlark.testing import StoreContract


    class TestMyStore(StoreContract):
        def open_store(self, records):
            return MyStore(records)

and `PersistentStoreContract` for a store that keeps its records when it is closed. A store that
keeps a journal is given `JournalContract` or `PersistentJournalContract` as well. With
``pytest.register_assert_rewrite("leadlark.testing")`` in a ``conftest.py``, pytest shows what was
compared where a test fails.
"""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from ..journal import Recorded, Wanted
from ..store import JournalStore, Key, Store, Task, Write
from .changing import ChangeContract
from .creating import CreateContract
from .deciding import DecisionContract
from .holding import ValueContract
from .journaling import RowContract, entry, numbers, unit
from .repeating import RepeatContract
from .searching import SearchContract
from .sharing import TogetherContract
from .suite import CONTACT, DEAL, EMAIL, ORDER, PHONE, by_key, deals_of, written
from .units import UnitContract

__all__ = [
    "JournalContract",
    "PersistentJournalContract",
    "PersistentStoreContract",
    "StoreContract",
]


class StoreContract(
    SearchContract, CreateContract, ChangeContract, ValueContract, UnitContract, DecisionContract
):
    """What every store keeps to; subclass it and give it your store."""


class PersistentStoreContract(StoreContract):
    """The contract of a store that keeps its records when it is closed."""

    @abstractmethod
    def reopen(self, store: Any) -> Store:
        """The store again, opened anew after ``store`` has been closed."""

    def test_records_outlive_their_store(self) -> None:
        """What was written is there when the store is opened again, and ids go on."""
        task = Task("Call", "2026-01-01T01:00:00Z", None)
        key = Key("UF", "new")
        with self.open_store([CONTACT, DEAL]) as store:
            write = Write("deal", None, keys=(key,), comment="said", task=task)
            decision = store.transact(written(write, links=("1",)))
        assert decision.entity is not None
        (id,) = decision.entity.ids
        with self.reopen(store) as again:
            assert [CONTACT] == by_key(again, "contact", PHONE, EMAIL)
            assert [DEAL] == by_key(again, "deal", ORDER)
            assert sorted(["5", id]) == sorted(deals_of(again, "1"))
            assert ["said"] == list(self.comments(again, "deal", id))
            assert [task] == list(self.tasks(again, "deal", id))
            later = again.transact(written(Write("deal", None)))
            assert later.entity is not None
            assert later.entity.ids[0] not in ("5", id)


class JournalContract(RowContract, RepeatContract, TogetherContract):
    """What every store that keeps a journal keeps to besides; `open_store` gives such a store."""


class PersistentJournalContract(JournalContract):
    """The contract of a journal that is kept when its store is closed."""

    @abstractmethod
    def reopen(self, store: Any) -> Store:
        """The store again, opened anew after ``store`` has been closed."""

    def test_the_journal_outlives_its_store(self) -> None:
        """Rows, what is known of requests, and addresses are there when it is opened again."""
        with self.open_journal() as store:
            store.transact_all([unit(entry(1, "a")), unit(entry(2))])
            store.addresses(["shop"])
            before = list(store.entries(Wanted()))
        reopened: Any = self.reopen(store)
        again: JournalStore = reopened
        with again:
            assert before == list(again.entries(Wanted()))
            assert {"shop"} == again.addresses()
            (outcome,) = again.transact_all([unit(entry(3, "a"))])
            assert isinstance(outcome, Recorded)
            again.transact_all([unit(entry(4))])
            assert 4 == numbers(again.entries(Wanted()))[0]
