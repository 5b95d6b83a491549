"""How tokens are called in messages."""

from __future__ import annotations

from typing import Final, TypeAlias

from ...messages.diagnostics import Diagnostic
from ..line import Found

Explained: TypeAlias = "Diagnostic | None"


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
    if not names or len(names) > _SHOWN:
        return None
    if len(names) == 1:
        return f"expected {names[0]}"
    return f"expected {', '.join(names[:-1])} or {names[-1]}"
