"""Deliveries repeated, and brought into other orders: what comes of it, and which few show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from ..mapping.program import Program
from .reducing import smallest
from .replay import Budget, Decided, Delivery, Identity, SpentError, Trials

SHUFFLES: Final = 3
"""How many shuffled orders are tried, beside the reversed one."""

PASSES: Final = 2 + 1 + 1 + SHUFFLES
"""How often all deliveries are made: twice for what is repeated, once in every order."""

TRIALS: Final = 400_000
"""How many searches and found records the trials of all orders may take together."""

REDUCTION: Final = 200_000
"""How many the search for few deliveries that show a difference may take."""


@dataclass(frozen=True, slots=True)
class Again:
    """``count`` deliveries create something again once all are repeated; ``few`` show it."""

    count: int
    few: tuple[Delivery, ...]
    created: str


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Another order of deliveries gives other records; ``few`` show it, in the order recorded."""

    few: tuple[Delivery, ...]
    recorded: Counter[Identity]
    reordered: Counter[Identity]


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of the trials; ``orders`` is how many other orders were tried."""

    program: Program
    deliveries: int
    orders: int = 0
    again: Again | None = None
    otherwise: Otherwise | None = None


def try_deliveries(trials: Trials, deliveries: Sequence[Delivery]) -> Tried:
    """Repeat deliveries and change their order, as long as the work stays bounded."""
    budget = Budget(TRIALS)
    again: Again | None = None
    otherwise: Otherwise | None = None
    orders = 0
    try:
        again = _repeated(trials, deliveries, budget)
        recorded = trials.result(deliveries, budget)
        for ranks in _orders(len(deliveries)):
            other = trials.result([deliveries[at] for at in ranks], budget)
            orders += 1
            if other != recorded:
                otherwise = _narrowed(trials, deliveries, ranks, recorded, other)
                break
    except SpentError:
        pass  # what was found until then is told, with the number of orders
    return Tried(trials.program, len(deliveries), orders, again, otherwise)


def _repeated(trials: Trials, deliveries: Sequence[Delivery], budget: Budget) -> Again | None:
    """What a second delivery of everything creates."""
    first, places = None, set()
    for decided in _second(trials, deliveries, budget):
        if decided.creates:
            first = first or decided
            places.add((decided.place.file, decided.place.payload))
    if first is None:
        return None
    few = _few_again(trials, deliveries, first)
    try:
        shown = _again(trials, few, Budget(REDUCTION)) or first
    except SpentError:
        shown = first
    return Again(len(places), few, _created(shown))


def _few_again(
    trials: Trials, deliveries: Sequence[Delivery], first: Decided
) -> tuple[Delivery, ...]:
    """Few deliveries that create something when repeated; ``first`` does so among all."""
    budget = Budget(REDUCTION)

    def shows(few: Sequence[Delivery]) -> bool:
        return _again(trials, few, budget) is not None

    place = (first.place.file, first.place.payload)
    alone = next(each for each in deliveries if (each.place.file, each.place.payload) == place)
    try:
        if not alone.keys or shows([alone]):
            return (alone,)
    except SpentError:
        return (alone,)
    return smallest(deliveries, alone.keys, shows)


def _again(trials: Trials, deliveries: Sequence[Delivery], budget: Budget) -> Decided | None:
    """The first that is created by a second delivery."""
    return next((each for each in _second(trials, deliveries, budget) if each.creates), None)


def _second(trials: Trials, deliveries: Sequence[Delivery], budget: Budget) -> Iterator[Decided]:
    """The decisions of a second delivery, behind the first of all. Raises `SpentError`."""
    store = trials.store(budget)
    for _ in trials.deliver(deliveries, store, budget):
        pass
    yield from trials.deliver(deliveries, store, budget)


def _narrowed(
    trials: Trials,
    deliveries: Sequence[Delivery],
    order: Sequence[int],
    recorded: Counter[Identity],
    reordered: Counter[Identity],
) -> Otherwise:
    """The same difference, shown by few deliveries."""
    rank = {deliveries[at].place: place for place, at in enumerate(order)}

    def results(
        few: Sequence[Delivery], budget: Budget
    ) -> tuple[Counter[Identity], Counter[Identity]]:
        other = sorted(few, key=lambda each: rank[each.place])
        if len(few) == 2:
            other = [few[1], few[0]]
        return trials.result(few, budget), trials.result(other, budget)

    budget = Budget(REDUCTION)

    def shows(few: Sequence[Delivery]) -> bool:
        one, other = results(few, budget)
        return one != other

    differing = (*(recorded - reordered), *(reordered - recorded))
    few = smallest(deliveries, frozenset(key for _, keys in differing for key in keys), shows)
    if len(few) < len(deliveries):
        try:
            recorded, reordered = results(few, Budget(REDUCTION))
        except SpentError:
            return Otherwise(tuple(deliveries), recorded, reordered)
    return Otherwise(few, recorded, reordered)


def _orders(count: int) -> Iterator[list[int]]:
    """Other orders of deliveries, each once, always the same ones: reversed, then shuffled."""
    tried = [list(range(count))]
    for each in (list(reversed(tried[0])), *(_shuffled(count, seed) for seed in range(SHUFFLES))):
        if each not in tried:
            tried.append(each)
            yield each


def _shuffled(count: int, seed: int) -> list[int]:
    return sorted(range(count), key=lambda at: sha256(f"{seed}:{at}".encode()).digest())


def _created(decided: Decided) -> str:
    decision = decided.decision
    made: list[str] = []
    if decided.plan.contact is not None and decided.plan.contact.id is None:
        made.append("contact")
    if decision.action == "create" and decision.entity is not None:
        made.append(decision.entity.type)
    return f"one more {' and one more '.join(made)} ({decision.reason})"
