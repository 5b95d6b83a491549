"""Makes statements, the disk and the log fail under an SQLite store, and looks what is left.

    python bench/faults.py            # every fault, alone and amid a group, at every moment
    python bench/faults.py --groups 9

Units of work that share a transaction are run with one fault at a time, at the first statement,
the second, and so on until none is left to fail. Those that return must be there whole, those that
raise `StoreError` not at all, a unit beside the one at fault is not touched where the fault is its
alone, and the next unit is fine once the fault is over.
"""

# ruff: noqa: SLF001 (faults are made inside of the store)

from __future__ import annotations

import argparse
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final, TypeAlias

from units import Ids, faults, ids_of, unit

from leadlark.adapters.sqlite import SqliteStore
from leadlark.errors import StoreError
from leadlark.store import Work

Outcome: TypeAlias = Ids | StoreError
Fault: TypeAlias = Callable[[SqliteStore, int], AbstractContextManager[None]]
"""Within it a store has a fault at the moment of a number, from 1."""

FRAME: Final = 4096 + 24  # a page in the write-ahead log
GROUP: Final = 4
SIZE: Final = 10_000
"""Letters in a field of what is written: three pages of the database."""


class _Failing:
    """A connection whose statement of a number fails, and with it those after it, or not."""

    def __init__(self, connection: sqlite3.Connection, number: int, *, lasting: bool) -> None:
        self._connection = connection
        self._left = number
        self._lasting = lasting

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "executemany"):
            self._left -= 1
            if self._left == 0 or (self._lasting and self._left < 0):
                raise sqlite3.OperationalError("disk I/O error")
        return getattr(self._connection, name)


@contextmanager
def statement(store: SqliteStore, number: int, *, lasting: bool = False) -> Iterator[None]:
    """The statement of a number fails before SQLite sees it; with ``lasting`` all later ones do."""
    connection = store._tables.connection
    failing: Any = _Failing(connection, number, lasting=lasting)
    store._tables.connection = store._group._connection = failing
    try:
        yield
    finally:
        store._tables.connection = store._group._connection = connection


@contextmanager
def lasting(store: SqliteStore, number: int) -> Iterator[None]:
    """From the statement of a number on all fail, rolling back, too."""
    with statement(store, number, lasting=True):
        yield


@contextmanager
def interrupt(store: SqliteStore, number: int) -> Iterator[None]:
    """SQLite breaks a statement off in its midst, with which it rolls back the transaction."""
    left = number

    def step() -> bool:
        nonlocal left
        left -= 1
        return left == 0

    connection = store._tables.connection
    connection.set_progress_handler(step, 10)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def full(store: SqliteStore, number: int) -> Iterator[None]:
    """The disk is full after some more pages of the database."""
    connection = store._tables.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + number - 1}")
    try:
        yield
    finally:
        connection.execute("PRAGMA max_page_count = 4294967294")


@contextmanager
def unwritable(store: SqliteStore, number: int) -> Iterator[None]:
    """Writing fails behind some more pages of the write-ahead log: an I/O error of the system."""
    store._tables.connection.execute("PRAGMA wal_autocheckpoint = 0")  # the log only grows
    log = Path(f"{store._path}-wal")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = log.stat().st_size + number * FRAME - FRAME // 2
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


FAULTS: Final[dict[str, Fault]] = {
    "a statement fails": statement,
    "all statements fail from one on": lasting,
    "SQLite breaks off and rolls back": interrupt,
    "the disk is full": full,
    "the disk reports an error": unwritable,
}

OF_ONE: Final = ("a statement fails", "SQLite breaks off and rolls back")
"""The faults of one unit, unless they are those of what all have in common, which is COMMIT."""


def together(store: SqliteStore, works: Sequence[Work]) -> list[Outcome]:
    """What becomes of units of work that share a transaction, by threads of their own.

    The first waits amid its work until the others have been handed in.
    """
    outcomes: dict[int, Outcome] = {}
    begun = False

    def run(place: int, work: Work) -> None:
        try:
            outcomes[place] = ids_of(store.transact(work))
        except StoreError as error:
            outcomes[place] = error

    def first() -> Any:
        nonlocal begun
        again, begun = begun, True
        while not again and len(store._group._waiting) < len(works) - 1:
            time.sleep(0.0001)
        return works[0]()

    threads = [Thread(target=run, args=(0, first))]
    threads += [Thread(target=run, args=(place, works[place])) for place in range(1, len(works))]
    threads[0].start()
    while not begun and not outcomes:
        time.sleep(0.0001)
    for each in threads[1:]:
        each.start()
    for each in threads:
        each.join()
    return [outcomes[place] for place in range(len(works))]


def tried(file: Path, name: str, group: int) -> tuple[int, list[str]]:
    """How often a fault came in groups of so many units, and what is wrong afterwards."""
    told, untold, numbers = dict[int, Ids](), list[int](), count(1)
    with SqliteStore(file, wait=0) as store:

        def fine() -> None:
            number = next(numbers)
            told[number] = ids_of(store.transact(unit(number, number % 7)))

        fine()
        for moment in count(1):
            own = [next(numbers) for _ in range(group)]
            with FAULTS[name](store, moment):
                outcomes = together(store, [unit(each, each % 7, SIZE) for each in own])
            failed = []
            for number, outcome in zip(own, outcomes, strict=True):
                if isinstance(outcome, StoreError):
                    failed.append(number)
                else:
                    told[number] = outcome
            untold += failed
            fine()
            wrong = faults(file, told, untold)
            if name in OF_ONE and len(failed) not in (0, 1, group):
                wrong.append(f"a fault of one unit made {len(failed)} fail")
            if wrong or not failed:
                return moment - 1, [f"moment {moment}: {each}" for each in wrong]
    raise AssertionError


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--groups", type=int, default=GROUP, help="units in the largest group")
    options = parser.parse_args()
    status = 0
    with TemporaryDirectory() as folder:
        for name in FAULTS:
            for group in range(1, options.groups + 1):
                file = Path(folder) / f"{name}-{group}.db"
                times, wrong = tried(file, name, group)
                units = "one unit" if group == 1 else f"{group} units"
                print(f"{name}, {units}: {times} times,", *(wrong or ["nothing wrong"]), sep="\n  ")
                status |= bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(main())
