"""What is expected against what is: a subset of maps, equal lists and values, matchers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from ..values.keys import is_phone_field
from ..values.patterns import Pattern
from ..values.value import ABSENT, Json, Value, to_text, write_json
from .located import Entries, Items, Node, Scalar
from .model import Difference

ANY: Final = "$any"
NONE: Final = "$absent"
REGEX: Final = "$regex"
EXACTLY: Final = "$exactly"

_TEXT_KEYS: Final = frozenset({"id", "ids", "contacts", "responsible", "status"})
"""Keys, beside those of phones, whose values compare as texts."""


def differences(expected: Node, actual: Value, path: str = "") -> Iterator[Difference]:
    """Every place at which ``actual`` is not as expected, in order of writing."""
    match expected:
        case Scalar():
            yield from _scalar(expected, actual, path)
        case Items(items=items):
            yield from _list(expected, items, actual, path)
        case Entries(entries={"$regex": Scalar(text=pattern)}):
            if not _matches(pattern, actual):
                yield _difference(expected, f"a match of {pattern}", actual, path)
        case Entries(entries={"$exactly": inner}):
            yield from differences(inner, actual, path)
            yield from _surplus(inner, actual, path)
        case Entries(entries=entries):
            if not isinstance(actual, dict):
                yield _difference(expected, "a map", actual, path)
                return
            for key, value in entries.items():
                yield from differences(value, actual.get(key, ABSENT), join(path, key))


def _scalar(expected: Scalar, actual: Value, path: str) -> Iterator[Difference]:
    if expected.value == ANY:
        if actual is ABSENT or actual is None:
            yield _difference(expected, "any value", actual, path)
    elif expected.value == NONE:
        if actual is not ABSENT:
            yield _difference(expected, "nothing", actual, path)
    elif not _equal(expected, actual, path):
        yield _difference(expected, _shown(expected, path), actual, path)


def _list(expected: Items, items: Sequence[Node], actual: Value, path: str) -> Iterator[Difference]:
    if not isinstance(actual, list) or len(actual) != len(items):
        yield _difference(expected, _shown(expected, path), actual, path)
        return
    for index, (item, value) in enumerate(zip(items, actual, strict=True)):
        yield from differences(item, value, f"{path}[{index}]")


def _surplus(expected: Node, actual: Value, path: str) -> Iterator[Difference]:
    if isinstance(expected, Entries) and isinstance(actual, dict):
        for key, value in actual.items():
            if key not in expected.entries:
                yield _difference(expected, "nothing", value, join(path, key))


def _equal(expected: Scalar, actual: Value, path: str) -> bool:
    if expected.value is None:
        return actual is None or actual is ABSENT
    if as_text(path) and isinstance(actual, int | Decimal | str):
        return expected.text == to_text(actual)
    if isinstance(expected.value, bool) or isinstance(actual, bool):
        return expected.value is actual
    return expected.value == actual


def as_text(path: str) -> bool:
    """Whether values at a path of a decision compare as texts: ids, statuses, phones."""
    last = path.rpartition(".")[2].partition("[")[0]
    return last in _TEXT_KEYS or is_phone_field(last)


def _matches(pattern: str, actual: Value) -> bool:
    if isinstance(actual, bool) or not isinstance(actual, str | int | Decimal):
        return False
    return Pattern(pattern).search(to_text(actual))


def join(path: str, key: str) -> str:
    """The path of a key of the map at ``path``."""
    return f"{path}.{key}" if path else key


def _difference(expected: Node, shown: str, actual: Value, path: str) -> Difference:
    got = "nothing" if actual is ABSENT else write_json(actual)
    return Difference(path, expected.place.line, shown, got)


def _shown(node: Node, path: str) -> str:
    """The expectation as JSON with its matchers; texts where values compare as text."""
    return write_json(_written(node, path))


def _written(node: Node, path: str) -> Json:
    match node:
        case Scalar(value=value, text=text):
            return text if value is not None and as_text(path) else value
        case Items(items=items):
            return [_written(item, path) for item in items]
        case Entries(entries=entries):
            return {key: _written(value, join(path, key)) for key, value in entries.items()}
