"""The SQLite store keeps the contract."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from leadlark.adapters.sqlite import SqliteStore
from leadlark.store import Record, Store
from leadlark.testing import PersistentJournalContract, PersistentStoreContract


class TestSqliteStore(PersistentStoreContract, PersistentJournalContract):
    @pytest.fixture(autouse=True)
    def _in_folder(self, tmp_path: Path) -> None:
        self.file = tmp_path / "crm.db"

    def open_store(self, records: Iterable[Record]) -> Store:
        store = SqliteStore(self.file)
        store.add(records)
        return store

    def reopen(self, store: Any) -> Store:  # noqa: ARG002 (the file is known)
        return SqliteStore(self.file)
