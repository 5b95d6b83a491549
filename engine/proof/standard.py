"""Standard Webhooks: https://www.standardwebhooks.com, through its reference library.

The library reads the system's clock, lets malformed headers raise whatever they raise and takes
base64 with anything in between; so headers are read and judged here, and it makes the signature.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from standardwebhooks import Webhook

from .claims import Claim
from .received import NotProvenError, Received, fresh

_VERSION: Final = b"v1,"


def claim(received: Received, now: datetime) -> Claim:
    """The signatures of ``webhook-signature`` and what one of them has to be."""
    body, id = received.signed_body(), received.header("webhook-id")
    seconds = fresh(received.header("webhook-timestamp"), now, "the header webhook-timestamp")
    listed = received.header("webhook-signature").split(b" ")
    given = [each.removeprefix(_VERSION) for each in listed if each.startswith(_VERSION)]
    if not given:
        raise NotProvenError("the header webhook-signature has no signature of version v1")
    try:
        data, message_id = body.decode(), id.decode("ascii")
    except UnicodeDecodeError:
        raise NotProvenError("the body is not UTF-8, or webhook-id not ASCII") from None
    moment = datetime.fromtimestamp(seconds, UTC)

    def expected(key: bytes) -> tuple[bytes]:
        signature = Webhook(key).sign(msg_id=message_id, timestamp=moment, data=data)
        return (signature.encode().removeprefix(_VERSION),)

    return Claim(given, expected)
