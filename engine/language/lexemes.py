"""The meaning of single tokens: escapes, quoted text, patterns, numbers.

A token's text becomes a node here, before the grammar sees it, so that what is wrong inside a
token is reported at its very characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ..late_dataclass import dataclass
from ..messages.source import Span
from .nodes import Number, Pattern, Text

_ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "<": "<"}
_ESCAPE = re.compile(r"\\(u\{[^}\r\n]*\}|[^\r\n])")
_CODE_POINT = re.compile(r"u\{([0-9A-Fa-f]{1,6})\}")


@dataclass(frozen=True, slots=True)
class BadEscape:
    """An escape that means nothing, and where it stands."""

    text: str
    span: Span


def escape(token: str, start: int) -> tuple[Text, BadEscape | None]:
    """The text that one escape outside of single quotes stands for."""
    span = Span(start, start + len(token))
    meaning = _meaning(token[1:], _ESCAPES)
    if meaning is None:
        return Text(token[1:], span=span), BadEscape(token, span)
    return Text(meaning, span=span), None


def single_quoted(token: str, start: int) -> tuple[Text, list[int], list[BadEscape]]:
    r"""The text in single quotes, ``\'`` understood beside the other escapes.

    The list gives the source offset of every character of the text, and one more for its end,
    so that a template in it can be read with its own places.
    """
    escapes = {**_ESCAPES, "'": "'"}
    text: list[str] = []
    offsets: list[int] = []
    bad: list[BadEscape] = []
    for piece, at in _pieces(token[1:-1], start + 1):
        if not piece.startswith("\\"):
            text.append(piece)
            offsets.extend(range(at, at + len(piece)))
            continue
        meaning = _meaning(piece[1:], escapes)
        if meaning is None:
            bad.append(BadEscape(piece, Span(at, at + len(piece))))
            meaning = piece[1:]
        text.append(meaning)
        offsets.extend([at] * len(meaning))
    end = start + len(token)
    offsets.append(end - 1)
    return Text("".join(text), span=Span(start, end)), offsets, bad


def pattern(token: str, start: int) -> Pattern:
    """A pattern between quotes: every backslash stays but one before the closing quote's kind."""
    quote = token[0]
    body = re.sub(r"\\(.)", lambda found: quote if found[1] == quote else found[0], token[1:-1])
    return Pattern(body, span=Span(start, start + len(token)))


def number(token: str, start: int) -> Number:
    """A number: whole without a decimal point, else a decimal with its digits."""
    value = Decimal(token) if "." in token else int(token)
    return Number(value, span=Span(start, start + len(token)))


def _pieces(body: str, start: int) -> Iterator[tuple[str, int]]:
    """Runs of plain characters and escapes, each with its offset in the source."""
    plain = 0
    for found in _ESCAPE.finditer(body):
        if found.start() > plain:
            yield body[plain : found.start()], start + plain
        yield found[0], start + found.start()
        plain = found.end()
    if plain < len(body):
        yield body[plain:], start + plain


def _meaning(escaped: str, escapes: dict[str, str]) -> str | None:
    """What stands behind a backslash, or nothing where that is no escape."""
    if escaped in escapes:
        return escapes[escaped]
    code = _CODE_POINT.fullmatch(escaped)
    if code is None:
        return None
    point = int(code[1], 16)
    surrogate = 0xD800 <= point <= 0xDFFF
    return None if point > 0x10FFFF or surrogate else chr(point)
