"""Senders' proof: of every scheme the valid requests pass, and no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from senders import (
    BODY,
    HEADED,
    NOW,
    REORDERED,
    SCHEMES,
    SIGNED,
    TIMED,
    TOKEN,
    WHSEC,
    Scheme,
    changed,
    judged,
    milliseconds,
    post,
    reason,
    seconds,
)

from leadlark.proof import Received, check

ALL: Final = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)


@ALL
def test_valid_requests_pass(scheme: Scheme) -> None:
    """What the sender makes with the secret is taken."""
    assert None is judged(scheme, scheme.make(scheme.secret, BODY, NOW))


@ALL
def test_secrets_are_text_or_bytes(scheme: Scheme) -> None:
    """A secret is its text or the UTF-8 of it."""
    received = scheme.make(scheme.secret, BODY, NOW)

    assert None is check(scheme.auth, [scheme.secret.encode()], received, NOW)


@ALL
@pytest.mark.parametrize("place", [0, 1])
def test_any_secret_in_use_will_do(scheme: Scheme, place: int) -> None:
    """While a secret is replaced, requests of the old and of the new one pass."""
    both = (scheme.secret, scheme.other)

    assert None is judged(scheme, scheme.make(both[place], BODY, NOW), *both)


@ALL
def test_another_secret_is_refused(scheme: Scheme) -> None:
    """What is made with another channel's secret is not taken."""
    received = scheme.make(scheme.other, BODY, NOW)

    assert "is not made with the secret" in reason(judged(scheme, received))


@ALL
def test_short_secrets_prove_nothing(scheme: Scheme) -> None:
    """A secret that is too short is refused even where the signature is made with it."""
    short = "whsec_QUJD" if scheme.secret == WHSEC else "short"

    assert "bytes" in reason(judged(scheme, scheme.make(short, BODY, NOW), short))


@ALL
def test_a_secret_that_is_not_set_refuses_all(scheme: Scheme) -> None:
    """Without a secret nothing passes, and the sentence says what is missing."""
    received = scheme.make(scheme.secret, BODY, NOW)

    assert "the secret SHOP is not set" == reason(check(scheme.auth, (), received, NOW))


@ALL
def test_a_request_without_proof_is_refused(scheme: Scheme) -> None:
    """A request with nothing of the scheme in it is refused."""
    assert None is not judged(scheme, post())
    assert None is not judged(scheme, Received("GET", b"name=x"))
    assert None is not judged(scheme, Received("POST"))


@pytest.mark.parametrize("scheme", SIGNED.values(), ids=SIGNED)
@pytest.mark.parametrize("body", [REORDERED, BODY + b" ", BODY.replace(b"7", b"8"), b"", b" \n"])
def test_another_body_is_refused(scheme: Scheme, body: bytes) -> None:
    """The bytes that are signed are those that came: the same keys in another order are others."""
    received = replace(scheme.make(scheme.secret, BODY, NOW), body=body)

    assert None is not judged(scheme, received)


@pytest.mark.parametrize("name", sorted(set(SIGNED) - {"hubspot v2", "hubspot v3"}))
@pytest.mark.parametrize("body", [b"", b"\r\n"])
def test_no_body_no_proof(name: str, body: bytes) -> None:
    """A signed empty body proves nothing: the payload would be the query, which is not signed."""
    scheme = SCHEMES[name]
    received = replace(scheme.make(scheme.secret, body, NOW), query=b"phone=1")

    assert "without a body" in reason(judged(scheme, received))


@pytest.mark.parametrize("scheme", TIMED.values(), ids=TIMED)
@pytest.mark.parametrize(
    ("minutes", "passes"), [(-5.1, False), (-5, True), (0, True), (5, True), (5.1, False)]
)
def test_five_minutes(scheme: Scheme, minutes: float, passes: bool) -> None:
    """A request of more than five minutes ago, or ahead, is refused."""
    received = scheme.make(scheme.secret, BODY, NOW + timedelta(minutes=minutes))

    assert passes == (judged(scheme, received) is None)


@pytest.mark.parametrize("scheme", TIMED.values(), ids=TIMED)
def test_the_time_is_signed(scheme: Scheme) -> None:
    """An old signature does not pass with a new time."""
    old = NOW - timedelta(hours=1)
    received = scheme.make(scheme.secret, BODY, old)
    for text in (seconds, milliseconds):
        was, now = text(old).encode(), text(NOW).encode()
        headers = tuple((name, value.replace(was, now)) for name, value in received.headers)
        received = replace(received, headers=headers, body=received.body.replace(was, now))

    assert "the signature is not made with the secret" == reason(judged(scheme, received))


@pytest.mark.parametrize("scheme", HEADED.values(), ids=HEADED)
@pytest.mark.parametrize(
    "change",
    {
        "empty": lambda _: b"",
        "blanks": lambda _: b" \t ",
        "non-ASCII": lambda value: value + "ж".encode(),
        "Latin-1": lambda value: value + b"\xff",
        "NUL": lambda value: value + b"\0",
        "blank inside": lambda value: value[:9] + b" " + value[9:],
        "line break": lambda value: value + b"\n",
        "cut": lambda value: value[:-5],
        "longer": lambda value: value + b"A",
        "version": lambda value: b"v9," + value.removeprefix(b"v1,"),
        "prefix": lambda value: b"sha1=" + value.rpartition(b"=")[2],
        "other case": lambda value: value.swapcase() if b"=" in value else value[:-1] + b"~",
        "quoted": lambda value: b'"' + value + b'"',
    }.items(),
    ids=lambda change: change[0],
)
def test_hostile_headers(scheme: Scheme, change: tuple[str, Callable[[bytes], bytes]]) -> None:
    """Whatever else stands in the header of the proof, the request is refused."""
    received = changed(scheme.make(scheme.secret, BODY, NOW), scheme.header, change[1])

    assert None is not judged(scheme, received)


@pytest.mark.parametrize("scheme", HEADED.values(), ids=HEADED)
def test_blanks_around_a_header_do_not_count(scheme: Scheme) -> None:
    """Blanks around a header's value are none of it (RFC 9110, 5.5)."""
    received = changed(
        scheme.make(scheme.secret, BODY, NOW), scheme.header, lambda value: b"\t " + value + b" "
    )

    assert None is judged(scheme, received)


@pytest.mark.parametrize("scheme", HEADED.values(), ids=HEADED)
@pytest.mark.parametrize("name", [str.upper, str.lower])
def test_a_header_sent_twice_is_refused(scheme: Scheme, name: Callable[[str], str]) -> None:
    """Which of two headers counts is for nobody to guess, be they equal or not."""
    received = scheme.make(scheme.secret, BODY, NOW)
    assert scheme.header is not None
    value = next(held for each, held in received.headers if each.lower() == scheme.header.encode())
    for second in (value, b"other"):
        twice = (*received.headers, (name(scheme.header).encode(), second))
        refusal = judged(scheme, replace(received, headers=twice))
        assert reason(refusal).endswith("was sent 2 times")


@pytest.mark.parametrize("scheme", TIMED.values(), ids=TIMED)
@pytest.mark.parametrize(
    "text", ["", "0", "-1", "1e9", "1.5", " ", "ж", "٣", "9" * 400, "0x10", "NaN", "+1"]
)
def test_times_that_are_none(scheme: Scheme, text: str) -> None:
    """A time is a plain whole number."""
    received = scheme.make(scheme.secret, BODY, NOW)
    made = (seconds(NOW), milliseconds(NOW))
    headers = tuple(
        (name, text.encode() if value.decode() in made else value)
        for name, value in received.headers
    )
    body = received.body.replace(f'"{seconds(NOW)}"'.encode(), json.dumps(text).encode())
    other = replace(received, headers=headers, body=body)
    assert other != received

    assert None is not judged(scheme, other)


@pytest.mark.parametrize(
    ("name", "change", "passes"),
    [
        ("hmac hex", lambda value: b"sha256=" + value[7:].upper(), True),
        ("facebook", lambda value: b"sha256=" + value[7:].upper(), True),
        ("webflow", bytes.upper, True),
        ("hmac hex", lambda value: value[7:], False),
        ("hmac hex", lambda value: b"SHA256=" + value[7:], False),
        ("hmac hex", lambda value: b"sha256= " + value[7:], False),
        ("hmac base64", lambda value: value.rstrip(b"="), True),
        ("hmac base64", lambda value: value + b"=", False),
        ("hmac base64", lambda value: value.replace(b"/", b"_").replace(b"+", b"-") + b"_", False),
        ("shopify", lambda value: value.rstrip(b"="), False),
        ("woocommerce", lambda value: value.rstrip(b"="), False),
        ("typeform", lambda value: value.rstrip(b"="), False),
        ("typeform", lambda value: value[7:], False),
        ("hubspot v3", lambda value: value.rstrip(b"="), False),
    ],
)
def test_spellings(name: str, change: Callable[[bytes], bytes], passes: bool) -> None:
    """Hexadecimal is taken in either case; base64 without padding by the general scheme alone."""
    scheme = SCHEMES[name]
    received = changed(scheme.make(scheme.secret, BODY, NOW), scheme.header, change)

    assert passes == (judged(scheme, received) is None)


@pytest.mark.parametrize(
    "secret", ["ключ-не-из-ASCII-букв", "a tab\tin the middle", " a blank around"]
)
@pytest.mark.parametrize("name", ["token header", "token query", "token field"])
def test_tokens_that_will_not_do(name: str, secret: str) -> None:
    """A token is printable ASCII without blanks around it, or nothing passes."""
    scheme = SCHEMES[name]

    assert "the secret SHOP has" in reason(judged(scheme, scheme.make(secret, BODY, NOW), secret))


@ALL
def test_secrets_of_other_bytes(scheme: Scheme) -> None:
    """A secret in bytes that are no UTF-8 is none, and does not keep the others from counting."""
    received, broken = scheme.make(scheme.secret, BODY, NOW), b"\xff" * 32

    refusal = check(scheme.auth, [broken], received, NOW)

    assert "the secret SHOP is no text in UTF-8" == reason(refusal)
    assert None is check(scheme.auth, [broken, "short", scheme.secret], received, NOW)


def test_signing_secrets_may_be_of_any_script() -> None:
    """The key of an HMAC is the UTF-8 of the secret."""
    scheme, secret = SCHEMES["woocommerce"], "секрет магазина"

    assert None is judged(scheme, scheme.make(secret, BODY, NOW), secret)


@ALL
def test_refusals_tell_no_secret(scheme: Scheme) -> None:
    """What is said of a refused request holds neither a secret nor what was sent."""
    received = scheme.make(scheme.other, b'{"name": "Anna", "form": {"key": 1.5}}', NOW)
    said = reason(judged(scheme, received))

    for text in (scheme.secret, scheme.other, "Anna", TOKEN, "1.5"):
        assert text not in said


HOSTILE: Final = st.binary(max_size=60) | st.sampled_from(
    [b"v1,", b"sha256=", b"v1", b"1795348800", b"1795348800000", b'{"form":{"key":"x"}}']
)
NAMES: Final = st.sampled_from(
    sorted(
        {
            name.lower()
            for each in SCHEMES.values()
            for name, _ in each.make(each.secret, BODY, NOW).headers
        }
    )
) | st.binary(max_size=20)


@ALL
@given(
    method=st.sampled_from(["GET", "POST", "PUT", ""]),
    query=HOSTILE,
    headers=st.lists(st.tuples(NAMES, HOSTILE), max_size=8),
    body=HOSTILE,
    url=st.none() | st.text(max_size=20),
)
@settings(max_examples=60, deadline=None)
def test_arbitrary_bytes(
    scheme: Scheme,
    method: str,
    query: bytes,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    url: str | None,
) -> None:
    """Whatever bytes come, nothing is raised and nothing passes."""
    received = Received(method, query, tuple(headers), body, url)

    assert None is not judged(scheme, received)


@pytest.mark.parametrize("scheme", SIGNED.values(), ids=SIGNED)
@given(where=st.integers(0, 400), bit=st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_one_bit(scheme: Scheme, where: int, bit: int) -> None:
    """A signed request with one bit of its body turned over is refused."""
    received = scheme.make(scheme.secret, BODY, NOW)
    body = bytearray(received.body)
    body[where % len(body)] ^= 1 << bit

    assert None is not judged(scheme, replace(received, body=bytes(body)))
