"""Mistakes in signs: those that assign, separate and end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..layout import STATEMENTS
from ..line import Block, Found, Line
from .words import FLAGS, OPERATORS, Explained, expectation, rewritten

_ASSIGNING: Final = re.compile(r":=|->|=>|<-|\+=|:|==")
_GLUED: Final = ("=>", "==", "=:")
_NAMED: Final = (["NAME"], ["NAME", "DOT", "NAME"], ["QUOTE", "TEXT", "QUOTE"], ["LET", "NAME"])
_VALUES: Final = frozenset({"QUOTE", "LANGLE", "NUMBER"})
_TAIL: Final = re.compile(r"[;,]+[ \t]*(?:#.*)?$")
_FLAG_AFTER: Final = re.compile(rf",[ \t]*(?:{'|'.join(FLAGS)})\b")
_FIELD_AFTER: Final = re.compile(r"[^\W\d][\w.]*[ \t]*=(?!=)")
_BLANKS: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_NAMED_ALONE: Final = (
    "ENTITY",
    "STATUS",
    "REGION",
    "RESPONSIBLE",
    "EACH",
    "ACTIVITY",
    "COMMENT_WORD",
)


def assigning_sign(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """`:=`, `:`, `=>`, `->` or `==` for the `=` of a field or a `let`, or none at all."""
    text = line.source.text
    if line.last == "EQUAL" and line.end == found.start:
        glued = text[line.spans[-1].start : found.start + 1]
        if glued in _GLUED:
            return _assigned(line, Span(line.spans[-1].start, found.start + 1), "=")
    if "EQUAL" not in expected or expected >= OPERATORS or line.types not in _NAMED:
        return None
    sign = _ASSIGNING.match(text, found.start)
    if sign is not None:
        right = "=" if found.start > line.end else " ="
        right += "" if text[sign.end() : sign.end() + 1].isspace() else " "
        return _assigned(line, Span(sign.start(), sign.end()), right)
    if found.type not in _VALUES and found.text not in ("true", "false"):
        return None
    name = text[line.start : line.end]
    return Diagnostic(
        "E101",
        f"a `=` is missing behind `{name}`",
        line.source,
        Span(line.end, line.end),
        label="`=` stands here",
        help="write `=` before the value",
        fix=(Edit(Span(line.end, line.end), " ="),),
    )


def _assigned(line: Line, span: Span, right: str) -> Diagnostic:
    wrong = line.source.text[span.start : span.end]
    return rewritten(line, f"a value is assigned with `=`, not `{wrong}`", span, right)


def comparing_sign(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """`=` for `==`."""
    if found.type != "EQUAL" or not expected >= OPERATORS:
        return None
    return rewritten(line, "a value is compared with `==`, not `=`", found.span, "==")


def statement_sign(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """`=` or `:` between the word of a statement, or of a block, and what follows it."""
    if found.text not in ("=", ":") or not line.types or "EQUAL" in expected:
        return None
    rest = line.rest(found.end)
    declared = bool(blocks) and blocks[-1].kind == "payload" and line.last in ("KEY", "SINGLE")
    alone = len(line.types) == 1 and line.last in _NAMED_ALONE
    if not declared and not alone and not rest.lstrip().startswith("{"):
        return None
    blank = len(rest) - len(rest.lstrip())
    what = "type" if declared else "`{`" if rest.lstrip().startswith("{") else "value"
    name = line.source.text[line.start : line.end]
    message = f"behind `{name}` its {what} follows without `{found.text}`"
    problem = rewritten(line, message, Span(line.end, found.end + blank), " ")
    return Diagnostic(
        problem.code,
        message,
        line.source,
        found.span,
        help=f"take the `{found.text}` out",
        fix=problem.fix,
    )


def separator(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """`;` or `,` at the end of a line, or between flags."""
    if found.text not in (";", ",") or line.fresh or "_NL" not in expected:
        return None
    rest = line.rest(found.start)
    if _TAIL.match(rest) is not None:
        message = f"a statement ends with its line, without `{found.text}`"
        length = len(rest) - len(rest.lstrip(";,"))
        return rewritten(line, message, Span(found.start, found.start + length), "")
    if _FLAG_AFTER.match(rest) is not None:
        return rewritten(line, "flags stand behind one another, without `,`", found.span, "")
    word = line.words[0]
    if found.text == "," and word in ("status", "entity", "region", "responsible"):
        return Diagnostic(
            "E101",
            f"`{word}` takes one value",
            line.source,
            found.span,
            label="the statement ends before this",
            help=f"leave one of them; where it depends on the payload, write `{word}` into "
            "`when … { }`"
            if word in ("status", "responsible")
            else "leave one of them",
        )
    if found.text == ";":
        return _next_line(line, Span(line.end, found.end), Span(found.start, found.end))
    return None


def next_statement(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A second statement on the line of the first."""
    if found.type != "NAME" or line.fresh or "_NL" not in expected:
        return None
    inside = blocks[-1].kind if blocks else None
    field = inside == "fields" and _FIELD_AFTER.match(line.rest(found.start)) is not None
    if not field and (found.text not in STATEMENTS or inside in ("fields", "payload", "table")):
        return None
    return _next_line(line, Span(line.end, found.start), found.span)


def _next_line(line: Line, between: Span, seen: Span) -> Diagnostic:
    row = line.source.line(line.source.position(line.start).line)
    indent = row[: len(row) - len(row.lstrip())]
    return Diagnostic(
        "E101",
        "each statement stands on a line of its own",
        line.source,
        seen,
        label="the statement before ends here",
        help="break the line before this",
        fix=(Edit(between, f"\n{indent}"),),
    )


def foreign_comment(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A comment of another language."""
    rest = line.rest(found.start)
    sign = next((each for each in ("//", "/*", "--") if rest.startswith(each)), None)
    if sign is None or ("_NL" not in expected and not line.fresh) or rest.startswith("---"):
        return None
    if sign == "/*":
        inner = rest.rstrip()
        if not inner.endswith("*/"):
            return Diagnostic(
                "E101",
                "a comment begins with `#`",
                line.source,
                Span(found.start, found.start + 2),
                help="write `#` before each line of the comment",
            )
        span = Span(found.start, found.start + len(inner))
        return rewritten(line, "a comment begins with `#`", span, f"# {inner[2:-2].strip()}")
    span = Span(found.start, found.start + len(sign))
    return rewritten(line, f"a comment begins with `#`, not `{sign}`", span, "#")


def typography(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A character that means nothing, such as a no-break space."""
    if found.type != "":
        return None
    blanks = _BLANKS.match(line.source.text, found.start)
    if blanks is not None:
        code = f"U+{ord(found.text):04X}"
        return Diagnostic(
            "E101",
            f"the blank {code} is not an ordinary one",
            line.source,
            Span(blanks.start(), blanks.end()),
            label="looks like a blank",
            help="write an ordinary blank",
            fix=(Edit(Span(blanks.start(), blanks.end()), " "),),
        )
    sign = found.text
    shown = f"`{sign}`" if sign.isprintable() and sign.strip() else f"U+{ord(sign or ' '):04X}"
    return Diagnostic(
        "E101",
        f"the character {shown} cannot stand here",
        line.source,
        found.span,
        label="not understood from here",
        help=expectation(expected),
    )
