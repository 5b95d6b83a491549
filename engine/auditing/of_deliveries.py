"""Deliveries that are repeated, or come in another order: codes A401 and A402.

Senders repeat what was not answered in time, and what was sent first does not always arrive
first. In whatever order, and however often, the same contacts, leads and deals must come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ..language.nodes import RequestId
from ..request.place import Place
from .finding import Example, Finding, many
from .replay import Delivery, Identity
from .trying import Tried

MAX_PLACES: Final = 10
"""The most payloads that are named together, where the search for few has found no fewer."""


def repeats_create(tried: Tried) -> Iterator[Finding]:
    """A401: deliveries that create something again where they are repeated."""
    again, program = tried.again, tried.program
    if again is None:
        return
    if program.find is None:
        # What the author has chosen; a `request id` lets the service know a repeated delivery.
        statements = (*program.before, *program.after)
        if any(isinstance(each, RequestId) for each in statements):
            return
        told = f"the channel has no `find`: {_deliveries(again.count)} a {program.type} again"
        advice = "add `find` and a field with `search`, or `request id` for the service"
    else:
        told = f"{_deliveries(again.count)} something again"
        advice = f"give the {program.type} a field that tells requests apart, with `search`"
    it = "it" if len(again.few) == 1 else "them"
    yield Finding(
        "A401",
        "warning" if program.find is None else "error",
        program.type,
        f"{told} when repeated",
        again.count,
        (Example(_places(again.few), told=f"repeating {it} makes {again.created}"),),
        help=advice,
    )


def order_matters(tried: Tried) -> Iterator[Finding]:
    """A402: other records come out where deliveries arrive in another order."""
    other = tried.otherwise
    if other is None:
        return
    recorded, reordered = other.recorded, other.reordered
    differing = [*(recorded - reordered), *(reordered - recorded)]
    keys = tuple(dict.fromkeys(key for _, several in differing for key in sorted(several)))
    told = f"as recorded they make {_counted(recorded)}, in another order {_counted(reordered)}"
    if _counted(recorded) == _counted(reordered):
        told += " with other search keys"
    yield Finding(
        "A402",
        "error",
        tried.program.type,
        "the order of deliveries changes which records come out",
        1,
        (Example(_places(other.few), keys=keys[:6], told=told),),
        help="search by what is the same in all payloads of one person or order",
    )


def _deliveries(count: int) -> str:
    return f"{count:,} {'delivery creates' if count == 1 else 'deliveries create'}"


def _places(few: Sequence[Delivery]) -> tuple[Place, ...]:
    return tuple(each.place for each in few[:MAX_PLACES])


def _counted(state: Counter[Identity]) -> str:
    by_type: Counter[str] = Counter()
    for (type, _), count in state.items():
        by_type[type] += count
    return " and ".join(many(count, type) for type, count in sorted(by_type.items())) or "nothing"
