"""Values of payloads: their four states, their text, their numbers, their search keys.

A value is absent, null, empty (or blank) text, or a value; ``0`` and ``false`` are values.
Numbers keep every digit they came with: they are ``int`` or `Decimal`, never binary fractions.
Text is compared in Unicode normalisation form C (UAX #15), blanks at its ends left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import cache
from hashlib import sha256
from itertools import chain, groupby
from typing import Final, Literal, TypeAlias
from unicodedata import combining, normalize


class _Absent(Enum):
    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


Absent: TypeAlias = Literal[_Absent.ABSENT]
ABSENT: Final = _Absent.ABSENT

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"
Value: TypeAlias = "Json | Absent"

INVISIBLE: Final = "".join(
    map(
        chr,
        chain(
            (0xAD, 0x61C, 0x180E, 0xFEFF),  # soft hyphen, Arabic and Mongolian marks, BOM
            range(0x200B, 0x2010),  # zero width, directional marks
            range(0x202A, 0x202F),  # directional embeddings
            range(0x2060, 0x2070),  # joiners, invisible operators, directional isolates
        ),
    )
)
"""Characters that take no room on paper; copied text carries them along unseen."""

KEY_LENGTH: Final = 200
"""The longest search key, in characters, that stands as it is; longer ones are hashed."""

_BLANK = "".join(filter(str.isspace, map(chr, range(0x3001)))) + INVISIBLE

_DIGITS = 1_000  # of a number written as text, and of a decimal written out without exponent
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")

_MARKS = 1_000
# Tibetan vowels that are no marks by their class but fall apart into marks.
_HIDDEN_MARKS = "\u0f73\u0f75\u0f81"


def trim(text: str) -> str:
    """The text without white space and invisible characters at its ends."""
    return text.strip(_BLANK)


def has_value(value: Value) -> bool:
    """Whether a value counts as one.

    Absent, null, blank text, an empty object, and a list none of whose elements has a value
    are no value.
    """
    if isinstance(value, str):
        return bool(trim(value))
    if isinstance(value, list):
        return any(map(has_value, value))
    if isinstance(value, dict):
        return bool(value)
    return value is not None and value is not ABSENT


def to_text(value: Value) -> str:
    """The value as it stands in a text.

    Integers have no exponent and no decimal point, decimals the digits they were sent with,
    lists are joined with ``", "`` without the elements that have no value, objects are JSON;
    what is absent or null is empty text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return _digits(value)
    if isinstance(value, list):
        return ", ".join(to_text(element) for element in value if has_value(element))
    return write_json(value) if isinstance(value, dict) else ""


def number_of(value: Value) -> int | Decimal | None:
    """The number that a value is: a number, or the text of one.

    Text may have blanks around it and a sign, but no exponent, no grouping and at most 1,000
    digits. Truth values and numbers that are not finite are no numbers.
    """
    if isinstance(value, str):
        text = trim(value)
        if len(text) > _DIGITS + 2 or not _NUMBER.fullmatch(text):
            return None
        return Decimal(text) if "." in text else int(text)
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    return value if isinstance(value, int) else None


def nfc(text: str) -> str:
    """The text in Unicode normalisation form C.

    A text with more than 1,000 combining marks in a row, which no language writes, is returned
    as it is: ordering marks takes time quadratic in the length of such a row.
    """
    if text.isascii() or (len(text) > _MARKS and _has_endless_marks(text)):
        return text
    return normalize("NFC", text)


def key_text(value: Value) -> str | None:
    """The normalised text by which a value is searched; None for no value.

    Text is trimmed and in form C; a number has its canonical digits (``6510.0`` is ``6510``),
    so a number and its canonical text have one key. What is longer than `KEY_LENGTH` is
    ``sha256:`` and the hexadecimal digest of its UTF-8 text.
    """
    if type(value) is str:
        text = nfc(trim(value))
        if not text:
            return None
    elif type(value) is int:
        text = _digits(value)
    elif has_value(value):
        text = _canonical(value)
    else:
        return None
    if len(text) <= KEY_LENGTH:
        return text
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def same(stored: Value, new: Value) -> bool:
    """Whether writing ``new`` over ``stored`` would change nothing that matters.

    Two values that are none are the same. A number equals the text of that number
    (``" 6510 "``, ``"3500.00"``), ``true`` equals ``"true"``; two texts are compared as text.
    Lists are compared element by element, objects key by key.
    """
    if not (has_value(stored) and has_value(new)):
        return has_value(stored) == has_value(new)
    if isinstance(stored, list) and isinstance(new, list):
        return len(stored) == len(new) and all(map(same, stored, new))
    if isinstance(stored, dict) and isinstance(new, dict):
        return stored.keys() == new.keys() and all(same(stored[key], new[key]) for key in new)
    if isinstance(stored, list | dict) or isinstance(new, list | dict):
        return False
    if not (isinstance(stored, str) and isinstance(new, str)):
        numbers = number_of(stored), number_of(new)
        if None not in numbers:
            return numbers[0] == numbers[1]
    return _canonical(stored) == _canonical(new)


_BY_LIBRARY: Final = iter(range(100))
"""Counts the first texts of a process, which simplejson writes: so many take as long as importing
msgspec, which `plain_json` knows."""


def write_json(value: Json, *, indent: int | None = None) -> str:
    """JSON text of a value, every digit of its numbers kept, letters of any script as they are.

    ``indent`` is the number of blanks a level is indented by; without it all is one line.
    """
    if indent is None and next(_BY_LIBRARY, None) is None:
        text = _plain_writer()(value)
        if text is not None:
            return text
    return write_any_json(value, indent=indent)


@cache
def _plain_writer() -> Callable[[Json], str | None]:
    from .plain_json import write_plain  # noqa: PLC0415 (imported when it saves time)

    return write_plain


def write_any_json(value: Json, *, indent: int | None = None) -> str:
    """The same by simplejson, whatever the value is."""
    try:
        return _dumps(value, indent)
    except ValueError:
        # Python refuses to write an int of more than 4,300 digits; a decimal has no such limit.
        return _dumps(_without_long_integers(value), indent)


def _dumps(value: Json, indent: int | None) -> str:
    import simplejson  # noqa: PLC0415 (imported when first needed)

    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=indent)


def _without_long_integers(value: Json) -> Json:
    if isinstance(value, list):
        return [_without_long_integers(element) for element in value]
    if isinstance(value, dict):
        return {key: _without_long_integers(element) for key, element in value.items()}
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _digits(number: int | Decimal) -> str:
    """The number without exponent, unless that would add more than 1,000 zeros to it."""
    if isinstance(number, int):
        try:
            return str(number)
        except ValueError:  # more digits than Python writes for an int
            return str(Decimal(number))
    # `1E+1000000` is ten characters of a payload and would be a million of a text.
    return format(number, "f") if abs(number.adjusted()) <= _DIGITS else str(number)


def _canonical(value: Value) -> str:
    """Trimmed text in form C; numbers in the digits that all their spellings share."""
    if isinstance(value, Decimal):
        digits = _digits(value) if value else "0"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    if isinstance(value, list):
        return ", ".join(_canonical(element) for element in value if has_value(element))
    return nfc(trim(to_text(value)))


def _has_endless_marks(text: str) -> bool:
    # A row of more than `_MARKS` marks covers one of the places looked at first.
    if not any(map(_is_mark, text[::_MARKS])):
        return False
    return any(mark and sum(1 for _ in run) > _MARKS for mark, run in groupby(text, _is_mark))


def _is_mark(char: str) -> bool:
    return combining(char) > 0 or char in _HIDDEN_MARKS
