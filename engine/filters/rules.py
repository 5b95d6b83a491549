"""What an argument must be like beyond its kind: each rule says in words what is wrong.

A rule gets a literal when a rule file is checked, and again what a path gave at run time.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..values.phones import is_region
from .spec import shown

MOST_PLACES: Final = 20


def not_empty(text: str) -> str | None:
    """Text of at least one character."""
    return None if text else "the text to look for is empty"


def not_zero(number: int | Decimal) -> str | None:
    """A number to divide by."""
    return None if number else "nothing can be divided by 0"


def whole(number: int | Decimal) -> str | None:
    """A number without a fraction, written as one."""
    return None if isinstance(number, int) else f"{shown(number)} is no whole number"


def count(number: int | Decimal) -> str | None:
    """A whole number of at least 1."""
    return whole(number) or (None if number >= 1 else f"{shown(number)} is less than 1")


def places(number: int | Decimal) -> str | None:
    """How many digits may stand after a decimal point."""
    within = 0 <= number <= MOST_PLACES
    return whole(number) or (
        None if within else f"{shown(number)} is not between 0 and {MOST_PLACES}"
    )


def country(text: str) -> str | None:
    """An ISO 3166 country that phone numbers are known of."""
    if is_region(text):
        return None
    return f"{shown(text)} is no ISO 3166 country in capital letters, such as RU"
