"""W207: params as other template languages write them, in a text, where they are plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic, Edit
from ..messages.source import Span
from .context import Context
from .shape import Shape

_SIGNS: Final = re.compile(r"[{$#%]")
# An escape is matched first, so that the braces of \u{…} are none.
_FOREIGN: Final = re.compile(
    r"\\(?:u\{[^}\"]*\}|.)"
    r"|\$?(?P<open>\{\{?) *\$?(?P<braced>[^\W\d][\w.-]*) *(?P<close>\}\}?)"
    r"|(?<![\w$])\$(?P<dollar>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?<![\w#])#(?P<hash>[^\W\d][\w.-]*)#(?![\w#])"
    r"|(?<![\w%])%(?P<percent>[^\W\d][\w.-]*)%(?![\w%])"
)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A param of another language; ``certain`` where nothing else can be meant by it."""

    span: Span
    name: str
    certain: bool


def placeholders(context: Context) -> Iterator[Placeholder]:
    """Every placeholder in a text of the channel."""
    compared = {id(node.value) for node in context.of(nodes.Compare)}
    compared.update(id(value) for node in context.of(nodes.Among) for value in node.values)
    for template in context.of(nodes.Template):
        yield from _of_template(context, template, compared=id(template) in compared)


def has_placeholder(context: Context, template: nodes.Template) -> bool:
    """Whether a text that is no comparison's has one."""
    return any(True for _ in _of_template(context, template, compared=False))


def placeholders_are_params(context: Context) -> Iterator[Diagnostic]:
    """W207: `{name}`, `{{name}}`, `$name`, `#name#` or `%name%` in a template's text."""
    for each in placeholders(context):
        yield context.report(
            "W207",
            f"`{context.source.text[each.span.start : each.span.end]}` is plain text, not a param",
            each.span,
            "would be written as it stands here",
            help=f"write `<{each.name}>`",
            fix=[Edit(each.span, f"<{each.name}>")] if each.certain else (),
        )


def places_meant(context: Context) -> Iterator[Shape]:
    """The declared places that placeholders name, and those on the way there."""
    for each in placeholders(context):
        for root in (context.payload, context.element):
            at = root
            for key in each.name.split("."):
                at = None if at is None else at.key(key)
                if at is not None:
                    yield at


def _of_template(
    context: Context, template: nodes.Template, *, compared: bool
) -> Iterator[Placeholder]:
    for part in template.parts:
        if not isinstance(part, nodes.Text) or not _SIGNS.search(part.value):
            continue
        for found in _FOREIGN.finditer(context.source.text, part.span.start, part.span.end):
            name = found[found.lastgroup] if found.lastgroup not in (None, "close") else None
            braced = found["braced"]
            span = Span(found.start(), found.end())
            if braced is not None and len(found["open"]) == len(found["close"]):
                yield Placeholder(span, braced, certain=True)
            elif name is not None and not compared:
                alone = len(template.parts) == 1 and span == part.span
                known = _is_known(context, name)
                # One of these signs beside other text may be what it looks like: an amount, a tag.
                if known is not False or alone:
                    yield Placeholder(span, name, known or (alone and known is None))


def _is_known(context: Context, name: str) -> bool | None:
    """Whether a name is that of a param or a `let`; None where any name may be a param."""
    first = name.partition(".")[0]
    if first in context.lets:
        return True
    if context.payload is None:
        return None
    roots = (context.payload, context.element)
    return any(root is not None and root.key(first) is not None for root in roots)
