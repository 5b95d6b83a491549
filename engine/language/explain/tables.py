"""Mistakes in the rows of tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..layout import STATEMENTS
from ..line import Block, Found, Line
from .words import Explained, rewritten

_ARROWS: Final = re.compile(r"=>|==|:=|=|:|→|⇒|—>|–>|-->|~>|—|–|-(?!>)|>")
_SIGN: Final = re.compile(r"->|=>|→|:=|=|:|\"|#")
_OTHERWISE: Final = re.compile(r"(?:default|otherwise|other|any|\*|_)(?=[ \t]*(?:->|=>|:|=|\"))")
_WORD: Final = re.compile(r"[^\W\d][\w-]*(?=[ \t]*(?:#.*)?(?:\r?\n|$))")


def row_beginning(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A row that begins with neither a text in quotes nor `else`."""
    inside = blocks[-1].kind if blocks else None
    if inside != "table" or not line.fresh or found.type in ("_NL", "$END", "RBRACE"):
        return None
    text = line.source.text
    otherwise = _OTHERWISE.match(text, found.start)
    if otherwise is not None:
        message = f"the row for all other values begins with `else`, not `{otherwise[0]}`"
        return rewritten(line, message, Span(otherwise.start(), otherwise.end()), "else")
    rest = line.rest(found.start)
    sign = _SIGN.search(rest)
    key = rest[: sign.start()].strip() if sign is not None and sign[0] not in '"#' else ""
    if key:
        span = Span(found.start, found.start + len(key))
        message = "a table row begins with a text in quotes"
        return rewritten(line, message, span, f'"{key}"', "without quotes")
    if found.text in STATEMENTS:
        return Diagnostic(
            "E110",
            f"`{found.text}` does not stand in a table",
            line.source,
            found.span,
            label="only rows stand here",
            help="put it into a channel; a table is closed by `}` on a line of its own",
        )
    return Diagnostic(
        "E101",
        "a table row begins with a text in quotes, or with `else`",
        line.source,
        found.span,
        label="no row begins so",
        help='write `"key" -> "value"`',
    )


def row_arrow(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """What stands between a row's keys and its value, where that is not `->`."""
    text = line.source.text
    inside = blocks[-1].kind if blocks else None
    if inside != "table":
        return None
    if line.last == "ELSE" and found.text in ("->", "=>", "=", ":"):
        span = Span(line.end, found.end)
        return rewritten(line, f"behind `else` the value follows without `{found.text}`", span, "")
    if "ARROW" not in expected:
        return None
    sign = _ARROWS.match(text, found.start)
    if sign is not None:
        right = "->" if found.start > line.end else " ->"
        right += "" if text[sign.end() : sign.end() + 1].isspace() else " "
        message = f"a row's value stands behind `->`, not `{sign[0]}`"
        return rewritten(line, message, Span(sign.start(), sign.end()), right)
    if found.type == "QUOTE":
        return _between_texts(line, found)
    if found.type not in ("NAME", "NUMBER"):
        return None
    word = _WORD.match(text, found.start)
    value = found.text
    end = found.end
    if word is not None and word[0] not in ("true", "false"):
        value, end = f'"{word[0]}"', word.end()
    return _arrow_missing(line, Span(found.start, end), f"-> {value}")


def _between_texts(line: Line, found: Found) -> Diagnostic:
    if "->" not in line.rest(found.start):
        return _arrow_missing(line, Span(found.start, found.start), "-> ")
    return Diagnostic(
        "E101",
        "between the keys of a row stands `,`",
        line.source,
        Span(line.end, line.end),
        label="`,` or `->` stands here",
        help="write `,` before another key, `->` before the value",
        fix=(Edit(Span(line.end, line.end), ","),),
    )


def _arrow_missing(line: Line, span: Span, right: str) -> Diagnostic:
    return Diagnostic(
        "E101",
        "a `->` is missing before the value of this row",
        line.source,
        Span(line.end, line.end),
        label="`->` stands here",
        help='write `"key" -> "value"`',
        fix=(Edit(span, right),),
    )
