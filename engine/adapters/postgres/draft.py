"""What a plan makes of records, known to be fine before any of it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final, NamedTuple

from ...errors import StoreError
from ...store import Key, Plan, Record, RecordType, Task, Write
from ..records import Stored, written
from ..statements import RECORD_TYPES
from .asking import filed
from .rows import Row, record_of, row_id

CREATED: Final = ""
"""Stands for the id of the contact that the plan creates; no record has it."""


class Drafted(NamedTuple):
    """A write: what there is before it and after it, both with their keys as they are stored.

    ``id`` is None for a record that is created.
    """

    type: RecordType
    id: int | None
    before: Stored
    after: Stored
    comment: str | None
    task: Task | None

    @property
    def creates_contact(self) -> bool:
        """Whether the record is a new contact, which the plan's entities are linked to."""
        return self.type == "contact" and self.id is None


class Draft:
    """What a plan makes of the records in ``rows``, whose keys, where it changes them, are given.

    ``writes`` are those of the plan, in order; ``keys`` are the search keys that they add.
    """

    def __init__(
        self,
        rows: Mapping[tuple[RecordType, int], Row],
        keys: Mapping[tuple[RecordType, int], Set[Key]],
    ) -> None:
        self.writes: list[Drafted] = []
        self.keys: dict[RecordType, set[Key]] = {type: set() for type in RECORD_TYPES}
        self._rows = rows
        self._keys = keys
        self._changed: dict[tuple[RecordType, int], Stored] = {}

    def apply(self, plan: Plan) -> None:
        """Draft the writes; raises `StoreError` where records are missing or values refused."""
        links = plan.links
        if plan.contact is not None:
            self._write(plan.contact, ())
            if plan.contact.id is None:
                links = (CREATED, *links)
        for write in plan.entities:
            self._write(write, links)

    def _write(self, write: Write, links: Sequence[str]) -> None:
        id = None if write.id is None else row_id(write.id)
        before = self._before(write, id)
        for contact in links:
            if contact != CREATED and ("contact", row_id(contact)) not in self._rows:
                raise StoreError(f"there is no contact with the id {contact!r} to link")
        after = written(write, before, links)
        after = Stored(after.record, frozenset(map(filed, after.keys)))
        self.keys[write.type].update(after.keys - before.keys)
        if id is not None:
            self._changed[write.type, id] = after
        self.writes.append(Drafted(write.type, id, before, after, write.comment, write.task))

    def _before(self, write: Write, id: int | None) -> Stored:
        if write.id is None:
            return Stored(Record(write.type, "", {}))
        place = (write.type, -1 if id is None else id)
        if place in self._changed:
            return self._changed[place]
        row = self._rows.get(place)
        if row is None:
            raise StoreError(f"there is no {write.type} with the id {write.id!r} to change")
        return Stored(record_of(write.type, row), frozenset(self._keys[place]))
