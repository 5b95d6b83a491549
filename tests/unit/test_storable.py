"""Values that every store can hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from leadlark.adapters.storable import MAX_DIGITS, copied, is_storable, stored_value
from leadlark.errors import StoreError
from leadlark.limits import MAX_DEPTH
from leadlark.values.value import Json


def nested(depth: int) -> Json:
    value: Json = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal(3500), 3500),
        (Decimal("-0"), 0),
        (Decimal("3500.0"), Decimal("3500.0")),
        (Decimal("1E+2"), Decimal("1E+2")),
        (True, True),
        (1, 1),
        (("a", ("b",)), ["a", ["b"]]),
        (10**MAX_DIGITS - 1, 10**MAX_DIGITS - 1),
        (nested(MAX_DEPTH), nested(MAX_DEPTH)),
    ],
)
def test_values_have_the_form_in_which_they_come_back(value: Any, expected: Json) -> None:
    """A decimal without point and exponent is an integer, a tuple a list; all else stays."""
    assert repr(expected) == repr(stored_value(value, "here"))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("\0", "a NUL character"),
        ({"a": ["\udfff"]}, "a lone surrogate"),
        (float("nan"), "a Python float"),
        (object(), "a Python object"),
        (Decimal("sNaN"), "the number sNaN"),
        (10**MAX_DIGITS, "more than 4300 digits"),
        (-(10**MAX_DIGITS), "more than 4300 digits"),
        (Decimal("1." + "1" * MAX_DIGITS), "more than 4300 digits"),
        (nested(MAX_DEPTH + 1), "nested deeper than 64"),
        (nested(50_000), "nested deeper than 64"),
    ],
    ids=range(10),
)
def test_what_cannot_be_stored_is_named(value: Any, found: str) -> None:
    """The message says where the value stands and what is wrong with it."""
    with pytest.raises(StoreError, match=f"^field 'A' holds .*{found}.*; nothing was written$"):
        stored_value(value, "field 'A'")


def test_unicode_is_storable() -> None:
    """Text may hold everything but NUL and lone surrogates."""
    assert all(map(is_storable, ("", "Мария", "\x01\x7f\ufffe", "😀")))
    assert not any(map(is_storable, ("\0", "a\0", "\ud83d\ude00", "я\udc00")))


def test_a_copy_shares_no_list_and_no_object() -> None:
    """Changing a copy leaves its original as it was."""
    value: Json = {"list": [{"a": 1}]}
    copy = copied(value)
    assert isinstance(copy, dict)
    inner = copy["list"]
    assert isinstance(inner, list)
    inner.append(2)
    assert {"list": [{"a": 1}]} == value
