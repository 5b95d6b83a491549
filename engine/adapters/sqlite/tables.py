"""Records, search keys, links, comments and to-dos in the tables, over one connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ...decision import Decision
from ...errors import StoreError
from ...store import Found, Key, Plan, Record, RecordType, Search, Task, Write
from ...values.value import write_json
from ..columns import Row, columns, record_of
from ..records import Stored, made, written
from ..storable import is_storable
from .sql import SQL

CHUNK: Final = 100
"""Keys looked up in one statement; SQLite takes 500 parts."""

_LARGEST: Final = 2**63 - 1


class Tables:
    """What is done in the tables; transactions and the driver's errors are the caller's.

    ``path`` is what messages call the file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self._path = path

    def find(self, search: Search) -> Found:
        """The records that a search is after."""
        type = search.type
        name, asked = _asked(search)
        if len(asked) == 1:
            rows = self._run(type, name, asked[0]).fetchall()
            if len(rows) > 1:
                rows.sort()
        else:
            found: dict[int, Row] = {}
            for start in range(0, len(asked), CHUNK):
                chunk = asked[start : start + CHUNK]
                statement = SQL.repeated(type, name, len(chunk))
                parameters = [parameter for each in chunk for parameter in each]
                cursor = self.connection.execute(statement, parameters)
                found.update((row[0], row) for row in cursor)
            rows = [found[id] for id in sorted(found)]
        return tuple(self._record(type, row) for row in rows)

    def all(self, type: RecordType) -> tuple[Record, ...]:
        """All records of a type, in the order of their ids."""
        return tuple(self._record(type, row) for row in self._run(type, "read_all", ()).fetchall())

    def comments(self, type: RecordType, id: str) -> tuple[str, ...]:
        """The comments on a record, in order of writing."""
        rows = self._run(type, "read_comments", (_row_id(id),)).fetchall()
        return tuple(text for (text,) in rows)

    def tasks(self, type: RecordType, id: str) -> tuple[Task, ...]:
        """The to-dos of a record, in order of writing."""
        rows = self._run(type, "read_activities", (_row_id(id),)).fetchall()
        return tuple(Task(*row) for row in rows)

    def apply(self, plan: Plan) -> Decision:
        """Carry out the writes of a plan; raises `StoreError` for what cannot be written."""
        created: str | None = None
        links = plan.links
        if plan.contact is not None:
            id = self._write(plan.contact, ())
            if plan.contact.id is None:
                created = id
                links = (id, *links)
        return plan.decision.applied(created, [self._write(each, links) for each in plan.entities])

    def add(self, stored: Stored) -> None:
        """Add an existing record under its id; raises `StoreError` where that cannot be."""
        record = stored.record
        id = _row_id(record.id)
        if id is None:
            raise StoreError(f"the id of {record.type} {record.id!r} is no positive integer")
        if self._run(record.type, "read", (id,)).fetchone() is not None:
            raise StoreError(f"there are two records with the id {record.type} {record.id}")
        self._insert(stored, id)

    def _run(self, type: RecordType, name: str, parameters: Sequence[object]) -> sqlite3.Cursor:
        return self.connection.execute(SQL.queries(type)[name], parameters)

    def _record(self, type: RecordType, row: Row) -> Record:
        links: list[int] = []
        if type != "contact":
            links = [contact for (contact,) in self._run(type, "read_links", row[:1])]
        try:
            return record_of(type, row, links)
        except ValueError as error:
            message = f"{type} {row[0]} is damaged; restore the file from a backup"
            raise StoreError(f"SQLite store {self._path}: {message} ({error})") from error

    def _stored(self, type: RecordType, id: str) -> Stored | None:
        row: Row | None = self._run(type, "read", (_row_id(id),)).fetchone()
        if row is None:
            return None
        keys = self._run(type, "read_keys", row[:1]).fetchall()
        return Stored(self._record(type, row), frozenset(Key(*key) for key in keys))

    def _write(self, write: Write, links: Sequence[str]) -> str:
        if write.id is None:
            id = self._insert(made(write, links), None)
        else:
            before = self._stored(write.type, write.id)
            if before is None:
                raise StoreError(f"there is no {write.type} with the id {write.id!r} to change")
            id = int(write.id)
            self._change(id, before, written(write, before, links))
        if write.comment is not None:
            self._run(write.type, "add_comment", (id, write.comment))
        if write.task is not None:
            task = write.task
            self._run(write.type, "add_activity", (id, task.subject, task.due, task.responsible))
        return str(id)

    def _insert(self, stored: Stored, id: int | None) -> int:
        record = stored.record
        given = self._run(record.type, "create", (id, *columns(record))).lastrowid
        if given is None:  # only other statements than INSERT leave it unset
            raise StoreError(f"SQLite store {self._path}: no id for a new {record.type}")
        self._keys(record.type, "add_key", given, stored.keys)
        self._link(record.type, given, record.contacts, 0)
        return given

    def _change(self, id: int, before: Stored, after: Stored) -> None:
        """Write the columns, search keys and links that differ."""
        record = after.record
        texts = columns(record)
        if texts != columns(before.record):
            self._run(record.type, "change", (*texts, id))
        self._keys(record.type, "drop_key", id, before.keys - after.keys)
        self._keys(record.type, "add_key", id, after.keys - before.keys)
        first = len(before.record.contacts)
        self._link(record.type, id, record.contacts[first:], first)

    def _keys(self, type: RecordType, name: str, id: int, keys: frozenset[Key]) -> None:
        if keys:
            rows = [(field, value, id) for field, value in sorted(keys)]
            self.connection.executemany(SQL.queries(type)[name], rows)

    def _link(self, type: RecordType, id: int, contacts: Sequence[str], first: int) -> None:
        for position, contact in enumerate(contacts, first):
            try:
                self._run(type, "add_link", (id, position, _row_id(contact)))
            except sqlite3.IntegrityError:
                raise StoreError(f"there is no contact with the id {contact!r} to link") from None


def _asked(search: Search) -> tuple[str, list[tuple[object, ...]]]:
    """The statement for a search and its parameters, a tuple for each key or contact."""
    if search.keys:
        keys = dict.fromkeys(search.keys)
        return "find_by_key", [key for key in keys if is_storable(key.field + key.value)]
    ids = (_row_id(contact) for contact in dict.fromkeys(search.contacts))
    contacts = [id for id in ids if id is not None]
    if not search.statuses:
        return "find_by_contact", [(id,) for id in contacts]
    statuses = write_json([status for status in search.statuses if is_storable(status)])
    return "find_by_contact_and_status", [(id, statuses) for id in contacts]


def _row_id(id: str) -> int | None:
    """The integer that an id stands for; None for a text that this store gives to no record."""
    if not (id.isascii() and id.isdigit()) or len(id) > len(str(_LARGEST)):
        return None
    number = int(id)
    return number if str(number) == id and number <= _LARGEST else None
