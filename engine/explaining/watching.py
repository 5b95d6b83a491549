"""What happened while one payload was mapped, kept by the nodes it happened to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ..language.nodes import Assign, Condition, Ignore, Let, Param, Reject, Statement
from ..mapping.events import Assigned, Began, Bound, Event, Read, Taken, Tested
from ..mapping.interpret import interpret
from ..mapping.mapped import MappedPayload
from ..mapping.program import Program
from ..request.payload import Request
from ..values.value import Value


@dataclass(frozen=True, slots=True)
class Watched:
    """The events of one decision by the identity of their nodes, the last of a node counting.

    ``index`` is that of the element under ``each``.
    """

    index: int | None = None
    _read: dict[int, Read] = field(default_factory=dict)
    _bound: dict[int, Value] = field(default_factory=dict)
    _tested: dict[int, bool] = field(default_factory=dict)
    _assigned: dict[int, Assigned] = field(default_factory=dict)
    _taken: list[Statement] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Keep one more event."""
        match event:
            case Read():
                self._read[id(event.param)] = event
            case Bound():
                self._bound[id(event.let)] = event.value
            case Tested():
                self._tested[id(event.condition)] = event.holds
            case Assigned():
                self._assigned[id(event.assign)] = event
            case Taken():
                self._taken.append(event.statement)
            case Began():
                pass

    def read(self, param: Param) -> Read | None:
        """How a param was read, if it was."""
        return self._read.get(id(param))

    def bound(self, let: Let) -> Value | None:
        """The value of a let, None if it got none."""
        return self._bound.get(id(let))

    def is_bound(self, let: Let) -> bool:
        """Whether a let has got its value."""
        return id(let) in self._bound

    def holds(self, condition: Condition) -> bool | None:
        """Whether a condition held, None if it was not tested."""
        return self._tested.get(id(condition))

    def assigned(self, assign: Assign) -> Assigned | None:
        """What an assignment gave its field, if it was reached."""
        return self._assigned.get(id(assign))

    @property
    def assignments(self) -> tuple[Assigned, ...]:
        """Every assignment that was reached, in order."""
        return tuple(self._assigned.values())

    @property
    def verdict(self) -> Ignore | Reject | None:
        """The `ignore` or `reject` that applied, if one did."""
        found = [each for each in self._taken if isinstance(each, Ignore | Reject)]
        return found[-1] if found else None


def watched(
    program: Program, request: Request, now: datetime
) -> Iterator[tuple[MappedPayload, Watched]]:
    """Each decision's mapping of a request with one payload, with what happened on the way."""
    above: list[Event] = []
    groups: list[tuple[int | None, list[Event]]] = []

    def watch(event: Event) -> None:
        if isinstance(event, Began):
            groups.append((event.index, []))
        else:
            (groups[-1][1] if groups else above).append(event)

    several = interpret(program, request, now, watch)
    groups = groups or [(None, [])]  # an empty list under `each` begins no element
    for mapped, (index, events) in zip(several, groups, strict=True):
        seen = Watched(index)
        for event in (*above, *events):
            seen.add(event)
        yield mapped, seen
