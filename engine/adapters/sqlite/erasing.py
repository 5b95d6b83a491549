"""A person taken out of an SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from ...journal import Entry, Wanted
from ...store import Key, RecordType
from ..statements import Statements
from ..table_erasing import TableErasing
from .bulk import SqliteBulk
from .file import translated
from .journal import JournalTables

_SQL: Final = Statements(__package__, "erasing.sql")


class SqliteErasing(TableErasing, SqliteBulk):
    """The database in one SQLite file; see `erasing.Erasing`.

    What is removed is overwritten in the file and does not stay in its log.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        with translated(path):
            self._connection.execute("PRAGMA secure_delete = ON").fetchall()

    def rows(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal; see `Journal.entries`."""
        with self._reading():
            return JournalTables(self._connection).entries(wanted)

    def hold(self, keys: Sequence[Key]) -> None:
        """A transaction that writes keeps all others out."""

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        with suppress(sqlite3.Error):  # another process reads: the log is emptied by the next one
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        super().close()

    def _ask(self, name: str, *parameters: object, of: RecordType = "contact") -> list[Any]:
        given = (json.dumps(each) if isinstance(each, list) else each for each in parameters)
        return self._connection.execute(_SQL.queries(of)[name], tuple(given)).fetchall()

    def _forget(self, type: RecordType, keys: Sequence[Key]) -> None:
        """Keys are kept in `search_key` alone."""
