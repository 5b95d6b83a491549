"""Mistakes in where a line or a block stands and in the word that it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit, Label
from ...messages.source import Span
from ...messages.suggest import closest
from ..layout import FILE_BLOCKS, STATEMENTS
from ..line import Block, Found, Line
from .words import Explained, calls

# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKE_LETTERS: Final = "аеорсухіјѕԁһлкмнтвοαερυι"
_LOOKALIKES: Final = str.maketrans(_LOOKALIKE_LETTERS, "aeopcyxijsdhlkmhtboaepui")


def stray_brace(line: Line, found: Found, _: frozenset[str], blocks: Sequence[Block]) -> Explained:
    """A `}` where no block is open."""
    if found.type != "RBRACE" or blocks or not line.fresh:
        return None
    return Diagnostic(
        "E105",
        "this `}` closes nothing",
        line.source,
        found.span,
        label="no block is open here",
        help="take it out, or look for a `}` too many above",
    )


def lone_else(line: Line, found: Found, _: frozenset[str], blocks: Sequence[Block]) -> Explained:
    """An `else` that does not stand behind a brace."""
    inside = blocks[-1].kind if blocks else None
    start, end = (found.start, found.end) if line.fresh else (line.start, line.start + 4)
    word = found.text if line.fresh else line.words[0]
    if word != "else" or inside not in ("channel", "statements", "fields"):
        return None
    return Diagnostic(
        "E101",
        "`else` stands on the line of the `}` before it",
        line.source,
        Span(start, end),
        label="begins a line here",
        help="write `} else {` or `} else when … {`",
    )


def one_line_block(line: Line, found: Found, _: frozenset[str], __: Sequence[Block]) -> Explained:
    """Something behind the `{` of a block."""
    if not line.types or line.types[-1] != "LBRACE" or line.string is not None:
        return None
    return Diagnostic(
        "E101",
        "the lines of a block stand on lines of their own",
        line.source,
        found.span,
        label="behind the `{`",
        help="break the line behind `{`, and put `}` on a line of its own",
    )


def first_word_unknown(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A line that begins with a word that no statement begins with."""
    if not line.fresh or found.type in ("_NL", "$END", ""):
        return None
    kind = blocks[-1].kind if blocks else None
    row = line.source.line(line.source.position(found.start).line)
    word = found.text
    if kind is None and word in STATEMENTS:
        return Diagnostic(
            "E110",
            f"`{word}` stands inside a channel",
            line.source,
            found.span,
            label="no channel is open here",
            help="put it between the braces of `channel ADDRESS {` and `}`",
        )
    if kind in ("channel", "statements"):
        after = row[row.find(word) + len(word) :].lstrip()
        if after.startswith((".", "=")) and not after.startswith("=="):
            return Diagnostic(
                "E110",
                f"the field `{word}` is assigned outside of a field block",
                line.source,
                found.span,
                label="fields stand in `contact {…}`, `lead {…}` or `deal {…}`",
                help="move the line into the block of the record whose field it is",
            )
    if kind == "table":
        return Diagnostic(
            "E101",
            "a table row begins with a text in quotes, or with `else`",
            line.source,
            found.span,
            help='write `"key" -> "value"`',
        )
    known = FILE_BLOCKS if kind is None else STATEMENTS
    latin = word.translate(_LOOKALIKES)
    if latin != word and latin in known:
        foreign = next(letter for letter in word if letter in _LOOKALIKE_LETTERS)
        return Diagnostic(
            "E102",
            f"`{word}` has a letter of another alphabet in it",
            line.source,
            found.span,
            label=f"`{foreign}` is U+{ord(foreign):04X}",
            help=f"write `{latin}` in Latin letters",
            fix=(Edit(found.span, latin),),
        )
    meant = closest(word, known)
    return Diagnostic(
        "E102",
        f"unknown statement `{word}`",
        line.source,
        found.span,
        help=f"did you mean `{meant}`?" if meant else f"known here: {', '.join(known)}",
        fix=(Edit(found.span, meant),) if meant else (),
    )


def misplaced(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A statement's word where a field name stands."""
    kind = blocks[-1].kind if blocks else None
    if kind != "fields" or line.types != ["NAME"] or "EQUAL" not in expected:
        return None
    word = line.words[0]
    span = Span(line.start, line.end)
    if word in STATEMENTS:
        return Diagnostic(
            "E110",
            f"`{word}` does not stand in a field block",
            line.source,
            span,
            label="only fields and `when` stand here",
            help="move the line out of the block, into the channel",
            related=(Label(blocks[-1].header, "in this block"),),
        )
    if found.type in ("EQUAL_TO", "QUOTE", ""):
        return None
    return Diagnostic(
        "E101",
        f"`{word}` is followed by {calls(found)} instead of `=`",
        line.source,
        found.span,
        help=f'a field is assigned as `{word} = "<param>"`',
    )


def parenthesis(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A parenthesis without its counterpart."""
    if found.type == "RPAR":
        message, label = "this `)` closes nothing", "no parenthesis is open here"
    elif "RPAR" in expected and line.types.count("LPAR") > line.types.count("RPAR"):
        message, label = "a parenthesis is not closed", "`)` is missing before this"
    else:
        return None
    return Diagnostic("E114", message, line.source, found.span, label=label)
