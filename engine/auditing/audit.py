"""An audit: recorded payloads put to the rules of a channel, and what weak points they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from typing import Any, Final, TypeAlias

from ..channel import Channel
from ..errors import PayloadError
from ..explaining.masking import Mask
from ..request.place import Sent
from ..store import Found, Search
from . import of_deliveries, of_payloads, of_records, of_values
from .finding import Finding, Severity
from .observed import Observed
from .of_records import Witnessed
from .reachable import reachable
from .replay import Budget, Delivery, SpentError, Trials, searched_fields
from .trying import PASSES, Tried, try_deliveries

MAX_DELIVERIES: Final = 5_000
"""The most payloads that are decided on records; all others are only read and mapped."""

FIRST_PASS: Final = 100_000
"""How many searches and found records deciding them once may take."""

OF_PAYLOADS: Final[tuple[Callable[[Observed], Iterator[Finding]], ...]] = (
    of_payloads.unreadable_payloads,
    of_payloads.rejected_payloads,
    of_payloads.unused_keys,
    of_payloads.missing_params,
    of_payloads.empty_fields,
    of_values.wrong_phones,
    of_values.wrong_emails,
    of_values.shared_keys,
)
OF_RECORDS: Final[tuple[Callable[[Witnessed], Iterator[Finding]], ...]] = (
    of_records.several_records,
    of_records.blanked_values,
)
OF_DELIVERIES: Final[tuple[Callable[[Tried], Iterator[Finding]], ...]] = (
    of_deliveries.repeats_create,
    of_deliveries.order_matters,
)

_Counts: TypeAlias = "Mapping[str, int]"


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit of one channel gives.

    ``payloads`` are those of each file, the ``unreadable`` ones among them. ``decided`` of them
    were decided, in order, with the ``actions`` counted, and tried in ``orders`` other orders.
    """

    channel: str
    payloads: _Counts
    unreadable: int
    decided: int
    orders: int
    actions: _Counts
    findings: tuple[Finding, ...]

    def has(self, severity: Severity) -> bool:
        """Whether anything of a severity was found."""
        return any(each.severity == severity for each in self.findings)

    def masked(self, mask: Mask) -> Audit:
        """The same without personal data."""
        return replace(self, findings=tuple(each.masked(mask) for each in self.findings))

    def to_dict(self) -> dict[str, Any]:
        """The audit as JSON values; its shape is ``leadlark/schemas/audit.json``."""
        return {
            "channel": self.channel,
            "payloads": sum(self.payloads.values()),
            "unreadable": self.unreadable,
            "decided": self.decided,
            "orders": self.orders,
            "actions": dict(self.actions),
            "findings": [each.to_dict() for each in self.findings],
        }


def audit(
    channel: Channel,
    sent: Sent,
    search: Callable[[Search], Found],
    now: datetime,
    *,
    trying: Callable[[int], Callable[[int], None]] | None = None,
) -> Audit:
    """Look for weak points of a channel's rules in payloads as recorded.

    ``search`` reads the store that there is; what the payloads would do is tried on a copy of
    the records that they can reach, in memory. ``trying`` is called once they are read, with
    about how many deliveries will be made; what it gives is told how many are.
    """
    program = channel.program
    observed = Observed(program)
    deliveries: list[Delivery] = []
    for place, request in sent:
        observed.payloads[place.file] += 1
        try:
            if isinstance(request, PayloadError):
                raise request
            observed.begin(place, request)
            mapped = channel.map_all(request, now, watch=observed.watch)
        except PayloadError as error:
            observed.fail(place, error)
            continue
        for index, each in enumerate(mapped):
            observed.end(place.inside(index, len(mapped)), each)
        if len(deliveries) < MAX_DELIVERIES:
            deliveries.append(Delivery(place, mapped))
    records = reachable(program, (each for one in deliveries for each in one.mapped), search)
    told = None if trying is None else trying((1 + PASSES) * len(deliveries))
    tell = None if told is None else _counting(told)
    trials = Trials(program, records, now, searched_fields(program, deliveries), tell)
    witnessed = Witnessed(program)
    actions: Counter[str] = Counter()
    done = _first_pass(trials, deliveries, witnessed, actions)
    tried = try_deliveries(trials, done)
    findings = (
        *(each for find in OF_PAYLOADS for each in find(observed)),
        *(each for find in OF_RECORDS for each in find(witnessed)),
        *(each for find in OF_DELIVERIES for each in find(tried)),
    )
    return Audit(
        channel.address,
        observed.payloads,
        observed.unreadable.count,
        len(done),
        tried.orders,
        actions,
        tuple(sorted(findings, key=lambda each: (each.severity, each.code))),
    )


def _counting(told: Callable[[int], None]) -> Callable[[], None]:
    """What tells the number of times that it is called."""
    numbers = count(1)
    return lambda: told(next(numbers))


def _first_pass(
    trials: Trials, deliveries: list[Delivery], witnessed: Witnessed, actions: Counter[str]
) -> list[Delivery]:
    """Decide and apply the deliveries in order; those that could be, the work being bounded."""
    budget = Budget(FIRST_PASS + len(trials.records))
    store = trials.store(budget)
    done: list[Delivery] = []
    for delivery in deliveries:
        try:
            for decided in trials.deliver([delivery], store, budget):
                actions[decided.decision.action] += 1
                witnessed.see(decided)
        except SpentError:
            break
        done.append(delivery)
    return done
