"""Standard Webhooks and HubSpot: several signatures, versions, URLs, published examples."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from senders import (
    BODY,
    NOW,
    OTHER_WHSEC,
    SCHEMES,
    SECRET,
    URL,
    WHSEC,
    auth_of,
    based,
    changed,
    hubspot_1,
    hubspot_3,
    judged,
    milliseconds,
    post,
    reason,
    seconds,
    standard,
)
from standardwebhooks import Webhook

from leadlark.proof import Received, check

STANDARD: Final = SCHEMES["standard"]


@pytest.mark.parametrize(
    ("list", "passes"),
    [
        ("{other} {valid}", True),
        ("{valid} {other}", True),
        ("v1a,{raw} {valid}", True),
        ("{other} {other}", False),
        ("v1a,{raw}", False),
        ("v2,{raw}", False),
        ("{raw}", False),
        ("v1,", False),
        ("v1, {raw}", False),
        ("v1,{raw},v1", False),
        ("{other},{valid}", False),
        ("v1,{raw}\t{other}", False),
    ],
)
def test_lists_of_signatures(list: str, passes: bool) -> None:
    """Of the signatures of Standard Webhooks one of version 1 has to be right."""
    signature = dict(standard(WHSEC, BODY, NOW).headers)[b"webhook-signature"].decode()
    other = dict(standard(OTHER_WHSEC, BODY, NOW).headers)[b"webhook-signature"].decode()
    text = list.format(valid=signature, other=other, raw=signature.removeprefix("v1,"))
    received = changed(standard(WHSEC, BODY, NOW), "webhook-signature", lambda _: text.encode())

    assert passes == (judged(STANDARD, received) is None)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_all_headers_of_standard_webhooks_are_needed(name: str) -> None:
    """Each header is missing by its name."""
    received = standard(WHSEC, BODY, NOW)
    headers = tuple(each for each in received.headers if each[0] != name.encode())

    refusal = judged(STANDARD, replace(received, headers=headers))

    assert f"the header {name} is missing" == reason(refusal)


@pytest.mark.parametrize("secret", [WHSEC.removeprefix("whsec_"), WHSEC.rstrip("=")])
def test_spellings_of_standard_secrets(secret: str) -> None:
    """The prefix and the padding of a secret of Standard Webhooks may be left out."""
    assert None is judged(STANDARD, standard(WHSEC, BODY, NOW), secret)


@pytest.mark.parametrize("secret", ["whsec_!" + "A" * 40, "whsec_" + "A" * 33, "ж" * 40, "whsec_"])
def test_secrets_that_are_no_base64(secret: str) -> None:
    """A secret of Standard Webhooks that is no base64, or of nothing, proves nothing."""
    assert "the secret SHOP" in reason(judged(STANDARD, standard(WHSEC, BODY, NOW), secret))


def test_the_reference_library_agrees() -> None:
    """A request that the reference library of Standard Webhooks signs is taken."""
    signature = Webhook(WHSEC).sign("msg.a", NOW, BODY.decode())
    headers = {"Webhook-Id": "msg.a", "Webhook-Timestamp": seconds(NOW)}

    assert None is judged(STANDARD, post({**headers, "Webhook-Signature": signature}))


def test_a_body_of_other_bytes_than_utf8() -> None:
    """Standard Webhooks signs text; other bodies are refused, by other schemes they are taken."""
    assert "not UTF-8" in reason(judged(STANDARD, standard(WHSEC, b"name=\xff", NOW)))
    for name in ("shopify", "webflow", "hubspot v3", "hmac hex"):
        scheme = SCHEMES[name]
        assert None is judged(scheme, scheme.make(scheme.secret, b"name=\xff", NOW))


HUBSPOT_SECRET: Final = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
HUBSPOT_URL: Final = "https://www.example.com/webhook_uri"
HUBSPOT_EVENT: Final = (
    b'[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,'
    b'"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM",'
    b'"changeFlag":"NEW","appId":54321}]'
)


@dataclass(frozen=True)
class Published:
    """An example that a sender, or its own library, publishes."""

    auth: str
    secret: str
    received: Received
    moment: int = 0


PUBLISHED: Final = {
    "Standard Webhooks": Published(
        "standard",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        post(
            {
                "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp": "1614265330",
                "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            },
            b'{"test": 2432232314}',
        ),
        1614265330,
    ),
    "HubSpot, version 1": Published(
        "hubspot",
        HUBSPOT_SECRET,
        post(
            {
                "X-HubSpot-Signature-Version": "v1",
                "X-HubSpot-Signature": (
                    "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de"
                ),
            },
            HUBSPOT_EVENT,
        ),
    ),
    "HubSpot, version 2, GET": Published(
        "hubspot",
        HUBSPOT_SECRET,
        replace(
            post(
                {
                    "X-HubSpot-Signature-Version": "v2",
                    "X-HubSpot-Signature": (
                        "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"
                    ),
                },
                b"",
            ),
            method="GET",
            url=HUBSPOT_URL,
        ),
    ),
    "HubSpot, version 2, POST": Published(
        "hubspot",
        HUBSPOT_SECRET,
        replace(
            post(
                {
                    "X-HubSpot-Signature-Version": "v2",
                    "X-HubSpot-Signature": (
                        "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"
                    ),
                },
                b'{"example_field":"example_value"}',
            ),
            url=HUBSPOT_URL,
        ),
    ),
    "HubSpot, version 3": Published(
        "hubspot",
        HUBSPOT_SECRET,
        replace(
            post(
                {
                    "X-HubSpot-Request-Timestamp": "15000000",
                    "X-HubSpot-Signature-v3": "HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw=",
                },
                b"{'example_field':'example_value'}",
            ),
            url=HUBSPOT_URL,
        ),
        15000,
    ),
    "GitHub, signed as Facebook does": Published(
        'hmac sha256 hex header "X-Hub-Signature-256" prefix "sha256="',
        "It's a Secret to Everybody",
        post(
            {
                "X-Hub-Signature-256": (
                    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
                )
            },
            b"Hello, World!",
        ),
    ),
}


@pytest.mark.parametrize("example", PUBLISHED.values(), ids=PUBLISHED)
def test_published_examples(example: Published) -> None:
    """What senders publish as valid is taken, at its time."""
    now = datetime.fromtimestamp(example.moment, UTC)

    assert None is check(auth_of(example.auth), [example.secret], example.received, now)


HUBSPOT: Final = SCHEMES["hubspot v3"]


@pytest.mark.parametrize(
    ("signed", "received"),
    [
        (URL, URL),
        (URL, URL.replace("https", "http")),
        (URL.replace("%3A", ":"), URL),
        (URL.replace("%3A", ":"), URL.replace("https", "http").replace("%3A", "%3a")),
    ],
)
def test_urls_of_hubspot(signed: str, received: str) -> None:
    """HubSpot calls HTTPS, which a proxy may end, and may sign some characters as themselves."""
    time = milliseconds(NOW)
    signature = based(SECRET, f"POST{signed}".encode() + BODY + time.encode())
    headers = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": time}

    assert None is judged(HUBSPOT, replace(post(headers), url=received))


def test_another_url_of_hubspot() -> None:
    """A signature for one URL does not pass at another, nor where the service knows none."""
    received = hubspot_3(SECRET, BODY, NOW)

    elsewhere = reason(judged(HUBSPOT, replace(received, url=URL + "&x=1")))
    nowhere = reason(judged(HUBSPOT, replace(received, url=None)))

    assert "the signature is not made with the secret" == elsewhere
    assert "the signature covers the URL, and the service does not know its own" == nowhere


def test_versions_of_hubspot_together() -> None:
    """HubSpot sends version 1 beside version 3: it will do where the URL is not known."""
    older, newer = hubspot_1(SECRET, BODY, NOW), hubspot_3(SECRET, BODY, NOW)
    both = replace(newer, headers=newer.headers + older.headers[1:])

    assert None is judged(HUBSPOT, replace(both, url=None))
    assert None is judged(HUBSPOT, replace(both, url="https://proxy.internal/in/forms"))


@pytest.mark.parametrize("version", ["v1", "v9"])
def test_a_version_of_hubspot_that_will_not_do(version: str) -> None:
    """Beside version 3 another signature does not matter, be it unknown or of no body."""
    older = hubspot_1(SECRET, b"", NOW)
    newer = hubspot_3(SECRET, b"", NOW)
    both = replace(newer, headers=newer.headers + older.headers[1:])

    named = changed(both, "x-hubspot-signature-version", lambda _: f"{version} ".encode())

    assert None is judged(HUBSPOT, named)


def test_an_old_request_of_hubspot_is_refused() -> None:
    """What has a time is held to it, whatever other signatures there are."""
    older = hubspot_1(SECRET, BODY, NOW)
    newer = hubspot_3(SECRET, BODY, NOW - timedelta(minutes=6))
    both = replace(newer, headers=newer.headers + older.headers[1:])

    assert "more than five minutes old" in reason(judged(HUBSPOT, both))


@pytest.mark.parametrize("version", ["v0", "v3", "V1", "", "v1,v2"])
def test_unknown_versions_of_hubspot(version: str) -> None:
    """A version is one that is known."""
    received = changed(
        hubspot_1(SECRET, BODY, NOW), "x-hubspot-signature-version", lambda _: version.encode()
    )

    assert "X-HubSpot-Signature-Version" in reason(judged(HUBSPOT, received))
