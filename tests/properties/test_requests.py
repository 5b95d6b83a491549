"""No request gives anything but a Request or a PayloadError, and what is read can be decided."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NOW, Payload, bodies, content_types, payloads, snippets

from leadlark import MemoryStore, PayloadError, Request, Rules
from leadlark.codes import PAYLOAD_ERRORS

header_texts = st.text(max_size=10) | st.binary(max_size=10)
queries = st.lists(snippets, max_size=6).map(b"".join) | st.text(max_size=20)


@given(
    body=bodies,
    content_type=content_types,
    query=queries,
    headers=st.lists(st.tuples(header_texts, header_texts), max_size=3),
)
@settings(max_examples=400)
def test_a_request_is_read_or_refused(
    everything: Rules,
    body: bytes,
    content_type: str,
    query: bytes | str,
    headers: list[tuple[str | bytes, str | bytes]],
) -> None:
    """Bytes, types, queries and headers of any kind: an error has a code, a request decisions."""
    refused: PayloadError | None = None
    try:
        request = Request.from_http(
            query=query, headers=[("Content-Type", content_type), *headers], body=body
        )
    except PayloadError as error:
        refused = error
    if refused is not None:
        assert refused.code in PAYLOAD_ERRORS
        assert refused.message
        return

    store = MemoryStore()
    for channel in everything.values():
        for decision in channel.process_all(request, store, NOW):
            assert decision.action in ("create", "update", "ignore", "reject")


@given(payload=payloads)
@settings(max_examples=200)
def test_any_payload_is_decided(everything: Rules, payload: Payload) -> None:
    """Values of any type and state, under the keys that the channels read, never raise."""
    store = MemoryStore()
    request = Request(payload, query=payload, headers={"X-Request": "1"})

    for channel in everything.values():
        for decision in channel.process_all(request, store, NOW):
            assert decision.reason


@given(body=st.binary(max_size=200), content_type=content_types)
@settings(max_examples=200)
def test_reading_is_a_function_of_the_bytes(body: bytes, content_type: str) -> None:
    """The same request is read, or refused, in the same way every time."""
    seen = []
    for _ in range(2):
        try:
            request = Request.from_http(headers={"Content-Type": content_type}, body=body)
            seen.append((request.payload, request.notes))
        except PayloadError as error:
            seen.append((error.code, error.message, error.place))

    assert seen[0] == seen[1]


@given(payload=payloads)
def test_json_is_read_as_it_was_written(payload: Payload) -> None:
    """A payload sent as JSON is the payload, its numbers with every digit."""
    body = json.dumps(payload, default=str, ensure_ascii=False).encode()

    request = Request.from_http(headers={"Content-Type": "application/json"}, body=body)

    assert json.loads(json.dumps(payload, default=str)) == request.payload
