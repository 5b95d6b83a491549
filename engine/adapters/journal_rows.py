"""The journal of the store in memory: rows by their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ..journal import Entry, Identity, Recorded, Wanted
from ..late_dataclass import replace
from .entries import Columns, entry_of, kept_id, needle


class JournalRows:
    """The rows of a journal; its methods mean what those of `Journal` do."""

    def __init__(self) -> None:
        self._rows: dict[int, Entry] = {}  # in ascending order of numbers
        self._last = 0
        self._of_request: dict[tuple[str, str], int] = {}

    def again(self, identity: Identity) -> Recorded | None:
        """What is recorded of a request, which is counted; None for a new one."""
        number = self._of_request.get((identity.channel, kept_id(identity.id)))
        if number is None:
            return None
        row = self._rows[number]
        self._rows[number] = replace(row, attempts=row.attempts + 1)
        digest = row.identity.digest if row.identity is not None else ""
        return Recorded(row.delivery.id, digest, row.action, row.status, row.decision)

    def write(self, columns: Columns) -> None:
        """Add a row."""
        row = entry_of(columns)
        self._last += 1
        self._rows[self._last] = row
        if row.identity is not None:
            self._of_request[row.identity.channel, row.identity.id] = self._last

    def entries(self, wanted: Wanted) -> list[tuple[int, Entry]]:
        """Rows with their numbers, the newest first."""
        return list(islice(self._matching(wanted), max(0, wanted.limit)))

    def purge(self, bodies_before: str, rows_before: str | None) -> tuple[int, int]:
        """Empty and drop rows."""
        emptied = dropped = 0
        for number, row in list(self._rows.items()):
            delivery = row.delivery
            if rows_before is not None and delivery.received < rows_before:
                dropped += 1
                del self._rows[number]
                if row.identity is not None:
                    del self._of_request[row.identity.channel, row.identity.id]
            elif delivery.received < bodies_before and _holds_content(row):
                emptied += 1
                empty = replace(delivery, query=None, headers={}, body=None)
                self._rows[number] = replace(row, delivery=empty)
        return emptied, dropped

    def rewrite(self, number: int, row: Entry) -> None:
        """Give a row other content, or none of its request id."""
        before = self._rows[number].identity
        if before is not None and row.identity is None:
            del self._of_request[before.channel, before.id]
        self._rows[number] = row

    def kept(self) -> JournalRows:
        """The same journal as it is now, which later changes do not reach."""
        copy = JournalRows()
        copy._rows = dict(self._rows)
        copy._last = self._last
        copy._of_request = dict(self._of_request)
        return copy

    def restore(self, kept: JournalRows) -> None:
        """Become what `kept` gave before."""
        self._rows, self._of_request = kept._rows, kept._of_request

    def _matching(self, wanted: Wanted) -> Iterator[tuple[int, Entry]]:
        looked_for = needle(wanted)
        for number, row in reversed(self._rows.items()):
            delivery = row.delivery
            if (
                (wanted.below is None or number < wanted.below)
                and wanted.channel in (None, "", delivery.channel)
                and wanted.delivery in (None, "", delivery.id)
                and (not wanted.actions or row.action in wanted.actions)
                and (wanted.after or "") <= delivery.received
                and (not wanted.before or delivery.received < wanted.before)
                and (looked_for is None or _holds(row, looked_for))
            ):
                yield number, row


def _holds_content(row: Entry) -> bool:
    delivery = row.delivery
    return delivery.body is not None or delivery.query is not None or bool(delivery.headers)


def _holds(row: Entry, looked_for: bytes) -> bool:
    texts = (row.decision.encode(), (row.delivery.query or "").encode(), row.delivery.body or b"")
    return any(looked_for in each.lower() for each in texts)
