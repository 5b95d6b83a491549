"""Deliveries tried on records in memory: what they make, and what two tries have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from ..adapters.memory import MemoryStore
from ..deciding.decide import decide
from ..decision import Decision
from ..mapping.mapped import MappedPayload
from ..mapping.program import Program
from ..request.place import Place
from ..store import Deciding, Found, Key, Plan, Record, RecordType, Search
from ..values.keys import keys_of

Identity: TypeAlias = "tuple[RecordType, frozenset[Key]]"
"""What a record is, its id aside: the search keys that it has."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request, mapped: the decisions that it gives, in order."""

    place: Place
    mapped: tuple[MappedPayload, ...]

    @property
    def keys(self) -> frozenset[Key]:
        """All search keys of its decisions."""
        return frozenset(
            key for each in self.mapped for key in (*each.keys.contact, *each.keys.entity)
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, with what was asked and found for it, and what was written."""

    place: Place
    mapped: MappedPayload
    heard: Sequence[tuple[Search, Found]]
    plan: Plan
    decision: Decision

    @property
    def creates(self) -> bool:
        """Whether a contact or an entity was made."""
        made = self.plan.contact is not None and self.plan.contact.id is None
        return made or self.decision.action == "create"


class SpentError(Exception):
    """The work that was allowed is done."""


@dataclass(slots=True)
class Budget:
    """How much work may still be done: searches, and records found by them."""

    left: int

    def spend(self, amount: int) -> None:
        """Raises `SpentError` where no more may be done."""
        self.left -= amount
        if self.left < 0:
            raise SpentError


@dataclass(frozen=True, slots=True)
class Trials:
    """Where deliveries are tried: a channel, the records that are there at first, and the time.

    ``tell`` is called for every delivery that is made.
    """

    program: Program
    records: tuple[Record, ...]
    now: datetime
    searched: frozenset[tuple[RecordType, str]]
    tell: Callable[[], None] | None = None

    def store(self, budget: Budget) -> MemoryStore:
        """A store with the first records. Raises `SpentError`."""
        budget.spend(len(self.records))
        return MemoryStore(self.records, self.program.region)

    def deliver(
        self, deliveries: Iterable[Delivery], store: MemoryStore, budget: Budget
    ) -> Iterator[Decided]:
        """Process deliveries one after the other. Raises `SpentError`."""
        for delivery in deliveries:
            if self.tell is not None:
                self.tell()
            for index, mapped in enumerate(delivery.mapped):
                place = delivery.place.inside(index, len(delivery.mapped))
                yield self._process(place, mapped, store, budget)

    def _process(
        self, place: Place, mapped: MappedPayload, store: MemoryStore, budget: Budget
    ) -> Decided:
        heard: list[tuple[Search, Found]] = []
        plans: list[Plan] = []

        def work() -> Deciding:
            heard.clear()
            plan = yield from _listening(decide(self.program, mapped, self.now), heard.append)
            plans.append(plan)
            return plan

        decision = store.transact(work)
        budget.spend(1 + sum(1 + len(found) for _, found in heard))
        return Decided(place, mapped, heard, plans[-1], decision)

    def state(self, store: MemoryStore) -> Counter[Identity]:
        """The records of a store by what they are.

        An entity without a search key of its own is what its contacts are; a contact without one
        is like all others without.
        """
        contacts = {each.id: self._keys(each) for each in store.records("contact")}
        found: Counter[Identity] = Counter(("contact", keys) for keys in contacts.values())
        for record in store.records(self.program.type):
            linked = (contacts.get(id, frozenset()) for id in record.contacts)
            keys = self._keys(record) or frozenset().union(*linked)
            found[self.program.type, keys] += 1
        return found

    def result(self, deliveries: Iterable[Delivery], budget: Budget) -> Counter[Identity]:
        """What deliveries make of the first records. Raises `SpentError`."""
        store = self.store(budget)
        for _ in self.deliver(deliveries, store, budget):
            pass
        return self.state(store)

    def _keys(self, record: Record) -> frozenset[Key]:
        return frozenset(
            key
            for kind, name in self.searched
            if kind == record.type
            for key in keys_of(name, record.fields.get(name), self.program.region)
        )


def searched_fields(
    program: Program, deliveries: Iterable[Delivery]
) -> frozenset[tuple[RecordType, str]]:
    """The fields that records are found by, with the type of their records."""
    found: set[tuple[RecordType, str]] = set()
    for delivery in deliveries:
        for each in delivery.mapped:
            found.update(("contact", key.field) for key in each.keys.contact)
            found.update((program.type, key.field) for key in each.keys.entity)
    return frozenset(found)


def _listening(deciding: Deciding, hear: Callable[[tuple[Search, Found]], None]) -> Deciding:
    """The same deciding, with its questions and their answers told."""
    try:
        asked = next(deciding)
        while True:
            found = yield asked
            hear((asked, found))
            asked = deciding.send(found)
    except StopIteration as done:
        plan: Plan = done.value
        return plan
