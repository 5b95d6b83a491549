"""A request as it was received, without the secret that proves its sender.

Where rules are given, the secret stands where `auth` of the channel says; values whose names tell
that they are secrets are hidden in every case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, quote_plus, unquote_plus

from ..channel import Channel
from ..errors import PayloadError
from ..journal import Delivery
from ..language.nodes import Auth
from ..mapping.scope import MASK, Notes, Scope, Surroundings, payload_text
from ..request.payload import Request
from ..values.value import Json, Value, to_text
from .recorded import request_of

_WORDS: Final = r"(?:token|secret|password|passwd|api[_-]?key|signature)"
_PAIR: Final = re.compile(
    rf'("[^"\\]{{0,60}}{_WORDS}[^"\\]{{0,60}}"\s{{0,20}}:\s{{0,20}})("(?:[^"\\]|\\.)*+"?|[0-9]+)',
    re.IGNORECASE,
)
_NAMED: Final = re.compile(_WORDS, re.IGNORECASE)
_FORM: Final = re.compile(r"[\w.%+\[\]-]{1,200}=[^\s{}<>]*")


def shown_query(delivery: Delivery, channel: Channel | None) -> str:
    """The query string without secrets."""
    auth = _auth(channel)
    key = auth.key.text if auth is not None and auth.place == "query" and auth.key else None
    return _pairs(delivery.query or "", key)


def shown_body(delivery: Delivery, channel: Channel | None) -> str:
    """The body as text without secrets; bytes that are no UTF-8 are U+FFFD.

    Where the secret is in it in a spelling that is not found, it is the payload as it was read.
    """
    text = (delivery.body or b"").decode("utf-8", "replace")
    auth = _auth(channel)
    if auth is not None and auth.path is not None:
        try:
            request = request_of(delivery)
        except PayloadError:
            return f"({len(delivery.body or b''):,} bytes: not shown, they may hold the secret)"
        for secret in _secrets(auth, request):
            spellings = [each for each in _spellings(secret) if each in text]
            if not spellings and secret:
                return payload_text(request.payload, auth.path)
            for each in spellings:
                text = text.replace(each, MASK)
    if _FORM.fullmatch(text):
        return _pairs(text, None)
    return _PAIR.sub(rf'\1"{MASK}"', text)


def read_again(delivery: Delivery, channel: Channel | None) -> str | None:
    """The payload as JSON, without secrets; None where the body can be read as well as that."""
    text = (delivery.body or b"").decode("utf-8", "replace")
    if "\\u" not in text and not (_FORM.fullmatch(text) and "%" in text):
        return None
    try:
        request = request_of(delivery)
    except PayloadError:
        return None
    auth = _auth(channel)
    path = None if auth is None else auth.path
    return _PAIR.sub(rf'\1"{MASK}"', payload_text(request.payload, path))


def _auth(channel: Channel | None) -> Auth | None:
    return None if channel is None else channel.program.auth


def _pairs(text: str, key: str | None) -> str:
    """A form or a query string, the values of a key and of secret names hidden."""
    shown = []
    for pair in text.split("&"):
        name, sign, _ = pair.partition("=")
        plain = unquote_plus(name)
        hidden = sign and (_NAMED.search(plain) or (key and plain.casefold() == key.casefold()))
        shown.append(f"{name}={MASK}" if hidden else pair)
    return "&".join(shown)


def _secrets(auth: Auth, request: Request) -> Iterator[str]:
    """The texts that stand where the secret does, in every payload."""
    assert auth.path is not None
    around = Surroundings(request, "", datetime.now(UTC))
    for payload in request.payloads:
        value: Value = Scope(payload, around, Notes()).read(auth.path)
        yield from _texts(value)


def _texts(value: Value) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif text := to_text(value):
        yield text


def _spellings(text: Json) -> tuple[str, ...]:
    """How a text can stand in JSON and in forms."""
    plain = str(text)
    several = (
        plain,
        json.dumps(plain)[1:-1],
        json.dumps(plain, ensure_ascii=False)[1:-1],
        json.dumps(plain)[1:-1].replace("/", "\\/"),
        quote_plus(plain),
        quote(plain, safe=""),
    )
    return tuple(dict.fromkeys(several))
