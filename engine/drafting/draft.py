"""From sample payloads to a draft: a channel, its case file, and what was guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Final

from .. import loader
from ..language.nodes import EntityType, Every, Step
from ..language.parser import parse
from ..language.printer import print_file
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source
from ..values.value import Json
from . import telling
from .cases import case_text
from .fields import NOWHERE, key_of
from .guessing import guess
from .planning import Plan, plan
from .samples import Sample
from .shape import Shape, elements_at, shape_of
from .telling import Guess
from .walking import fields_of
from .writing import channel_text

_ADDRESS: Final = re.compile(r"[a-z0-9-]{1,64}")
_ALLOWED: Final = frozenset(("W208", "W213"))
_LOOKED_AT: Final = 200  # samples whose letters tell the language
_LETTERS: Final = 200  # of one text there
_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A channel and its case file as texts; ``files`` are payload files beside them by name."""

    address: str
    entity: EntityType
    channel: str
    cases: str
    files: Mapping[str, str]
    guesses: tuple[Guess, ...]
    notes: tuple[str, ...]


def is_address(text: str) -> bool:
    """Whether a channel can have that address."""
    return _ADDRESS.fullmatch(text) is not None


def address_of(file: str) -> str:
    """The address of a channel that is drafted from a file; ``draft`` where its name gives none."""
    stem = PurePath(file).name.partition(".")[0].lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:64].strip("-") or "draft"


def draft(
    samples: Sequence[Sample],
    address: str,
    entity: EntityType | None = None,
    region: str | None = None,
) -> Draft:
    """A draft from one or more samples.

    ``entity`` and ``region`` (ISO 3166) are guessed where they are left out. The rule file is
    checked, warnings included, before it is given.
    """
    made = _planned(samples, address, entity, region)
    header = telling.header(made, samples)
    text = _settled(channel_text(made, header), address)
    channel = loader.loads(text, f"{address}.channel")[address]
    cases = case_text(samples, channel, address, telling.case_header(made, samples))
    notes = [*telling.notes(made)]
    if cases.left_out:
        notes.append(f"{cases.left_out:,} of {len(samples):,} samples have no case of their own")
    return Draft(
        address,
        made.entity,
        text,
        cases.text,
        cases.files,
        tuple(telling.guesses(made)),
        tuple(notes),
    )


def _planned(
    samples: Sequence[Sample], address: str, entity: EntityType | None, region: str | None
) -> Plan:
    payloads = [sample.payload for sample in samples]
    shape = shape_of(payloads)
    fields = fields_of(shape)
    guesses = guess(fields, region, _texts(payloads))
    whole = plan(address, entity, fields, guesses, len(payloads))
    if guesses.telling:
        return whole
    best, most = whole, 0
    for keys in _lists(shape, ()):
        elements = [each for payload in payloads for each in elements_at(payload, keys)]
        inner = fields_of(shape_of(elements))
        found = guess(inner, region, _texts(elements))
        if found.weight > most:
            steps: list[Step] = _every(payloads, keys)
            best = plan(address, entity, inner, found, len(elements), steps)
            most = found.weight
    return best


def _lists(shape: Shape, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to lists of objects, the outer ones first."""
    if len(keys) > _DEEPEST:
        return
    for name, inner in shape.keys.items():
        element = inner.element
        if element is not None and element.objects and not inner.objects:
            yield (*keys, name)
            yield from _lists(element, (*keys, name))
        elif inner.objects and not inner.lists:
            yield from _lists(inner, (*keys, name))


def _every(payloads: Sequence[Json], keys: Sequence[str]) -> list[Step]:
    """The steps of `each`: every element of each list on the way."""
    steps: list[Step] = []
    for at, name in enumerate(keys):
        steps.append(key_of(name))
        listed = any(True for payload in payloads for _ in elements_at(payload, keys[: at + 1]))
        if listed:
            steps.append(Every(span=NOWHERE))
    return steps


def _texts(payloads: Sequence[Json]) -> Iterator[str]:
    """Keys and texts of the payloads, to tell their language by."""
    waiting = list(islice(payloads, _LOOKED_AT))
    seen = 0
    while waiting and seen < _LOOKED_AT * 100:
        value = waiting.pop()
        seen += 1
        match value:
            case dict():
                yield from (key[:_LETTERS] for key in islice(value, _LOOKED_AT))
                waiting += islice(value.values(), _LOOKED_AT)
            case list():
                waiting += value[:_LOOKED_AT]
            case str():
                yield value[:_LETTERS]


def _settled(text: str, address: str) -> str:
    """The text in canonical layout, what the samples force on it allowed by comments.

    A draft that does not check is a bug: it is never given.
    """
    source = Source(f"{address}.channel", text)
    file, problems = parse(source)
    found = _check(source)
    if not problems and found and all(each.code in _ALLOWED for each in found):
        source = Source(source.name, _with_allowances(source, found))
        file, problems = parse(source)
        source = Source(source.name, print_file(source, file))
        found = _check(source)
    if found or print_file(source, parse(source)[0]) != source.text:
        raise AssertionError(f"the draft does not check: {[str(each.message) for each in found]}")
    return source.text


def _check(source: Source) -> tuple[Diagnostic, ...]:
    return loader.checker()([source])


def _with_allowances(source: Source, found: Sequence[Diagnostic]) -> str:
    """The text with a comment above each line that has a warning."""
    codes: dict[int, dict[str, None]] = {}
    for each in found:
        line = source.position(each.span.start).line
        codes.setdefault(line, {})[each.code] = None
    lines: list[str] = []
    for number, text in enumerate(source.text.split("\n"), start=1):
        if number in codes:
            lines.append(f"# leadlark: allow {', '.join(codes[number])}")
        lines.append(text)
    return "\n".join(lines)
