"""Greetings: what senders try an address with is answered, and nothing else is."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from senders import SCHEMES, SECRET, WHSEC, auth_of, post

from leadlark.proof import Greeting, Received, greeting

FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)
OK = Greeting(200, b"ok")
NO = Greeting(401, b"refused")


def form(body: bytes, *headers: tuple[bytes, bytes], method: str = "POST") -> Received:
    return Received(method, b"", (*FORM, *headers), body)


def subscribe(**changes: str | None) -> Received:
    asked = {"mode": "subscribe", "verify_token": SECRET, "challenge": "1158201444", **changes}
    pairs = {f"hub.{name}": value for name, value in asked.items() if value is not None}
    return Received("GET", urlencode(pairs).encode())


@pytest.mark.parametrize("text", [None, 'token header "X-Key"', 'token query "key"'])
@pytest.mark.parametrize("body", [b"test=test", b"test=test\r\n"])
def test_tilda(text: str | None, body: bytes) -> None:
    """Tilda's test of a connection gets 200, with or without its key."""
    assert OK == greeting(auth_of(text) if text else None, [SECRET], form(body))


@pytest.mark.parametrize("text", [None, "woocommerce"])
def test_woocommerce(text: str | None) -> None:
    """WooCommerce's ping gets 200, though it is not signed."""
    assert OK == greeting(auth_of(text) if text else None, [SECRET], form(b"webhook_id=12"))


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("shopify", form(b"test=test")),
        (None, Received("POST", b"phone=74712773120", FORM, b"test=test")),
        (None, Received("POST", b"order=1", FORM, b"webhook_id=12")),
        ('token query "key"', Received("POST", b"key=k&phone=1", FORM, b"test=test")),
        ('token query "key"', Received("POST", b"phone=1", FORM, b"test=test")),
        ("woocommerce", form(b"test=test")),
        (None, form(b"test=test&name=x")),
        (None, form(b"test=test1")),
        (None, form(b"")),
        (None, form(b"test=test", method="PUT")),
        (None, Received("GET", b"test=test")),
        ("shopify", form(b"webhook_id=12")),
        ("woocommerce", form(b"webhook_id=")),
        ("woocommerce", form(b"webhook_id=12&x=1")),
        ("woocommerce", form("webhook_id=١".encode())),
        ("woocommerce", form(b"webhook_id=12", (b"x-wc-webhook-signature", b""))),
        ("woocommerce", post()),
        (None, subscribe()),
        ("shopify", subscribe()),
        ("facebook", subscribe(mode=None)),
        ("facebook", subscribe(mode="unsubscribe")),
        ("facebook", form(b"hub.mode=subscribe")),
        ("facebook", Received("GET", b"%FF=1&hub.mode=subscribe")),
    ],
)
def test_requests_that_are_no_greetings(text: str | None, received: Received) -> None:
    """Everything else is a request like any other."""
    assert None is greeting(auth_of(text) if text else None, [SECRET], received)


def test_facebook() -> None:
    """Who knows the secret gets its challenge back, as it was sent."""
    auth = auth_of("facebook")

    assert Greeting(200, b"1158201444") == greeting(auth, [SECRET], subscribe())
    assert Greeting(200, b"1158201444") == greeting(
        auth, ["another-secret-in-use", SECRET], subscribe()
    )
    assert "text/plain; charset=utf-8" == Greeting(200, b"").media_type


@pytest.mark.parametrize(
    "received",
    [
        subscribe(verify_token=SECRET + "x"),
        subscribe(verify_token=SECRET.upper()),
        subscribe(verify_token="ключ"),
        subscribe(verify_token=""),
        subscribe(verify_token=None),
        subscribe(challenge=None),
        subscribe(challenge=""),
        subscribe(challenge="<script>"),
        subscribe(challenge="1\r\n2"),
        subscribe(challenge="1" * 300),
        Received("GET", subscribe().query + b"&hub.verify_token=x"),
        Received("GET", subscribe().query + b"&hub.challenge=x"),
    ],
)
def test_challenges_that_are_refused(received: Received) -> None:
    """A challenge without the secret, or that is none, is not given back."""
    assert NO == greeting(auth_of("facebook"), [SECRET], received)


@pytest.mark.parametrize("secrets", [[], [""], ["short"], ["secret\n-of-two-lines"]])
def test_challenges_without_a_secret(secrets: list[str]) -> None:
    """Where the secret is not set, or will not do, no token is right."""
    token = secrets[0] if secrets else ""

    assert NO == greeting(auth_of("facebook"), secrets, subscribe(verify_token=token))


@pytest.mark.parametrize("name", SCHEMES)
@given(
    method=st.sampled_from(["GET", "POST"]),
    query=st.binary(max_size=40)
    | st.just(b"hub.mode=subscribe&hub.verify_token=x&hub.challenge=1"),
    body=st.binary(max_size=40),
)
@settings(max_examples=20, deadline=None)
def test_arbitrary_greetings(name: str, method: str, query: bytes, body: bytes) -> None:
    """Whatever bytes come, nothing is raised and nothing is given back."""
    received = Received(method, query, (), body)

    assert greeting(SCHEMES[name].auth, [SECRET, WHSEC], received) in (None, NO)
