"""Values without their quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Block, Found, Line
from .words import FLAGS, OPERATORS, Explained, rewritten

_BEFORE_VALUES: Final = OPERATORS | {
    "EQUAL",
    "ARROW",
    "ELSE",
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
    "SCHEMA",
    "HEADER",
    "QUERY",
    "FIELD",
    "PREFIX",
}
_WHOLE_LINE: Final = frozenset({"EQUAL", "ARROW", "ELSE", "COMMENT_WORD", "ID"})
_FLAG: Final = re.compile(rf"[ \t](?:{'|'.join(FLAGS)})$")
_LONGEST_FLAG: Final = 1 + max(map(len, FLAGS))
_HASH: Final = re.compile(r"[ \t]#\S")
_PARAM: Final = re.compile(r"[^\W\d][\w.\[\]*-]*")
_BRACES: Final = re.compile(r"\$?\{\{?[ \t]*([^\W\d][\w.-]*)[ \t]*\}?\}|[$%]([^\W\d][\w.]*)%?")
_PATH_WORD: Final = re.compile(r"[\w./-]+")
_NUMBER: Final = re.compile(r"\+?\d[\d ()+-]{4,}$")
_NULL: Final = ("null", "none", "nil", "undefined")


def bare_value(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A word, or a param, where a value in quotes is due."""
    if "QUOTE" not in expected or line.last not in _BEFORE_VALUES:
        return None
    if found.type not in ("NAME", "LANGLE", "AT", "STAR", "LBRACE", "DOT", ""):
        return None
    if found.type == "NAME" and found.text.lower() in _NULL:
        return _null(line, found)
    braces = _BRACES.match(line.source.text, found.start)
    if braces is not None:
        message = "a param is written `<path>`, inside a text in quotes"
        right = f'"<{braces[1] or braces[2]}>"'
        return rewritten(line, message, Span(braces.start(), braces.end()), right, code="E109")
    if found.type in ("LBRACE", "DOT") or (found.type == "" and found.text not in "+/#№@"):
        return None
    rest = line.rest(found.start).split("#")[0].rstrip()
    if found.type == "LANGLE" and ">" in rest:
        return _bare_param(line, found, rest)
    if rest.endswith('"') and rest.count('"') == 1 and len(rest) > 1 and line.last in _WHOLE_LINE:
        return _opening_quote(line, found, Span(found.start, found.start + len(rest)))
    text = found.text
    if line.last == "EQUAL" and _HASH.search(line.rest(found.start)) is not None:
        return _hash(line, found)
    if line.last in _WHOLE_LINE:
        text = _without_flags(rest)
    elif line.last in ("SCHEMA", "HEADER", "QUERY", "FIELD", "PREFIX"):
        word = _PATH_WORD.match(line.source.text, found.start)
        text = word[0] if word is not None else text
    return _bare_text(line, Span(found.start, found.start + max(len(text), 1)), text, blocks)


def _hash(line: Line, found: Found) -> Diagnostic:
    text = _without_flags(line.rest(found.start))
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return Diagnostic(
        "E109",
        "a text stands in double quotes",
        line.source,
        Span(found.start, found.start + len(text)),
        label="without quotes",
        help=f"write `{quoted}`; outside of quotes `#` begins a comment",
    )


def _bare_param(line: Line, found: Found, rest: str) -> Diagnostic:
    param = rest[: rest.index(">") + 1]
    if rest[len(param) :].lstrip().startswith('"'):
        return _opening_quote(line, found, Span(found.start, found.start + len(param)))
    text = _without_flags(rest) if line.last in _WHOLE_LINE else param
    right = '"' + text.replace('"', '\\"') + '"'
    message = "a param stands inside a text in quotes"
    span = Span(found.start, found.start + len(text))
    return rewritten(line, message, span, right, "without quotes", code="E109")


def _without_flags(rest: str) -> str:
    """A value that is written without quotes, without the flags and signs behind it."""
    text = rest.rstrip(" \t;,")
    for _ in FLAGS:
        found = _FLAG.search(text, max(0, len(text) - _LONGEST_FLAG))
        if found is None:
            break
        text = text[: found.start()].rstrip(" \t")
    return text


def _opening_quote(line: Line, found: Found, span: Span) -> Diagnostic:
    return Diagnostic(
        "E109",
        "the quote before this text is missing",
        line.source,
        span,
        label="the text begins here",
        help='put `"` before it',
        fix=(Edit(Span(found.start, found.start), '"'),),
    )


def _bare_text(line: Line, span: Span, text: str, blocks: Sequence[Block]) -> Diagnostic:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    plain = bool(blocks) and blocks[-1].kind == "table"
    named = line.last in ("SCHEMA", "HEADER", "QUERY", "FIELD", "PREFIX")
    certain = plain or named or _NUMBER.match(text) is not None
    param = ""
    if not certain and _PARAM.fullmatch(text):
        param = f' for this text, or `"<{text}>"` for the param'
    return Diagnostic(
        "E109",
        "a text stands in double quotes",
        line.source,
        span,
        label="without quotes",
        help=f"write `{quoted}`{param}",
        fix=(Edit(span, quoted),) if certain else (),
    )


def _null(line: Line, found: Found) -> Diagnostic:
    if line.last == "EQUAL":
        advice = "leave the line out: a field without a value is not written; to empty a field on "
        advice += 'an update write `"<param>" clear`'
    elif "IN" in line.types:
        advice = "take it out, and ask for it beside: `or <param> is absent`"
    else:
        advice = "leave it out"
    return Diagnostic(
        "E101",
        f"`{found.text}` is no value",
        line.source,
        found.span,
        label="values are texts in quotes, numbers, true and false",
        help=advice,
    )
