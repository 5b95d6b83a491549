"""A store in an SQLite file: keeps its records between runs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Final, TypeAlias

from ..decision import Decision
from ..errors import StoreError
from ..store import Found, Key, Plan, Record, RecordType, Search, Task, Work, Write, settle
from ..values.value import write_json
from .records import Stored, seeded, written
from .sqlite_file import open_file, transaction, translated
from .statements import queries, repeated
from .storable import is_storable

WAIT: Final = 10.0

_CHUNK: Final = 100  # keys looked up in one statement; SQLite takes 500 parts
_LARGEST: Final = 2**63 - 1

_JSON: Final = json.JSONDecoder(parse_float=Decimal)

_Row: TypeAlias = tuple[int, str | None, str | None, str, str]


class SqliteStore:
    """A store in one SQLite file, which is made if it is missing.

    ``path`` names the file, ``wait`` how many seconds a unit of work waits for other processes
    that write to it. May be used from several threads: units of work run one after the other.
    What `transact` has returned survives the end of the process and of the machine's power.

    Raises `StoreError` for a file that cannot be used or is no LeadLark database.
    """

    def __init__(self, path: str | Path, *, wait: float = WAIT) -> None:
        self._path = Path(path).absolute()
        self._lock = RLock()
        self._busy = False
        self._connection = open_file(self._path, wait)

    def add(self, records: Iterable[Record], region: str | None = None) -> None:
        """Add existing records under their own ids, all or none.

        ``region`` is the ISO 3166 country of their phones without a country code. Raises
        `StoreError` for ids that are taken or no integers, for links to contacts that are not
        there, and for values that stores cannot hold.
        """
        with self._unit("IMMEDIATE"):
            for record in sorted(records, key=lambda record: record.type != "contact"):
                self._add(seeded(record, region))

    def search(self, search: Search) -> Found:
        """The records that a search is after; see `Store.search`."""
        with self._unit("DEFERRED"):
            return self._find(search)

    def transact(self, work: Work) -> Decision:
        """Run a unit of work; see `Store.transact`."""
        with self._unit("IMMEDIATE"):
            plan = settle(work(), self._find)
            return self._apply(plan)

    def records(self, type: RecordType) -> tuple[Record, ...]:
        """All records of a type, in the order of their ids."""
        with self._unit("DEFERRED"):
            rows = self._run(type, "read_all").fetchall()
            return tuple(self._record(type, row) for row in rows)

    def comments(self, type: RecordType, id: str) -> tuple[str, ...]:
        """The comments on a record, in order of writing."""
        with self._unit("DEFERRED"):
            rows = self._run(type, "read_comments", _row_id(id)).fetchall()
            return tuple(text for (text,) in rows)

    def tasks(self, type: RecordType, id: str) -> tuple[Task, ...]:
        """The to-dos of a record, in order of writing."""
        with self._unit("DEFERRED"):
            rows = self._run(type, "read_activities", _row_id(id)).fetchall()
            return tuple(Task(*row) for row in rows)

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        with self._lock, translated(self._path):
            self._connection.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _unit(self, kind: str) -> Iterator[None]:
        with self._lock, translated(self._path):
            if self._busy:
                raise StoreError(
                    "a unit of work asks its store by yielding a Search, in no other way"
                )
            self._busy = True
            try:
                with transaction(self._connection, kind):
                    yield
            finally:
                self._busy = False

    def _run(self, type: RecordType, name: str, *parameters: object) -> sqlite3.Cursor:
        return self._connection.execute(queries(type)[name], parameters)

    def _find(self, search: Search) -> Found:
        name, asked = _asked(search)
        rows: dict[int, _Row] = {}
        for start in range(0, len(asked), _CHUNK):
            chunk = asked[start : start + _CHUNK]
            statement = repeated(search.type, name, len(chunk))
            parameters = [parameter for each in chunk for parameter in each]
            rows.update((row[0], row) for row in self._connection.execute(statement, parameters))
        return tuple(self._record(search.type, rows[id]) for id in sorted(rows))

    def _record(self, type: RecordType, row: _Row) -> Record:
        id, status, responsible, fields, types = row
        links = () if type == "contact" else self._run(type, "read_links", id).fetchall()
        try:
            return Record(
                type=type,
                id=str(id),
                fields=_loads(fields),
                types={name: tuple(several) for name, several in _loads(types).items()},
                status=status,
                responsible=responsible,
                contacts=tuple(str(contact) for (contact,) in links),
            )
        except ValueError as error:
            message = f"{type} {id} is damaged; restore the file from a backup"
            raise StoreError(f"SQLite store {self._path}: {message} ({error})") from error

    def _stored(self, type: RecordType, id: str) -> Stored | None:
        row: _Row | None = self._run(type, "read", _row_id(id)).fetchone()
        if row is None:
            return None
        keys = self._run(type, "read_keys", row[0]).fetchall()
        return Stored(self._record(type, row), frozenset(Key(*key) for key in keys))

    def _apply(self, plan: Plan) -> Decision:
        created: str | None = None
        links = plan.links
        if plan.contact is not None:
            id = self._write(plan.contact, ())
            if plan.contact.id is None:
                created = id
                links = (id, *links)
        return plan.decision.applied(created, [self._write(each, links) for each in plan.entities])

    def _write(self, write: Write, links: Sequence[str]) -> str:
        if write.id is None:
            after = written(write, Stored(Record(write.type, "", {})), links)
            id = self._insert(after, None)
        else:
            before = self._stored(write.type, write.id)
            if before is None:
                raise StoreError(f"there is no {write.type} with the id {write.id!r} to change")
            after = written(write, before, links)
            id = int(write.id)
            if _columns(after.record) != _columns(before.record):
                self._run(write.type, "change", *_columns(after.record), id)
            self._index(id, before, after)
        if write.comment is not None:
            self._run(write.type, "add_comment", id, write.comment)
        if write.task is not None:
            task = write.task
            self._run(write.type, "add_activity", id, task.subject, task.due, task.responsible)
        return str(id)

    def _add(self, stored: Stored) -> None:
        record = stored.record
        id = _row_id(record.id)
        if id is None:
            raise StoreError(f"the id of {record.type} {record.id!r} is no positive integer")
        if self._run(record.type, "read", id).fetchone() is not None:
            raise StoreError(f"there are two records with the id {record.type} {record.id}")
        self._insert(stored, id)

    def _insert(self, stored: Stored, id: int | None) -> int:
        record = stored.record
        given = self._run(record.type, "create", id, *_columns(record)).lastrowid
        if given is None:  # only other statements than INSERT leave it unset
            raise StoreError(f"SQLite store {self._path}: no id for a new {record.type}")
        self._index(given, Stored(Record(record.type, record.id, {})), stored)
        return given

    def _index(self, id: int, before: Stored, after: Stored) -> None:
        """Write the search keys and links that differ."""
        statements = queries(after.record.type)
        for name, keys in (
            ("drop_key", before.keys - after.keys),
            ("add_key", after.keys - before.keys),
        ):
            rows = [(key.field, key.value, id) for key in sorted(keys)]
            self._connection.executemany(statements[name], rows)
        first = len(before.record.contacts)
        for position, contact in enumerate(after.record.contacts[first:], first):
            try:
                self._run(after.record.type, "add_link", id, position, _row_id(contact))
            except sqlite3.IntegrityError:
                raise StoreError(f"there is no contact with the id {contact!r} to link") from None


def _asked(search: Search) -> tuple[str, list[tuple[object, ...]]]:
    """The statement for a search and its parameters, a tuple for each key or contact."""
    if search.keys:
        keys = (key for key in dict.fromkeys(search.keys) if is_storable(key.field + key.value))
        return "find_by_key", [(key.field, key.value) for key in keys]
    ids = (_row_id(contact) for contact in dict.fromkeys(search.contacts))
    contacts = [id for id in ids if id is not None]
    if not search.statuses:
        return "find_by_contact", [(id,) for id in contacts]
    statuses = write_json([status for status in search.statuses if is_storable(status)])
    return "find_by_contact_and_status", [(id, statuses) for id in contacts]


def _columns(record: Record) -> tuple[str | None, str | None, str, str]:
    fields = write_json(dict(record.fields))
    types = write_json({name: list(types) for name, types in record.types.items()})
    return (record.status, record.responsible, fields, types)


def _loads(text: str) -> dict[str, Any]:
    value: dict[str, Any] = _JSON.decode(text)
    return value


def _row_id(id: str) -> int | None:
    """The integer that an id stands for; None for a text that this store gives to no record."""
    if not (id.isascii() and id.isdigit()) or len(id) > len(str(_LARGEST)):
        return None
    number = int(id)
    return number if str(number) == id and number <= _LARGEST else None
