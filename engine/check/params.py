"""Params: whether what they read is declared, and what may surround them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..limits import MAX_STEPS
from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Span
from ..messages.suggest import Suggester
from .context import Context
from .reads import Read
from .shape import SCALARS, Gap, Shape, meant_path
from .types import article

_PLAIN_WORDS: Final = ("none", "null", "nil", "empty", "unknown", "no", "yes", "нет", "да")
_BARE_KEY: Final = re.compile(r"[^\W\d][\w-]*")


def params_are_declared(context: Context) -> Iterator[Diagnostic]:
    """E204: a param that `payload {…}` does not declare."""
    suggester = context.effort.suggester("params")
    for read in context.reads:
        gap = read.place
        if not isinstance(gap, Gap) or read.name in context.lost:
            continue
        step = read.path.steps[gap.number]
        assert isinstance(step, nodes.Key)
        whole = context.text(read.path)
        declared = gap.shape.declared
        if declared is not None and gap.shape.type in SCALARS:
            yield context.report(
                "E204",
                f"param `{whole}` leads into {article(gap.shape.type)}, which has no keys",
                step,
                "nothing is below it",
                related=[Label(declared.type.span, "declared here")],
                help=f"declare `{context.text(declared.path)} object`; if it arrives as JSON text, "
                f'write `let data = "<{context.text(declared.path)} | parse_json>"`',
            )
        else:
            yield _undeclared(context, suggester, read, gap, step)


def _undeclared(
    context: Context, suggester: Suggester, read: Read, gap: Gap, step: nodes.Key
) -> Diagnostic:
    whole = context.text(read.path)
    entry = context.lets.get(step.name) if gap.number == 0 else None
    if entry is not None:
        return context.report(
            "E204",
            f"`{step.name}` is read before its `let`",
            read.path,
            "not known yet",
            related=[Label(entry[1].name.span, "named here")],
            help="move the `let` above this line",
        )
    payload = context.first(nodes.Payload)
    place = Label(_opening(payload), "the params are declared here") if payload else None
    element = gap.shape.element
    if element is not None and not gap.shape.keys and step.name in element.keys:
        at = step.span.start - 1
        return context.report(
            "E204",
            f"param `{whole}` reads a key of a list",
            step,
            "each element has this key, the list has not",
            help=f"write `{_inserted(context, read, at, '[*]')}` for all, `[0]` for the first",
            fix=[Edit(Span(at, at), "[*]")],
        )
    path = meant_path(gap, read.path.steps, context.effort.suggester("paths"))
    if path is not None:
        return _other_path(context, read, step, path)
    names = [*gap.shape.keys, *(context.lets if gap.number == 0 else ())]
    meant = suggester.closest(step.name, names)
    fix: list[Edit] = []
    if meant is not None:
        written = _quoted(meant)
        fix = [Edit(step.span, written)]
        start, end = read.path.span.start, read.path.span.end
        before = context.source.text[start : step.span.start]
        way_out = f"did you mean `{before}{written}{context.source.text[step.span.end : end]}`?"
        known = gap.shape.keys.get(meant)
        if known is not None and known.declared is not None:
            place = Label(known.declared.path.span, "this one?")
        elif meant in context.lets:
            place = Label(context.lets[meant][1].name.span, "this one?")
    elif read.scope == "element" and not read.path.root and _known_outside(context, read):
        way_out = f"below `each` the enclosing payload is read as `<@root.{whole}>`"
        fix = [Edit(Span(read.path.span.start, read.path.span.start), "@root.")]
    elif _is_default(context, read):
        way_out = f"text stands in single quotes: `default '{whole}'`"
        way_out += f"; for a param declare `{_declaration(context, read)} text`"
        if whole.lower() in _PLAIN_WORDS:
            fix = [Edit(read.path.span, f"'{whole}'")]
    else:
        way_out = f"declare it in `payload`: `{_declaration(context, read)} text`"
    return context.report(
        "E204",
        f"undeclared param `{whole}`",
        step,
        "not declared",
        related=[place] if place is not None else [],
        help=way_out,
        fix=fix,
    )


def _other_path(
    context: Context, read: Read, step: nodes.Key, path: tuple[str, list[Shape]]
) -> Diagnostic:
    """A path that is declared with dots or underscores at other places."""
    meant, places = path
    span = Span(step.span.start, read.path.span.end)
    written = ".".join(_quoted(key) for key in meant.split("."))
    declared = places[-1].declared
    return context.report(
        "E204",
        f"undeclared param `{context.text(read.path)}`",
        span,
        "not declared",
        related=[Label(declared.path.span, "this one?")] if declared is not None else [],
        help=f"did you mean `{context.source.text[read.path.span.start : span.start]}{written}`?",
        fix=[Edit(span, written)],
    )


def _is_default(context: Context, read: Read) -> bool:
    """Whether a path of one bare word is what `default` puts in for no value."""
    if read.param is not None or len(read.path.steps) != 1 or read.path.root:
        return False
    return any(
        item.name == "default" and read.path in item.arguments and read.path.span == argument.span
        for item in context.of(nodes.Filter)
        for argument in item.arguments
    )


def _quoted(key: str) -> str:
    """A key as a path has it."""
    return key if _BARE_KEY.fullmatch(key) else "'" + key.replace("'", "\\'") + "'"


def _declaration(context: Context, read: Read) -> str:
    """The path as `payload {…}` would declare it."""
    steps = read.path.steps
    if context.each is not None and (
        read.path.root == "@item" or (read.scope == "element" and not read.path.root)
    ):
        outer = context.each.path.steps
        listed = bool(outer) and isinstance(outer[-1], nodes.Every)
        steps = (*outer, *(() if listed else (nodes.Every(span=read.path.span),)), *steps)
    written = ""
    for step in steps:
        if isinstance(step, nodes.Key):
            written += f".{_quoted(step.name)}" if written else _quoted(step.name)
        else:
            written += "[]"
    return written


def _known_outside(context: Context, read: Read) -> bool:
    return context.payload is not None and read.name in context.payload.keys


def _inserted(context: Context, read: Read, at: int, text: str) -> str:
    written = context.source.text
    return written[read.path.span.start : at] + text + written[at : read.path.span.end]


def _opening(payload: nodes.Statement) -> Span:
    return Span(payload.span.start, payload.span.start + len("payload"))


def paths_are_short(context: Context) -> Iterator[Diagnostic]:
    """E503: a path of more steps than a payload can nest."""
    for path in context.of(nodes.Path):
        if path.span.end - path.span.start <= MAX_STEPS:
            continue  # a step takes a character at least
        steps = sum(len(s.keys) if isinstance(s, nodes.Where) else 1 for s in path.steps)
        if steps > MAX_STEPS:
            yield context.report(
                "E503",
                f"path of {steps:,} steps: it has at most {MAX_STEPS}",
                path,
                help="no payload nests so deeply",
            )


def lets_hide_nothing(context: Context) -> Iterator[Diagnostic]:
    """E210: a `let` of the name of a declared param."""
    if context.payload is None:
        return
    for name, (_, let) in context.lets.items():
        hidden = context.payload.keys.get(name)
        if hidden is None:
            continue
        declared = _first_declared(hidden)
        yield context.report(
            "E210",
            f"`let {name}` hides the declared param `{name}`",
            let.name,
            "the name is taken",
            related=[Label(declared.path.span, "declared here")] if declared else [],
            help="give the `let` another name",
        )


def _first_declared(shape: Shape) -> nodes.Declared | None:
    found = [each.declared for each in shape.all() if each.declared is not None]
    return min(found, key=lambda each: each.span.start, default=None)
