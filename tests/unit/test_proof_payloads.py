"""Proof in payloads and queries: read as channels read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import pytest
from senders import (
    BODY,
    NOW,
    OTHER,
    SCHEMES,
    SECRET,
    TOKEN,
    auth_of,
    hexed,
    judged,
    mailgun,
    post,
    seconds,
)

from leadlark.proof import Received, check

MAILGUN: Final = SCHEMES["mailgun"]


@pytest.mark.parametrize(
    ("signed", "passes"),
    [
        ({"signature": "{valid}"}, True),
        ({"timestamp": 1795348800, "signature": "{valid}"}, True),
        ({"signature": "{other}", "parent-signature": "{valid}"}, True),
        ({"signature": "{other}", "parent-signature": "{other}"}, False),
        ({"signature": None}, False),
        ({"signature": ["{valid}"]}, False),
        ({"signature": {"": "{valid}"}}, False),
        ({"signature": True}, False),
        ({"signature": "{valid}", "token": ""}, False),
        ({"signature": "{valid}", "token": "other"}, False),
        ({"signature": "{valid}", "timestamp": "1795348801"}, False),
    ],
)
def test_signatures_of_mailgun(signed: Mapping[str, object], passes: bool) -> None:
    """Mailgun signs a time and a token, for the main account of a subaccount too."""
    time = seconds(NOW)
    assert "1795348800" == time
    valid = hexed(SECRET, (time + TOKEN).encode())
    text = json.dumps({"signature": {"timestamp": time, "token": TOKEN, **signed}})
    text = text.replace("{valid}", valid).replace("{other}", hexed(OTHER, time.encode()))

    assert passes == (judged(MAILGUN, post({}, text.encode())) is None)


def test_mailgun_covers_no_more_than_its_token() -> None:
    """The rest of a payload of Mailgun is not signed, which its page says."""
    received = mailgun(SECRET, BODY, NOW)

    assert None is judged(MAILGUN, replace(received, body=received.body.replace(b"fail", b"pass")))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[1]", b'"x"', b'{"signature": 1}', b"\xff", b"[" * 100_000]
)
@pytest.mark.parametrize("name", ["mailgun", "token field"])
def test_payloads_without_proof(name: str, body: bytes) -> None:
    """A payload that cannot be read, or holds no proof, is refused."""
    assert None is not judged(SCHEMES[name], post({}, body))


FIELD: Final = SCHEMES["token field"]


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ('{"form": {"key": "KEY"}}', True),
        ('{"FORM": {"Key": "KEY"}}', True),
        ('[{"form": {"key": "KEY"}}, {"form": {"key": "KEY"}}]', True),
        ('[{"form": {"key": "KEY"}}, {"form": {"key": "x"}}]', False),
        ('[{"form": {"key": "KEY"}}, {}]', False),
        ('{"form": {"Key": "KEY", "kEy": "KEY"}}', False),
        ('{"form.key": "KEY"}', False),
        ('{"form": {"key": ["KEY"]}}', False),
        ('{"form": {"key": {"key": "KEY"}}}', False),
        ('{"form": {"key": null}}', False),
        ('{"form": {"key": true}}', False),
        ('{"form": {"key": " KEY"}}', False),
        ('{"form": {"key": "KEY", "key": "x"}}', False),
        ('{"form": {"key": "x", "key": "KEY"}}', True),
        ('{"form": {"key": "КЛЮЧ"}}', False),
    ],
)
def test_tokens_in_payloads(body: str, passes: bool) -> None:
    """A token is read by the path as a channel would read it, in each payload of a request."""
    received = post({}, body.replace("KEY", SECRET).encode())

    assert passes == (judged(FIELD, received) is None)


def test_tokens_in_forms_and_queries() -> None:
    """A path is the same in a form, and in the query of a request without a body."""
    text = urlencode({"form[key]": SECRET}).encode()
    form = ((b"content-type", b"application/x-www-form-urlencoded"),)

    assert None is judged(FIELD, Received("POST", b"", form, text))
    assert None is judged(FIELD, Received("GET", text))
    assert None is not judged(FIELD, Received("POST", text, form, b"name=x"))


def test_numbers_as_tokens() -> None:
    """A token of digits that is sent as a number is the same."""
    digits = "12345678901234567890"

    assert None is judged(FIELD, post({}, f'{{"form": {{"key": {digits}}}}}'.encode()), digits)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("answers[id='key'].value", '{"answers": [{"id": "a"}, {"id": "key", "value": "KEY"}]}'),
        ("keys[0]", '{"keys": ["KEY", "x"]}'),
        ("keys[-1]", '{"keys": ["x", "KEY"]}'),
        ("data.'e-mail (work)'", '{"data": {"e-mail (work)": "KEY"}}'),
    ],
)
def test_paths_are_those_of_the_language(path: str, body: str) -> None:
    """Every path of the language leads to a token."""
    auth = auth_of(f'token field "{path}"')

    assert None is check(auth, [SECRET], post({}, body.replace("KEY", SECRET).encode()), NOW)


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ("key=KEY", True),
        ("a=1&key=KEY&b=2", True),
        ("KEY=1&Key=KEY", True),
        ("key=KEY&key=KEY", False),
        ("key[]=KEY", False),
        ("key[a]=KEY", False),
        ("key=", False),
        ("key=KEY%20", False),
        ("key=%FF", False),
        ("", False),
    ],
)
def test_tokens_in_the_query(query: str, passes: bool) -> None:
    """A token in the query stands there once; the body does not matter."""
    text = query.replace("KEY", SECRET).encode()
    received = replace(post({}, b"\xff"), query=text)

    assert passes == (judged(SCHEMES["token query"], received) is None)
