"""Filters of numbers: text is read as a number, digits stay as they are, nothing is a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Arithmetic
from typing import Final

from ..limits import MAX_DIGITS, MAX_EXPONENT
from ..values.value import ABSENT, Json, Value, has_value, number_of
from .bounds import within_limits
from .lists import elements_of
from .rules import not_zero, places
from .spec import NUMBERS, Arguments, Context, Example, FilterSpec, Parameter, States, shown

# How many digits a quotient has that never ends.
_PRECISION: Final = 28

# Every result of two numbers within the limits has fewer digits.
_ROOM: Final = 8 * (MAX_DIGITS + MAX_EXPONENT)

# With nothing trapped, a result out of range is infinite or NaN, which `within_limits` refuses.
_EXACT: Final = Arithmetic(prec=_ROOM, rounding=ROUND_HALF_UP, Emin=-_ROOM, Emax=_ROOM, traps=[])


def _number(value: Json, context: Context) -> int | Decimal | None:
    """The number that a value is or reads as; a note where there is none within the limits."""
    number = None if isinstance(value, bool | list | dict) else number_of(value)
    if number is None or not within_limits(number):
        context.note("N203", f"{shown(value)} is no number")
        return None
    return number


def _result(number: int | Decimal, context: Context) -> Value:
    if within_limits(number):
        return number
    context.note("N203", "the result has too many digits")
    return ABSENT


def _integer(value: Json, arguments: Arguments, context: Context) -> Value:
    number = _number(value, context)
    if number is None:
        return ABSENT
    whole = int(number)
    if whole != number:
        context.note("N203", f"{shown(value)} is no whole number")
        return ABSENT
    return _result(whole, context)


INTEGER: Final = FilterSpec(
    name="integer",
    doc="Reads a whole number.",
    apply=_integer,
    accepts=NUMBERS,
    returns="integer",
    examples=(
        Example(" 6510 ", "", 6510),
        Example(Decimal("6510.0"), "", 6510),
        Example("3.5", "", ABSENT, note="N203"),
        Example("abc", "", ABSENT, note="N203"),
    ),
)


def _decimal(value: Json, arguments: Arguments, context: Context) -> Value:
    number = _number(value, context)
    return ABSENT if number is None else number


DECIMAL: Final = FilterSpec(
    name="decimal",
    doc="Reads a number and keeps its digits.",
    apply=_decimal,
    accepts=NUMBERS,
    returns="decimal",
    examples=(
        Example("29.90", "", Decimal("29.90")),
        Example(6510, "", 6510),
        Example("abc", "", ABSENT, note="N203"),
    ),
)


def _sum(value: Json, arguments: Arguments, context: Context) -> Value:
    numbers = [_number(each, context) for each in elements_of(value) if has_value(each)]
    known = [each for each in numbers if each is not None]
    if not known:
        return ABSENT
    whole = sum(each for each in known if isinstance(each, int))
    if len(known) == sum(isinstance(each, int) for each in known):
        return _result(whole, context)
    total = Decimal(whole)
    for each in known:
        if isinstance(each, Decimal):
            total = _EXACT.add(total, each)
    return _result(total, context)


SUM: Final = FilterSpec(
    name="sum",
    doc="Adds up the numbers of a list.",
    apply=_sum,
    accepts=NUMBERS,
    returns="decimal",
    whole=True,
    states=States(
        list="Gives the sum of its elements; those that are no numbers are left out with a note."
    ),
    examples=(
        Example([1, "2", Decimal("0.50")], "", Decimal("3.50")),
        Example([1, 2], "", 3),
        Example([1, "two", 3], "", 4, note="N203"),
    ),
)


def _divide(value: Json, arguments: Arguments, context: Context) -> Value:
    number = _number(value, context)
    if number is None:
        return ABSENT
    top, bottom = Decimal(number), Decimal(arguments[0])
    # A quotient that ends has at most this many digits, so that it is exact.
    digits = len(top.as_tuple().digits) + 4 * len(bottom.as_tuple().digits)
    arithmetic = _EXACT.copy()
    arithmetic.prec = max(_PRECISION, digits)
    quotient = arithmetic.divide(top, bottom)
    if not quotient.is_finite():
        return _result(quotient, context)
    if _EXACT.multiply(quotient, bottom) != top:
        arithmetic.prec = _PRECISION
        quotient = arithmetic.divide(top, bottom)
    whole = quotient.to_integral_value()
    return _result(int(whole) if whole == quotient else quotient, context)


DIVIDE: Final = FilterSpec(
    name="divide",
    doc="Divides by N; the quotient is exact or, where it never ends, has 28 digits.",
    apply=_divide,
    accepts=NUMBERS,
    returns="decimal",
    parameters=(Parameter("N", "number", rule=not_zero),),
    examples=(
        Example(349950, "100", Decimal("3499.5")),
        Example("350000", "100", 3500),
        Example("abc", "100", ABSENT, note="N203"),
    ),
)


def _round(value: Json, arguments: Arguments, context: Context) -> Value:
    number = _number(value, context)
    if number is None:
        return ABSENT
    rounded = _EXACT.quantize(Decimal(number), Decimal((0, (1,), -arguments[0])))
    if not rounded:
        rounded = rounded.copy_abs()  # no "-0.0"
    return _result(int(rounded) if arguments[0] == 0 else rounded, context)


ROUND: Final = FilterSpec(
    name="round",
    doc="Rounds to N digits after the point, halves away from zero; 0 gives a whole number.",
    apply=_round,
    accepts=NUMBERS,
    returns="decimal",
    parameters=(Parameter("N", "number", rule=places),),
    examples=(
        Example("2.345", "2", Decimal("2.35")),
        Example(Decimal("-2.5"), "0", -3),
        Example(10, "2", Decimal("10.00")),
        Example("abc", "0", ABSENT, note="N203"),
    ),
)

FILTERS: Final = (INTEGER, DECIMAL, SUM, DIVIDE, ROUND)
