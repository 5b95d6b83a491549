"""Drafted writes as calls: a call for each write, or a few calls for those of many units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from ...store import Key, RecordType
from ..columns import columns
from ..records import Stored
from ..statements import RECORD_TYPES
from .asking import arrays
from .draft import CREATED, Drafted
from .rows import row_id
from .sql import TOGETHER, Call, call, named

Place: TypeAlias = tuple[RecordType, int]


def one_by_one(writes: Iterable[Drafted]) -> list[Call]:
    """A call for each write of one unit, in order; it gives the record's id."""
    return [_one(write) for write in writes]


class Numbered(NamedTuple):
    """A write with the id of its record, and with that of the contact that its plan creates."""

    write: Drafted
    id: int
    created: int | None


def together(writes: Sequence[Numbered]) -> list[Call]:
    """The calls that carry out the writes of several units, which have no record in common."""
    made = {(each.write.type, each.id): each for each in writes if each.write.id is None}
    before: dict[Place, Stored] = {}
    after: dict[Place, Stored] = {}
    for write, id, _ in writes:
        before.setdefault((write.type, id), write.before)
        after[write.type, id] = write.after
    calls: list[Call] = []
    for type in RECORD_TYPES:
        for name, new in (("add_records", True), ("change_records", False)):
            places = [place for place in after if place[0] == type and (place in made) == new]
            calls += _records(type, name, [(id, after[type, id]) for _, id in places])
    dropped = [(place, before[place].keys - after[place].keys) for place in after]
    added = [(place, after[place].keys - before[place].keys) for place in after]
    calls += _keys("drop_keys", dropped)
    calls += _keys("add_keys", added)
    calls += _links(writes, before)
    calls += _beside(writes)
    return calls


def _one(write: Drafted) -> Call:
    record, task = write.after.record, write.task
    first = len(write.before.record.contacts)
    status, responsible, fields, types = columns(record)
    parameters: dict[str, object] = {
        "status": status,
        "responsible": responsible,
        "fields": fields,
        "types": types,
        **arrays(sorted(write.after.keys - write.before.keys)),
        "links": [row_id(contact) for contact in record.contacts[first:]],
        "comment": write.comment,
        "subject": task.subject if task is not None else None,
        "due": task.due if task is not None else None,
        "doer": task.responsible if task is not None else None,
    }
    if write.id is None:
        return call(write.type, "create", **parameters)
    old = arrays(sorted(write.before.keys - write.after.keys))
    parameters |= {
        "id": write.id,
        "linked": first,
        "old_fields": old["key_fields"],
        "old_values": old["key_values"],
    }
    return call(write.type, "change", **parameters)


def _records(type: RecordType, name: str, records: Sequence[tuple[int, Stored]]) -> Iterator[Call]:
    if records:
        rows = [columns(stored.record) for _, stored in records]
        statuses, responsibles, fields, types = map(list, zip(*rows, strict=True))
        yield call(
            type,
            name,
            ids=[id for id, _ in records],
            statuses=statuses,
            responsibles=responsibles,
            fields=fields,
            types=types,
        )


def _keys(name: str, several: Iterable[tuple[Place, Iterable[Key]]]) -> Iterator[Call]:
    rows = sorted((*key, *place) for place, keys in several for key in keys)
    if rows:
        fields, values, types, ids = map(list, zip(*rows, strict=True))
        yield named(TOGETHER, name, types=types, key_fields=fields, key_values=values, ids=ids)


def _links(writes: Iterable[Numbered], before: dict[Place, Stored]) -> Iterator[Call]:
    linked: dict[tuple[RecordType, int, int], int | None] = {}
    for write, id, created in writes:
        contacts = write.after.record.contacts
        for position in range(len(before[write.type, id].record.contacts), len(contacts)):
            contact = contacts[position]
            to = created if contact == CREATED else row_id(contact)
            linked[write.type, id, position] = to
    if linked:
        types, ids, positions = map(list, zip(*linked, strict=True))
        yield named(
            TOGETHER,
            "add_links",
            types=types,
            ids=ids,
            positions=positions,
            contacts=list(linked.values()),
        )


def _beside(writes: Iterable[Numbered]) -> Iterator[Call]:
    """Comments and activities, in order."""
    comments, tasks = [], []
    for write, id, _ in writes:
        if write.comment is not None:
            comments.append((write.type, id, write.comment))
        if write.task is not None:
            task = write.task
            tasks.append((write.type, id, task.subject, task.due, task.responsible))
    if comments:
        types, ids, texts = map(list, zip(*comments, strict=True))
        yield named(TOGETHER, "add_comments", types=types, ids=ids, texts=texts)
    if tasks:
        types, ids, subjects, dues, doers = map(list, zip(*tasks, strict=True))
        yield named(
            TOGETHER,
            "add_activities",
            types=types,
            ids=ids,
            subjects=subjects,
            dues=dues,
            doers=doers,
        )
