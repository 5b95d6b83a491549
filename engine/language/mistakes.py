"""Mistakes that are no tokens out of place, as diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Source, Span
from .lexemes import BadEscape
from .line import Block, Line


def forbidden_character(source: Source, at: int) -> Diagnostic:
    """A control character, or a bidirectional one."""
    code = ord(source.text[at])
    return Diagnostic(
        "E107",
        f"the character U+{code:04X} cannot be seen and does not stand in a rule file",
        source,
        Span(at, at + 1),
        label="here",
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


def unclosed_block(source: Source, block: Block, before: int | None) -> Diagnostic:
    """A block whose closing brace is missing, before a line or at the end of the file."""
    related: tuple[Label, ...] = ()
    if before is not None:
        line = source.position(before).line
        end = before + len(source.line(line).strip())
        related = (Label(Span(before, end), "this line cannot stand in the block"),)
    return Diagnostic(
        "E104",
        "this block has no closing `}`",
        source,
        block.header,
        label="opened here",
        related=related,
        help="put `}` on a line of its own where the block ends",
    )


def unknown_edition(source: Source, span: Span, known: Sequence[int]) -> Diagnostic:
    """A language edition that this version does not read."""
    return Diagnostic(
        "E112",
        "this edition of the language is unknown",
        source,
        span,
        help=f"known: {', '.join(map(str, known))}",
    )


def missing_brace(line: Line, *, own_line: bool) -> Diagnostic:
    """A block's header without its opening brace; ``own_line`` where that is on the next line."""
    return Diagnostic(
        "E101",
        "a block's `{` stands at the end of its first line" if own_line else "a `{` is missing",
        line.source,
        Span(line.end, line.end),
        label="`{` stands here",
        help="put `{` at the end of this line",
        fix=() if own_line else (Edit(Span(line.end, line.end), " {"),),
    )


def json_text(source: Source, at: int) -> Diagnostic:
    """A payload where a rule file is due."""
    return Diagnostic(
        "E101",
        "this is JSON, not a rule file",
        source,
        Span(at, at + 1),
        help="give it to `leadlark run RULES PAYLOAD` as the payload",
    )
