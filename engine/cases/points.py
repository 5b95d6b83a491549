"""What there is to reach in a rule file: statements, sides of conditions, rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ..filters.data import row_key
from ..language.nodes import (
    Activity,
    Assign,
    Comment,
    Condition,
    FieldItem,
    Fields,
    Ignore,
    Let,
    Reject,
    Responsible,
    Statement,
    Status,
    Table,
    When,
)
from ..messages.source import Source

Side: TypeAlias = Literal["reached", "true", "false", "looked up"]
Key: TypeAlias = tuple[int, Side]
"""What tells points of a file apart: the offset of what is reached, and how it is."""

Kind: TypeAlias = Literal["statement", "condition", "row"]

MISSING: Final[Mapping[Side, str]] = {
    "reached": "never reached",
    "true": "never true",
    "false": "never false",
    "looked up": "never looked up",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to reach; ``missing`` says what is so while it is not reached."""

    key: Key
    kind: Kind
    missing: str


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file with its points in order of their places.

    ``rows`` leads from a table's name and a row's key to the point, and from its name and None to
    that of its ``else`` line. ``verdicts`` are the offsets of the conditions that decide on an
    ``ignore`` or a ``reject``: its own, and those of the branches around it and above them.
    """

    source: Source
    points: tuple[Point, ...]
    rows: Mapping[tuple[str, str | None], Key]
    verdicts: frozenset[int]


def rule_file(source: Source) -> RuleFile:
    """The points of a rule file that has passed its checks."""
    from ..language.parser import parse  # noqa: PLC0415 (only where coverage is asked for)

    file, _ = parse(source)
    rows = {name: point for table in file.tables for name, point in _rows(table)}
    points = [*rows.values()]
    for channel in file.channels:
        points += _of_statements(channel.statements)
    verdicts = {at for channel in file.channels for at in _verdicts(channel.statements)}
    return RuleFile(
        source,
        tuple(sorted(points, key=lambda point: point.key[0])),
        {name: point.key for name, point in rows.items()},
        frozenset(verdicts),
    )


def _rows(table: Table) -> Iterator[tuple[tuple[str, str | None], Point]]:
    for row in table.rows:
        for name in row.keys:
            missing = f"row `{name.text}` {MISSING['looked up']}"
            point = Point((name.span.start, "looked up"), "row", missing)
            yield (table.name.text, row_key(name.text)), point
    if table.otherwise is not None:
        key: Key = (table.otherwise.span.start, "looked up")
        yield (table.name.text, None), Point(key, "row", MISSING["looked up"])


def _of_statements(statements: Sequence[Statement]) -> Iterator[Point]:
    for each in statements:
        match each:
            case When(branches=branches):
                for branch in branches:
                    yield from _of_condition(branch.condition)
                    yield from _of_statements(branch.items)
            case Ignore(condition=condition) | Reject(condition=condition):
                if condition is None:
                    yield _reached(each.span.start)
                # That the condition was true is that the statement was reached.
                yield from _of_condition(condition)
            case Fields(items=items):
                yield from _of_items(items)
            case Let() | Status() | Responsible() | Comment() | Activity():
                yield _reached(each.span.start)


def _of_items(items: Sequence[FieldItem]) -> Iterator[Point]:
    for each in items:
        match each:
            case Assign():
                yield _reached(each.span.start)
            case When(branches=branches):
                for branch in branches:
                    yield from _of_condition(branch.condition)
                    yield from _of_items(branch.items)


def _reached(start: int) -> Point:
    return Point((start, "reached"), "statement", MISSING["reached"])


def _of_condition(condition: Condition | None) -> Iterator[Point]:
    if condition is not None:
        start = condition.span.start
        yield Point((start, "true"), "condition", MISSING["true"])
        yield Point((start, "false"), "condition", MISSING["false"])


def _verdicts(statements: Sequence[Statement]) -> Iterator[int]:
    for each in statements:
        match each:
            case Ignore(condition=condition) | Reject(condition=condition):
                if condition is not None:
                    yield condition.span.start
            case When(branches=branches):
                decides = False
                for branch in reversed(branches):  # a condition decides on the branches below it
                    decides = decides or any(map(_holds_verdict, branch.items))
                    if decides and branch.condition is not None:
                        yield branch.condition.span.start
                    yield from _verdicts(branch.items)


def _holds_verdict(statement: Statement) -> bool:
    match statement:
        case Ignore() | Reject():
            return True
        case When(branches=branches):
            return any(_holds_verdict(each) for branch in branches for each in branch.items)
        case _:
            return False
