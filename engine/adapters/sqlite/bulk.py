"""An SQLite database as a whole: many records in, all records out, and what is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ...store import RecordType
from ..statements import Statements
from ..tables import TableBulk
from .file import open_file, translated
from .waiting import transaction

WAIT: Final = 60.0
"""The seconds to wait for other processes that write: nobody waits for an answer."""

_CACHE: Final = 64 * 1024  # KiB of pages in memory: keys are put all over their tree

_SQL: Final = Statements(__package__, "bulk.sql")


class SqliteBulk(TableBulk):
    """The database in one SQLite file, which is made if it is missing; see `bulk.Bulk`.

    Raises `StoreError` for a file that cannot be used or is no LeadLark database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self.name = f"SQLite store {path}"
        self._connection = open_file(self._path, WAIT)
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE}")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read everything as it is now; see `bulk.Bulk`."""
        with translated(self._path), transaction(self._connection, "DEFERRED"):
            yield

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        with translated(self._path):
            self._connection.close()

    @contextmanager
    def _unit(self) -> Iterator[None]:
        with translated(self._path), transaction(self._connection, "IMMEDIATE"):
            yield

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with translated(self._path):
            yield

    def _rows(self, type: RecordType, name: str, *parameters: object) -> list[Any]:
        given = (json.dumps(each) if isinstance(each, list) else each for each in parameters)
        return self._connection.execute(_SQL.queries(type)[name], tuple(given)).fetchall()

    def _put(self, type: RecordType, name: str, rows: Iterable[tuple[object, ...]]) -> None:
        self._connection.executemany(_SQL.queries(type)[name], rows)

    def _row(self, statement: str) -> Sequence[Any]:
        row: Sequence[Any] = self._connection.execute(statement).fetchone()
        return row

    def _damage(self) -> Iterator[str]:
        with translated(self._path):
            told = [text for (text,) in self._connection.execute("PRAGMA integrity_check")]
        yield from (f"the file is damaged: {text}" for text in told if text != "ok")
