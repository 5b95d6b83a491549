"""Rows and deliveries of a journal, found page by page: memory does not grow with the journal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from ..journal import Delivery, Entry, Journal, Wanted, time_text
from ..late_dataclass import dataclass, replace
from ..values.dates import parse_iso

PAGE: Final = 100
"""Rows that are read at once; each may hold a body of 1 MiB."""

REPLAY_OF: Final = "x-leadlark-replay-of"
"""The header that names, in a row of a replay, the delivery that was decided again."""

_AGO: Final = re.compile(r"([0-9]{1,6})\s*([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ID: Final = re.compile(r"[0-9a-f][0-9a-f-]{3,35}")
_NUMBER: Final = re.compile(r"#?([1-9][0-9]{0,17})")
_MOMENT_DIGITS: Final = 12  # of an id: milliseconds since 1970 in hexadecimal (RFC 9562)
_SLACK: Final = timedelta(hours=1)  # between the clock of an id and that of its row


class NotFoundError(LookupError):
    """No delivery, or more than one, is meant; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A delivery as the journal keeps it: its numbered rows in the order of its parts."""

    rows: tuple[tuple[int, Entry], ...]

    @property
    def delivery(self) -> Delivery:
        """The request, with its content unless that is purged."""
        return next((row for _, row in self.rows if row.first), self.rows[0][1]).delivery

    @property
    def number(self) -> int:
        """The lowest number of its rows."""
        return self.rows[0][0]

    @property
    def has_content(self) -> bool:
        """Whether the request can be read again: a purge empties the query as well."""
        return self.delivery.body is not None or self.delivery.query is not None

    @property
    def replay_of(self) -> str | None:
        """The delivery that this one is a replay of."""
        return self.delivery.headers.get(REPLAY_OF)


def length(text: str) -> timedelta | None:
    """The time that a text such as 90s, 30m, 2h, 3d or 2w takes; None for any other text."""
    found = _AGO.fullmatch(text.strip())
    return None if found is None else timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment(text: str, now: datetime) -> str | None:
    """The time that a text means, as the journal has times; None for what is none.

    ISO 8601, in UTC without an offset, or how long ago: 2h is two hours before ``now``.
    """
    ago = length(text)
    try:
        found = now - ago if ago is not None else parse_iso(text)
    except OverflowError:
        return None
    return None if found is None else time_text(found)


def rows(journal: Journal, wanted: Wanted, count: int | None = None) -> Iterator[tuple[int, Entry]]:
    """The rows that are wanted, the newest first, at most ``count`` of them."""
    left = count
    while left is None or left > 0:
        limit = PAGE if left is None else min(PAGE, left)
        page = journal.entries(replace(wanted, limit=limit))
        yield from page
        if len(page) < limit:
            return
        wanted = replace(wanted, below=page[-1][0])
        left = None if left is None else left - limit


def delivered(journal: Journal, id: str) -> Kept | None:
    """The delivery of an id, with all its rows."""
    found = tuple(rows(journal, Wanted(delivery=id)))
    return Kept(tuple(sorted(found, key=lambda each: (each[1].part, each[0])))) if found else None


def row_of(journal: Journal, number: int) -> Entry | None:
    """The row of a number."""
    page = journal.entries(Wanted(below=number + 1, limit=1))
    return page[0][1] if page and page[0][0] == number else None


def find(journal: Journal, name: str) -> Kept:
    """The delivery that a person means by its id, a unique beginning of it, or a row's number.

    Raises `NotFoundError` where none or several are meant.
    """
    text = name.strip().lower()
    number = _NUMBER.fullmatch(text)
    if number is not None and len(text) < _MOMENT_DIGITS:
        row = row_of(journal, int(number[1]))
        if row is None:
            raise NotFoundError(f"the journal has no row {number[1]}")
        text = row.delivery.id
    exact = delivered(journal, text) if text else None
    if exact is not None:
        return exact
    if not _ID.fullmatch(text):
        raise NotFoundError(
            f"{name!r} is no delivery: name the `request` of an answer, at least four characters "
            "of its beginning, or the number of a row of `journal list`"
        )
    ids = _beginning(journal, text, _times(text)) or _beginning(journal, text, Wanted())
    if not ids:
        raise NotFoundError(f"the journal has no delivery {name}")
    if len(ids) > 1:
        few = ", ".join(ids[:3])
        raise NotFoundError(f"several deliveries begin with {name}: {few}; write more of the id")
    kept = delivered(journal, ids[0])
    if kept is None:
        raise NotFoundError(f"the journal has no delivery {name}")
    return kept


def _beginning(journal: Journal, start: str, wanted: Wanted) -> list[str]:
    """The ids that begin with a text, the newest first; a few of them."""
    found: dict[str, None] = {}
    for _, row in rows(journal, wanted):
        if row.delivery.id.startswith(start):
            found[row.delivery.id] = None
            if len(found) > 3:
                break
    return list(found)


def _times(start: str) -> Wanted:
    """The times at which deliveries came whose ids, of UUID version 7, begin with a text."""
    digits = start.replace("-", "")[:_MOMENT_DIGITS]
    first = int(digits.ljust(_MOMENT_DIGITS, "0"), 16)
    last = int(digits.ljust(_MOMENT_DIGITS, "f"), 16)
    try:
        since, until = (datetime.fromtimestamp(each / 1000, UTC) for each in (first, last))
        return Wanted(after=time_text(since - _SLACK), before=time_text(until + _SLACK))
    except (OverflowError, ValueError, OSError):
        return Wanted()
