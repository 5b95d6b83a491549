"""Mistakes in texts, params and values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Block, Found, Line
from .signs import OPERATORS
from .words import Explained, calls, expectation

_BEFORE_VALUES: Final = OPERATORS | {
    "EQUAL",
    "ARROW",
    "LPAR",
    "COMMA",
    "LANGLE",
    "AT_MOST",
    "RANGLE",
    "AT_LEAST",
    "WITH",
    "COMMENT_WORD",
    "ACTIVITY",
    "ID",
    "STATUS",
    "RESPONSIBLE",
}
_FLAGS: Final = re.compile(r"(\s+(search|required|fill|once|clear)\b)+$")
_PARAM: Final = re.compile(r"[^\W\d][\w.\[\]*-]*")
TYPOGRAPHIC: Final = "“”„«»‘’`´"


def open_string(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
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
    if found.text == "'" and found.type == "":
        return Diagnostic(
            "E103" if line.param is not None else "E101",
            "this text in single quotes is not closed"
            if line.param is not None
            else "text stands in double quotes",
            line.source,
            found.span,
            help="single quotes stand only inside `<…>`, in pairs: `<name | default 'none'>`",
        )
    if found.text == '"' and found.type == "" and "PATTERN" in expected:
        return Diagnostic(
            "E103",
            "this pattern has no closing quote",
            line.source,
            found.span,
            help='close it with `"`',
        )
    return None


def open_param(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A `<` without its `>`."""
    if line.param is None or found.type not in ("_NL", "$END", "QUOTE", "LANGLE"):
        return None
    if found.type == "QUOTE" and line.filter is not None and line.types[-1] != "PIPE":
        what = "a table's name stands without quotes" if line.filter == "lookup" else ""
        return Diagnostic(
            "E108",
            "inside `<…>` text stands in single quotes",
            line.source,
            found.span,
            label="this quote ends the whole text",
            help=what or f"write `{line.filter} '…'`, and close the param with `>`",
        )
    return Diagnostic(
        "E108",
        "this param is not closed by `>`",
        line.source,
        Span(line.param, max(found.start, line.param + 1)),
        label="a param begins at `<`",
        help=r"write `<name>`; for a literal `<` in a text write `\<`",
    )


def unreadable_param(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """Something inside `<…>` that is no path, filter or argument."""
    if line.param is None:
        return None
    if (
        line.types[-1] in ("KEY", "SINGLE")
        and "PIPE" in expected
        and found.type in ("", "NAME", "KEY")
    ):
        message = "the path of a param ends here"
        advice = "a key with blanks or signs in it stands in single quotes: `<'First Name'>`"
    elif line.types[-1] == "LANGLE":
        message = "a param begins here, but no key follows"
        advice = r"write `<name>`; for a literal `<` in a text write `\<`"
    elif line.types[-1] == "PIPE":
        message = "a filter's name stands behind `|`"
        advice = "for example `<name | trim>`"
    else:
        message = f"{calls(found)} cannot stand here in a param"
        advice = expectation(expected) or "a param is written `<path>` or `<path | filter>`"
    return Diagnostic(
        "E108", message, line.source, found.span, label="not understood from here", help=advice
    )


def bare_value(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A word where a value in quotes is due."""
    if "QUOTE" not in expected or not line.types or line.types[-1] not in _BEFORE_VALUES:
        return None
    if found.type not in ("NAME", "LANGLE", "AT", "STAR"):
        return None
    row = line.source.line(line.source.position(found.start).line)
    rest = row[line.source.position(found.start).column - 1 :].split("#")[0].rstrip()
    if found.type == "LANGLE" and ">" in rest:
        text = rest[: rest.index(">") + 1]
        if rest[len(text) :].lstrip().startswith('"'):
            span = Span(found.start, found.start + len(text))
            return Diagnostic(
                "E109",
                "the quote before this param is missing",
                line.source,
                span,
                label="the text begins here",
                help='put `"` before it',
                fix=(Edit(Span(found.start, found.start), '"'),),
            )
    elif line.types[-1] == "EQUAL":
        text = _FLAGS.sub("", rest)
    else:
        text = found.text
    span = Span(found.start, found.start + max(len(text), 1))
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if found.type == "LANGLE":
        return Diagnostic(
            "E109",
            "a param stands inside a text in quotes",
            line.source,
            span,
            label="without quotes",
            help=f"write `{quoted}`",
            fix=(Edit(span, quoted),),
        )
    param = f', or `"<{text}>"` for the param' if _PARAM.fullmatch(text) else ""
    return Diagnostic(
        "E109",
        "a text stands in double quotes",
        line.source,
        span,
        label="without quotes",
        help=f"write `{quoted}` for this text{param}",
    )


def typography(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A character that means nothing: typographic quotes, a `;`, a no-break space."""
    if found.type != "":
        return None
    sign = found.text
    if sign in TYPOGRAPHIC and sign:
        advice: str | None = 'text stands in straight double quotes: `"`'
    elif sign == "\u00a0":
        advice = "this is a no-break space; write an ordinary one"
    elif sign == ";":
        advice = "a statement ends with its line; take the `;` out"
    elif sign == ":":
        advice = "a field is assigned with `=`"
    elif sign == "/":
        advice = "a comment begins with `#`"
    else:
        advice = expectation(expected)
    shown = f"`{sign}`" if sign.isprintable() and sign.strip() else f"U+{ord(sign or ' '):04X}"
    return Diagnostic(
        "E101", f"the character {shown} cannot stand here", line.source, found.span, help=advice
    )
