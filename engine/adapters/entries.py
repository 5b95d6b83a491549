"""A row of the journal as the columns of its table, and back: the same in every shipped store."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeAlias

from ..decision import Decision
from ..errors import StoreError
from ..journal import Delivery, Entry, EntryAction, Identity, Wanted
from ..store import Unit
from .storable import is_storable

COLUMNS: Final = (
    "delivery",
    "part",
    "received",
    "address",
    "channel",
    "request_id",
    "digest",
    "method",
    "query",
    "headers",
    "body",
    "rules",
    "action",
    "status",
    "decision",
    "text",
    "attempts",
)

Columns: TypeAlias = tuple[
    str, int, str, str, str, str | None, str | None, str, str | None, str | None, bytes | None,
    str, EntryAction, int, str, str, int,
]  # fmt: skip
"""The values of `COLUMNS`; ``headers`` is None where the row is not the first of its delivery."""

MAX_ID: Final = 255
"""Characters of a request id that is kept as it is."""

_DIGEST: Final = "sha256:"
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def columns_to_write(unit: Unit, decision: Decision) -> Columns | None:
    """The row of a unit of work that has been carried out; None where it keeps none.

    Raises `StoreError` for a row that is not of the unit's identity: the next delivery of the
    same request would not find it.
    """
    entry = unit.entry(decision) if unit.entry is not None else None
    identity = entry.identity if entry is not None else None
    if identity != unit.identity:
        raise StoreError("a row of the journal has the identity of its unit of work, no other one")
    if entry is None:
        return None
    if identity is not None and identity.channel != entry.delivery.channel:
        raise StoreError("the channel of a request's identity is the one that decides")
    return columns_of(entry)


def columns_of(entry: Entry) -> Columns:
    """The columns of a row, with U+FFFD for characters that no store can hold."""
    delivery, identity, first = entry.delivery, entry.identity, entry.first
    return (
        delivery.id,
        entry.part,
        delivery.received,
        kept_text(delivery.address),
        kept_text(delivery.channel),
        kept_id(identity.id) if identity is not None else None,
        identity.digest if identity is not None else None,
        kept_text(delivery.method),
        kept_text(delivery.query) if first and delivery.query is not None else None,
        _headers_text(delivery.headers) if first else None,
        delivery.body if first else None,
        delivery.rules,
        entry.action,
        entry.status,
        kept_text(entry.decision),
        kept_text(entry.text),
        entry.attempts,
    )


def entry_of(columns: Sequence[Any]) -> Entry:
    """The row of the values of `COLUMNS`."""
    (
        id, part, received, address, channel, request_id, digest, method, query, headers, body,
        rules, action, status, decision, text, attempts,
    ) = columns  # fmt: skip
    identity = None
    if request_id is not None and digest is not None:
        identity = Identity(channel, request_id, digest)
    return Entry(
        Delivery(
            id,
            received,
            address,
            channel,
            method,
            query,
            json.loads(headers) if headers is not None else {},
            body,
            rules,
        ),
        part,
        headers is not None,
        identity,
        action,
        status,
        decision,
        text,
        attempts,
    )


def kept_id(id: str) -> str:
    """A request id as it is kept and compared; no two ids become one.

    An id that is long, or that some store cannot hold, is kept by its SHA-256.
    """
    if len(id) <= MAX_ID and is_storable(id) and not id.startswith(_DIGEST):
        return id
    return _DIGEST + sha256(id.encode("utf-8", "surrogatepass")).hexdigest()


def kept_text(text: str) -> str:
    """A text with U+FFFD for every character that some store cannot hold."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


def needle(wanted: Wanted) -> bytes | None:
    """What is looked for in the bytes of decision, query and body, ASCII letters in lower case."""
    return wanted.text.encode("utf-8", "surrogatepass").lower() if wanted.text else None


def _headers_text(headers: Mapping[str, str]) -> str:
    return json.dumps(dict(headers)) if headers else "{}"  # ASCII: escapes hold any character
