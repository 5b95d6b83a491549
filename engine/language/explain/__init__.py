"""What is wrong with a line that cannot be read, said for the person who wrote it.

The parser says what it found, what it could have taken, and what the line held so far; here
that becomes a diagnostic. The explanations are tried in order, from the sure to the general.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic
from ..line import Block, Found, Line
from . import lines, signs, texts
from .words import calls, expectation

EXPLANATIONS: Final = (
    texts.open_string,
    texts.open_param,
    texts.unreadable_param,
    lines.stray_brace,
    lines.lone_else,
    lines.one_line_block,
    lines.first_word_unknown,
    lines.misplaced,
    signs.foreign_sign,
    signs.equal_signs,
    signs.lone_param,
    signs.unknown_flag,
    signs.misspelt,
    texts.bare_value,
    lines.parenthesis,
    texts.typography,
)
"""What is tried in turn: each gives a diagnostic for the mistake that it knows, or nothing."""


def explain(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Diagnostic:
    """The diagnostic for a token that does not fit."""
    for explanation in EXPLANATIONS:
        problem = explanation(line, found, expected, blocks)
        if problem is not None:
            return problem
    return _general(line, found, expected)


def _general(line: Line, found: Found, expected: frozenset[str]) -> Diagnostic:
    last = line.words[-1] if line.words else ""
    where = f" after `{last}`" if last.strip() and len(last) <= 40 else ""
    return Diagnostic(
        "E101",
        f"{calls(found)} cannot stand here{where}",
        line.source,
        found.span,
        label="not understood from here",
        help=expectation(expected),
    )
