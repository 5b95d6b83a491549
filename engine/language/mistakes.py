"""Mistakes that are no tokens out of place, as diagnostics."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Source, Span
from .lexemes import BadEscape
from .line import Line

_ROW: Final = re.compile(r"[^\r\n]*")
_CASE_FILE: Final = re.compile(
    r"(?:[ \t]*(?:#[^\n]*|---[ \t]*)?\n)*(?:rules|cases|store):(?:[ \t]|$)"
)
_YAML: Final = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?:---|- |[\w-]+:[ \t\r\n])")
_CHANNEL: Final = re.compile(r"^[ \t]*(?:channel|table)[ \t]", re.MULTILINE)
_BEGINS: Final = "a rule file holds channels and tables: `channel ADDRESS {` or `table NAME {`"


def forbidden_character(source: Source, at: int) -> Diagnostic:
    """A control character, or a bidirectional one."""
    code = ord(source.text[at])
    name = unicodedata.name(source.text[at], "a control character").lower()
    return Diagnostic(
        "E107",
        f"the character U+{code:04X} cannot be seen and does not stand in a rule file",
        source,
        Span(at, at + 1),
        label=name,
        help=f"take it out; in a text write `\\u{{{code:X}}}` where it is meant",
    )


def bad_escape(source: Source, bad: BadEscape) -> Diagnostic:
    """A backslash before something that it gives no meaning to."""
    rewrite = "\\" + bad.text
    return Diagnostic(
        "E106",
        f"`{bad.text}` is no escape",
        source,
        bad.span,
        label="unknown behind a backslash",
        help=r"known are `\"`, `\\`, `\n`, `\t`, `\<` and `\u{…}`; for a backslash write "
        f"`{rewrite}`",
        fix=(Edit(bad.span, rewrite),),
    )


def unclosed_block(
    source: Source, header: Span, before: int | None, *, indented: bool = False
) -> Diagnostic:
    """A block whose closing brace is missing, before a line or at the end of the file.

    ``indented``: only its indentation tells that the line is no part of the block.
    """
    related: tuple[Label, ...] = ()
    if before is not None:
        told = (
            "is indented as if the block were closed" if indented else "cannot stand in the block"
        )
        related = (Label(row_of(source.text, before), f"this line {told}"),)
    return Diagnostic(
        "E104",
        "this block has no closing `}`",
        source,
        header,
        label="opened here",
        related=related,
        help="put `}` on a line of its own "
        + ("before that line" if before is not None else "where the block ends"),
    )


def row_of(text: str, start: int) -> Span:
    """What a row holds from an offset on, without the blanks at its end."""
    row = _ROW.match(text, start)
    return Span(start, start + len(row[0].rstrip()) if row is not None else start)


def brace_before_else(source: Source, header: Span, at: int) -> Diagnostic:
    """An `else` before which the brace of its `when` block is missing."""
    return Diagnostic(
        "E104",
        "this block has no closing `}`",
        source,
        header,
        label="opened here",
        related=(Label(Span(at, at + len("else")), "its other branch begins here"),),
        help="write `}` before `else`",
        fix=(Edit(Span(at, at), "} "),),
    )


def surplus_brace(source: Source, at: int) -> Diagnostic:
    """A `}` that would close a channel or a table in the midst of its lines."""
    return Diagnostic(
        "E105",
        "this `}` is one too many",
        source,
        Span(at, at + 1),
        label="it would end the whole channel, and lines follow",
        help="take it out, or look for a `}` too many above",
    )


def unknown_edition(source: Source, span: Span, known: Sequence[int]) -> Diagnostic:
    """A language edition that this version does not read."""
    return Diagnostic(
        "E112",
        f"edition {source.text[span.start : span.end]} of the language is unknown",
        source,
        span,
        label="this version of LeadLark does not read it",
        help=f"write `leadlark {known[-1]}`, or use a version of LeadLark that knows the edition",
    )


def missing_brace(line: Line, *, own_line: bool, brace: int) -> Diagnostic:
    """A block's header without its opening brace.

    ``own_line`` where that is on the next line, and ``brace`` is then the offset behind it.
    """
    return Diagnostic(
        "E101",
        "a block's `{` stands at the end of its first line" if own_line else "a `{` is missing",
        line.source,
        Span(line.end, line.end),
        label="`{` stands here",
        help="put `{` at the end of this line",
        fix=(Edit(Span(line.end, brace if own_line else line.end), " {"),),
    )


def lone_return(source: Source, at: int) -> Diagnostic:
    """A line that ends with a carriage return alone; the first of them is told."""
    return Diagnostic(
        "E107",
        "a line ends with a carriage return (U+000D) alone",
        source,
        Span(at, at + 1),
        label="no line feed follows",
        help="save the file with the line ends LF or CRLF",
    )


def foreign_file(source: Source) -> Diagnostic | None:
    """A file of another format, told by how it begins."""
    start = len(source.text) - len(source.text.lstrip())
    row = source.text[start : start + 200]
    if row[:1] in ("{", "["):
        what, way = "JSON", "give it to `leadlark run RULES PAYLOAD` as the payload"
    elif row[:1] == "<":
        what, way = "XML or HTML", _BEGINS
    elif _CASE_FILE.match(source.text) is not None:
        what, way = "YAML", "give a case file, named `….test.yaml`, to `leadlark test`"
    elif _YAML.match(source.text) is not None and _CHANNEL.search(source.text) is None:
        what, way = "YAML", _BEGINS
    else:
        return None
    message = f"this is {what}, not a rule file"
    return Diagnostic("E101", message, source, Span(start, start + 1), help=way)
