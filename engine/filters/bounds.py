"""How large the texts and numbers may be that filters and templates make."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..limits import MAX_DIGITS, MAX_EXPONENT, MAX_TEXT_BYTES

_MOST_BYTES_OF_A_CHARACTER: Final = 4
_TOO_LARGE: Final[int] = 10**MAX_DIGITS
_FOLLOWS: Final = 0x80
_FOLLOWS_MASK: Final = 0xC0


def size_of(text: str) -> int:
    """The bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def fit(text: str, room: int = MAX_TEXT_BYTES) -> str:
    """The text, cut after its last whole character within ``room`` bytes of UTF-8."""
    if len(text) * _MOST_BYTES_OF_A_CHARACTER <= room:
        return text
    # A character takes a byte at least, so that only this much has to be looked at.
    encoded = text[: room + 1].encode("utf-8", "surrogatepass")
    if len(encoded) <= room:
        return text
    end = room
    while end > 0 and encoded[end] & _FOLLOWS_MASK == _FOLLOWS:
        end -= 1
    return encoded[:end].decode("utf-8", "surrogatepass")


def within_limits(number: int | Decimal) -> bool:
    """Whether a number, computed or read from text, could have been sent as a JSON number."""
    if isinstance(number, int):
        return abs(number) < _TOO_LARGE
    _, digits, exponent = number.as_tuple()
    lowest = -MAX_EXPONENT - MAX_DIGITS  # a fraction of MAX_DIGITS digits is fine
    return (
        isinstance(exponent, int)
        and len(digits) <= MAX_DIGITS
        and lowest <= exponent <= MAX_EXPONENT
    )
