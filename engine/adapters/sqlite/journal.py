"""The journal in the tables of an SQLite file, over one connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal

from ...journal import Entry, Identity, Recorded, Wanted
from ..entries import Columns, entry_of, kept_id, needle
from ..storable import is_storable
from .sql import JOURNAL

PURGED_AT_ONCE: Final = 500
"""Rows that one transaction empties or drops: requests are served in between."""

_LARGEST: Final = 2**63 - 1


@cache
def _sql(*names: str) -> str:
    statements = JOURNAL.named()
    return "\n".join(statements[name] for name in names)


class JournalTables:
    """What is done in the journal; transactions and the driver's errors are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def again(self, identity: Identity) -> Recorded | None:
        """What is recorded of a request, which is counted; None for a new one."""
        asked = (identity.channel, kept_id(identity.id))
        row = self.connection.execute(_sql("recorded"), asked).fetchone()
        if row is None:
            return None
        number, *recorded = row
        self.connection.execute(_sql("count_again"), (number,))
        return Recorded(*recorded)

    def write(self, columns: Columns) -> None:
        """Add a row."""
        self.connection.execute(_sql("write"), columns)

    def entries(self, wanted: Wanted) -> list[tuple[int, Entry]]:
        """Rows with their numbers, the newest first; see `Journal.entries`."""
        names, values = ["read"], list[object]([_number(wanted.below)])
        looked_for = needle(wanted)
        of_channel = "also_of_channel" if wanted.delivery else "of_channel"
        given = (
            (of_channel, wanted.channel, (wanted.channel,)),
            ("of_delivery", wanted.delivery, (wanted.delivery,)),
            ("of_actions", wanted.actions, (json.dumps(list(wanted.actions)),)),
            ("from_time", wanted.after, (wanted.after,)),
            ("before_time", wanted.before, (wanted.before,)),
            ("with_text", looked_for, (looked_for,) * 3),
        )
        for name, asked, parameters in given:
            if asked:
                names.append(name)
                values += parameters
        if not all(is_storable(each) for each in values if isinstance(each, str)):
            return []  # no row holds such a text
        values.append(_number(wanted.limit))
        rows = self.connection.execute(_sql(*names, "newest"), values).fetchall()
        return [(number, entry_of(columns)) for number, *columns in rows]

    def purge(self, statement: Literal["empty", "drop"], before: str) -> int:
        """Empty or drop some rows received before a time; how many, 0 at the end."""
        return self.connection.execute(_sql(statement), (before, PURGED_AT_ONCE)).rowcount

    def addresses(self) -> frozenset[str]:
        """All addresses that are noted."""
        return frozenset(each for (each,) in self.connection.execute(_sql("addresses")).fetchall())

    def note(self, addresses: Iterable[str]) -> None:
        """Note addresses, those that are noted already included."""
        self.connection.executemany(_sql("note_address"), [(each,) for each in addresses])


def _number(given: int | None) -> int:
    """A number that SQLite takes; the largest for None."""
    return _LARGEST if given is None else max(0, min(given, _LARGEST))
