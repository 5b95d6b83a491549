"""A PostgreSQL database as a whole: many records in, all records out, and what is wrong in it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg

from ...store import Key, RecordType
from ..bulk import Held, Met, Unlinked
from ..statements import Statements
from ..tables import TableBulk
from .asking import arrays, filed
from .faults import CONFLICTS
from .server import connect, prepare, server
from .sql import call

WAIT: Final = 60.0
"""The seconds to wait for the server and for units of work: nobody waits for an answer."""

_GIVEN: Final = 10**18  # ids above are never reached by counting
_ATTEMPTS: Final = 10
_LONGEST_PAUSE: Final = 0.5

_BEGIN: Final = b"BEGIN ISOLATION LEVEL READ COMMITTED"

_SQL: Final = Statements(__package__, "bulk.sql")


class PostgresBulk(TableBulk):
    """The database of a URL, whose tables are made if it has none; see `bulk.Bulk`.

    Raises as `PostgresStore` does.
    """

    def __init__(self, url: str) -> None:
        self._server = server(url, WAIT)
        self.name = self._server.name
        with self._reading():
            self._connection = connect(self._server)
            try:
                # Who takes the records of an export may be slow.
                self._connection.execute(b"SET idle_in_transaction_session_timeout = 0")
                prepare(self._connection, self._server)
            except BaseException:
                self._connection.close()
                raise

    def add_new(self, records: Sequence[Held]) -> list[Met | Unlinked]:
        """Add the records that are not there; see `bulk.Bulk`."""
        for attempt in range(1, _ATTEMPTS):
            try:
                return super().add_new(records)
            except psycopg.Error as error:
                if error.sqlstate not in CONFLICTS:
                    raise self._server.error(error) from error
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.01 * 2**attempt)))
        with self._reading():
            return super().add_new(records)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything as it is now; see `bulk.Bulk`."""
        with self._reading(), self._transaction(b"BEGIN ISOLATION LEVEL REPEATABLE READ"):
            yield

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        self._connection.close()

    @contextmanager
    def _unit(self) -> Iterator[None]:
        with self._transaction(_BEGIN):
            yield

    @contextmanager
    def _transaction(self, begin: bytes) -> Iterator[None]:
        self._connection.execute(begin)
        try:
            yield
            self._connection.execute(b"COMMIT")
        except BaseException:
            with suppress(psycopg.Error):
                self._connection.execute(b"ROLLBACK")
            raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise self._server.error(error) from error

    def _rows(self, type: RecordType, name: str, *parameters: object) -> list[Any]:
        statement = _SQL.queries(type)[name].encode()
        return self._connection.execute(statement, parameters).fetchall()

    def _put(self, type: RecordType, name: str, rows: Iterable[tuple[object, ...]]) -> None:
        beside = () if name == "create" else (type,)
        statement = _SQL.queries(type)[name].encode()
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row((*beside, *row))

    def _row(self, statement: str) -> Sequence[Any]:
        row = self._connection.execute(statement.encode()).fetchone()
        return row or (0, None)

    def _damage(self) -> Iterator[str]:
        return iter(())

    def filed(self, key: Key) -> Key:
        """A key, or the digest of one that is too long for an index."""
        return filed(key)

    def _insert(self, type: RecordType, fresh: Sequence[Held]) -> None:
        keys = {filed(key) for each in fresh for key in each.stored.keys}
        claim = call(type, "claim_searched", **arrays(sorted(keys)))
        self._connection.execute(claim.statement, claim.parameters)
        super()._insert(type, fresh)
        ids = (int(each.stored.record.id) for each in fresh)
        last = max((id for id in ids if id < _GIVEN), default=0)
        if last:
            go_on = call(type, "go_on", last=last)
            self._connection.execute(go_on.statement, go_on.parameters)
