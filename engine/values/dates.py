"""Dates and times: read from ISO 8601 or in a given format, and written in one.

ISO 8601 is read in its calendar forms, a date alone or with a time of day, extended
(``2026-01-31T09:30:00+03:00``) or basic (``20260131T093000Z``); weeks, ordinal days, reduced
dates and ``24:00`` are not read. What has no offset is in UTC.

Formats are made of the directives of C's ``strftime`` that mean the same everywhere:

    %Y %y  year, of four and of two digits     %H %I  hour of 24 and of 12
    %m     month                               %M %S  minute, second
    %d     day of the month                    %f     fraction of a second, six digits
    %j     day of the year                     %p     AM or PM
    %B %b  month, English: March, Mar          %z %Z  offset: +0300, UTC+03:00
    %A %a  weekday, English: Monday, Mon       %%     a percent sign

Names are English whatever the locale of the process is, so one rule file gives one decision on
every machine. A year of two digits is read as POSIX does: 69 to 99 are of the 20th century.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import cache, lru_cache
from typing import Final

from .value import trim

_LENGTH = 100  # characters of a date
_FORMAT_LENGTH = 200

_OFFSET = r"[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?"
_ISO = (
    r"(?P<Y>[0-9]{4})(?P<dash>-?)(?P<m>[0-9]{2})(?P=dash)(?P<d>[0-9]{2})"
    r"(?:[Tt ](?P<H>[0-9]{2})"
    r"(?:(?P<colon>:?)(?P<M>[0-9]{2})(?:(?P=colon)(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]+))?)?)?"
    rf"(?P<z>{_OFFSET})?)?"
)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTH_NUMBER: Final[Mapping[str, int]] = {
    name[:length].lower(): number
    for number, name in enumerate(_MONTHS, start=1)
    for length in (3, len(name))
}

_WRITE: Final[Mapping[str, Callable[[datetime], str]]] = {
    "Y": lambda moment: f"{moment.year:04}",
    "y": lambda moment: f"{moment.year % 100:02}",
    "m": lambda moment: f"{moment.month:02}",
    "B": lambda moment: _MONTHS[moment.month - 1],
    "b": lambda moment: _MONTHS[moment.month - 1][:3],
    "d": lambda moment: f"{moment.day:02}",
    "j": lambda moment: f"{moment.timetuple().tm_yday:03}",
    "A": lambda moment: _WEEKDAYS[moment.weekday()],
    "a": lambda moment: _WEEKDAYS[moment.weekday()][:3],
    "H": lambda moment: f"{moment.hour:02}",
    "I": lambda moment: f"{moment.hour % 12 or 12:02}",
    "p": lambda moment: "AM" if moment.hour < 12 else "PM",
    "M": lambda moment: f"{moment.minute:02}",
    "S": lambda moment: f"{moment.second:02}",
    "f": lambda moment: f"{moment.microsecond:06}",
    "z": lambda moment: f"{moment:%z}",
    "Z": lambda moment: moment.tzname() or "",
    "%": lambda _: "%",
}

_READ: Final[Mapping[str, str]] = {
    "Y": "[0-9]{4}",
    "y": "[0-9]{2}",
    **dict.fromkeys("mdHIMS", "[0-9]{1,2}"),
    "j": "[0-9]{1,3}",
    "f": "[0-9]{1,6}",
    "p": r"[ap]\.?m\.?",
    "z": _OFFSET,
    "Z": "UTC|GMT|Z",
    **dict.fromkeys("Bb", "|".join(sorted(_MONTH_NUMBER, reverse=True))),
    **dict.fromkeys("Aa", "|".join(f"{name}|{name[:3]}" for name in _WEEKDAYS)),
}

_PART = r"(?s:%(?P<directive>.?)|(?P<blank>\s+)|(?P<text>[^%\s]+))"


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A pattern of this module, compiled when it is first needed."""
    return re.compile(text)


def parse_iso(text: str) -> datetime | None:
    """The moment that ISO 8601 text names, with its offset; None if it names none.

    A date alone is its midnight; without an offset the moment is in UTC. Fractions of a second
    are cut after six digits.
    """
    text = trim(text)
    match = _pattern(_ISO).fullmatch(text) if len(text) <= _LENGTH else None
    return None if match is None else _moment(match.groupdict())


def is_iso_date(text: str) -> bool:
    """Whether the text is an ISO 8601 date, with or without a time of day."""
    return parse_iso(text) is not None


def utc_text(moment: datetime) -> str:
    """The moment as ``2026-01-01T01:00:00Z``: in UTC, whole seconds; a naive one is in UTC.

    Raises OverflowError for a moment that is outside the years 1 to 9999 in UTC; no moment that
    `parse_iso` gives is.
    """
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def check_format(fmt: str) -> str | None:
    """Why dates cannot be written in a format, in a sentence without full stop; None if they can.

    A format without any directive (``dd.mm.yyyy``) would write the same for every date.
    """
    if len(fmt) > _FORMAT_LENGTH:
        return f"a date format is longer than {_FORMAT_LENGTH} characters"
    directives = _directives(fmt)
    for directive in directives:
        if directive not in _WRITE:
            known = " ".join(f"%{letter}" for letter in _WRITE)
            return f"%{directive} is no part of a date format; there are {known}"
    if all(directive == "%" for directive in directives):
        return "a date format names no part of a date, such as %d.%m.%Y"
    return None


def check_input_format(fmt: str) -> str | None:
    """Why dates cannot be read in a format, in a sentence without full stop; None if they can.

    To be read, a format names the year and either month and day or the day of the year, and
    each part at most once.
    """
    directives = _directives(fmt)
    problem = check_format(fmt)
    if problem is not None:
        return problem
    for directive in directives:
        if directive != "%" and directives.count(directive) > 1:
            return f"%{directive} stands twice in the format that dates are read in"
    named = set(directives)
    if named & set("Yy") and ("j" in named or ("d" in named and named & set("mBb"))):
        return None
    return "the format that dates are read in does not name year, month and day"


def format_date(value_text: str, fmt: str, input_format: str | None = None) -> str | None:
    """A date written in a format; None if it cannot be read.

    It is read as ISO 8601 or, where given, in ``input_format``: numbers with or without leading
    zeros, names and text in any case, blanks of any length. The date is written in the offset
    that it has. Formats that `check_format` and `check_input_format` refuse give None.
    """
    if check_format(fmt) is not None:
        return None
    moment = parse_iso(value_text) if input_format is None else _read(value_text, input_format)
    if moment is None:
        return None
    return "".join(
        _WRITE[part["directive"]](moment) if part["directive"] else part[0]
        for part in _pattern(_PART).finditer(fmt)
    )


def _directives(fmt: str) -> list[str]:
    parts = _pattern(_PART).finditer(fmt)
    return [part["directive"] for part in parts if part["directive"] is not None]


def _read(text: str, fmt: str) -> datetime | None:
    text = trim(text)
    pattern = _reader(fmt)
    match = pattern.fullmatch(text) if pattern is not None and len(text) <= _LENGTH else None
    return None if match is None else _moment(match.groupdict())


@lru_cache(maxsize=256)
def _reader(fmt: str) -> re.Pattern[str] | None:
    if check_input_format(fmt) is not None:
        return None
    pattern = ""
    for part in _pattern(_PART).finditer(fmt):
        directive = part["directive"]
        if part["blank"]:
            pattern += r"\s+"
        elif directive is None or directive == "%":
            pattern += re.escape(part["text"] or "%")
        else:
            pattern += f"(?P<{directive}>{_READ[directive]})"
    return re.compile(pattern, re.IGNORECASE)


def _moment(parts: Mapping[str, str | None]) -> datetime | None:
    """The moment with the parts that a pattern found, named like the directives."""
    try:
        moment = datetime(
            *_calendar(parts),
            _hour(parts),
            int(parts.get("M") or 0),
            int(parts.get("S") or 0),
            int((parts.get("f") or "0")[:6].ljust(6, "0")),
            tzinfo=_zone(parts.get("z")),
        )
        moment.astimezone(UTC)  # raises where UTC would need the year 0 or 10000
    except (ValueError, OverflowError):
        return None
    return moment


def _calendar(parts: Mapping[str, str | None]) -> tuple[int, int, int]:
    year = int(parts.get("Y") or 0)
    if two := parts.get("y"):
        year = year or int(two) + (1900 if int(two) >= 69 else 2000)
    if ordinal := parts.get("j"):
        day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=int(ordinal) - 1)
        # Day 0, and day 366 of a common year, are days of another year.
        return (year, day.month, day.day) if day.year == year else (year, 0, 0)
    name = (parts.get("B") or parts.get("b") or "").lower()
    month = _MONTH_NUMBER.get(name, 0) if name else int(parts.get("m") or 0)
    return year, month, int(parts.get("d") or 0)


def _hour(parts: Mapping[str, str | None]) -> int:
    if parts.get("H"):
        return int(parts["H"] or 0)
    hour = int(parts.get("I") or 12)
    if not 1 <= hour <= 12:
        return -1  # no hour of a clock of 12, and none of a moment
    afternoon = (parts.get("p") or "").lower().startswith("p")
    return hour % 12 + (12 if afternoon else 0)


def _zone(offset: str | None) -> timezone:
    if offset is None or offset in "Zz":
        return UTC
    digits = offset[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if offset[0] == "-" else shift)
