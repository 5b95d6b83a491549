"""A person erased: from the records, from the journal, from the keys; and a mark that stays.

The journal is looked through before anything is locked, and what has come meanwhile within the
unit of work that writes: requests wait for the writing alone.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from ..adapters.erasing import Beside, ConflictError, Erasing
from ..errors import StoreError
from ..journal import Entry, Wanted
from ..late_dataclass import dataclass, replace
from ..store import Key
from ..values.value import write_json
from .people import People, people_of, without
from .recorded import document_of
from .selecting import PAGE

REASON: Final = "the person was erased"
"""What stands for the reason of a decision that was emptied."""

_ATTEMPTS: Final = 10
_LONGEST_PAUSE: Final = 0.5  # seconds

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed, or would be: ids and counts, never values.

    ``changed`` names by record, as in ``deal 5``, the fields that were emptied; ``rows`` are
    rows of the journal, ``deliveries`` their requests, ``requests`` the request ids among them
    that held the phone or the e-mail themselves. ``before`` is when the person was erased earlier.
    """

    contacts: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    deals: tuple[str, ...] = ()
    changed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    comments: int = 0
    activities: int = 0
    rows: int = 0
    deliveries: int = 0
    requests: int = 0
    marks: int = 0
    before: str | None = None

    @property
    def is_nobody(self) -> bool:
        """Whether nothing of the person is there."""
        return not (self.contacts or self.leads or self.deals or self.rows)

    def to_dict(self) -> dict[str, Any]:
        """What was removed as JSON values."""
        return {
            "found": not self.is_nobody,
            "contacts": list(self.contacts),
            "leads": list(self.leads),
            "deals": list(self.deals),
            "emptied": [{"record": name, "fields": list(each)} for name, each in self.changed],
            "comments": self.comments,
            "activities": self.activities,
            "journal_rows": self.rows,
            "deliveries": self.deliveries,
            "request_ids": self.requests,
            "marks": self.marks,
            "erased_before": self.before,
        }


@dataclass(frozen=True, slots=True)
class _Scanned:
    """The deliveries that tell of a person, and the highest number that was looked at."""

    deliveries: frozenset[str]
    top: int


def survey(store: Erasing, key: Key, told: Told | None = None) -> Erased:
    """What `erase` would remove now; nothing is written."""
    people = _people(store, key)
    scanned = _scan(store, people, told)
    before = store.marked([key]).get(key)
    records = [without(each, people) for each in people.records]
    rows = [row for id in scanned.deliveries for _, row in _rows(store, Wanted(delivery=id))]
    return replace(
        _told(people, [changed for _, changed in records]),
        rows=len(rows),
        deliveries=len(scanned.deliveries),
        requests=sum(not _keeps_identity(row, people) for row in rows),
        before=before,
    )


def erase(store: Erasing, key: Key, now: str, told: Told | None = None) -> Erased:
    """Remove the person of a phone or an e-mail; what is given is what was removed.

    All of it or nothing; where nothing is there, no mark is left. ``told`` hears how many rows of
    the journal have been looked at. Raises `StoreError`, and nothing is removed then.
    """
    for attempt in range(_ATTEMPTS):
        people = _people(store, key)
        scanned = _scan(store, people, told)
        before = store.marked([key]).get(key)
        try:
            with store.unit():
                store.hold([key])
                _same(people_of(store, key), people)
                return replace(_carry_out(store, people, scanned, now), before=before)
        except ConflictError:
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.01 * 2**attempt)))
    raise StoreError(
        "requests of the person come in all the time, and nothing was removed; try again"
    )


def reduced(row: Entry) -> str:
    """The decision of a row with nothing but its action, its ids and what they are of."""
    told = document_of(row)
    if row.action == "unreadable":
        kept = ("type", "title", "status", "code", "request")
        problem = {name: told[name] for name in kept if name in told}
        return write_json({**problem, "detail": REASON})
    contact, entity = told.get("contact"), told.get("entity")
    shown: dict[str, Any] = {
        "channel": row.delivery.channel,
        "action": row.action,
        "reason": REASON,
        "contact": None,
        "entity": None,
        "comment": None,
        "activity": None,
        "warnings": [],
        "rules": told.get("rules", row.delivery.rules),
        "edition": told.get("edition", 1),
    }
    if contact is not None:
        ids = contact.get("ids", [])
        shown["contact"] = {"action": contact.get("action"), "ids": ids, "fields": {}, "types": {}}
    if entity is not None:
        nothing: dict[str, Any] = {
            "status": None,
            "responsible": None,
            "fields": {},
            "types": {},
            "records": None,
        }
        shown["entity"] = {"type": entity["type"], "ids": entity.get("ids", []), **nothing}
    if row.action == "reject":
        shown["problems"] = []
    return write_json(shown)


def _people(store: Erasing, key: Key) -> People:
    """Who is there, in a unit of its own: what it locks is not kept."""
    with store.unit():
        return people_of(store, key)


def _same(people: People, before: People) -> None:
    if not people.same(before):
        raise ConflictError("the person's records have changed")


def _scan(store: Erasing, people: People, told: Told | None, above: int = 0) -> _Scanned:
    """The deliveries of the rows above a number that tell of the person."""
    found: set[str] = set()
    top = above
    for done, (number, row) in enumerate(_rows(store, Wanted(), above), start=1):
        top = max(top, number)
        if told is not None:
            told(done)
        if row.delivery.id not in found and _tells(row, people):
            found.add(row.delivery.id)
    return _Scanned(frozenset(found), top)


def _rows(store: Erasing, wanted: Wanted, above: int = 0) -> Iterator[tuple[int, Entry]]:
    wanted = replace(wanted, limit=PAGE)
    while page := store.rows(wanted):
        for number, row in page:
            if number <= above:
                return
            yield number, row
        wanted = replace(wanted, below=page[-1][0])


def _tells(row: Entry, people: People) -> bool:
    """Whether a row names a contact that is erased, or holds the phone or e-mail in any text."""
    contact = document_of(row).get("contact")
    if contact and not people.ids.isdisjoint(contact.get("ids", ())):
        return True
    delivery = row.delivery
    texts = (row.decision, delivery.query, delivery.body, row.text, *delivery.headers.values())
    return any(map(people.traces.in_content, texts)) or not _keeps_identity(row, people)


def _keeps_identity(row: Entry, people: People) -> bool:
    return row.identity is None or not people.traces.in_content(row.identity.id)


def _carry_out(store: Erasing, people: People, scanned: _Scanned, now: str) -> Erased:
    newer = _scan(store, people, None, above=scanned.top)
    deliveries = scanned.deliveries | newer.deliveries
    if not (people.contacts or people.records or deliveries):
        return Erased()
    gone: list[Beside] = []
    changed = []
    for each in people.records:
        after, fields = without(each, people)
        changed.append(fields)
        gone.append(store.rewrite(each, after))
    gone += [store.remove(each) for each in people.contacts]
    rows = requests = 0
    for id in sorted(deliveries):
        for number, row in list(_rows(store, Wanted(delivery=id))):
            keeps = _keeps_identity(row, people)
            store.reduce(number, reduced(row), identity=keeps)
            rows, requests = rows + 1, requests + (not keeps)
    store.mark(people.keys, now)
    return replace(
        _told(people, changed),
        comments=sum(each.comments for each in gone),
        activities=sum(each.activities for each in gone),
        rows=rows,
        deliveries=len(deliveries),
        requests=requests,
        marks=len(people.keys),
    )


def _told(people: People, changed: list[tuple[str, ...]]) -> Erased:
    of: dict[str, list[str]] = {"lead": [], "deal": []}
    for each in people.records:
        of[each.record.type].append(each.record.id)
    pairs = zip(people.records, changed, strict=True)
    return Erased(
        contacts=tuple(each.record.id for each in people.contacts),
        leads=tuple(of["lead"]),
        deals=tuple(of["deal"]),
        changed=tuple(
            (f"{each.record.type} {each.record.id}", fields) for each, fields in pairs if fields
        ),
    )
