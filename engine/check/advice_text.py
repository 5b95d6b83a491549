"""Warnings about what is written: W206, W207, W211-W213."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Edit
from ..messages.source import Source, Span
from ..messages.suggest import Suggester
from . import walk
from .context import Context
from .shape import TYPES, Gap, Shape, look_up, meant_path

# An escape is matched first, so that the braces of \u{…} are none.
_BRACES: Final = re.compile(r"\\(?:u\{[^}\"]*\}|.)|\$?(\{\{?) *([^\W\d][\w.-]*) *(\}\}?)")
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


def braces_are_params(context: Context) -> Iterator[Diagnostic]:
    """W207: `{name}` or `{{name}}` in a template's text."""
    for node in context.of(nodes.Template):
        for part in node.parts:
            if not isinstance(part, nodes.Text) or "{" not in part.value:
                continue
            for found in _BRACES.finditer(context.source.text, part.span.start, part.span.end):
                if found[1] is None or len(found[1]) != len(found[3]):
                    continue
                yield context.report(
                    "W207",
                    f"`{found[0]}` is plain text, not a param",
                    Span(found.start(), found.end()),
                    "would be written as it stands here",
                    help=f"write `<{found[2]}>`",
                    fix=[Edit(Span(found.start(), found.end()), f"<{found[2]}>")],
                )


def lets_are_used(context: Context) -> Iterator[Diagnostic]:
    """W211: a `let` that nothing reads."""
    used = {read.name for read in context.reads} | context.lost
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
    suggester = context.effort.suggester("use of params")
    for read in context.reads:
        _use(context, suggester, read, used)
    for shape in context.payload.all():
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


def _use(context: Context, suggester: Suggester, read: walk.Read, used: _Used) -> None:
    place = context.place(read)
    if read.path.root == "@item" and context.element is not None and not read.path.steps:
        used.add_all(context.element)
    if read.scope == "map" and context.payload is not None:
        place = look_up(context.payload, read.path.steps)
    if isinstance(place, Gap):
        # A path that leads nowhere is reported; what it may have meant counts as read.
        step = read.path.steps[place.number]
        paths = context.effort.suggester("use of paths")
        path = meant_path(place, read.path.steps, paths)
        if path is not None:
            used.places.update(id(each) for each in path[1])
            return
        meant = suggester.closest(getattr(step, "name", ""), place.shape.keys)
        near = place.shape if meant is None else place.shape.keys[meant]
        if near is not context.payload:
            used.add_all(near)
        return
    if not read.path.steps:
        return
    used.places.update(id(each) for each in place.passed if each.declared is not None)
    is_each = context.each is not None and read.path is context.each.path
    if place.shape is not None and not is_each:
        used.add_all(place.shape)


def names_are_of_one_script(context: Context) -> Iterator[Diagnostic]:
    """W213: a name of a param, field, let or status in mixed alphabets; each is told once."""
    seen: set[str] = set()
    statuses = [each.value for each in context.of(nodes.Status)]
    named: list[nodes.Key | nodes.FieldName | nodes.Name] = [
        *context.of(nodes.Key),
        *context.of(nodes.FieldName),
        *(each.name for each in context.of(nodes.Let)),
        *(name for each in context.of(nodes.Find) for name in each.statuses),
        *(value for value in statuses if isinstance(value, nodes.Name)),
    ]
    for node in named:
        name = node.text if isinstance(node, nodes.Name) else node.name
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
