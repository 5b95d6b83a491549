"""Filters that are fed what they do not take: E301."""

from __future__ import annotations

from collections.abc import Iterator

from ..filters import FILTERS
from ..language import nodes
from ..messages.diagnostics import Diagnostic, Label
from .context import Context
from .shape import TYPES
from .types import Fed, article


def filters_are_fed(context: Context) -> Iterator[Diagnostic]:
    """E301: a filter that is fed what it does not take."""
    for read in context.reads:
        if read.param is not None and read.param.filters:
            for fed in context.typing.feeding(read.param):
                if not fed.fits:
                    yield _wrong(context, fed)


def _wrong(context: Context, fed: Fed) -> Diagnostic:
    item, type, origin = fed.item, fed.type, fed.origin
    spec = FILTERS[item.name]
    takes = [each for each in TYPES if each in spec.accepts and each not in ("any", "list")]
    if "list" in spec.accepts and spec.whole:
        takes.insert(0, "list")
    what = "gives" if isinstance(origin, nodes.Filter) else "is"
    helps = {
        "list": f"take one element first: `| first | {item.name}`, or join them: `| join ', '`",
        "object": f"name the key that is meant: `{context.text(origin)}.KEY`",
    }
    way_out = helps.get(type) if isinstance(origin, nodes.Path) or type == "list" else None
    return context.report(
        "E301",
        f"filter `{item.name}` cannot be fed {article(type)}",
        item.name_span,
        f"takes {', '.join(takes[:-1])} or {takes[-1]}" if takes[1:] else f"takes {takes[0]}",
        related=[
            Label(
                origin.name_span if isinstance(origin, nodes.Filter) else origin.span,
                f"{what} {article(type)}",
            )
        ],
        help=way_out or f"leave out `{item.name}`, or convert the value before it",
    )
