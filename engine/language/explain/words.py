"""How tokens are called in messages."""

from __future__ import annotations

from typing import Final, TypeAlias

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Found, Line

Explained: TypeAlias = "Diagnostic | None"

OPERATORS: Final = frozenset({"EQUAL_TO", "NOT_EQUAL_TO", "CONTAINS"})
"""What the parser can take, among others, where a param waits for its comparison."""

CONDITION: Final = frozenset({"LANGLE", "LPAR", "NOT"})
"""What the parser can take where a condition begins."""

FLAGS: Final = ("search", "required", "fill", "once", "clear")

# How the sorts of tokens are called in messages; the others are called by their own text.
CALLED: Final[dict[str, str]] = {
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "NAME": "a name",
    "ADDRESS": "an address",
    "STATUS_NAME": "a status",
    "NUMBER": "a number",
    "DURATION": "a duration such as `1h`",
    "QUOTE": "text in quotes",
    "PATTERN": "a pattern in quotes",
    "KEY": "a key",
    "DIGITS": "a key",
    "INDEX": "an index",
    "SINGLE": "text in single quotes",
    "TEXT": "text",
    "ESCAPE": "text",
    "COMMENT_WORD": "`comment`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LANGLE": "`<`",
    "RANGLE": "`>`",
    "COMMA": "`,`",
    "DOT": "`.`",
    "EQUAL": "`=`",
    "ARROW": "`->`",
    "PIPE": "`|`",
    "AT": "`@`",
    "STAR": "`*`",
    "EQUAL_TO": "`==`",
    "NOT_EQUAL_TO": "`!=`",
    "AT_MOST": "`<=`",
    "AT_LEAST": "`>=`",
}
# Not worth a word in a list of what could stand somewhere.
_UNSAID: Final = frozenset({"UNREADABLE", "$END", "NAME", "COMMENT", "_NL"})
_SHOWN: Final = 6


def calls(found: Found) -> str:
    """A token as a message names it."""
    if found.type in ("_NL", "$END"):
        return CALLED[found.type]
    text = found.text if len(found.text) <= 30 else found.text[:30] + "…"
    return f"`{text}`"


def keyword(type: str) -> str:
    """The word of a keyword by the name of its terminal."""
    return type.lower()


def expectation(expected: frozenset[str]) -> str | None:
    """What could stand instead, in a sentence, unless that is too much to be of help."""
    names = sorted({CALLED.get(type) or f"`{keyword(type)}`" for type in expected - _UNSAID})
    if not names:
        left = [CALLED[type] for type in ("NAME", "_NL") if type in expected]
        return f"expected {left[0]}" if left else None
    if len(names) > _SHOWN:
        return None
    if len(names) == 1:
        return f"expected {names[0]}"
    return f"expected {', '.join(names[:-1])} or {names[-1]}"


def rewritten(
    line: Line, message: str, span: Span, text: str, label: str = "", *, code: str = "E101"
) -> Diagnostic:
    """A mistake whose span is certainly meant to be ``text``; an empty one is taken out."""
    wrong = line.source.text[span.start : span.end].strip()
    advice = f"write `{text.strip()}`" if text.strip() else f"take the `{wrong}` out"
    edits = (Edit(span, text),)
    return Diagnostic(code, message, line.source, _seen(line, span), label, (), advice, edits)


def _seen(line: Line, span: Span) -> Span:
    """The span without the blanks around what stands in it."""
    text = line.source.text[span.start : span.end]
    if not text.strip():
        return span
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, start + len(text.strip()))
