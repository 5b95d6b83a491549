"""The comparisons of conditions: pure functions on values, none of which raises.

A left side without a value makes every comparison false; a right side without one makes every
comparison false but ``!=``, which is then true. Texts are compared in NFC with regard to case.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from ..language.nodes import Operator
from ..values.dates import parse_iso
from ..values.patterns import Pattern
from ..values.value import Json, Value, has_value, nfc, number_of, to_text

NoteFunction: TypeAlias = Callable[[str, str], None]

_LIST_REFUSED: Final = "A list can be compared with `contains` only"

_ORDERS: Final[Mapping[str, Callable[[int, int], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(
    left: Value, op: Operator, right: Value, *, right_is_number: bool, note: NoteFunction
) -> bool:
    """Whether ``left op right`` holds.

    Numeric where ``right_is_number`` (an unquoted number) or where the left side is a number and
    the right a number or numeric text; two ISO 8601 dates compare as points in time, without an
    offset in UTC; else as texts. An ordering of anything else is false.

    Args:
        left: The param's value.
        op: The operator.
        right: The value compared with.
        right_is_number: Whether the right side is written as a number without quotes.
        note: Is given N206 and a sentence where values cannot be compared.
    """
    if not has_value(left):
        return False
    if isinstance(left, list):
        if op == "contains":
            return has_value(right) and _holds(left, right, right_is_number)
        note("N206", _LIST_REFUSED)
        return False
    if not has_value(right):
        return op == "!="
    match op:
        case "==":
            return _equal(left, right, right_is_number, _text(right))
        case "!=":
            return not _equal(left, right, right_is_number, _text(right))
        case "contains":
            return _text(right) in _text(left)
        case "starts with":
            return _text(left).startswith(_text(right))
        case "ends with":
            return _text(left).endswith(_text(right))
        case "<" | "<=" | ">" | ">=":
            order = _order(left, right, right_is_number)
            if order is None:
                note("N206", f"`{op}` compares numbers or ISO dates only")
                return False
            return _ORDERS[op](order, 0)


def among(left: Value, rights: Iterable[tuple[Value, bool]], *, note: NoteFunction) -> bool:
    """Whether ``left`` equals any of the values of ``in (…)``.

    Args:
        left: The param's value.
        rights: Each value with whether it is written as a number without quotes.
        note: Is given N206 and a sentence where ``left`` is a list.
    """
    if not has_value(left):
        return False
    if isinstance(left, list):
        note("N206", _LIST_REFUSED)
        return False
    return any(
        has_value(right) and _equal(left, right, is_number, _text(right))
        for right, is_number in rights
    )


def matches(left: Value, pattern: Pattern, *, note: NoteFunction) -> bool:
    """Whether the pattern matches anywhere in the text of ``left``; N206 where it is a list."""
    if not has_value(left):
        return False
    if isinstance(left, list):
        note("N206", _LIST_REFUSED)
        return False
    return pattern.search(to_text(left))


def is_present(value: Value) -> bool:
    """Whether ``is present`` holds: the value is neither absent nor null nor empty."""
    return has_value(value)


def _holds(elements: list[Json], right: Value, right_is_number: bool) -> bool:
    text = _text(right)
    return any(has_value(each) and _equal(each, right, right_is_number, text) for each in elements)


def _equal(left: Value, right: Value, right_is_number: bool, right_text: str) -> bool:
    if right_is_number or _is_number(left):
        first, second = _number(left), _number(right)
        if first is not None and second is not None:
            return first == second
        if right_is_number:
            return False
    if isinstance(left, str) and isinstance(right, str):
        dates = _dates(left, right)
        if dates is not None:
            return dates[0] == dates[1]
    return _text(left) == right_text


def _order(left: Value, right: Value, right_is_number: bool) -> int | None:
    """Negative, 0 or positive as ``left`` is less, equal or greater; None without an order."""
    if right_is_number or _is_number(left):
        first, second = _number(left), _number(right)
        if first is None or second is None:
            return None
        return (first > second) - (first < second)
    if isinstance(left, str) and isinstance(right, str):
        dates = _dates(left, right)
        if dates is not None:
            return (dates[0] > dates[1]) - (dates[0] < dates[1])
    return None


def _is_number(value: Value) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _number(value: Value) -> int | Decimal | None:
    return None if isinstance(value, bool) else number_of(value)


def _dates(left: str, right: str) -> tuple[datetime, datetime] | None:
    first = parse_iso(left)
    second = None if first is None else parse_iso(right)
    if first is None or second is None:
        return None
    return _in_utc(first), _in_utc(second)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _text(value: Value) -> str:
    return nfc(to_text(value))
