"""Greetings: what a sender sends to try an address before any request, and the answer it wants.

A greeting is answered at once. It is not decided on, stands in no journal, and its answer tells no
more than the sender knows already.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from ..errors import PayloadError
from ..language.nodes import Auth
from ..late_dataclass import dataclass
from ..request.payload import Request
from .received import NotProvenError, Received
from .signatures import OF_BODY
from .strength import Secret, keys

_TILDA: Final = b"test=test"
_WOOCOMMERCE: Final = re.compile(rb"webhook_id=[0-9]{1,20}")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9._-]{1,256}")


@dataclass(frozen=True, slots=True)
class Greeting:
    """The answer to a greeting; ``status`` is that of HTTP."""

    status: int
    body: bytes
    media_type: str = "text/plain; charset=utf-8"


FINE: Final = Greeting(200, b"ok")
REFUSED: Final = Greeting(401, b"refused")


def greeting(auth: Auth | None, secrets: Sequence[Secret], received: Received) -> Greeting | None:
    """The answer to a greeting; None for a request that is none. Pure, and raises nothing.

    Tilda posts ``test=test``, WooCommerce ``webhook_id=N`` without a signature; they are greetings
    where the channel's scheme can be theirs. Facebook asks by GET for its challenge back, which it
    gets where its verify token is the secret.
    """
    scheme = None if auth is None else auth.scheme.text
    body = received.body.strip()
    if received.method == "GET":
        return _challenge(auth, secrets, received) if auth and scheme == "facebook" else None
    if received.method != "POST" or _tells_more(auth, received):
        return None
    if scheme in (None, "token") and body == _TILDA:
        return FINE
    if scheme in (None, "woocommerce") and _WOOCOMMERCE.fullmatch(body):
        return None if received.has(OF_BODY["woocommerce"].header) else FINE
    return None


def _tells_more(auth: Auth | None, received: Received) -> bool:
    """Whether the query holds anything but a token: then somebody may want it decided."""
    if not received.query:
        return False
    if auth is None or auth.place != "query" or auth.key is None:
        return True
    name, _, token = received.query.partition(b"=")
    return unquote_to_bytes(name) != auth.key.text.encode() or b"&" in token


def _challenge(auth: Auth, secrets: Sequence[Secret], received: Received) -> Greeting | None:
    try:
        query = Request.from_http(method="GET", query=received.query).query
    except PayloadError:
        return None
    if query.get("hub.mode") != "subscribe":
        return None
    token, challenge = query.get("hub.verify_token"), query.get("hub.challenge")
    if not isinstance(token, str) or not isinstance(challenge, str):
        return REFUSED
    try:
        known = keys(auth, secrets)
    except NotProvenError:
        return REFUSED
    held = False
    for key in known:
        held |= hmac.compare_digest(key, token.encode("utf-8", "surrogatepass"))
    if not held or _CHALLENGE.fullmatch(challenge) is None:
        return REFUSED
    return Greeting(200, challenge.encode())
