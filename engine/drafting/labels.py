"""Lists of labelled values: columns, questions and answers, fields of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ..language.nodes import Step, Where
from ..mapping.scope import member_key
from ..values.value import Json, has_value, to_text
from .fields import LONGEST_KEY, NOWHERE, Field, Source, key_of
from .meanings import ANSWERS, LABELS, ranked
from .shape import Shape
from .words import words_of

_MOST_LABELS: Final = 200
_LABEL_SAMPLES: Final = 50


def labelled(shape: Shape) -> tuple[tuple[str, ...], str | None] | None:
    """The keys that lead to an element's label, and the key of its answer.

    The answer's key is None where each element names it in its `type`. A list is one of
    labelled values where every element has a label of its own and an answer.
    """
    lists = [[each for each in value if has_value(each)] for _, value in shape.lists]
    lists = [value for value in lists if value][:_LABEL_SAMPLES]
    if not lists or any(not isinstance(each, dict) for value in lists for each in value):
        return None
    every = [each for value in lists for each in value if isinstance(each, dict)]
    answer = _answer_key(every)
    if answer is None and not all(_typed_answer(each) for each in every):
        return None
    for names in _label_keys(every[0]):
        told = [[_label(each, names) for each in value] for value in lists]
        if all(None not in labels and len({*labels}) == len(labels) for labels in told):
            return names, answer
    return None


def _answer_key(every: list[dict[str, Json]]) -> str | None:
    for wanted in ranked(ANSWERS):
        for name in every[0]:
            if words_of(name) == wanted and all(_has_plain(each, name) for each in every):
                return name
    return None


def _has_plain(element: dict[str, Json], name: str) -> bool:
    return name in element and _plain(element[name])


def _plain(value: Json) -> bool:
    if isinstance(value, list):
        return not any(isinstance(each, dict | list) for each in value)
    return not isinstance(value, dict)


def _typed_answer(element: dict[str, Json]) -> bool:
    kind = element.get("type")
    return isinstance(kind, str) and kind != "type" and kind in element


def _label_keys(element: Mapping[str, Json]) -> Iterator[tuple[str, ...]]:
    """The keys that may lead to labels; those of an object inside come after the element's own."""
    for wanted in ranked(LABELS):
        yield from ((name,) for name in element if words_of(name) == wanted)
    for outer, inner in element.items():
        if isinstance(inner, dict):
            for wanted in ranked("ref key name id"):
                yield from ((outer, name) for name in inner if words_of(name) == wanted)


def _label(element: Json, names: tuple[str, ...]) -> str | None:
    value = element
    for name in names:
        key = member_key(value, name) if isinstance(value, dict) else None
        value = value[key] if isinstance(value, dict) and isinstance(key, str) else None
    if isinstance(value, dict | list) or not has_value(value):
        return None
    text = to_text(value)
    return text if len(text) <= LONGEST_KEY else None


def answered(
    shape: Shape,
    path: tuple[Step, ...],
    source: Source,
    label: tuple[str, ...],
    answer: str | None,
) -> Iterator[Field]:
    """A field for each label that the samples have."""
    found: dict[str, list[tuple[int, dict[str, Json]]]] = {}
    for sample, value in shape.lists:
        for element in value:
            text = _label(element, label)
            if text is not None and isinstance(element, dict) and len(found) < _MOST_LABELS:
                found.setdefault(text, []).append((sample, element))
    for text, told in found.items():
        key = answer or str(told[0][1].get("type"))
        if len(key) > LONGEST_KEY:
            continue
        steps = (*path, Where(label, text, span=NOWHERE), key_of(key))
        words = frozenset[str]().union(*(_said(element, answer) for _, element in told))
        # Of several elements with one label the first is read.
        values = {at: each.get(key) for at, each in reversed(told) if has_value(each.get(key))}
        if not all(map(_plain, values.values())):
            continue
        listed = any(isinstance(value, list) for value in values.values())
        yield Field(steps, source, words_of(text) | words, frozenset(), values, listed)


def _said(element: Mapping[str, Json], answer: str | None) -> frozenset[str]:
    """The words of an element's texts beside its answer: its label, its title, its question."""
    labels = frozenset[str]().union(*ranked(LABELS))
    return frozenset[str]().union(
        *(
            words_of(value)
            for name, value in element.items()
            if name != answer and isinstance(value, str) and words_of(name) <= labels
        )
    )
