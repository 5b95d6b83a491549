"""Senders: the requests of every `auth` scheme, signed by hand as senders publish it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import leadlark
from leadlark.language.nodes import Auth
from leadlark.proof import Received, Refusal, check

NOW: Final = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECRET: Final = "the-secret-of-the-shop"
OTHER: Final = "the-secret-of-a-neighbour"
KEY: Final = bytes(range(24))
WHSEC: Final = "whsec_" + base64.b64encode(KEY).decode()
OTHER_WHSEC: Final = "whsec_" + base64.b64encode(bytes(range(1, 25))).decode()
BODY: Final = '{"name": "Мария", "phone": "+7 471 277-31-20"}'.encode()
REORDERED: Final = '{"phone": "+7 471 277-31-20", "name": "Мария"}'.encode()
URL: Final = "https://crm.example/in/forms?key=%3Aa%20b"
TOKEN: Final = "e0b5477167110d68991efc6b9f89f0a11066af27834600e123"


def hexed(key: str, message: bytes) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


def based(key: str | bytes, message: bytes) -> str:
    data = key.encode() if isinstance(key, str) else key
    return base64.b64encode(hmac.new(data, message, hashlib.sha256).digest()).decode()


def seconds(now: datetime) -> str:
    return str(int(now.timestamp()))


def milliseconds(now: datetime) -> str:
    return str(int(now.timestamp() * 1000))


def post(headers: Mapping[str, str] | None = None, body: bytes = BODY) -> Received:
    pairs = tuple((name.encode(), value.encode()) for name, value in (headers or {}).items())
    return Received("POST", b"", ((b"content-type", b"application/json"), *pairs), body, URL)


def standard(secret: str, body: bytes, now: datetime) -> Received:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    time = seconds(now)
    signature = "v1," + based(key, f"msg_1.{time}.".encode() + body)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": time, "webhook-signature": signature}
    return post(headers, body)


def woocommerce(secret: str, body: bytes, _: datetime) -> Received:
    return post({"X-WC-Webhook-Signature": based(secret, body)}, body)


def shopify(secret: str, body: bytes, _: datetime) -> Received:
    return post({"X-Shopify-Hmac-SHA256": based(secret, body)}, body)


def typeform(secret: str, body: bytes, _: datetime) -> Received:
    return post({"Typeform-Signature": "sha256=" + based(secret, body)}, body)


def facebook(secret: str, body: bytes, _: datetime) -> Received:
    return post({"X-Hub-Signature-256": "sha256=" + hexed(secret, body)}, body)


def webflow(secret: str, body: bytes, now: datetime) -> Received:
    time = milliseconds(now)
    signature = hexed(secret, f"{time}:".encode() + body)
    return post({"X-Webflow-Timestamp": time, "X-Webflow-Signature": signature}, body)


def hubspot_1(secret: str, body: bytes, _: datetime) -> Received:
    signature = hashlib.sha256(secret.encode() + body).hexdigest()
    return post({"X-HubSpot-Signature": signature, "X-HubSpot-Signature-Version": "v1"}, body)


def hubspot_2(secret: str, body: bytes, _: datetime) -> Received:
    signature = hashlib.sha256(f"{secret}POST{URL}".encode() + body).hexdigest()
    return post({"X-HubSpot-Signature": signature, "X-HubSpot-Signature-Version": "v2"}, body)


def hubspot_3(secret: str, body: bytes, now: datetime) -> Received:
    time = milliseconds(now)
    signature = based(secret, f"POST{URL}".encode() + body + time.encode())
    headers = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": time}
    return post(headers, body)


def mailgun(secret: str, _: bytes, now: datetime) -> Received:
    time = seconds(now)
    signed = {
        "timestamp": time,
        "token": TOKEN,
        "signature": hexed(secret, (time + TOKEN).encode()),
    }
    return post({}, json.dumps({"signature": signed, "event-data": {"event": "failed"}}).encode())


def generic_hex(secret: str, body: bytes, _: datetime) -> Received:
    return post({"X-Signature": "sha256=" + hexed(secret, body)}, body)


def generic_base64(secret: str, body: bytes, _: datetime) -> Received:
    return post({"X-Signature": based(secret, body)}, body)


def token_header(secret: str, body: bytes, _: datetime) -> Received:
    return post({"X-Key": secret}, body)


def token_query(secret: str, body: bytes, _: datetime) -> Received:
    return replace(post({}, body), query=urlencode({"key": secret}).encode())


def token_field(secret: str, _: bytes, __: datetime) -> Received:
    return post({}, json.dumps({"form": {"key": secret}, "name": "Мария"}).encode())


@dataclass(frozen=True)
class Scheme:
    """A scheme as a rule file writes it, and how its sender makes requests.

    ``header`` holds its signature; ``timed`` and ``signed`` tell that it covers the time and the
    body.
    """

    text: str
    make: Callable[[str, bytes, datetime], Received]
    header: str | None = None
    timed: bool = False
    signed: bool = True
    secret: str = SECRET
    other: str = OTHER

    @property
    def auth(self) -> Auth:
        return auth_of(self.text)


def auth_of(text: str) -> Auth:
    rules = f"channel a {{\n entity lead\n auth {text} secret SHOP\n}}\n"
    auth = leadlark.loads(rules)["a"].program.auth
    assert auth is not None
    return auth


SCHEMES: Final = {
    "standard": Scheme(
        "standard", standard, "webhook-signature", timed=True, secret=WHSEC, other=OTHER_WHSEC
    ),
    "woocommerce": Scheme("woocommerce", woocommerce, "x-wc-webhook-signature"),
    "shopify": Scheme("shopify", shopify, "x-shopify-hmac-sha256"),
    "typeform": Scheme("typeform", typeform, "typeform-signature"),
    "facebook": Scheme("facebook", facebook, "x-hub-signature-256"),
    "webflow": Scheme("webflow", webflow, "x-webflow-signature", timed=True),
    "hubspot v1": Scheme("hubspot", hubspot_1, "x-hubspot-signature"),
    "hubspot v2": Scheme("hubspot", hubspot_2, "x-hubspot-signature"),
    "hubspot v3": Scheme("hubspot", hubspot_3, "x-hubspot-signature-v3", timed=True),
    "mailgun": Scheme("mailgun", mailgun, timed=True, signed=False),
    "hmac hex": Scheme(
        'hmac sha256 hex header "X-Signature" prefix "sha256="', generic_hex, "x-signature"
    ),
    "hmac base64": Scheme('hmac sha256 base64 header "X-Signature"', generic_base64, "x-signature"),
    "token header": Scheme('token header "X-Key"', token_header, "x-key", signed=False),
    "token query": Scheme('token query "key"', token_query, signed=False),
    "token field": Scheme('token field "form.key"', token_field, signed=False),
}
TIMED: Final = {name: each for name, each in SCHEMES.items() if each.timed}
SIGNED: Final = {name: each for name, each in SCHEMES.items() if each.signed}
HEADED: Final = {name: each for name, each in SCHEMES.items() if each.header}


def reason(refusal: Refusal | None) -> str:
    assert refusal is not None, "the request passed"
    return refusal.reason


def judged(scheme: Scheme, received: Received, *secrets: str) -> Refusal | None:
    return check(scheme.auth, secrets or (scheme.secret,), received, NOW)


def changed(received: Received, header: str | None, change: Callable[[bytes], bytes]) -> Received:
    """The request with the value of one header changed."""
    assert header is not None
    headers = tuple(
        (name, change(value) if name.lower() == header.encode() else value)
        for name, value in received.headers
    )
    assert headers != received.headers
    return replace(received, headers=headers)
