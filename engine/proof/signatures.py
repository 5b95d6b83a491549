"""Signatures in headers: what each sender signs, and how it writes the result.

Sources are the public documentation of the senders: WooCommerce, Shopify, Typeform and Facebook
sign the body, Webflow a time and the body, HubSpot the body (version 1), or method, URL, body and,
in version 3, a time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import unquote_to_bytes

from ..language.nodes import Auth
from ..late_dataclass import dataclass
from .claims import Claim, Encoding, sign
from .received import NotProvenError, Received, fresh

_NO_URL: Final = "the signature covers the URL, and the service does not know its own"

_HEX: Final = re.compile(rb"[0-9A-Fa-f]*")


@dataclass(frozen=True, slots=True)
class Place:
    """A header that holds a signature of the body.

    ``padding`` tells that base64 is only taken with its ``=`` at the end.
    """

    header: str
    encoding: Encoding
    prefix: str = ""
    padding: bool = True

    def given(self, received: Received) -> bytes:
        """The signature there, hexadecimal digits in lower case."""
        value, prefix = received.header(self.header), self.prefix.encode()
        if not value.startswith(prefix):
            raise NotProvenError(f"the header {self.header} does not begin with {self.prefix}")
        value = value[len(prefix) :]
        if self.encoding == "hex":
            return value.lower() if _HEX.fullmatch(value) else value
        return value if self.padding or len(value) % 4 != 3 else value + b"="


OF_BODY: Final[Mapping[str, Place]] = {
    "woocommerce": Place("X-WC-Webhook-Signature", "base64"),
    "shopify": Place("X-Shopify-Hmac-Sha256", "base64"),
    "typeform": Place("Typeform-Signature", "base64", "sha256="),
    "facebook": Place("X-Hub-Signature-256", "hex", "sha256="),
}
"""The senders that sign the body and nothing else."""

_WEBFLOW: Final = Place("X-Webflow-Signature", "hex")
_WEBFLOW_TIME: Final = "X-Webflow-Timestamp"
_HUBSPOT: Final = Place("X-HubSpot-Signature", "hex")
_HUBSPOT_VERSION: Final = "X-HubSpot-Signature-Version"
_HUBSPOT_V3: Final = Place("X-HubSpot-Signature-v3", "base64")
_HUBSPOT_TIME: Final = "X-HubSpot-Request-Timestamp"
_HUBSPOT_DECODED: Final = re.compile(rb"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def of_body(received: Received, place: Place) -> Claim:
    """The claim of a sender that signs the body."""
    body = received.signed_body()
    return Claim([place.given(received)], lambda key: (sign(key, body, place.encoding),))


def generic(auth: Auth, received: Received) -> Claim:
    """The claim of ``hmac sha256``; base64 may lack its padding, which few senders document."""
    if auth.key is None or auth.encoding not in ("hex", "base64") or auth.algorithm != "sha256":
        raise NotProvenError("the scheme hmac lacks its header, its encoding or its hash")
    encoding: Encoding = "hex" if auth.encoding == "hex" else "base64"
    return of_body(received, Place(auth.key.text, encoding, auth.prefix, padding=False))


def webflow(received: Received, now: datetime) -> Claim:
    """The claim of Webflow: hexadecimal, of the time in milliseconds, ``:`` and the body."""
    time = received.header(_WEBFLOW_TIME)
    fresh(time, now, f"the header {_WEBFLOW_TIME}", milliseconds=True)
    message = time + b":" + received.signed_body()
    return Claim([_WEBFLOW.given(received)], lambda key: (sign(key, message, "hex"),))


def hubspot(received: Received, now: datetime) -> Claim:
    """The claim of HubSpot, which signs a request in version 1 or 2 and, at once, in version 3.

    Any of them will do, since who replays a request could leave the others out; what has a time,
    as version 3 has, is held to it.
    """
    if not received.has(_HUBSPOT_V3.header):
        given, made = _hubspot_older(received)
        return Claim([given], lambda key: [_sha256(key + each) for each in made])
    time = received.header(_HUBSPOT_TIME)
    fresh(time, now, f"the header {_HUBSPOT_TIME}", milliseconds=True)
    newest, messages = _HUBSPOT_V3.given(received), [each + time for each in _with_url(received)]
    older, made = b"", []
    try:
        older, made = _hubspot_older(received)
    except NotProvenError:  # it is left out, or will not do
        if not messages:
            raise NotProvenError(_NO_URL) from None
    return Claim(
        [newest, older],
        lambda key: [
            *(sign(key, each, "base64") for each in messages),
            *(_sha256(key + each) for each in made),
        ],
    )


def _hubspot_older(received: Received) -> tuple[bytes, list[bytes]]:
    """A signature of version 1 or 2: plain SHA-256 of the secret and one of the messages."""
    given = _HUBSPOT.given(received)
    version = received.header(_HUBSPOT_VERSION)
    if version == b"v1":
        return given, [received.signed_body()]
    if version != b"v2":
        raise NotProvenError(f"the header {_HUBSPOT_VERSION} names neither v1 nor v2")
    if received.url is None:
        raise NotProvenError(_NO_URL)
    return given, _with_url(received)


def _with_url(received: Received) -> list[bytes]:
    """Method, URL and body, with the URL in each spelling that HubSpot may have signed.

    It calls nothing but HTTPS, which a proxy may end. Its documentation decodes some characters
    first, its own libraries none.
    """
    if received.url is None:
        return []
    url, method = _bytes(received.url), _bytes(received.method)
    sent = (url, re.sub(rb"\Ahttp:", b"https:", url))
    decoded = [_HUBSPOT_DECODED.sub(_unquoted, each) for each in sent]
    return [method + each + received.body for each in dict.fromkeys((*sent, *decoded))]


def _unquoted(found: re.Match[bytes]) -> bytes:
    return unquote_to_bytes(found[0])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _sha256(message: bytes) -> bytes:
    return hashlib.sha256(message).hexdigest().encode()
