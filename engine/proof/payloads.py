"""Proof that stands in the payload or the query: tokens, and the signatures of Mailgun.

Both are read as a channel reads them, so what is proven is what is decided on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ..errors import PayloadError
from ..language.nodes import Auth, Key, Path
from ..mapping.scope import Notes, Scope, Surroundings
from ..messages.source import Span
from ..request.payload import Request
from ..values.value import ABSENT, Json, Value
from .claims import Claim, sign
from .received import NotProvenError, Received, fresh

_NOWHERE: Final = Span(0, 0)


def token(auth: Auth, received: Received, now: datetime) -> Sequence[Claim]:
    """The claim of ``token``: one, or one for every payload where a request holds several."""
    match auth.place:
        case "header" if auth.key is not None:
            given = [received.header(auth.key.text)]
            what = f"the header {auth.key.text}"
        case "query" if auth.key is not None:
            request = _read(Received(received.method, received.query))
            path = Path("@query", (Key(auth.key.text, span=_NOWHERE),), span=_NOWHERE)
            what = f"`{auth.key.text}` in the query"
            given = [_text(_at(path, request, request.payload, now), what)]
        case "field" if auth.path is not None:
            request, what = _read(received), "the token in the payload"
            payloads = request.payloads
            given = [_text(_at(auth.path, request, each, now), what) for each in payloads]
        case _:
            raise NotProvenError("the scheme token lacks the place of its token")
    if not given:
        raise NotProvenError("a request without a payload has no token")
    return [Claim([each], lambda key: (key,), what) for each in given]


def mailgun(received: Received, now: datetime) -> Claim:
    """The claim of Mailgun: the object ``signature`` of the payload.

    It covers a time and a token that is used once, and nothing else of the payload. A subaccount's
    events are signed for the main account, too, as ``parent-signature``.
    """
    received.signed_body()
    request = _read(received)
    payload = request.payload

    def read(name: str) -> Value:
        steps = tuple(Key(each, span=_NOWHERE) for each in ("signature", name))
        return _at(Path("", steps, span=_NOWHERE), request, payload, now)

    time = _text(read("timestamp"), "`signature.timestamp`")
    fresh(time, now, "`signature.timestamp`")
    message = time + _text(read("token"), "`signature.token`")
    given = [_text(read("signature"), "`signature.signature`")]
    if read("parent-signature") is not ABSENT:
        given.append(_text(read("parent-signature"), "`signature.parent-signature`"))
    return Claim(given, lambda key: (sign(key, message, "hex"),))


def _read(received: Received) -> Request:
    try:
        return Request.from_http(
            method=received.method,
            query=received.query,
            headers=received.headers,
            body=received.body,
        )
    except PayloadError as error:
        raise NotProvenError(f"the payload cannot be read ({error.code})") from None


def _at(path: Path, request: Request, payload: Json, now: datetime) -> Value:
    return Scope(payload, Surroundings(request, "", now), Notes()).read(path)


def _text(value: Value, what: str) -> bytes:
    """A text, or a whole number as its digits."""
    if value is ABSENT or value is None or value == "":
        raise NotProvenError(f"{what} is missing")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise NotProvenError(f"{what} is no text")
    return str(value).encode("utf-8", "surrogatepass")
