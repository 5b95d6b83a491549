"""``leadlark journal list``: a line for every decision, the newest first."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any, Final

from ..explaining.masking import Mask
from ..journal import Entry, Wanted
from ..journaling.erasing import REASON
from ..journaling.masking import shared_reason
from ..journaling.recorded import document_of
from ..journaling.selecting import REPLAY_OF, rows
from ..late_dataclass import dataclass, replace
from ..messages.snippet import cells, visible
from ..values.value import write_json
from . import terminal
from .journal import FILTERS, opened, wanted
from .status import Status

LIMIT: Final = 50
"""Rows that are listed where the call does not say how many."""

_COUNTED: Final = 1_000
"""Further rows that are counted; beyond them it is said that there are more."""

_STYLES: Final = {
    "create": "good",
    "update": "good",
    "ignore": "warning",
    "reject": "bad",
    "unreadable": "bad",
}
_HEAD: Final = ("row", "time (UTC)", "channel", "decision", "", "record", "contact", "sent", "why")
_NARROWEST: Final = 24  # columns that are left for why, where other texts can be cut
_SHORTEST: Final = 10  # columns that are left for the channel
_NARROW: Final = 100  # columns of a terminal that has no room for everything
_WIDE: Final = 150  # columns of a terminal that has room for the ids of deliveries


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of a row."""

    number: int
    row: Entry
    entity: tuple[str, tuple[str, ...]] | None
    contacts: tuple[str, ...]
    reason: str

    @classmethod
    def of(cls, number: int, row: Entry, mask: Mask) -> Line:
        """The line of a row, its reason without personal data."""
        told = document_of(row)
        entity, contact = told.get("entity"), told.get("contact")
        return cls(
            number,
            row,
            None if entity is None else (entity["type"], tuple(entity.get("ids", ()))),
            () if contact is None else tuple(contact.get("ids", ())),
            REASON
            if told.get("reason", told.get("detail")) == REASON
            else shared_reason(row, mask),
        )

    def to_dict(self) -> dict[str, Any]:
        """The line as JSON values."""
        row, delivery = self.row, self.row.delivery
        entity = self.entity and {"type": self.entity[0], "ids": list(self.entity[1])}
        return {
            "number": self.number,
            "delivery": delivery.id,
            "part": row.part,
            "received": delivery.received,
            "channel": delivery.channel,
            "address": delivery.address,
            "action": row.action,
            "status": row.status,
            "entity": entity,
            "contact": {"ids": list(self.contacts)} if self.contacts else None,
            "attempts": row.attempts,
            "reason": self.reason,
            "replay_of": delivery.headers.get(REPLAY_OF),
        }

    def cells(self) -> tuple[str, ...]:
        """The line as texts, a column each, those of `_HEAD`."""
        delivery = self.row.delivery
        channel = delivery.channel
        if delivery.address != channel:
            channel = f"{channel} (sent to {delivery.address})"
        entity = "" if self.entity is None else f"{self.entity[0]} {_few(self.entity[1])}".rstrip()
        replayed = "replay: " if REPLAY_OF in delivery.headers else ""
        texts = (
            str(self.number),
            delivery.received[:19].replace("T", " "),
            channel,
            self.row.action,
            str(self.row.status),
            entity,
            _few(self.contacts),
            f"{self.row.attempts}x" if self.row.attempts > 1 else "",
            replayed + " ".join(self.reason.split()),
        )
        return tuple(map(visible, texts))


def run(options: Namespace) -> Status:
    """List the rows that are wanted, and say how to see the next ones."""
    limit: int = options.limit or LIMIT
    mask = Mask()
    last: int | None = None
    with opened(options.store) as store:
        asked = wanted(options, store)
        found = rows(store, asked, limit)
        lines = []
        for number, row in found:
            line = Line.of(number, row, mask)
            last = number
            if options.format == "json":
                terminal.write_json(write_json(line.to_dict()))
            else:
                lines.append(line)
                if len(lines) > _COUNTED and not sys.stdout.isatty():
                    _write(lines)
                    lines = []
        if lines:
            _write(lines)
        if last is None:
            _nothing(options, empty=not store.entries(Wanted(limit=1)))
        else:
            if lines and sys.stdout.isatty():
                terminal.note("leadlark: a request in full: leadlark journal show ROW")
            more = sum(1 for _ in rows(store, replace(asked, below=last), _COUNTED + 1))
            _more(more, last)
    return Status.FINE


def _nothing(options: Namespace, *, empty: bool) -> None:
    if empty:
        terminal.note(
            "leadlark: the journal is empty; requests that were refused for their address (404) "
            "or their sender's proof (401) reach no channel and stand in the service's log"
        )
        return
    chosen = any(getattr(options, name) for name in (*FILTERS, "before"))
    reason = "that this call asks for" if chosen else ""
    terminal.note(
        f"leadlark: the journal has no row {reason}".rstrip() + "; a request that was refused for "
        "its address (404) or its sender's proof (401) stands in the service's log"
    )


def _more(count: int, last: int) -> None:
    if count:
        many = f"more than {_COUNTED:,}" if count > _COUNTED else f"{count:,}"
        terminal.note(f"leadlark: {many} more; the next page: add --before {last}")


def _write(lines: Sequence[Line]) -> None:
    """A table: as wide as a terminal, with whole texts and the ids of deliveries elsewhere."""
    width = _columns() if sys.stdout.isatty() else None
    table = [_HEAD, *(line.cells() for line in lines)]
    if width is None or width >= _WIDE:
        ids = ("delivery", *(line.row.delivery.id for line in lines))
        table = [(*texts[:1], id, *texts[1:]) for texts, id in zip(table, ids, strict=True)]
    elif width < _NARROW:
        # The month and the minute tell rows apart, and `journal show` has the contact.
        table = [
            (texts[0], texts[1][5:16] if number else "time (UTC)", *texts[2:6], *texts[7:])
            for number, texts in enumerate(table)
        ]
    several = list(zip(*table, strict=True))
    # What no line has takes no room.
    shown = [at for at, column in enumerate(several) if any(column[1:])]
    table = [tuple(texts[at] for at in shown) for texts in table]
    widths = [max(map(_width, several[at])) for at in shown]
    if width is not None:
        widths = _fitted(widths, width, table[0].index("channel"))
    styles = ["message", *(_STYLES[line.row.action] for line in lines)]
    for number, (texts, style) in enumerate(zip(table, styles, strict=True)):
        terminal.write(_segments(texts, widths, style, head=number == 0, whole=width is None))


def _fitted(widths: Sequence[int], width: int, channel: int) -> list[int]:
    """The widths of columns that a terminal has room for; the channel gives way to the reason."""
    fitted = list(widths)
    left = width - sum(fitted[:-1]) - 2 * (len(fitted) - 1)
    if left < min(fitted[-1], _NARROWEST):
        given = min(_NARROWEST - left, max(0, fitted[channel] - _SHORTEST))
        fitted[channel] -= given
        left += given
    fitted[-1] = max(left, 1)
    return fitted


def _segments(
    texts: Sequence[str], widths: Sequence[int], style: str, *, head: bool, whole: bool
) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    for at, (text, width) in enumerate(zip(texts, widths, strict=True)):
        last = at == len(texts) - 1
        shown = text if whole else _cut(text, width)
        gap = "" if last else " " * (max(0, width - _width(shown)) + 2)
        coloured = head or shown in _STYLES
        parts.append((style if coloured else "plain", shown))
        parts.append(("plain", gap))
    return [*parts[:-2], (parts[-2][0], parts[-2][1].rstrip())]


def _cut(text: str, width: int) -> str:
    """The text in so many columns of a terminal."""
    if _width(text) <= width:
        return text
    used, kept = 0, []
    for character in text:
        used += cells(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _few(ids: Sequence[str]) -> str:
    more = f" +{len(ids) - 2}" if len(ids) > 2 else ""
    return f"{', '.join(ids[:2])}{more}"


def _width(text: str) -> int:
    return len(text) if text.isascii() else sum(map(cells, text))


def _columns() -> int:
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    return os.get_terminal_size(sys.stdout.fileno()).columns or 80
