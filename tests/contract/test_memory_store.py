"""The store in memory keeps the contract."""

from __future__ import annotations

from collections.abc import Iterable

from leadlark.adapters.memory import MemoryStore
from leadlark.store import Record, Store
from leadlark.testing import JournalContract, StoreContract


class TestMemoryStore(StoreContract, JournalContract):
    def open_store(self, records: Iterable[Record]) -> Store:
        return MemoryStore(records)
