"""What of rule files cases reach, and what of them no case does.

A statement is reached when it has had its effect in mapping, an `ignore` or `reject` when it has
ended a payload. A condition counts as a whole, not by its terms. Pure: events to values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from ..filters.data import row_key
from ..language.nodes import Param, Path
from ..mapping.events import Assigned, Began, Bound, Event, Read, Taken, Tested
from ..mapping.mapped import MappedPayload
from ..mapping.scope import path_text
from ..values.value import Value, has_value, to_text
from .points import Key, Kind, Point, RuleFile

_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Missing:
    """What no case reaches at one place: ``what`` in words, ``text`` the line of the rule file."""

    line: int
    column: int
    kind: Kind
    what: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The place as JSON values."""
        return {
            "line": self.line,
            "column": self.column,
            "kind": self.kind,
            "missing": self.what,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Share:
    """How many points of how many are reached."""

    reached: int
    total: int

    @property
    def percent(self) -> Decimal:
        """The share with one decimal, rounded down: 100 only where nothing is missing."""
        percent = self._exact.quantize(_TENTH, ROUND_FLOOR)
        whole = percent.to_integral_value()
        return whole if percent == whole else percent

    def below(self, percent: Decimal) -> Decimal | None:
        """By how many points the exact share is below a percentage; None where it is not."""
        return percent - self._exact if self._exact < percent else None

    @property
    def _exact(self) -> Decimal:
        return Decimal(100 * self.reached) / self.total if self.total else Decimal(100)

    def to_dict(self) -> dict[str, Any]:
        """The share as JSON values."""
        return {"percent": self.percent, "reached": self.reached, "total": self.total}


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """The coverage of one rule file; ``used`` says whether any case file is about it."""

    path: str
    used: bool
    share: Share
    missing: tuple[Missing, ...]

    def to_dict(self) -> dict[str, Any]:
        """The file as JSON values."""
        missing = [each.to_dict() for each in self.missing]
        return {"path": self.path, "used": self.used, **self.share.to_dict(), "missing": missing}


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of all rule files of a run."""

    files: tuple[FileCoverage, ...]

    @property
    def share(self) -> Share:
        """What is reached of all files together."""
        return Share(
            sum(each.share.reached for each in self.files),
            sum(each.share.total for each in self.files),
        )

    def to_dict(self) -> dict[str, Any]:
        """The coverage as JSON values."""
        return {**self.share.to_dict(), "files": [each.to_dict() for each in self.files]}


def file_coverage(
    file: RuleFile, path: str, reached: Iterable[Key], *, used: bool = True
) -> FileCoverage:
    """The coverage of a rule file by what all of its cases together have reached."""
    keys = frozenset(reached)
    left = [point for point in file.points if point.key not in keys]
    share = Share(len(file.points) - len(left), len(file.points))
    return FileCoverage(path, used, share, tuple(_missing(file, left)))


def reached(
    file: RuleFile, mapped: Sequence[MappedPayload], events: Iterable[Event]
) -> frozenset[Key]:
    """The points of a rule file that one payload reaches.

    Args:
        file: The rule file of the channel.
        mapped: What the channel has made of the payload, in order.
        events: What happened meanwhile.
    """
    above, *each = _apart(events)
    found = set(_keys(file, above, gathered=False))
    # A payload whose list under `each` is empty is mapped without ever having begun.
    for one, happened in zip(mapped, each, strict=False):
        gathered = one.outcome is None or any(isinstance(event, Assigned) for event in happened)
        found.update(_keys(file, happened, gathered=gathered))
    return frozenset(found)


def _apart(events: Iterable[Event]) -> list[list[Event]]:
    """The events before any mapping begins, then those of each mapping."""
    parts: list[list[Event]] = [[]]
    for event in events:
        if isinstance(event, Began):
            parts.append([])
        parts[-1].append(event)
    return parts


def _keys(file: RuleFile, events: Iterable[Event], *, gathered: bool) -> Iterator[Key]:
    """The points that events reach.

    Where the payload ended before its fields were ``gathered``, the conditions that only decide on
    fields were looked at in vain: nothing came of it, so they do not count.
    """
    for event in events:
        match event:
            case Bound(let=let):
                yield let.span.start, "reached"
            case Assigned(assign=assign):
                yield assign.span.start, "reached"
            case Taken(statement=statement):
                yield statement.span.start, "reached"
            case Tested(condition=condition, holds=holds):
                start = condition.span.start
                if gathered or start in file.verdicts:
                    yield start, "true" if holds else "false"
            case Read():
                yield from _looked_up(file, event)
            case _:
                pass


def _looked_up(file: RuleFile, event: Read) -> Iterator[Key]:
    """The rows that the `lookup` filters of a param have found."""
    values = (event.raw, *event.steps)
    for table, value in zip(_tables(event.param), values, strict=False):
        if table is not None:
            for text in _texts(value):
                row = file.rows.get((table, row_key(text))) or file.rows.get((table, None))
                if row is not None:
                    yield row


def _tables(param: Param) -> Iterator[str | None]:
    """The table that each filter of a param looks up in, None for other filters."""
    for each in param.filters:
        match each.arguments:
            case (Path() as table,) if each.name == "lookup":
                yield path_text(table)
            case _:
                yield None


def _texts(value: Value) -> Iterator[str]:
    """The texts that are looked up of a value: its own, or those of its elements."""
    left: list[Value] = [value]
    while left:
        each = left.pop()
        if isinstance(each, list):
            left.extend(each)
        elif has_value(each) and not isinstance(each, dict):
            yield to_text(each)


def _missing(file: RuleFile, points: Sequence[Point]) -> Iterator[Missing]:
    """The places of points that are not reached; a condition never tested is one place."""
    sides: dict[int, list[Point]] = {}
    for point in points:
        sides.setdefault(point.key[0], []).append(point)
    for start, here in sides.items():
        position = file.source.position(start)
        text = file.source.line(position.line).strip()
        both = len(here) == 2 and here[0].kind == "condition"
        what = "never reached" if both else here[0].missing
        yield Missing(position.line, position.column, here[0].kind, what, text)
