"""The store port: what deciding asks of a CRM and what it asks it to write.

Deciding is a generator: it yields a `Search`, is sent the records found, and returns a `Plan`.
It never sees a connection, so one deciding code serves stores that wait and stores that await,
and a store may answer the searches of many requests in one call.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from types import TracebackType
from typing import Literal, Protocol, TypeAlias

from .decision import Decision
from .journal import Entry, Identity, Journal, Recorded
from .late_dataclass import dataclass, field
from .values.keys import Key
from .values.value import Json

__all__ = [
    "AsyncStore",
    "Deciding",
    "Found",
    "JournalStore",
    "Key",
    "Outcome",
    "Plan",
    "Record",
    "RecordType",
    "Search",
    "Store",
    "Task",
    "Unit",
    "Work",
    "Write",
    "id_order",
    "settle",
    "settle_async",
]

RecordType: TypeAlias = Literal["contact", "lead", "deal"]


@dataclass(frozen=True, slots=True)
class Record:
    """A contact, lead or deal as a store holds it.

    ``fields`` maps a field to its value; multi-value fields (PHONE, EMAIL, WEB, IM) to a list,
    whose value types stand in ``types`` in the same order. ``contacts`` are the ids of the
    contacts that a lead or deal is linked to, the primary first.
    """

    type: RecordType
    id: str
    fields: Mapping[str, Json]
    types: Mapping[str, Sequence[str]] = field(default_factory=dict)
    status: str | None = None
    responsible: str | None = None
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """A question to a store: the records of one type that have any of ``keys``.

    With ``contacts`` instead of keys: the leads or deals linked to any of these contacts, in
    any of ``statuses`` where those are given. The answer is in ascending order of ids, each
    record once; ids and keys that no record has find nothing, whatever text they are.
    """

    type: RecordType
    keys: tuple[Key, ...] = ()
    contacts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A to-do for a responsible person; ``due`` is ISO 8601 in UTC."""

    subject: str
    due: str
    responsible: str | None


@dataclass(frozen=True, slots=True)
class Write:
    """What happens to one record: created where ``id`` is None, else changed.

    ``fields`` are set (None empties a field); ``append`` adds to multi-value fields the values
    that are not there yet, compared normalised. ``types`` give the value types of what is set or
    appended, in the same order, WORK where they end. ``status`` and ``responsible`` are written
    unless None. ``keys`` are the search keys of all values in ``fields`` and ``append``: those
    of a field that is set replace the ones it had, those of appended values are added.
    ``comment`` and ``task`` are added to the record.
    """

    type: RecordType
    id: str | None
    fields: Mapping[str, Json] = field(default_factory=dict)
    append: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    status: str | None = None
    responsible: str | None = None
    comment: str | None = None
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision and its writes, which a store applies all or not at all.

    Every entity written is linked to the contact that the plan creates, if it creates one, and
    to the existing contacts in ``links``, the primary first. Links that stand are kept, in front
    of those that are added.
    """

    decision: Decision
    contact: Write | None = None
    entities: tuple[Write, ...] = ()
    links: tuple[str, ...] = ()


Found: TypeAlias = Sequence[Record]
Deciding: TypeAlias = Generator[Search, Found, Plan]
Work: TypeAlias = Callable[[], Deciding]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of work that the journal tells of.

    ``entry`` gives the row of the decision, its ids filled in; None writes none. Of several units
    with one ``identity``, ever, one is carried out, and the others get what was recorded of it.
    """

    work: Work
    entry: Callable[[Decision], Entry] | None = None
    identity: Identity | None = None


Outcome: TypeAlias = Decision | Recorded | Exception


class Store(Protocol):
    """Where contacts, leads and deals are; bring your own by implementing this."""

    def search(self, search: Search) -> Found:
        """The records that a search is after, outside of any unit of work.

        Raises `errors.StoreError` when the store is out of reach.
        """
        ...

    def transact(self, work: Work) -> Decision:
        """Run ``work`` as one unit of work and return its decision, ids filled in.

        The searches and the writes of the plan happen together or not at all, and as if no
        other unit of work ran at the same time. ``work`` may be called again after a conflict.
        What ``work`` raises comes out as it is. Raises `errors.StoreError` when the store is out
        of reach, for writes to records and links to contacts that are not there, and for values
        that not every store can hold (see `storable`). Nothing is written then.
        """
        ...

    def close(self) -> None:
        """Give back what the store holds open; closing twice is fine."""
        ...

    def __enter__(self) -> Store: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class JournalStore(Store, Journal, Protocol):
    """A store that keeps a journal beside its records, in one database."""

    def transact_all(self, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Run several units of work, each whole or not at all, and give what became of each.

        A unit gives its decision, ids filled in; what is recorded of its identity, and then it
        has not been run and ``attempts`` is counted; or the exception that `Store.transact` would
        raise, which touches no other unit. Units of one call run as if one after the other, in
        some order, and what is given as done survives the end of the machine's power. A unit whose
        identity is under way elsewhere waits for it.

        Raises `errors.StoreError` where the store is out of reach, and then none was carried out.
        """
        ...

    def __enter__(self) -> JournalStore: ...


class AsyncStore(Protocol):
    """A store of a service on an event loop: a `Store` whose answers are awaited.

    `adapters.threads.InThreads` makes one of any `Store`.
    """

    async def search(self, search: Search) -> Found:
        """As `Store.search`."""
        ...

    async def transact(self, work: Work) -> Decision:
        """As `Store.transact`; a cancelled unit of work is carried out whole or not at all."""
        ...

    async def close(self) -> None:
        """As `Store.close`."""
        ...


def settle(deciding: Deciding, search: Callable[[Search], Found]) -> Plan:
    """Run deciding to its plan, answering each of its searches with ``search``."""
    try:
        asked = next(deciding)
        while True:
            asked = deciding.send(search(asked))
    except StopIteration as done:
        plan: Plan = done.value
        return plan


async def settle_async(deciding: Deciding, search: Callable[[Search], Awaitable[Found]]) -> Plan:
    """`settle` with searches that are awaited."""
    try:
        asked = next(deciding)
        while True:
            asked = deciding.send(await search(asked))
    except StopIteration as done:
        plan: Plan = done.value
        return plan


def id_order(id: str) -> tuple[int, str]:
    """Sorting key that puts ids in the order in which a CRM gives them out: 9 before 10."""
    return (len(id), id)
