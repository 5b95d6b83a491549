"""The PostgreSQL store keeps the contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from postgres_server import PostgresServer

from leadlark.adapters.postgres import PostgresStore
from leadlark.store import Record, Store
from leadlark.testing import PersistentJournalContract, PersistentStoreContract


class TestPostgresStore(PersistentStoreContract, PersistentJournalContract):
    @pytest.fixture(autouse=True)
    def _in_schema(self, postgres: PostgresServer) -> None:
        self.postgres = postgres

    def open_store(self, records: Iterable[Record]) -> Store:
        self.url = self.postgres.empty()
        store = PostgresStore(self.url)
        store.add(records)
        return store

    def reopen(self, store: Any) -> Store:  # noqa: ARG002 (the database is known)
        return PostgresStore(self.url)
