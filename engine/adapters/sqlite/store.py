"""A store in an SQLite file: keeps its records between runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Literal, TypeVar

from ...decision import Decision
from ...errors import StoreError
from ...journal import Entry, Recorded, Wanted
from ...store import Found, Outcome, Record, RecordType, Search, Task, Unit, Work, settle
from ..entries import columns_to_write
from ..records import seeded
from ..storable import stored_text
from .file import open_file, store_error, translated
from .group import GroupCommit
from .journal import JournalTables
from .tables import CHUNK, Tables
from .waiting import transaction

T = TypeVar("T")

WAIT: Final = 10.0


class SqliteStore:
    """A store in one SQLite file, which is made if it is missing.

    ``path`` names the file, ``wait`` how many seconds a unit of work waits for other processes
    that write to it. May be used from several threads: units of work happen as if one after the
    other, and those that come at the same time share a transaction, so the work of one may run
    in the thread of another. Searches outside of units of work wait for none of them. What
    `transact` has returned survives the end of the process and of the machine's power.

    Raises `StoreError` for a file that cannot be used or is no LeadLark database.
    """

    def __init__(self, path: str | Path, *, wait: float = WAIT) -> None:
        self._path = Path(path).absolute()
        self._wait = wait
        connection = open_file(self._path, wait)
        self._tables = Tables(connection, self._path)
        self._group = GroupCommit(connection, wait)
        self._read_lock = Lock()
        self._readable: Tables | None = None
        self._closed = False

    def add(self, records: Iterable[Record], region: str | None = None) -> None:
        """Add existing records under their own ids, all or none.

        ``region`` is the ISO 3166 country of their phones without a country code. Raises
        `StoreError` for ids that are taken or no integers, for links to contacts that are not
        there, and for values that stores cannot hold.
        """
        ordered = sorted(records, key=lambda record: record.type != "contact")
        stored = [seeded(record, region) for record in ordered]

        def job() -> None:
            for each in stored:
                self._tables.add(each)

        self._write(job)

    def search(self, search: Search) -> Found:
        """The records that a search is after; see `Store.search`."""
        one_statement = search.type == "contact" and len(search.keys) <= CHUNK
        return self._read(lambda tables: tables.find(search), together=not one_statement)

    def transact(self, work: Work) -> Decision:
        """Run a unit of work; see `Store.transact`."""
        tables = self._tables
        return self._write(lambda: tables.apply(settle(work(), tables.find)))

    def transact_all(self, units: Sequence[Unit]) -> list[Outcome]:
        """Run units of work that share a transaction; see `JournalStore.transact_all`."""
        ended = self._group.run_all([partial(self._carry_out, unit) for unit in units])
        errors = [each for each in ended if isinstance(each, sqlite3.Error)]
        if errors and len(errors) == len(ended):
            raise store_error(self._path, errors[0]) from errors[0]
        return [self._told(each) for each in ended]

    def entries(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal with their numbers, the newest first; see `Journal.entries`."""
        return self._read(
            lambda tables: JournalTables(tables.connection).entries(wanted), together=False
        )

    def purge(self, bodies_before: str, rows_before: str | None = None) -> tuple[int, int]:
        """Empty and drop rows of the journal, some hundreds at a time; see `Journal.purge`."""
        dropped = self._purge("drop", rows_before) if rows_before is not None else 0
        return self._purge("empty", bodies_before), dropped

    def addresses(self, loaded: Sequence[str] = ()) -> frozenset[str]:
        """Note channels' addresses that are loaded, and give all; see `Journal.addresses`."""
        noted = self._read(
            lambda tables: JournalTables(tables.connection).addresses(), together=False
        )
        fresh = {stored_text(each, "a channel's address") for each in loaded} - noted
        if fresh:
            self._write(lambda: JournalTables(self._tables.connection).note(sorted(fresh)))
        return noted | fresh

    def records(self, type: RecordType) -> tuple[Record, ...]:
        """All records of a type, in the order of their ids."""
        return self._read(lambda tables: tables.all(type))

    def comments(self, type: RecordType, id: str) -> tuple[str, ...]:
        """The comments on a record, in order of writing."""
        return self._read(lambda tables: tables.comments(type, id))

    def tasks(self, type: RecordType, id: str) -> tuple[Task, ...]:
        """The to-dos of a record, in order of writing."""
        return self._read(lambda tables: tables.tasks(type, id))

    def close(self) -> None:
        """Close the file once no unit of work is running; closing twice is fine."""
        with translated(self._path):
            self._group.close()
            with self._read_lock:
                self._closed = True
                if self._readable is not None:
                    self._readable.connection.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _carry_out(self, unit: Unit) -> Decision | Recorded:
        journal = JournalTables(self._tables.connection)
        recorded = journal.again(unit.identity) if unit.identity is not None else None
        if recorded is not None:
            return recorded
        decision = self._tables.apply(settle(unit.work(), self._tables.find))
        columns = columns_to_write(unit, decision)
        if columns is not None:
            journal.write(columns)
        return decision

    def _told(self, outcome: Outcome) -> Outcome:
        if not isinstance(outcome, sqlite3.Error):
            return outcome
        told = store_error(self._path, outcome)
        told.__cause__ = outcome
        return told

    def _purge(self, statement: Literal["empty", "drop"], before: str) -> int:
        count = 0
        journal = JournalTables(self._tables.connection)
        while done := self._write(lambda: journal.purge(statement, before)):
            count += done
        return count

    def _write(self, job: Callable[[], T]) -> T:
        try:
            return self._group.run(job)
        except sqlite3.Error as error:
            raise store_error(self._path, error) from error

    def _read(self, look: Callable[[Tables], T], *, together: bool = True) -> T:
        """What a look at the tables gives; ``together`` means that it takes several statements."""
        self._group.refuse_inside()
        try:
            with self._read_lock:
                tables = self._readable or self._open_reader()
                if not together:
                    return look(tables)
                with transaction(tables.connection):
                    return look(tables)
        except sqlite3.Error as error:
            raise store_error(self._path, error) from error

    def _open_reader(self) -> Tables:
        """A second connection, which sees what is committed and waits for no unit of work."""
        if self._closed:
            raise StoreError(f"SQLite store {self._path}: it is closed; open it anew")
        connection = open_file(self._path, self._wait)
        connection.execute("PRAGMA query_only = ON")
        self._readable = Tables(connection, self._path)
        return self._readable
