"""The journal in the tables of a PostgreSQL database, as calls and conversations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from ...journal import Entry, Identity, Wanted
from ..entries import COLUMNS, Columns, entry_of, kept_id, kept_text, needle
from ..storable import is_storable, stored_text
from .sql import BEGIN, COMMIT, JOURNAL, Call, Conversation, named

PURGED_AT_ONCE: Final = 500
"""Rows that one transaction empties or drops: requests are served in between."""

_LARGEST: Final = 2**63 - 1

Request: TypeAlias = tuple[str, str]
"""The channel and the id of a request, as they are kept."""


def request(identity: Identity) -> Request:
    """What a request is known by."""
    return kept_text(identity.channel), kept_id(identity.id)


def claiming(requests: Sequence[tuple[Request, int]]) -> list[Call]:
    """The calls that claim requests, in order, and that count so many deliveries of each.

    The second one gives what is recorded, behind the request's place in the order.
    """
    channels, ids = map(list, zip(*(request for request, _ in requests), strict=True))
    counts = [count for _, count in requests]
    return [
        named(JOURNAL, "claim", channels=channels, requests=ids),
        named(JOURNAL, "again", counts=counts, channels=channels, requests=ids),
    ]


def writing(rows: Sequence[Columns]) -> list[Call]:
    """The call that adds rows, in order."""
    if not rows:
        return []
    values = map(list, zip(*rows, strict=True))
    return [named(JOURNAL, "write", **dict(zip(COLUMNS, values, strict=True)))]


def entries(wanted: Wanted) -> Conversation[list[tuple[int, Entry]]]:
    """Rows with their numbers, the newest first; see `Journal.entries`."""
    texts = (wanted.channel, wanted.after, wanted.before, wanted.delivery, *wanted.actions)
    if not is_storable("".join(filter(None, texts))):
        return []  # no row holds such a text
    given: dict[str, tuple[str, object]] = {
        "of_channel": ("channel", wanted.channel),
        "of_delivery": ("delivery", wanted.delivery),
        "of_actions": ("actions", list(wanted.actions)),
        "from_time": ("after", wanted.after),
        "before_time": ("before", wanted.before),
        "with_text": ("needle", needle(wanted)),
    }
    asked = {name: value for name, value in given.items() if value[1]}
    parameters = {**dict(asked.values()), "below": _number(wanted.below)}
    limit = _number(wanted.limit)
    read = named(JOURNAL, "read", *asked, "newest", **parameters, limit=limit)
    _, rows = yield [named(JOURNAL, "in_order"), read]  # one transaction, as one exchange is
    return [(row[0], entry_of(row[1:])) for row in rows]


def emptying(before: str) -> Conversation[int]:
    """Empty some of the rows received before a time; how many."""
    (rows,) = yield [named(JOURNAL, "empty", before=before, limit=PURGED_AT_ONCE)]
    return len(rows)


def dropping(before: str) -> Conversation[tuple[int, bool]]:
    """Drop some of the rows received before a time; how many, and whether that were the last.

    Claims go first, as a unit of work takes them first: what waits for one finds no row then.
    """
    _, old = yield [BEGIN, named(JOURNAL, "old", before=before, limit=PURGED_AT_ONCE)]
    claims = sorted((channel, id) for _, channel, id in old if id is not None)
    calls = []
    if claims:
        channels, ids = map(list, zip(*claims, strict=True))
        calls = [
            named(JOURNAL, name, channels=channels, requests=ids)
            for name in ("claim", "drop_claims")
        ]
    drop = named(JOURNAL, "drop", numbers=[number for number, _, _ in old])
    answers = yield [*calls, drop, COMMIT]
    return len(answers[-2]), len(old) < PURGED_AT_ONCE


def addresses(loaded: Sequence[str]) -> Conversation[frozenset[str]]:
    """Note the addresses that channels have now; all that any ever had.

    Raises `StoreError` for an address that cannot be kept.
    """
    known = sorted({stored_text(address, "an address") for address in loaded})
    note = [named(JOURNAL, "note_addresses", addresses=known)] if known else []
    answers = yield [*note, named(JOURNAL, "addresses")]
    return frozenset(address for (address,) in answers[-1])


def _number(given: int | None) -> int:
    """A number that the server takes; the largest for None."""
    return _LARGEST if given is None else max(0, min(given, _LARGEST))
