"""A plan's writes as calls of statements, known to be fine before any of them is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Final

from ...errors import StoreError
from ...store import Key, Plan, Record, RecordType, Write
from ..columns import columns
from ..records import Stored, written
from ..statements import RECORD_TYPES
from .asking import arrays, filed
from .rows import Row, record_of, row_id
from .sql import Call, call

_CREATED: Final = ""  # stands for the id of the contact that the plan creates; no record has it


class Draft:
    """What a plan makes of the records in ``rows``, whose keys, where it changes them, are given.

    ``calls`` are one for each write, in order; ``keys`` are the search keys that they add.
    """

    def __init__(
        self,
        rows: Mapping[tuple[RecordType, int], Row],
        keys: Mapping[tuple[RecordType, int], Set[Key]],
    ) -> None:
        self.calls: list[Call] = []
        self.keys: dict[RecordType, set[Key]] = {type: set() for type in RECORD_TYPES}
        self._rows = rows
        self._keys = keys
        self._changed: dict[tuple[RecordType, int], Stored] = {}

    def apply(self, plan: Plan) -> None:
        """Make the calls; raises `StoreError` where records are missing or values refused."""
        links = plan.links
        if plan.contact is not None:
            self._write(plan.contact, ())
            if plan.contact.id is None:
                links = (_CREATED, *links)
        for write in plan.entities:
            self._write(write, links)

    def _write(self, write: Write, links: Sequence[str]) -> None:
        id = None if write.id is None else row_id(write.id)
        before = self._before(write, id)
        for contact in links:
            if contact != _CREATED and ("contact", row_id(contact)) not in self._rows:
                raise StoreError(f"there is no contact with the id {contact!r} to link")
        after = written(write, before, links)
        after = Stored(after.record, frozenset(map(filed, after.keys)))
        task = write.task
        added = sorted(after.keys - before.keys)
        self.keys[write.type].update(added)
        first = len(before.record.contacts)
        status, responsible, fields, types = columns(after.record)
        parameters: dict[str, object] = {
            "status": status,
            "responsible": responsible,
            "fields": fields,
            "types": types,
            **arrays(added),
            "links": [row_id(contact) for contact in after.record.contacts[first:]],
            "comment": write.comment,
            "subject": task.subject if task is not None else None,
            "due": task.due if task is not None else None,
            "doer": task.responsible if task is not None else None,
        }
        if id is None:
            self.calls.append(call(write.type, "create", **parameters))
            return
        self._changed[write.type, id] = after
        old = arrays(sorted(before.keys - after.keys))
        parameters |= {
            "id": id,
            "linked": first,
            "old_fields": old["key_fields"],
            "old_values": old["key_values"],
        }
        self.calls.append(call(write.type, "change", **parameters))

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
