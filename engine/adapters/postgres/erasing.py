"""A person taken out of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from ...journal import Entry, Wanted
from ...store import Key, RecordType
from ..erasing import ConflictError
from ..statements import Statements
from ..table_erasing import TableErasing
from .asking import arrays
from .bulk import PostgresBulk
from .faults import CONFLICTS
from .journal import entries
from .sql import call

_SQL: Final = Statements(__package__, "erasing.sql")


class PostgresErasing(TableErasing, PostgresBulk):
    """The database of a URL; see `erasing.Erasing`."""

    @contextmanager
    def unit(self) -> Iterator[None]:
        """A transaction that writes; see `erasing.Erasing`."""
        try:
            with self._unit():
                yield
        except psycopg.Error as error:
            told = self._server.error(error)
            raise (ConflictError(str(told)) if error.sqlstate in CONFLICTS else told) from error

    def rows(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal; see `Journal.entries`."""
        asking = entries(wanted)
        with self._reading():
            try:
                batch = next(asking)
                while True:
                    cursors = [self._connection.execute(*each) for each in batch]
                    batch = asking.send([each.fetchall() for each in cursors])
            except StopIteration as done:
                found: Sequence[tuple[int, Entry]] = done.value
                return found

    def hold(self, keys: Sequence[Key]) -> None:
        """Claim keys, as a unit of work does that searches by them."""
        self._connection.execute(*call("contact", "claim", **arrays(sorted(keys))))

    def _ask(self, name: str, *parameters: object, of: RecordType = "contact") -> list[Any]:
        cursor = self._connection.execute(_SQL.queries(of)[name].encode(), parameters)
        return cursor.fetchall() if cursor.description is not None else []

    def _forget(self, type: RecordType, keys: Sequence[Key]) -> None:
        """Remove the claims of keys, which hold them as they are."""
        for key in keys:
            self._ask("forget", *key, of=type)

    def _forget_request(self, number: int) -> None:
        self._ask("forget_claim", number)
        super()._forget_request(number)

    def _lock(self, type: RecordType, ids: list[int]) -> None:
        self._ask("lock", ids, of=type)
