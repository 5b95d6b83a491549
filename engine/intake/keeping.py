"""Rows of the journal from requests and decisions."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_plus

from ..channel import Channel
from ..decision import Decision
from ..journal import Delivery, Entry, Identity
from ..mapping.scope import MASK
from ..values.value import Json, write_json
from .answers import STATUSES

_SECRET_WORDS: Final = (
    "authorization", "cookie", "signature", "hmac", "token", "secret", "password", "api-key",
    "api_key", "apikey",
)  # fmt: skip
_MAX_HEADERS: Final = 64
_MAX_HEADER: Final = 2_048  # characters of one value
_MAX_TEXT: Final = 200


def kept_query(query: str, channel: Channel) -> str:
    """The query string that the journal keeps: without the secret of ``auth token query``."""
    auth = channel.program.auth
    if auth is None or auth.place != "query" or auth.key is None:
        return query
    pairs = query.split("&")
    return "&".join(
        f"{each.partition('=')[0]}={MASK}"
        if unquote_plus(each.partition("=")[0]) == auth.key.text
        else each
        for each in pairs
    )


def kept_headers(headers: dict[str, str], channel: Channel) -> dict[str, str]:
    """The headers that the journal keeps: those that may matter to rules, none with a secret."""
    auth = channel.program.auth
    proof = (
        auth.key.text.lower() if auth is not None and auth.place == "header" and auth.key else ""
    )
    kept = [
        (name, value[:_MAX_HEADER])
        for name, value in headers.items()
        if name != proof and not any(word in name for word in _SECRET_WORDS)
    ]
    return dict(kept[:_MAX_HEADERS])


def digest_of(payload: Json) -> str:
    """The SHA-256 of a payload: of its JSON text, with the keys of objects in order."""
    return sha256(write_json(_in_order(payload)).encode()).hexdigest()


def _in_order(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in sorted(value)}
    return [_in_order(each) for each in value] if isinstance(value, list) else value


def identity_of(channel: Channel, id: str | None, payload: Json) -> Identity | None:
    """What makes a payload's deliveries the same request; None where it has no id."""
    return None if id is None else Identity(channel.address, id, digest_of(payload))


def entry_of(
    delivery: Delivery, part: int, identity: Identity | None, *, first: bool
) -> Callable[[Decision], Entry]:
    """What makes the row of a decision that is carried out."""

    def entry(decision: Decision) -> Entry:
        action = decision.action
        text = decision.reason[:_MAX_TEXT]
        status = STATUSES[action]
        return Entry(delivery, part, first, identity, action, status, decision.to_json(), text)

    return entry
