"""What `<@…>` reads beside the payload: E211."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Edit
from ..messages.source import Span
from ..messages.suggest import Suggester
from .context import Context
from .reads import Read

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


def surroundings_exist(context: Context) -> Iterator[Diagnostic]:
    """E211: `<@…>` that names nothing, or nothing at this place."""
    suggester = context.effort.suggester("surroundings")
    for payload in context.of(nodes.Payload):
        for declared in payload.params:
            if declared.path.root:
                yield context.report(
                    "E211",
                    f"`{context.text(declared.path)}` is no param of the payload",
                    declared.path,
                    "a path into the payload stands here",
                    help="leave the line out: what surrounds the payload needs no declaration",
                )
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


def _unknown(context: Context, suggester: Suggester, read: Read, root: str) -> Diagnostic:
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
