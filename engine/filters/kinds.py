"""Filters that read a value as one of a kind: true or false, a phone, an e-mail address, a date."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ..language.nodes import ParamType
from ..values.dates import check_format, check_input_format, format_date
from ..values.emails import parse_email
from ..values.phones import phone_text, split_phones
from ..values.value import ABSENT, Absent, Json, Value, to_text, trim
from .rules import country
from .spec import NUMBERS, Arguments, Context, Example, FilterSpec, Parameter, shown

_TRUE: Final = frozenset({"true", "1", "yes", "on", "y", "да"})
_FALSE: Final = frozenset({"false", "0", "no", "off", "n", "нет"})
TRUTH_WORDS: Final = _TRUE | _FALSE
"""What is read as true or false, in lower case."""


def truth(value: Json) -> bool | Absent:
    """The truth value that a value is, or absent where it is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        word = "1" if value == 1 else "" if value else "0"
    else:
        word = trim(to_text(value)).lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else ABSENT


def _bool(value: Json, arguments: Arguments, context: Context) -> Value:
    found = truth(value)
    if found is ABSENT:
        context.note("N203", f"{shown(value)} is neither true nor false")
    return found


BOOL: Final = FilterSpec(
    name="bool",
    doc="Reads true, 1, yes, on, y, да and false, 0, no, off, n, нет, in any case.",
    apply=_bool,
    accepts=NUMBERS | {"bool"},
    returns="bool",
    examples=(
        Example(" Yes ", "", True),
        Example("0", "", False),
        Example("нет", "", False),
        Example("maybe", "", ABSENT, note="N203"),
    ),
)


def _phone(value: Json, arguments: Arguments, context: Context) -> Value:
    text = phone_text(value)
    phones = split_phones(text, arguments[0] if arguments else context.region)
    if phones is None:
        context.note("N201", f"{shown(text)} is no phone number")
        return text
    return ", ".join(phone.text for phone in phones)


PHONE: Final = FilterSpec(
    name="phone",
    doc="Writes a phone number as E.164, of country CC or the channel's where it has no code.",
    apply=_phone,
    accepts=NUMBERS | {"phone"},
    returns="phone",
    parameters=(Parameter("CC", "country", required=False, rule=country),),
    examples=(
        Example("8 (471) 277-31-20", "'RU'", "+74712773120"),
        Example(74712773120, "", "+74712773120"),
        Example("+7 471 277-31-20 ext. 5", "", "+74712773120;ext=5"),
        Example("+74712773120; +74712773121", "", "+74712773120, +74712773121"),
        Example("call me", "", "call me", note="N201"),
    ),
)


def _email(value: Json, arguments: Arguments, context: Context) -> Value:
    text = to_text(value)
    email = parse_email(text)
    if email is None:
        context.note("N202", f"{shown(text)} is no e-mail address")
        return text
    return email.text


_ADDRESSES: Final[frozenset[ParamType]] = frozenset({"text", "email", "any", "list"})

EMAIL: Final = FilterSpec(
    name="email",
    doc="Writes an e-mail address in its normal form.",
    apply=_email,
    accepts=_ADDRESSES,
    returns="email",
    examples=(
        Example(" maria@example.com ", "", "maria@example.com"),
        Example("nobody", "", "nobody", note="N202"),
    ),
)


def _date(value: Json, arguments: Arguments, context: Context) -> Value:
    text = to_text(value)
    written = format_date(text, arguments[0], arguments[1] if len(arguments) > 1 else None)
    if written is None:
        context.note("N203", f"{shown(text)} is no date")
        return ABSENT
    return written


_DATES: Final[frozenset[ParamType]] = frozenset({"text", "date", "any", "list"})

DATE: Final = FilterSpec(
    name="date",
    doc="Writes a date in FORMAT; it is read as ISO 8601 or, where given, as INPUT says.",
    apply=_date,
    accepts=_DATES,
    returns="text",
    parameters=(
        Parameter("FORMAT", "date format", rule=check_format),
        Parameter("INPUT", "date format", required=False, rule=check_input_format),
    ),
    examples=(
        Example("2026-01-31T09:30:00Z", "'%d.%m.%Y'", "31.01.2026"),
        Example("31.01.2026", "'%Y-%m-%d' '%d.%m.%Y'", "2026-01-31"),
        Example("soon", "'%d.%m.%Y'", ABSENT, note="N203"),
    ),
)

FILTERS: Final = (BOOL, PHONE, EMAIL, DATE)
