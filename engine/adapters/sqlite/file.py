"""SQLite database files: opened, known as LeadLark's, with their errors told to people."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ...errors import StoreError
from ..version import VERSION, outdated
from .sql import SQL
from .waiting import primary_code, transaction

APPLICATION_ID: Final = 0x4C4C524B  # "LLRK": what `file` and SQLite know the database by
OLDEST_SQLITE: Final = (3, 38, 0)  # strict tables, and json_each without a compile option

_FULL: Final = 2  # PRAGMA synchronous
_PAUSE: Final = 0.02  # seconds between attempts to open a file that another process creates

NO_DATABASE: Final = "it is no LeadLark database; name another file"

_WAYS_OUT: Final = {
    sqlite3.SQLITE_BUSY: "another process is writing to it for too long; try again, and let one "
    "process at a time write to it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check that its folder exists and can be "
    "written to",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_IOERR: "the disk reports an error; check the disk, then the database",
    sqlite3.SQLITE_NOTADB: NO_DATABASE,
    sqlite3.SQLITE_PERM: "access to it is denied; check its permissions",
    sqlite3.SQLITE_READONLY: "it cannot be written to; check the permissions of the file and of "
    "its folder",
    sqlite3.SQLITE_TOOBIG: "a value is larger than SQLite can hold; send smaller values",
}


def store_error(path: Path, error: sqlite3.Error) -> StoreError:
    """An error of the driver as a sentence that names the file and the way out."""
    way_out = _WAYS_OUT.get(primary_code(error))
    reason = str(error) if way_out is None else f"{way_out} ({error})"
    return StoreError(f"SQLite store {path}: {reason}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn every error of the driver into a `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(path, error) from error


def open_file(path: Path, wait: float) -> sqlite3.Connection:
    """A connection to a LeadLark database; a file that is missing or empty becomes one.

    ``wait`` is how many seconds to wait for other processes. Any other file is left as it is.
    Raises `StoreError` for it and for a database whose tables have another version.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        needed = ".".join(map(str, OLDEST_SQLITE))
        raise StoreError(f"SQLite {needed} or newer is needed, not {sqlite3.sqlite_version}")
    if "\0" in str(path):
        raise StoreError(f"SQLite store {str(path)!r}: no file has such a name")
    with translated(path):
        connection = sqlite3.connect(
            path, timeout=wait, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, path, time.monotonic() + wait)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, deadline: float) -> None:
    """Check or create the tables and set how the file is used, waiting for other processes."""
    while True:
        try:
            _claim(connection, path)
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait by itself where it changes the journal mode.
            if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    if mode != "wal" or _number(connection, "synchronous") != _FULL:
        raise StoreError(
            f"SQLite store {path}: no write-ahead log can be kept there; use a local disk"
        )


def _claim(connection: sqlite3.Connection, path: Path) -> None:
    """Make sure that the database has our tables."""
    with transaction(connection):
        ours = _is_ours(connection, path)
    if ours:
        return
    with transaction(connection, "IMMEDIATE"):
        if not _is_ours(connection, path):  # else another process was first
            for statement in SQL.schema():
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (VERSION,))


def _is_ours(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the database has our tables; False for an empty one, an error for any other."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    application = _number(connection, "application_id")
    if application == APPLICATION_ID:
        found = version_of(connection)
        if found != VERSION:
            raise StoreError(outdated(f"SQLite store {path}", found, f"sqlite:///{path}"))
        return True
    if tables or application or _number(connection, "user_version"):
        raise StoreError(f"SQLite store {path}: {NO_DATABASE}")
    return False


def version_of(connection: sqlite3.Connection) -> str:
    """The version of the tables; 0000 where they do not tell one."""
    told = "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"
    if not connection.execute(told).fetchone()[0]:
        return "0000"
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else "0000"


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    number: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return number
