"""Counting changes, decision by decision."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..decision import Decision, Origin
from ..mapping.mapped import MappedPayload
from ..request.place import Place
from .changes import TRANSITIONS, Change, How, Kind
from .difference import MAX_GROUPS, Example, Group


@dataclass(frozen=True, slots=True)
class Made:
    """A decision and the mapped payload that it is on."""

    decision: Decision
    mapped: MappedPayload


@dataclass(slots=True)
class _Counted:
    count: int
    example: Example


GroupKey = tuple[Kind, How, str | None, str | None, str | None, str | None]


@dataclass(slots=True)
class Tally:
    """Counts changes decision by decision; of each kind the first example is kept."""

    counted: dict[GroupKey, _Counted] = field(default_factory=dict)
    left_out: int = 0

    def add(self, change: Change, place: Place, old: Made | None, new: Made | None) -> None:
        """Count one change of one payload."""
        key = _key(change)
        held = self.counted.get(key)
        if held is not None:
            held.count += 1
        elif len(self.counted) < MAX_GROUPS:
            self.counted[key] = _Counted(1, _example(change, place, old, new))
        else:
            self.left_out += 1

    def groups(self) -> tuple[Group, ...]:
        """What was counted, in the order in which it was first seen."""
        return tuple(
            Group(*key, count=each.count, example=each.example)
            for key, each in self.counted.items()
        )


def _key(change: Change) -> GroupKey:
    told = change.kind in TRANSITIONS
    old = str(change.old) if told else None
    new = str(change.new) if told else None
    return change.kind, change.how, change.target, change.name, old, new


def _example(change: Change, place: Place, old: Made | None, new: Made | None) -> Example:
    keys = (key for made in (old, new) if made for part in made.mapped.keys for key in part)
    return Example(
        place,
        change.old,
        change.new,
        _said(old),
        _said(new),
        _origin(change, old),
        _origin(change, new),
        tuple(dict.fromkeys(keys)),
    )


def _said(made: Made | None) -> str:
    return "no decision" if made is None else f"{made.decision.action}: {made.decision.reason}"


def _origin(change: Change, made: Made | None) -> Origin | None:
    """Where the value of a field comes from, in one version."""
    if change.kind not in ("field", "value type") or made is None:
        return None
    return next(
        (
            each
            for each in made.mapped.origins
            if each.target == change.target and each.field == change.name
        ),
        None,
    )
