"""A store in memory: for trying rules out, for case files, and for tests of embedding projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING

from ..decision import Decision
from ..errors import StoreError
from ..journal import Entry, Wanted
from ..late_dataclass import replace
from ..store import (
    Found,
    Key,
    Outcome,
    Record,
    RecordType,
    Search,
    Task,
    Unit,
    Work,
    id_order,
    settle,
)
from .draft import Draft, Place
from .entries import columns_to_write
from .journal_rows import JournalRows
from .records import Stored, seeded
from .storable import copied, stored_text

if TYPE_CHECKING:
    from .memory_erasing import MemoryErasing


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
        self._held: dict[Place, Stored] = {}
        self._by_key: dict[tuple[RecordType, Key], set[str]] = {}
        self._by_contact: dict[Place, set[str]] = {}
        self._comments: dict[Place, tuple[str, ...]] = {}
        self._tasks: dict[Place, tuple[Task, ...]] = {}
        self._last: dict[RecordType, int] = {"contact": 0, "lead": 0, "deal": 0}
        self._journal = JournalRows()
        self._addresses: frozenset[str] = frozenset()
        self._marks: dict[str, str] = {}
        self.add(records, region)

    def add(self, records: Iterable[Record], region: str | None = None) -> None:
        """Add existing records under their own ids, all or none; arguments as for the class."""
        with self._unit():
            draft = Draft(self._held, self._last)
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
            return self._carry_out(Unit(work))

    def transact_all(self, units: Sequence[Unit]) -> list[Outcome]:
        """Run units of work one after the other; see `JournalStore.transact_all`."""
        outcomes: list[Outcome] = []
        for unit in units:
            try:
                with self._unit():
                    asked = unit.identity
                    recorded = self._journal.again(asked) if asked is not None else None
                    outcomes.append(recorded or self._carry_out(unit))
            except Exception as error:
                outcomes.append(error)
        return outcomes

    def entries(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal with their numbers, the newest first; see `Journal.entries`."""
        with self._unit():
            return self._journal.entries(wanted)

    def purge(self, bodies_before: str, rows_before: str | None = None) -> tuple[int, int]:
        """Empty and drop rows of the journal; see `Journal.purge`."""
        with self._unit():
            return self._journal.purge(bodies_before, rows_before)

    def addresses(self, loaded: Sequence[str] = ()) -> frozenset[str]:
        """Note channels' addresses that are loaded, and give all; see `Journal.addresses`."""
        fresh = {stored_text(each, "a channel's address") for each in loaded}
        with self._unit():
            self._addresses |= fresh
            return self._addresses

    def erasing(self) -> MemoryErasing:
        """This store as `erase` works in it."""
        from .memory_erasing import MemoryErasing  # noqa: PLC0415 (imported when first needed)

        beside = (self._comments, self._tasks)
        indexes = (self._by_key, self._by_contact)
        return MemoryErasing(self._unit, self._held, indexes, beside, self._journal, self._marks)

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

    def _carry_out(self, unit: Unit) -> Decision:
        plan = settle(unit.work(), self._find)
        draft = Draft(self._held, self._last)
        decision = plan.decision.applied(*draft.apply(plan))
        columns = columns_to_write(unit, decision)
        self._keep(draft)
        if columns is not None:
            self._journal.write(columns)
        return decision

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

    def _keep(self, draft: Draft) -> None:
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
