"""Searches as calls, and keys as parameters."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from ...store import Found, Key, RecordType, Search, Task
from ..storable import is_storable
from .rows import record_of, row_id, row_ids
from .sql import BEGIN, COMMIT, Call, Conversation, call

_LONGEST: Final = 1000  # bytes; an entry of an index takes at most 2,704

_WAIT_FOR_UNITS: Final = Call(b"LOCK TABLE claim IN SHARE ROW EXCLUSIVE MODE")


def filed(key: Key) -> Key:
    """A key as it is stored: a text too long for an index by its digest.

    No normalised key begins with a blank, so none is mistaken for a digest.
    """
    return Key(_filed(key.field), _filed(key.value))


def keys_asked(search: Search) -> list[Key]:
    """The keys of a search that a record can have, as they are stored, in order, each once."""
    return sorted({filed(key) for key in search.keys if is_storable(key.field + key.value)})


def arrays(keys: Sequence[Key]) -> dict[str, list[str]]:
    """Keys as two parameters."""
    return {
        "key_fields": [key.field for key in keys],
        "key_values": [key.value for key in keys],
    }


def contacts_asked(search: Search) -> tuple[list[int], tuple[str, ...] | None]:
    """The contacts of a search that a record can have, and the statuses; None for any."""
    statuses = tuple(status for status in search.statuses if is_storable(status))
    return row_ids(search.contacts), statuses if search.statuses else None


def finding(search: Search) -> Call | None:
    """The call that finds what a search is after; None where that is nothing."""
    if search.keys:
        keys = keys_asked(search)
        return call(search.type, "find_by_key", **arrays(keys)) if keys else None
    contacts, statuses = contacts_asked(search)
    if not contacts:
        return None
    return call(search.type, "find_by_contact", **by_contact(contacts, statuses))


def by_contact(contacts: Sequence[int], statuses: Sequence[str] | None) -> dict[str, object]:
    """Contacts, and the statuses or None, as parameters."""
    return {
        "contacts": list(contacts),
        "statuses": None if statuses is None else list(statuses),
    }


def searched(search: Search) -> Conversation[Found]:
    """The records that a search is after, outside of any unit of work."""
    find = finding(search)
    if find is None:
        return ()
    (rows,) = yield [find]
    return tuple(record_of(search.type, row) for row in rows)


def all_records(type: RecordType) -> Conversation[Found]:
    """All records of a type, in the order of their ids."""
    (rows,) = yield [call(type, "read_all")]
    return tuple(record_of(type, row) for row in rows)


def comments(type: RecordType, id: str) -> Conversation[tuple[str, ...]]:
    """The comments on a record, in order of writing."""
    (rows,) = yield [call(type, "read_comments", id=row_id(id))]
    return tuple(text for (text,) in rows)


def tasks(type: RecordType, id: str) -> Conversation[tuple[Task, ...]]:
    """The to-dos of a record, in order of writing."""
    (rows,) = yield [call(type, "read_activities", id=row_id(id))]
    return tuple(Task(*row) for row in rows)


def registering(type: RecordType, fields: Sequence[str], *, locks: bool) -> Conversation[None]:
    """Write down that fields are searched by, for whoever writes keys to them.

    Units of work that run at that moment do not know it yet: with ``locks`` they are waited for.
    """
    (known,) = yield [call(type, "searched_fields", names=list(fields))]
    if len(known) < len(fields):
        waited = [_WAIT_FOR_UNITS] if locks else []
        yield [BEGIN, *waited, call(type, "search_fields", names=list(fields)), COMMIT]


def _filed(text: str) -> str:
    if len(text) * 4 <= _LONGEST or len(text.encode()) <= _LONGEST:
        return text
    return " sha256:" + sha256(text.encode()).hexdigest()
