"""What is expected against what is: a subset of maps, equal lists and values, matchers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Final

from ..decision import ActivityPart, ContactPart, Decision, EntityPart
from ..errors import CaseError
from ..messages.suggest import closest
from ..values.keys import is_phone_field
from ..values.patterns import Pattern, pattern_problem
from ..values.value import ABSENT, Json, Value, to_text, write_json
from .located import Entries, Items, Node, Scalar, mistake
from .model import Difference

ANY: Final = "$any"
NONE: Final = "$absent"
REGEX: Final = "$regex"
EXACTLY: Final = "$exactly"

_TEXT_KEYS: Final = frozenset({"id", "ids", "contacts", "responsible", "status"})
"""Keys, beside those of phones, whose values compare as texts."""

_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({field.name for field in fields(Decision)} - {"origins"} | {"error"}),
    "contact": frozenset(field.name for field in fields(ContactPart)),
    "entity": frozenset(field.name for field in fields(EntityPart)),
    "activity": frozenset(field.name for field in fields(ActivityPart)),
}


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
                yield from differences(value, actual.get(key, ABSENT), _join(path, key))


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
                yield _difference(expected, "nothing", value, _join(path, key))


def _equal(expected: Scalar, actual: Value, path: str) -> bool:
    if expected.value is None:
        return actual is None or actual is ABSENT
    if _as_text(path) and isinstance(actual, int | Decimal | str):
        return expected.text == to_text(actual)
    if isinstance(expected.value, bool) or isinstance(actual, bool):
        return expected.value is actual
    return expected.value == actual


def _as_text(path: str) -> bool:
    last = path.rpartition(".")[2].partition("[")[0]
    return last in _TEXT_KEYS or is_phone_field(last)


def _matches(pattern: str, actual: Value) -> bool:
    if isinstance(actual, bool) or not isinstance(actual, str | int | Decimal):
        return False
    return Pattern(pattern).search(to_text(actual))


def _join(path: str, key: str) -> str:
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
            return text if value is not None and _as_text(path) else value
        case Items(items=items):
            return [_written(item, path) for item in items]
        case Entries(entries=entries):
            return {key: _written(value, _join(path, key)) for key, value in entries.items()}


def expectation_mistakes(node: Node, path: str) -> Iterator[CaseError]:
    """Mistakes in what ``expect`` says of one decision or a list of them."""
    for each in node.items if isinstance(node, Items) else (node,):
        if not isinstance(each, Entries):
            yield mistake("an expectation is a map, or a list of maps", each.place, path)
            continue
        yield from matcher_mistakes(each, path)
        yield from _unknown(each, "", path)


def _unknown(node: Entries, part: str, path: str) -> Iterator[CaseError]:
    inner = node.entries.get(EXACTLY)
    if isinstance(inner, Entries):
        node = inner
    for key, value in node.entries.items():
        if key not in _PARTS[part] and not key.startswith("$"):
            near = closest(key, sorted(_PARTS[part]))
            hint = f"; did you mean `{near}`?" if near else ""
            what = f"{part} of a decision" if part else "decision"
            yield mistake(f"a {what} has no key `{key}`{hint}", node.keys[key], path)
        elif not part and key in _PARTS and isinstance(value, Entries):
            yield from _unknown(value, key, path)


def matcher_mistakes(node: Node, path: str, *, lists: bool = False) -> Iterator[CaseError]:
    """Unknown or misused matchers and unsupported patterns anywhere in an expectation.

    ``lists`` says whether ``$exactly`` may hold a list.
    """
    if isinstance(node, Items):
        for item in node.items:
            yield from matcher_mistakes(item, path, lists=lists)
    if not isinstance(node, Entries):
        return
    for key, value in node.entries.items():
        yield from matcher_mistakes(value, path, lists=lists)
        if key not in (REGEX, EXACTLY):
            if key.startswith("$"):
                yield mistake(f"there is no matcher `{key}`", node.keys[key], path)
        elif len(node.entries) > 1:
            yield mistake(f"`{key}` stands alone in its map", node.place, path)
        elif key == REGEX:
            problem = pattern_problem(value.text) if isinstance(value, Scalar) else "it is a text"
            if problem:
                yield mistake(f"unsupported pattern: {problem}", value.place, path)
        elif not isinstance(value, Entries) and not (lists and isinstance(value, Items)):
            yield mistake("`$exactly` takes a map", value.place, path)
