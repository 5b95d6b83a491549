"""The transports agree: the same data gives the same decision by each of them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from strategies import (
    BOUNDARY,
    KEYS,
    NOW,
    VALUES,
    multipart,
    plain_keys,
    plain_texts,
    urlencoded,
)

from leadlark import MemoryStore, Request, Rules

usable = [key for key in KEYS if key and '"' not in key]
texts = st.one_of(plain_texts, st.sampled_from([each for each in VALUES if "\0" not in each]))
flat = st.dictionaries(st.sampled_from(usable) | plain_keys, texts, min_size=1, max_size=6)

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def by_each_transport(data: dict[str, str]) -> list[Request]:
    """The same texts by query string, form, JSON and multipart form."""
    bodies = {FORM: urlencoded(data), JSON: json.dumps(data).encode(), MULTIPART: multipart(data)}
    return [
        Request.from_http(method="GET", query=urlencoded(data)),
        *(
            Request.from_http(headers={"Content-Type": type}, body=body)
            for type, body in bodies.items()
        ),
    ]


@given(data=flat)
def test_the_same_texts_are_the_same_payload(data: dict[str, str]) -> None:
    """Texts arrive as they were sent, whichever way they came."""
    for request in by_each_transport(data):
        assert data == request.payload


@given(data=flat)
def test_the_same_texts_give_the_same_decision(everything: Rules, data: dict[str, str]) -> None:
    """No channel decides otherwise because of the way in which its data came."""
    sent = {"need": "x", **data}
    for channel in everything.values():
        # A channel that reads `@query` sees it by GET: that is compared below.
        told = [
            [each.to_dict() for each in channel.process_all(request, MemoryStore(), NOW)]
            for request in by_each_transport(sent)[1:]
        ]
        assert all(decisions == told[0] for decisions in told)


@given(data=flat)
def test_a_query_decides_as_a_body(everything: Rules, data: dict[str, str]) -> None:
    """A query string without a body is decided as the same data beside it in one."""
    query = urlencoded({"need": "x", **data})
    alone = Request.from_http(method="GET", query=query)
    beside = Request.from_http(query=query, headers={"Content-Type": FORM}, body=query)
    for channel in everything.values():
        told = [
            [each.to_dict() for each in channel.process_all(request, MemoryStore(), NOW)]
            for request in (alone, beside)
        ]
        assert told[0] == told[1]


@given(
    names=st.lists(plain_keys, min_size=1, max_size=3, unique=True),
    values=st.lists(plain_texts, min_size=1, max_size=3),
)
def test_brackets_are_objects_and_lists(names: list[str], values: list[str]) -> None:
    """A nested payload is the same as JSON and in the brackets of a form."""
    nested = {"root": {name: list(values) for name in names}}
    flat_names = [
        (f"root[{name}][{index}]", value) for name in names for index, value in enumerate(values)
    ]

    as_form = Request.from_http(headers={"Content-Type": FORM}, body=urlencoded(dict(flat_names)))
    as_parts = Request.from_http(
        headers={"Content-Type": MULTIPART}, body=multipart(dict(flat_names))
    )

    assert nested == as_form.payload
    assert nested == as_parts.payload


@given(data=flat)
def test_content_needs_no_type(data: dict[str, str]) -> None:
    """JSON and multipart forms are told by themselves where no type is declared."""
    for body in (json.dumps(data).encode(), multipart(data)):
        assert data == Request.from_http(body=body).payload
