"""A store in memory: for trying rules out, for case files, and for tests of embedding projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock
from types import TracebackType
from typing import Final, TypeAlias

from ..decision import Decision
from ..errors import StoreError
from ..late_dataclass import dataclass, field, replace
from ..store import (
    Found,
    Key,
    Plan,
    Record,
    RecordType,
    Search,
    Task,
    Work,
    Write,
    id_order,
    settle,
)
from .records import Stored, seeded, written
from .storable import copied

MAX_ID_DIGITS: Final = 19  # ids in databases are integers of 64 bits

_Place: TypeAlias = tuple[RecordType, str]


class MemoryStore:
    """A store that keeps its records in dictionaries, indexed by search key and by contact.

    ``records`` are there from the start, under their ids; ``region`` is the ISO 3166 country of
    those of their phones that have no country code. New records get the ids "1", "2", … of
    their type, above the highest that is there. May be used from several threads: units of work
    run one after the other.

    Raises `StoreError` for two records with one id, for links to contacts that are not there and
    for values that stores cannot hold.
    """

    def __init__(self, records: Iterable[Record] = (), region: str | None = None) -> None:
        self._lock = RLock()
        self._busy = False
        self._held: dict[_Place, Stored] = {}
        self._by_key: dict[tuple[RecordType, Key], set[str]] = {}
        self._by_contact: dict[_Place, set[str]] = {}
        self._comments: dict[_Place, tuple[str, ...]] = {}
        self._tasks: dict[_Place, tuple[Task, ...]] = {}
        self._last: dict[RecordType, int] = {"contact": 0, "lead": 0, "deal": 0}
        self.add(records, region)

    def add(self, records: Iterable[Record], region: str | None = None) -> None:
        """Add existing records under their own ids, all or none; arguments as for the class."""
        with self._unit():
            draft = _Draft(self._held, self._last)
            for record in sorted(records, key=lambda record: record.type != "contact"):
                draft.add(seeded(record, region))
            self._keep(draft)

    def search(self, search: Search) -> Found:
        """The records that a search is after, as copies; see `Store.search`."""
        with self._unit():
            return self._find(search)

    def transact(self, work: Work) -> Decision:
        """Run a unit of work; see `Store.transact`."""
        with self._unit():
            plan = settle(work(), self._find)
            draft = _Draft(self._held, self._last)
            contact, entities = draft.apply(plan)
            self._keep(draft)
            return plan.decision.applied(contact, entities)

    def records(self, type: RecordType) -> tuple[Record, ...]:
        """Copies of all records of a type, in the order of their ids."""
        with self._unit():
            ids = (id for kind, id in self._held if kind == type)
            return tuple(self._copy(type, id) for id in sorted(ids, key=id_order))

    def comments(self, type: RecordType, id: str) -> tuple[str, ...]:
        """The comments on a record, in order of writing."""
        return self._comments.get((type, id), ())

    def tasks(self, type: RecordType, id: str) -> tuple[Task, ...]:
        """The to-dos of a record, in order of writing."""
        return self._tasks.get((type, id), ())

    def close(self) -> None:
        """Nothing is held open: the store keeps its records and stays usable."""

    def __enter__(self) -> MemoryStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _unit(self) -> Iterator[None]:
        with self._lock:
            if self._busy:
                raise StoreError(
                    "a unit of work asks its store by yielding a Search, in no other way"
                )
            self._busy = True
            try:
                yield
            finally:
                self._busy = False

    def _find(self, search: Search) -> Found:
        ids: set[str] = set()
        if search.keys:
            for key in search.keys:
                ids |= self._by_key.get((search.type, key), set())
        else:
            for contact in search.contacts:
                ids |= self._by_contact.get((search.type, contact), set())
            if search.statuses:
                ids = {id for id in ids if self._status(search.type, id) in search.statuses}
        return tuple(self._copy(search.type, id) for id in sorted(ids, key=id_order))

    def _status(self, type: RecordType, id: str) -> str | None:
        return self._held[type, id].record.status

    def _copy(self, type: RecordType, id: str) -> Record:
        record = self._held[type, id].record
        fields = {name: copied(value) for name, value in record.fields.items()}
        return replace(record, fields=fields, types=dict(record.types))

    def _keep(self, draft: _Draft) -> None:
        """Take over what a draft has changed; nothing here can fail half way."""
        for (type, id), after in draft.changed.items():
            before = self._held.get((type, id))
            old = before.keys if before is not None else frozenset()
            for key in old - after.keys:
                self._by_key[type, key].discard(id)
            for key in after.keys - old:
                self._by_key.setdefault((type, key), set()).add(id)
            for contact in after.record.contacts:
                self._by_contact.setdefault((type, contact), set()).add(id)
            self._held[type, id] = after
        for place, comment in draft.comments:
            self._comments[place] = (*self._comments.get(place, ()), comment)
        for place, task in draft.tasks:
            self._tasks[place] = (*self._tasks.get(place, ()), task)
        self._last = draft.last


@dataclass()
class _Draft:
    """What a unit of work changes, beside the records held, until all of it is known to be fine."""

    held: dict[_Place, Stored]
    last: dict[RecordType, int]
    changed: dict[_Place, Stored] = field(default_factory=dict)
    comments: list[tuple[_Place, str]] = field(default_factory=list)
    tasks: list[tuple[_Place, Task]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = dict(self.last)

    def get(self, place: _Place) -> Stored | None:
        return self.changed.get(place) or self.held.get(place)

    def add(self, stored: Stored) -> None:
        record = stored.record
        if self.get((record.type, record.id)) is not None:
            raise StoreError(f"there are two records with the id {record.type} {record.id}")
        self._check_links(record.contacts)
        self.changed[record.type, record.id] = stored
        if record.id.isascii() and record.id.isdigit() and len(record.id) < MAX_ID_DIGITS:
            self.last[record.type] = max(self.last[record.type], int(record.id))

    def apply(self, plan: Plan) -> tuple[str | None, list[str]]:
        """Carry out a plan's writes; the ids of the created contact and of all entities."""
        created: str | None = None
        links = plan.links
        if plan.contact is not None:
            id = self._write(plan.contact, ())
            if plan.contact.id is None:
                created = id
                links = (id, *links)
        return created, [self._write(write, links) for write in plan.entities]

    def _check_links(self, contacts: Iterable[str]) -> None:
        for id in contacts:
            if self.get(("contact", id)) is None:
                raise StoreError(f"there is no contact with the id {id!r} to link")

    def _write(self, write: Write, links: Iterable[str]) -> str:
        if write.id is None:
            self.last[write.type] += 1
            id = str(self.last[write.type])
            before: Stored | None = Stored(Record(write.type, id, {}))
        else:
            id = write.id
            before = self.get((write.type, id))
        if before is None:
            raise StoreError(f"there is no {write.type} with the id {id!r} to change")
        self._check_links(links)
        place = (write.type, id)
        self.changed[place] = written(write, before, links)
        if write.comment is not None:
            self.comments.append((place, write.comment))
        if write.task is not None:
            self.tasks.append((place, write.task))
        return id
