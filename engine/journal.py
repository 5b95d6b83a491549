"""The journal's port: what is kept of every request that reaches a channel, and asked of it.

One row is one decision; a request of several payloads has several, in the order of its parts.
A row is written in the unit of work that carries its decision out: both are there, or neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, Protocol, TypeAlias

from .late_dataclass import dataclass

EntryAction: TypeAlias = Literal["create", "update", "ignore", "reject", "unreadable"]
"""A decision's action; ``unreadable`` is a request that no payload can be read from."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes two deliveries the same request.

    ``channel`` is the address of the channel that decides, ``id`` the sender's request id, and
    ``digest`` the SHA-256 of the payload in hexadecimal.
    """

    channel: str
    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request as it was received.

    ``id`` is the journal's own, in the order of arrival (UUID version 7, RFC 9562); ``received``
    is ISO 8601 in UTC with milliseconds; ``address`` the one requested, ``channel`` the one that
    decides; ``query`` the query string, ``headers`` those that matter by their names in lower
    case, without secrets; ``rules`` the SHA-256 of the rule file in hexadecimal. ``body`` and
    ``query`` are None once they are purged, ``body`` also where there was none.
    """

    id: str
    received: str
    address: str
    channel: str
    method: str
    query: str | None
    headers: Mapping[str, str]
    body: bytes | None
    rules: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal.

    ``part`` counts the decisions of a delivery from 0; ``first`` tells that no row of the
    delivery has been written before, and body, query and headers are kept with this one.
    ``decision`` is the decision carried out as JSON text, or the problem document of an
    unreadable request; ``status`` the HTTP status that stands for it; ``text`` the
    beginning of its reason. ``attempts`` counts the deliveries under the same
    identity.
    """

    delivery: Delivery
    part: int
    first: bool
    identity: Identity | None
    action: EntryAction
    status: int
    decision: str
    text: str = ""
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was decided on an earlier delivery of the same request."""

    delivery: str
    digest: str
    action: EntryAction
    status: int
    decision: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the journal are asked for; what is None or empty is any.

    ``after`` (included) and ``before`` (not included) are times as `Delivery.received`; ``text``
    stands in the decision, the query or the body, without regard to case of ASCII letters.
    ``below`` is a row's number, for the next page: the newest rows come first, ``limit`` of them.
    """

    channel: str | None = None
    actions: Sequence[EntryAction] = ()
    after: str | None = None
    before: str | None = None
    text: str | None = None
    delivery: str | None = None
    below: int | None = None
    limit: int = 100


def time_text(moment: datetime) -> str:
    """A time as the journal has it: ISO 8601 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Journal(Protocol):
    """A store that keeps a journal, as it is looked at and cleaned; all raise `StoreError`."""

    def entries(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows with their numbers, the newest first."""
        ...

    def purge(self, bodies_before: str, rows_before: str | None = None) -> tuple[int, int]:
        """Empty bodies, queries and headers of rows received before a time, drop older rows.

        Gives how many rows were emptied and dropped.
        """
        ...

    def addresses(self, loaded: Sequence[str] = ()) -> frozenset[str]:
        """Note which channels' addresses are loaded now; all that ever were, these included."""
        ...
