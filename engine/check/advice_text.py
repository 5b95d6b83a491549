"""Warnings about what is written: W206, W211-W213."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Final

from ..language import nodes
from ..late_dataclass import dataclass, field
from ..messages.diagnostics import Diagnostic, Edit
from ..messages.source import Source, Span
from .context import Context
from .placeholders import placeholders, places_meant
from .reads import Read
from .shape import TYPES, Gap, Place, Shape, look_up, meant_path

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SCRIPTS: Final = ("LATIN", "CYRILLIC", "GREEK")
_CYRILLIC: Final = "аеорсухіѕјАВЕКМНОРСТХУІЅЈ"
_LATIN: Final = "aeopcyxisjABEKMHOPCTXYISJ"
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)


def comparisons_have_a_value(context: Context) -> Iterator[Diagnostic]:
    """W206: a comparison with `""`, which is no value."""
    compared: list[nodes.Compare | nodes.Among] = [
        *context.of(nodes.Compare),
        *context.of(nodes.Among),
    ]
    for node in compared:
        values = node.values if isinstance(node, nodes.Among) else (node.value,)
        for value in values:
            constant = value.constant if isinstance(value, nodes.Template) else None
            if constant is None or constant.strip():
                continue
            test = None
            if isinstance(node, nodes.Compare) and node.operator in ("==", "!="):
                test = "is absent" if node.operator == "==" else "is present"
            yield context.report(
                "W206",
                "comparison with empty text",
                value,
                "empty text is no value, so this compares with nothing",
                help=f"write `{context.text(node.param)} {test or 'is absent'}`",
                fix=[Edit(Span(node.param.span.end, value.span.end), f" {test}")] if test else (),
            )


def lets_are_used(context: Context) -> Iterator[Diagnostic]:
    """W211: a `let` that nothing reads."""
    if not context.lets:
        return
    used = {read.name for read in context.reads} | context.lost
    if not context.lets.keys() <= used:
        used |= {each.name.partition(".")[0] for each in placeholders(context)}
    for name, (_, let) in context.lets.items():
        if name not in used and name:
            yield context.report(
                "W211",
                f"`let {name}` is never used",
                let.name,
                "nothing reads it",
                help=f"use it as `<{name}>`, or leave it out",
            )


def params_are_used(context: Context) -> Iterator[Diagnostic]:
    """W212: a declared param that nothing reads; under `strict` declaring it is use enough."""
    payload = context.first(nodes.Payload)
    if context.payload is None or not isinstance(payload, nodes.Payload) or payload.strict:
        return
    used = _Used()
    for read in context.reads:
        place = read.place
        if read.scope == "map":
            place = look_up(context.payload, read.path.steps)
        if isinstance(place, Gap):
            context.effort.postpone(partial(_use_meant, context, read, place, used))
        else:
            _use(context, read, place, used)
    unused = [each for each in context.payload.all() if id(each) not in used.places]
    if any(each.declared for each in unused):
        context.effort.catch_up()
        used.add(places_meant(context))
    for shape in unused:
        declared = shape.declared
        if declared is None or id(shape) in used.places or _first_key(declared) in context.lost:
            continue
        if declared.path.root or declared.type.text not in TYPES:
            continue  # which is told, and the line may be no declaration at all
        name = context.text(declared.path)
        yield context.report(
            "W212",
            f"declared param `{name}` is never used",
            declared.path,
            "nothing reads it",
            help=f"use it as `<{name.replace('[]', '[*]')}>`, or leave it out",
        )


def _first_key(declared: nodes.Declared) -> str:
    first = declared.path.steps[0] if declared.path.steps else None
    return first.name if isinstance(first, nodes.Key) else ""


@dataclass(slots=True)
class _Used:
    """The declared places that something reads, by their identity.

    ``whole`` are those with all that is below them, so that no place is gone over twice.
    """

    places: set[int] = field(default_factory=set)
    whole: set[int] = field(default_factory=set)

    def add(self, shapes: Iterable[Shape]) -> None:
        """Take places."""
        self.places.update(map(id, shapes))

    def add_all(self, shape: Shape) -> None:
        """Take a place and all below it."""
        waiting = [shape]
        while waiting:
            current = waiting.pop()
            if id(current) in self.whole:
                continue
            self.whole.add(id(current))
            self.places.add(id(current))
            waiting += current.keys.values()
            if current.element is not None:
                waiting.append(current.element)


def _use(context: Context, read: Read, place: Place, used: _Used) -> None:
    if not read.path.steps:
        if read.path.root == "@item" and context.element is not None:
            used.add_all(context.element)
        return
    used.add(place.passed)
    shape = place.shape
    if shape is None or shape.is_leaf:
        return
    if context.each is None or read.path is not context.each.path:
        used.add_all(shape)


def _use_meant(context: Context, read: Read, gap: Gap, used: _Used) -> None:
    """Take what a path that leads nowhere may have meant; that it leads nowhere is told."""
    steps = read.path.steps
    path = meant_path(gap, steps, context.effort.suggester("use of paths"))
    if path is not None:
        used.add(path[1])
        return
    step = steps[gap.number]
    suggester = context.effort.suggester("use of params")
    meant = suggester.closest(getattr(step, "name", ""), gap.shape.keys)
    near = gap.shape if meant is None else gap.shape.keys[meant]
    if near is not context.payload:
        used.add_all(near)


def names_are_of_one_script(context: Context) -> Iterator[Diagnostic]:
    """W213: a name of a param, field, let or status in mixed alphabets; each is told once."""
    steps = chain.from_iterable([path.steps for path in context.of(nodes.Path)])
    statuses = [each.value for each in context.of(nodes.Status)]
    named: list[nodes.Key | nodes.FieldName | nodes.Name] = [
        *[step for step in steps if isinstance(step, nodes.Key)],
        *[each.field for each in context.of(nodes.Assign)],
        *[each.name for each in context.of(nodes.Let)],
        *chain.from_iterable([each.statuses for each in context.of(nodes.Find)]),
        *[value for value in statuses if isinstance(value, nodes.Name)],
    ]
    names = [each.text if isinstance(each, nodes.Name) else each.name for each in named]
    if all(map(str.isascii, names)):
        return
    seen: set[str] = set()
    for name, node in zip(names, named, strict=True):
        if name in seen:
            continue
        seen.add(name)
        found = mixed(context.source, name, node.span)
        if found is not None:
            yield found


def mixed(source: Source, name: str, span: Span) -> Diagnostic | None:
    """The warning about a word of letters of several scripts, if ``name`` holds one."""
    if name.isascii():
        return None
    for word in _LETTERS.findall(name):
        scripts = [_script(letter) for letter in word]
        kinds = {script for script in scripts if script}
        if len(kinds) < 2:
            continue
        rare = min(sorted(kinds), key=scripts.count)
        odd = word[scripts.index(rare)]
        others = " and ".join(kind.title() for kind in sorted(kinds))
        plain = _one_script(name)
        at = source.text.find(name, span.start, span.end)
        place = Span(at, at + len(name)) if at >= 0 else span
        return Diagnostic(
            "W213",
            f"name `{name}` mixes {others} letters",
            source,
            place,
            f"this `{odd}` is a {rare.title()} letter (U+{ord(odd):04X})",
            (),
            f"write it in one alphabet: `{plain}`" if plain else "write the name in one alphabet",
            (Edit(place, plain),) if plain and at >= 0 else (),
        )
    return None


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0]
    return first if first in _SCRIPTS else ""


def _one_script(name: str) -> str | None:
    """The name with letters that look the same, all of one script, if there are such."""
    for plain in (name.translate(_TO_LATIN), name.translate(_TO_CYRILLIC)):
        if len({_script(letter) for letter in plain if letter.isalpha()}) == 1:
            return plain
    return None
