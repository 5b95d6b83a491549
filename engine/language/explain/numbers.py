"""Mistakes in numbers and durations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Block, Found, Line
from .words import Explained, rewritten

_GROUPED: Final = re.compile(r"-?\d{1,3}(?:[ \u00a0\u2009\u202f'_]\d{3})+(?:[.,]\d+)?(?![\w.,])")
_FRACTION: Final = re.compile(r",(\d+)(?![\w.,])")
_DURATION: Final = re.compile(r'"?[ \t]*(\d{1,9}(?:[.,]\d{1,6})?)[ \t]*([^\W\d_]*)\.?[ \t]*"?')
_MINUTES: Final[dict[str, int]] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
    **dict.fromkeys(("м", "мин", "минута", "минуту", "минуты", "минут"), 1),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "ч", "час", "часа", "часов"), 60),
    **dict.fromkeys(("d", "day", "days", "д", "день", "дня", "дней"), 24 * 60),
    **dict.fromkeys(("w", "week", "weeks", "неделя", "неделю", "недели"), 7 * 24 * 60),
}


def grouped_number(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A number with blanks between its digits, or with a decimal comma."""
    if line.last != "NUMBER":
        return None
    number = line.spans[-1]
    whole = _GROUPED.match(line.source.text, number.start)
    if whole is not None:
        plain = re.sub(r"[^\d.-]", "", whole[0].replace(",", "."))
        span = Span(number.start, whole.end())
        return rewritten(
            line, "a number is written without blanks or other signs in it", span, plain
        )
    comma = _FRACTION.match(line.source.text, found.start)
    if comma is None or found.start != number.end or "." in line.words[-1]:
        return None
    span = Span(number.start, comma.end())
    point = f"{line.words[-1]}.{comma[1]}"
    if len(comma[1]) != 3:
        return rewritten(line, "the decimal sign of a number is a point", span, point)
    return Diagnostic(
        "E101",
        "a number has no comma in it",
        line.source,
        span,
        help=f"write `{line.words[-1]}{comma[1]}`, or `{point}` where the comma is a decimal one",
    )


def more_than_a_number(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A value that begins as a number and goes on as something else: `500 RUB`, `10%`."""
    if line.last != "NUMBER" or line.types[-2:-1] != ["EQUAL"]:
        return None
    number, text = line.spans[-1], line.source.text
    glued = found.start == number.end and found.text != ";"
    if not glued and (found.type != "NAME" or found.text.islower()):
        return None
    whole = line.rest(number.start).split("#")[0].split(" search")[0].rstrip(" ,;")
    return Diagnostic(
        "E109",
        "a value is a number alone, or a text in double quotes",
        line.source,
        Span(number.start, number.start + len(whole)),
        label="neither",
        help=f'write `{text[number.start : number.end]}` for the number, or `"{whole}"` for the '
        "text",
    )


def duration(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A time behind `within` that is not written as `30m`, `1h` or `2d`."""
    if line.last != "WITHIN":
        return None
    match = _DURATION.match(line.source.text, found.start)
    if match is None:
        return Diagnostic(
            "E101",
            "a duration is a number and `m`, `h` or `d`",
            line.source,
            found.span,
            label="no duration",
            help="write `30m` for minutes, `1h` for hours, `2d` for days",
        )
    number, unit = match[1].replace(",", "."), match[2].lower()
    span = Span(found.start, found.start + len(match[0].rstrip()))
    minutes = Fraction(number) * _MINUTES.get(unit, 0)
    if minutes.denominator == 1 and minutes > 0:
        right = _written(int(minutes))
        return Diagnostic(
            "E101",
            "a duration is a number and `m`, `h` or `d`, in one word",
            line.source,
            span,
            help=f"write `{right}`",
            fix=(Edit(span, right),),
        )
    each = f"`{number}m` for minutes, `{number}h` for hours, `{number}d` for days"
    return Diagnostic(
        "E101",
        "a duration has no unit" if not unit else f"`{unit}` is no unit of durations",
        line.source,
        span,
        label="minutes, hours or days?",
        help=f"write {each}" if "." not in number else "write a whole number, such as `30m`",
    )


def _written(minutes: int) -> str:
    if minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"
