"""A unit of work as what it wants of the database, one after the other, and the draft it makes.

A unit knows neither statements nor the other units of its group; `group` answers it. Contacts are
wanted before leads and deals, so that units wait for one another in no circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ...store import Found, Key, Plan, RecordType, Search, Work
from ..statements import RECORD_TYPES
from .asking import contacts_asked, keys_asked
from .draft import Draft
from .rows import Row, record_of, row_id, row_ids
from .sql import Rows

Place: TypeAlias = tuple[RecordType, int]


class FindByKey(NamedTuple):
    """The rows of the records that any of the keys leads to, keys and records locked."""

    type: RecordType
    keys: Sequence[Key]


class FindByContact(NamedTuple):
    """The rows of the records linked to any of the contacts, locked; None is any status."""

    type: RecordType
    contacts: Sequence[int]
    statuses: tuple[str, ...] | None


class Take(NamedTuple):
    """The rows of those of the records that are there, locked."""

    type: RecordType
    ids: Sequence[int]


class ReadKeys(NamedTuple):
    """Type, id, field and value of every search key of some records."""

    ids: Mapping[RecordType, Sequence[int]]


Want: TypeAlias = FindByKey | FindByContact | Take | ReadKeys
Working: TypeAlias = Generator[Want, Rows, tuple[Plan, Draft]]


def working(work: Work) -> Working:
    """Decide, and draft what the plan writes.

    Raises `StoreError` for a plan that cannot be carried out, and what ``work`` raises.
    """
    return _Unit(work).run()


class _Unit:
    """What a unit of work knows; it holds all records in ``_rows``."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._rows: dict[Place, Row] = {}

    def run(self) -> Working:
        deciding = self._work()
        try:
            search = next(deciding)
            while True:
                search = deciding.send((yield from self._find(search)))
        except StopIteration as done:
            plan: Plan = done.value
        finally:
            deciding.close()
        draft = Draft(self._rows, (yield from self._prepare(plan)))
        draft.apply(plan)
        return plan, draft

    def _find(self, search: Search) -> Generator[Want, Rows, Found]:
        type = search.type
        want: Want
        if search.keys:
            keys = keys_asked(search)
            if not keys:
                return ()
            want = FindByKey(type, keys)
        else:
            contacts, statuses = contacts_asked(search)
            if not contacts:
                return ()
            yield from self._take("contact", contacts)
            want = FindByContact(type, contacts, statuses)
        rows = yield want
        self._rows.update(((type, row[0]), row) for row in rows)
        return tuple(record_of(type, row) for row in rows)

    def _take(self, type: RecordType, ids: Iterable[int]) -> Generator[Want, Rows, None]:
        """Take the records that this unit does not hold yet."""
        new = [id for id in ids if (type, id) not in self._rows]
        if new:
            rows = yield Take(type, new)
            self._rows.update(((type, row[0]), row) for row in rows)

    def _prepare(self, plan: Plan) -> Generator[Want, Rows, dict[Place, set[Key]]]:
        """Take what the plan writes or links; the keys of the records that it changes."""
        changed: dict[RecordType, list[int]] = {type: [] for type in RECORD_TYPES}
        for write in [plan.contact, *plan.entities] if plan.contact else plan.entities:
            if write.id is not None:
                changed[write.type] += row_ids([write.id])
        yield from self._take("contact", row_ids([*map(str, changed["contact"]), *plan.links]))
        for type in RECORD_TYPES:
            yield from self._take(type, sorted({*changed[type]}))
        yield from self._take("contact", self._contacts_by_status(plan))
        keys: dict[Place, set[Key]] = defaultdict(set)
        asked = {type: ids for type, ids in changed.items() if ids}
        if asked:
            for type, id, field, value in (yield ReadKeys(asked)):
                keys[type, id].add(Key(field, value))
        return keys

    def _contacts_by_status(self, plan: Plan) -> list[int]:
        """The contacts of the records whose status the plan changes."""
        contacts: set[int] = set()
        for write in plan.entities:
            row = self._rows.get((write.type, -1 if write.id is None else row_id(write.id) or -1))
            if row is not None and write.status not in (None, row[1]):
                contacts.update(row[5])
        return sorted(contacts)
