"""Params: whether what they read is declared, and what may surround them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .. import nodes
from ..diagnostics import Diagnostic, Edit, Label
from ..source import Span
from ..suggest import Suggester
from . import walk
from .context import Context
from .shape import SCALARS, Gap, Shape
from .types import article

_BARE_KEY: Final = re.compile(r"[^\W\d][\w-]*")
_NOWHERE: Final = Span(0, 0)
_SURROUNDING: Final = (
    "@query",
    "@header",
    "@id",
    "@now",
    "@channel",
    "@address",
    "@payload",
    "@root",
    "@item",
)
_BY_KEY: Final = {"@query": "<@query.utm_source>", "@header": "<@header.Referer>"}


def params_are_declared(context: Context) -> Iterator[Diagnostic]:
    """E204: a param that `payload {…}` does not declare."""
    suggester = Suggester()
    for read in context.reads:
        gap = context.place(read)
        if not isinstance(gap, Gap) or read.name in context.lost:
            continue
        step = read.path.steps[gap.number]
        assert isinstance(step, nodes.Key)
        whole = context.shown(read)
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
    context: Context, suggester: Suggester, read: walk.Read, gap: Gap, step: nodes.Key
) -> Diagnostic:
    whole = context.shown(read)
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
    names = [*gap.shape.keys, *(context.lets if gap.number == 0 else ())]
    meant = suggester.closest(step.name, names)
    fix: list[Edit] = []
    if meant is not None:
        written = meant if _BARE_KEY.fullmatch(meant) else "'" + meant.replace("'", "\\'") + "'"
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


def _declaration(context: Context, read: walk.Read) -> str:
    """The path as `payload {…}` would declare it."""
    steps = read.path.steps
    if context.each is not None and (
        read.path.root == "@item" or (read.scope == "element" and not read.path.root)
    ):
        outer = context.each.path.steps
        every = (
            () if outer and isinstance(outer[-1], nodes.Every) else (nodes.Every(span=_NOWHERE),)
        )
        steps = (*outer, *every, *steps)
    written = ""
    for step in steps:
        if isinstance(step, nodes.Key):
            name = step.name
            bare = _BARE_KEY.fullmatch(name)
            quoted = name if bare else "'" + name.replace("'", "\\'") + "'"
            written += f".{quoted}" if written else quoted
        else:
            written += "[]"
    return written


def _known_outside(context: Context, read: walk.Read) -> bool:
    return context.payload is not None and read.name in context.payload.keys


def _inserted(context: Context, read: walk.Read, at: int, text: str) -> str:
    written = context.source.text
    return written[read.path.span.start : at] + text + written[at : read.path.span.end]


def _opening(payload: nodes.Statement) -> Span:
    return Span(payload.span.start, payload.span.start + len("payload"))


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


def surroundings_exist(context: Context) -> Iterator[Diagnostic]:
    """E211: `<@…>` that names nothing, or nothing at this place."""
    suggester = Suggester()
    for read in context.reads:
        root, steps = read.path.root, read.path.steps
        if not root:
            continue
        root_span = Span(read.path.span.start, steps[0].span.start if steps else read.path.span.end)
        if root not in _SURROUNDING:
            yield _unknown(context, suggester, read, root)
        elif root in ("@root", "@item") and read.scope == "payload":
            way_out = "leave it out: here params read the payload itself"
            if context.each is not None:
                way_out = "move the statement below `each`, or read the payload without it"
            yield context.report(
                "E211",
                f"`{root}` without an element",
                read.path,
                "only below `each`, or in a `map`",
                help=way_out,
            )
        elif root in _BY_KEY and not steps:
            yield context.report(
                "E211",
                f"`{root}` without a key",
                read.path,
                "which one?",
                help=f"name it, as in `{_BY_KEY[root]}`",
            )
        elif root in ("@id", "@now", "@channel", "@address", "@payload") and steps:
            short = root_span.end - 1 if root_span.end > root_span.start else root_span.end
            yield context.report(
                "E211",
                f"`{root}` has no keys",
                Span(steps[0].span.start, read.path.span.end),
                "nothing is below it",
                help=f"write `<{root}>`"
                if root != "@payload"
                else "`<@payload>` is text; read a param by its own name",
                fix=[Edit(Span(short, read.path.span.end), "")] if root != "@payload" else [],
            )


def _unknown(context: Context, suggester: Suggester, read: walk.Read, root: str) -> Diagnostic:
    meant = suggester.closest(root, _SURROUNDING)
    start = read.path.span.start
    known = ", ".join(f"`{each}`" for each in _SURROUNDING)
    return context.report(
        "E211",
        f"unknown surrounding value `{root}`",
        Span(start, start + len(root)),
        "nothing is called so",
        help=f"did you mean `{meant}`?" if meant else f"known are {known}",
        fix=[Edit(Span(start, start + len(root)), meant)] if meant else (),
    )
