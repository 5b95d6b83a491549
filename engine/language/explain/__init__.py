"""What is wrong with a line that cannot be read, said for the person who wrote it.

The parser says what it found, what it could have taken, and what the line held so far; here
that becomes a diagnostic. The explanations are tried in order, from the sure to the general.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic
from ..line import Block, Found, Line
from . import begins, conditions, lines, numbers, params, signs, tables, terms, texts, values
from .words import calls, expectation

EXPLANATIONS: Final = (
    texts.open_text,
    params.open_param,
    params.unreadable_param,
    texts.quote_inside,
    texts.joined,
    lines.stray_brace,
    lines.lone_else,
    lines.else_if,
    lines.one_line_block,
    begins.pasted_pair,
    tables.row_beginning,
    signs.foreign_comment,
    begins.outside_of_channel,
    begins.own_statement,
    begins.field_outside,
    begins.branch_of_fields,
    begins.unknown_word,
    tables.row_arrow,
    lines.misplaced,
    signs.assigning_sign,
    signs.statement_sign,
    conditions.no_value,
    conditions.foreign_operator,
    signs.comparing_sign,
    conditions.connective,
    conditions.negated,
    conditions.bare_list,
    conditions.bare_subject,
    conditions.lone_param,
    numbers.grouped_number,
    numbers.more_than_a_number,
    numbers.duration,
    signs.separator,
    signs.next_statement,
    terms.quoted_word,
    terms.address,
    terms.find_words,
    terms.entity,
    terms.declared,
    terms.unknown_flag,
    terms.misspelt,
    texts.foreign_quotes,
    values.bare_value,
    lines.parenthesis,
    signs.typography,
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
    where = f" behind `{last}`" if last.strip() and len(last) <= 40 else ""
    return Diagnostic(
        "E101",
        f"{calls(found)} cannot stand here{where}",
        line.source,
        found.span,
        label="not understood from here",
        help=expectation(expected),
    )
