"""Mistakes in texts and patterns: their quotes, and what stands between two of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Block, Found, Line
from .words import Explained, rewritten

TYPOGRAPHIC: Final = "“”„«»‘’‚`´″"
_TYPOGRAPHIC_TEXT: Final = re.compile(f'[{TYPOGRAPHIC}]([^{TYPOGRAPHIC}"\r\n]*)[{TYPOGRAPHIC}"]')
_SINGLE_TEXT: Final = re.compile(r"'([^'\"\r\n]*)'")
_JOINED: Final = re.compile(r"[ \t]*[+&.~][ \t]*(?:\"([^\"\r\n]*)\"|(<[^<>\"\r\n]*>))")


def open_text(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A text, or a pattern, that is not closed, and a param where only text can stand."""
    if line.string is not None and line.param is None:
        if found.type == "LANGLE" and "LANGLE" not in expected:
            return Diagnostic(
                "E113",
                "a param cannot stand here: only plain text can",
                line.source,
                found.span,
                label="this would be read from the payload",
                help=r"for a literal `<` write `\<`",
            )
        if found.type in ("_NL", "$END") or found.text in ("\\", ""):
            return Diagnostic(
                "E103",
                "this text has no closing quote",
                line.source,
                Span(line.string, max(found.start, line.string + 1)),
                label="begins here and runs to the end of the line",
                help='close it with `"`; for a line break in the text write `\\n`',
            )
    if found.type == "QUOTE" and "PATTERN" in expected:
        return Diagnostic(
            "E103",
            "this pattern has no closing quote",
            line.source,
            Span(found.start, found.start + len(line.rest(found.start).rstrip())),
            label="begins here and runs to the end of the line",
            help='close it with `"`',
        )
    if found.text == "'" and found.type == "" and line.param is not None:
        return Diagnostic(
            "E103",
            "this text in single quotes is not closed",
            line.source,
            found.span,
            label="begins here",
            help="close it with `'`, as in `<name | default 'none'>`",
        )
    return None


def foreign_quotes(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A text in single or typographic quotes."""
    if found.type != "" or line.param is not None or not found.text:
        return None
    single = found.text == "'"
    if not single and found.text not in TYPOGRAPHIC:
        return None
    pattern = _SINGLE_TEXT if single else _TYPOGRAPHIC_TEXT
    match = pattern.match(line.source.text, found.start)
    fits = match is not None and ("QUOTE" in expected or "PATTERN" in expected)
    end = match.end() if match is not None else found.end
    right = f'"{match[1]}"' if match is not None and fits else ""
    message = "text stands in double quotes" if single else "text stands in straight double quotes"
    return Diagnostic(
        "E101",
        message,
        line.source,
        Span(found.start, end),
        label="in single quotes" if single else "these quotes are typographic",
        help=f"write `{right}`" if fits else 'write `"` on both sides of the text',
        fix=(Edit(Span(found.start, end), right),) if fits else (),
    )


def quote_inside(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    r"""A quote in the midst of a text, which ends it: it is written ``\"``."""
    written = line.last_text()
    if written is None or found.start != line.end:
        return None
    text = line.source.text
    if found.type not in ("NAME", "NUMBER", "QUOTE", "") or found.text in ";,+&.~:=)":
        return None
    if "ARROW" in expected:
        inside = text[written.start : written.end - 1].rstrip()
        if inside.endswith(("->", "=>")):
            at = written.start + len(inside[:-2].rstrip())
            return Diagnostic(
                "E103",
                "this text has no closing quote before the `->`",
                line.source,
                Span(written.start, at),
                label="begins here",
                help='close it with `"`',
                fix=(Edit(Span(at, at), '"'),),
            )
    row = line.rest(written.start)
    last = row.rfind('"')
    inner = row[1:last]
    sole = (
        "WHEN" not in line.types and "#" not in row and last > len(text[written.start : line.end])
    )
    doubled = '""' in inner or "\\" in inner
    fix: tuple[Edit, ...] = ()
    if sole and not doubled:
        fix = tuple(
            Edit(Span(at, at), "\\")
            for at in range(written.start + 1, written.start + last)
            if text[at] == '"'
        )
    return Diagnostic(
        "E101",
        "this quote ends the text, which goes on behind it",
        line.source,
        Span(line.end - 1, line.end),
        label="the text ends here",
        help=r"a quote inside a text is written `\"`",
        fix=fix,
    )


def joined(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """Texts that are added to each other."""
    written = line.last_text()
    if written is None or found.text not in ("+", "&", ".", "~") or line.last == "PATTERN":
        return None
    text = line.source.text
    pieces = [text[written.start + 1 : written.end - 1]]
    at = line.end
    while (match := _JOINED.match(text, at)) is not None:
        pieces.append(match[1] if match[1] is not None else match[2])
        at = match.end()
    whole = '"' + "".join(pieces) + '"'
    span = Span(written.start, at)
    message = "texts are not added: one text holds all its params"
    if len(pieces) > 1:
        return rewritten(line, message, span, whole)
    return Diagnostic(
        "E101", message, line.source, found.span, help='write them as one: `"<name> <surname>"`'
    )
