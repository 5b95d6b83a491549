"""Mistakes in what ``expect`` says: keys, words and matchers that no decision has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Final, get_args

from ..decision import (
    Action,
    ActivityPart,
    ContactAction,
    ContactPart,
    Decision,
    EntityPart,
    Note,
    Problem,
    RecordPart,
)
from ..errors import CaseError
from ..language.nodes import EntityType
from ..messages.suggest import closest
from ..values.patterns import pattern_problem
from .located import Entries, Items, Node, Scalar, mistake
from .matching import ANY, EXACTLY, NONE, REGEX, join


def _names(shape: type) -> frozenset[str]:
    return frozenset(field.name for field in fields(shape))


_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "": _names(Decision) - {"origins"} | {"error"},
    "contact": _names(ContactPart),
    "entity": _names(EntityPart),
    "entity.records": _names(RecordPart),
    "activity": _names(ActivityPart),
    "problems": _names(Problem),
    "warnings": _names(Note),
    "error": frozenset({"code", "message", "place"}),
}
"""The keys of a decision's maps, by their paths; a list's path is that of its elements."""

_NAMES: Final[Mapping[str, str]] = {
    "": "a decision",
    "contact": "a contact of a decision",
    "entity": "an entity of a decision",
    "entity.records": "a record of a decision",
    "activity": "an activity of a decision",
    "problems": "a problem of a decision",
    "warnings": "a warning of a decision",
    "error": "an error",
}

_WORDS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "action": ("action of a decision", get_args(Action)),
    "contact.action": ("action of a contact", get_args(ContactAction)),
    "entity.type": ("type of an entity", get_args(EntityType)),
}
"""What is one of a few words: what it is called, and the words."""


def expectation_mistakes(node: Node, path: str) -> Iterator[CaseError]:
    """Mistakes in what ``expect`` says of one decision or a list of them.

    Nothing at all is no mistake: the case fails until something stands there.
    """
    if isinstance(node, Scalar) and node.value is None:
        return
    for each in node.items if isinstance(node, Items) else (node,):
        if not isinstance(each, Entries):
            yield mistake("an expectation is a map, or a list of maps", each.place, path)
            continue
        yield from matcher_mistakes(each, path)
        yield from _mistakes(each, "", path)


def _mistakes(node: Node, part: str, path: str) -> Iterator[CaseError]:
    """Unknown keys and words of a decision's part, or of each in a list of such parts."""
    if isinstance(node, Items):
        for item in node.items:
            yield from _mistakes(item, part, path)
        return
    if not isinstance(node, Entries):
        return
    inner = node.entries.get(EXACTLY)
    if isinstance(inner, Entries):
        node = inner
    for key, value in node.entries.items():
        if key.startswith("$"):
            continue
        if key not in _PARTS[part]:
            hint = _hint(key, sorted(_PARTS[part]))
            yield mistake(f"{_NAMES[part]} has no key `{key}`{hint}", node.keys[key], path)
            continue
        inside = join(part, key)
        if inside in _PARTS:
            yield from _mistakes(value, inside, path)
        elif inside in _WORDS:
            yield from _word_mistake(value, *_WORDS[inside], path)


def _word_mistake(node: Node, what: str, words: tuple[str, ...], path: str) -> Iterator[CaseError]:
    """The mistake of a single value that is none of the words; matchers and null are others."""
    if not isinstance(node, Scalar) or node.value is None or node.value in (ANY, NONE):
        return
    if node.text not in words:
        *most, last = words
        hint = _hint(node.text, words) or f": it is {', '.join(most)} or {last}"
        yield mistake(f"`{node.text}` is no {what}{hint}", node.place, path)


def _hint(word: str, known: list[str] | tuple[str, ...]) -> str:
    near = closest(word, known)
    return f"; did you mean `{near}`?" if near else ""


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
