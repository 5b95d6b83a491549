"""Write transactions, and waiting for the other processes that write to the same file."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import random
from typing import Final

_PAUSE: Final = 0.001
"""Seconds between attempts, at most. SQLite's own waiting grows to a tenth of a second, with which
a process that comes seldom loses against one that writes all the time."""


def begin(connection: sqlite3.Connection, deadline: float) -> None:
    """Begin to write; other processes are waited for until ``deadline`` of `time.monotonic`.

    Raises the driver's error for a busy file then, after one attempt at least.
    """
    roll_back(connection)  # the disk did not even let the last transaction be rolled back
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(random() * _PAUSE)  # by chance, so that no process is always the later one
        else:
            return


def roll_back(connection: sqlite3.Connection) -> None:
    """Take back what an open transaction has written, if one is open."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


@contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "DEFERRED") -> Iterator[None]:
    """A transaction, DEFERRED or IMMEDIATE, that is rolled back whatever goes wrong in it."""
    roll_back(connection)
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            roll_back(connection)
        raise


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 for an error that the Python module found by itself."""
    extended: int = getattr(error, "sqlite_errorcode", 0)
    return extended & 0xFF
