"""Mistakes in where a line or a block stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit, Label
from ...messages.source import Span
from ..layout import STATEMENTS
from ..line import Block, Found, Line
from .words import Explained, calls, rewritten

_BLANKS: Final = 400
_BRACE_BEFORE: Final = re.compile(r"\}[ \t]*(?:\r?\n\s*)$")


def stray_brace(line: Line, found: Found, _: frozenset[str], blocks: Sequence[Block]) -> Explained:
    """A `}` where no block is open."""
    if found.type != "RBRACE" or blocks or not line.fresh:
        return None
    return Diagnostic(
        "E105",
        "this `}` closes nothing",
        line.source,
        found.span,
        label="no block is open here",
        help="take it out, or look for a `}` too many above",
    )


def lone_else(line: Line, found: Found, _: frozenset[str], blocks: Sequence[Block]) -> Explained:
    """An `else` that does not stand behind the brace of a `when` block."""
    inside = blocks[-1].kind if blocks else None
    if line.types == ["RBRACE"] and found.text == "else":
        return Diagnostic(
            "E101",
            "this `else` belongs to no `when`",
            line.source,
            found.span,
            label="the block before it is no `when` block",
            help="write `when … {` before it, or leave it out",
        )
    start, end = (found.start, found.end) if line.fresh else (line.start, line.start + 4)
    word = found.text if line.fresh else line.words[0]
    if word != "else" or inside not in ("channel", "statements", "fields"):
        return None
    text = line.source.text
    brace = _BRACE_BEFORE.search(text, max(0, start - _BLANKS), start)
    fix = () if brace is None else (Edit(Span(brace.start() + 1, start), " "),)
    return Diagnostic(
        "E101",
        "`else` stands on the line of the `}` before it",
        line.source,
        Span(start, end),
        label="begins a line here",
        help="write `} else {` or `} else when … {`",
        fix=fix,
    )


def else_if(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """`else if` and its like for `else when`."""
    if line.last == "ELSE" and "WHEN" in expected and found.text == "if":
        return rewritten(line, "a later branch begins with `else when`", found.span, "when")
    one_word = found.text in ("elif", "elseif", "elsif", "elsewhen")
    if line.types == ["RBRACE"] and "ELSE" in expected and one_word:
        return rewritten(line, "a later branch begins with `else when`", found.span, "else when")
    return None


def one_line_block(line: Line, found: Found, _: frozenset[str], __: Sequence[Block]) -> Explained:
    """Something behind the `{` of a block."""
    if not line.types or line.types[-1] != "LBRACE" or line.string is not None:
        return None
    return Diagnostic(
        "E101",
        "the lines of a block stand on lines of their own",
        line.source,
        found.span,
        label="behind the `{`",
        help="break the line behind `{`, and put `}` on a line of its own",
    )


def misplaced(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A statement's word where a field name stands."""
    kind = blocks[-1].kind if blocks else None
    if kind != "fields" or line.types != ["NAME"] or "EQUAL" not in expected:
        return None
    word = line.words[0]
    span = Span(line.start, line.end)
    if word in STATEMENTS:
        return Diagnostic(
            "E110",
            f"`{word}` does not stand in a field block",
            line.source,
            span,
            label="only fields and `when` stand here",
            help="move the line out of the block, into the channel",
            related=(Label(blocks[-1].header, "in this block"),),
        )
    if found.type in ("EQUAL_TO", "ARROW", "QUOTE", "LANGLE", "NUMBER", "FOREIGN", ""):
        return None
    return Diagnostic(
        "E101",
        f"`{word}` is followed by {calls(found)} instead of `=`",
        line.source,
        found.span,
        help=f'a field is assigned as `{word} = "<param>"`',
    )


def parenthesis(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A parenthesis without its counterpart."""
    if found.type == "RPAR":
        return Diagnostic(
            "E114",
            "this `)` closes nothing",
            line.source,
            found.span,
            label="no parenthesis is open here",
            help="take it out, or put `(` where the group begins",
        )
    if "RPAR" not in expected or line.types.count("LPAR") <= line.types.count("RPAR"):
        return None
    places = [span for type, span in zip(line.types, line.spans, strict=True) if type == "LPAR"]
    return Diagnostic(
        "E114",
        "a parenthesis is not closed",
        line.source,
        Span(line.end, line.end),
        label="`)` is missing here, or before",
        related=(Label(places[-1], "opened here"),),
        help="put `)` where the group ends",
    )
