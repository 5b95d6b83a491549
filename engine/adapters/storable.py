"""Values that every store can hold, so that a plan is refused by all stores or by none."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..errors import StoreError
from ..limits import MAX_DEPTH
from ..values.value import Json

MAX_DIGITS: Final = 4300  # as many as Python reads back into an integer by default

_TOO_LONG: Final = 10**MAX_DIGITS


def is_storable(text: str) -> bool:
    """Whether stores can hold a text: Unicode without NUL and lone surrogates."""
    if "\0" in text:
        return False
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return False
    return True


def stored_text(text: str, where: str) -> str:
    """The text itself; raises `StoreError`, naming ``where``, if no store can hold it."""
    if not is_storable(text):
        found = "a NUL character" if "\0" in text else "a lone surrogate"
        raise _refused(where, found)
    return text


def stored_value(value: Json, where: str, depth: int = 0) -> Json:
    """A copy of a value in the form in which every store gives it back.

    A decimal written without decimal point and exponent becomes an integer, all others keep their
    digits. Raises `StoreError`, naming ``where``, for what is no JSON value or text that no
    store can hold, for numbers over `MAX_DIGITS` digits and for nesting over `limits.MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise _refused(where, f"values nested deeper than {MAX_DEPTH}")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return stored_text(value, where)
    if isinstance(value, int | Decimal):
        return _stored_number(value, where)
    if isinstance(value, list | tuple):
        return [stored_value(element, where, depth + 1) for element in value]
    if isinstance(value, dict):
        return {
            stored_text(key, where): stored_value(element, where, depth + 1)
            for key, element in value.items()
        }
    raise _refused(where, f"a Python {type(value).__name__}")


def copied(value: Json) -> Json:
    """A copy of a stored value that shares no list and no object with it."""
    if isinstance(value, list):
        return [copied(element) for element in value]
    if isinstance(value, dict):
        return {key: copied(element) for key, element in value.items()}
    return value


def _stored_number(number: int | Decimal, where: str) -> int | Decimal:
    if isinstance(number, int):
        if -_TOO_LONG < number < _TOO_LONG:
            return number
        raise _refused(where, f"a number of more than {MAX_DIGITS} digits")
    if not number.is_finite():
        raise _refused(where, f"the number {number}")
    _, digits, exponent = number.as_tuple()
    if len(digits) > MAX_DIGITS:
        raise _refused(where, f"a number of more than {MAX_DIGITS} digits")
    return int(number) if exponent == 0 else number


def _refused(where: str, found: str) -> StoreError:
    return StoreError(f"{where} holds {found}, which stores cannot keep; nothing was written")
