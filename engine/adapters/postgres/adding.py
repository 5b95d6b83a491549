"""Existing records added under their own ids, as a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from ...errors import StoreError
from ...store import Record, RecordType
from ..columns import columns
from ..records import Stored, seeded
from ..statements import RECORD_TYPES
from .asking import arrays, filed
from .rows import row_id, row_ids
from .sql import BEGIN, COMMIT, Call, Conversation, call

_CHUNK: Final = 1000
_GIVEN: Final = 10**18  # ids above are never reached by counting


def adding(records: Iterable[Record], region: str | None) -> Conversation[None]:
    """Add records, all or none, contacts first; see `Store` for what is refused."""
    by_type: dict[RecordType, list[Record]] = {type: [] for type in RECORD_TYPES}
    for record in records:
        by_type[record.type].append(record)
    yield [BEGIN]
    for type, several in by_type.items():
        last = 0
        for chunk in _chunks(several):
            numbers = [_number(record) for record in chunk]
            last = max(last, *(number for number in numbers if number < _GIVEN), 0)
            yield from _check(type, numbers, chunk)
            yield _adding(type, numbers, [seeded(record, region) for record in chunk])
        if last:
            yield [call(type, "go_on", last=last)]
    yield [COMMIT]


def _chunks(records: Sequence[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _number(record: Record) -> int:
    number = row_id(record.id)
    if number is None:
        raise StoreError(f"the id of {record.type} {record.id!r} is no positive integer")
    return number


def _check(type: RecordType, numbers: list[int], records: list[Record]) -> Conversation[None]:
    """Refuse ids that are taken, in the store or by one another, and links to nothing."""
    links = sorted({contact for record in records for contact in record.contacts})
    taken, people = yield [
        call(type, "read", ids=numbers),
        call("contact", "lock", ids=row_ids(links)),
    ]
    ids = {row[0] for row in taken}
    for number in numbers:
        if number in ids:
            raise StoreError(f"there are two records with the id {type} {number}")
        ids.add(number)
    known = {id for (id,) in people}
    for contact in links:
        if type != "contact" and row_id(contact) not in known:
            raise StoreError(f"there is no contact with the id {contact!r} to link")


def _adding(type: RecordType, numbers: list[int], records: list[Stored]) -> list[Call]:
    rows = [columns(stored.record) for stored in records]
    keys = [
        (key, number)
        for number, stored in zip(numbers, records, strict=True)
        for key in sorted(map(filed, stored.keys))
    ]
    links = [
        (number, position, row_id(contact))
        for number, stored in zip(numbers, records, strict=True)
        for position, contact in enumerate(stored.record.contacts)
    ]
    return [
        call(type, "claim_searched", **arrays(sorted({key for key, _ in keys}))),
        call(
            type,
            "add_records",
            ids=numbers,
            statuses=[row[0] for row in rows],
            responsibles=[row[1] for row in rows],
            fields=[row[2] for row in rows],
            types=[row[3] for row in rows],
        ),
        call(
            type, "add_keys", **arrays([key for key, _ in keys]), ids=[number for _, number in keys]
        ),
        call(
            type,
            "add_links",
            ids=[number for number, _, _ in links],
            positions=[position for _, position, _ in links],
            contacts=[contact for _, _, contact in links],
        ),
    ]
