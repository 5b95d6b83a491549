"""Mistakes in signs and words inside a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.suggest import closest
from ..layout import STATEMENTS
from ..line import Block, Found, Line
from .words import CALLED, Explained, keyword

OPERATORS: Final = frozenset({"EQUAL_TO", "NOT_EQUAL_TO", "CONTAINS"})
_FLAG_WORDS: Final = ("search", "required", "fill", "once", "clear")


def foreign_sign(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A sign of another language."""
    known = {"=>": ">=", "=<": "<=", "&&": "and", "||": "or", "===": "=="}
    right = known.get(found.text)
    if "ARROW" in expected and found.text in ("=>", "==", "="):
        right = "->"
    if right is None or (found.type != "FOREIGN" and right != "->"):
        return None
    return Diagnostic(
        "E101",
        f"`{found.text}` is written `{right}`",
        line.source,
        found.span,
        help=f"write `{right}`",
        fix=(Edit(found.span, right),),
    )


def equal_signs(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """`=` for `==`, or the other way round."""
    doubled = found.type == "EQUAL" and line.types[-1:] == ["EQUAL"] and line.end == found.start
    if doubled:
        found = Found("EQUAL_TO", "==", found.start - 1, found.end)
    if doubled or (found.type == "EQUAL_TO" and "EQUAL" in expected):
        wrong, right, use = "==", "=", "is assigned with"
    elif found.type == "EQUAL" and expected >= OPERATORS:
        wrong, right, use = "=", "==", "is compared with"
    else:
        return None
    return Diagnostic(
        "E101",
        f"a value {use} `{right}`, not `{wrong}`",
        line.source,
        found.span,
        help=f"write `{right}`",
        fix=(Edit(found.span, right),),
    )


def lone_param(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A param where a comparison is due."""
    if not expected >= OPERATORS or found.type == "EQUAL" or not line.types:
        return None
    if line.types[-1] != "RANGLE" or found.type not in ("_NL", "LBRACE", "QUOTE", "RPAR", "NAME"):
        return None
    if found.text not in ("and", "or") and found.type == "NAME":
        return None
    return Diagnostic(
        "E101",
        "a param alone is no condition",
        line.source,
        found.span,
        label="a comparison is missing before this",
        help="write `<param> is present`, or compare it: `<param> == true`",
    )


def unknown_flag(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A word behind a field's value that is no flag."""
    flags_follow = "EQUAL" in line.types and expected >= {"SEARCH", "REQUIRED", "FILL"}
    if found.type != "NAME" or not flags_follow or "LET" in line.types:
        return None
    meant = closest(found.text, _FLAG_WORDS)
    return Diagnostic(
        "E101",
        f"unknown flag `{found.text}`",
        line.source,
        found.span,
        help=f"did you mean `{meant}`?" if meant else f"flags are {', '.join(_FLAG_WORDS)}",
        fix=(Edit(found.span, meant),) if meant else (),
    )


def misspelt(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A word that is nearly one of those that could stand here."""
    if found.type != "NAME" or line.fresh or found.text in STATEMENTS:
        return None
    words = [keyword(type) for type in sorted(expected) if type not in CALLED]
    if "COMMENT_WORD" in expected:
        words.append("comment")
    meant = closest(found.text, words)
    if meant is None:
        return None
    return Diagnostic(
        "E101",
        f"unknown word `{found.text}`",
        line.source,
        found.span,
        label="not understood from here",
        help=f"did you mean `{meant}`?",
        fix=(Edit(found.span, meant),),
    )
