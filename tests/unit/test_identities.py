"""What makes two deliveries the same request."""

from __future__ import annotations

from typing import Any

import leadlark
from leadlark.values.value import Json


def identified(statements: str, request: leadlark.Request) -> list[tuple[str | None, Json]]:
    """The identities of a request's decisions by a channel with some statements."""
    rules = leadlark.loads(
        f"channel shop {{\n    entity deal\n{statements}\n    deal {{ \n        "
        'NOTE = "<@id>"\n    }\n}\n'
    )
    return [(each.id, each.payload) for each in rules["shop"].parts(request)]


def noted(statements: str, request: leadlark.Request) -> list[Any]:
    """What `<@id>` is in the decisions of such a channel."""
    rules = leadlark.loads(
        f"channel shop {{\n    entity deal\n{statements}\n    deal {{ \n        "
        'NOTE = "<@id>"\n    }\n}\n'
    )
    return [each.entity.get("NOTE") for each in rules["shop"].map_all(request)]


def test_a_header_names_the_request() -> None:
    """`webhook-id` and `Idempotency-Key` are request ids where a channel names none."""
    request = leadlark.Request(payload={"a": 1}, headers={"Webhook-Id": "msg_1"})
    assert identified("", request) == [("msg_1", {"a": 1})]


def test_the_channel_names_the_request() -> None:
    """`request id` goes before the header, is a text, and is what `<@id>` reads."""
    request = leadlark.Request(payload={"order": 6510}, headers={"Webhook-Id": "msg_1"})
    statement = '    request id "<order>"'
    assert identified(statement, request) == [("6510", {"order": 6510})]
    assert noted(statement, request) == ["6510"]


def test_a_request_id_without_a_value_is_none() -> None:
    """Where the param of `request id` has no value, the header counts; without one nothing."""
    statement = '    request id "<order>"'
    with_header = leadlark.Request(payload={"order": " "}, headers={"idempotency-key": "k"})
    assert identified(statement, with_header) == [("k", {"order": " "})]
    assert identified(statement, leadlark.Request(payload={})) == [(None, {})]


def test_a_request_id_reads_lets() -> None:
    """`request id` reads what lets give."""
    statements = '    let order = "<raw | parse_json>"\n    request id "<order.id>"'
    request = leadlark.Request(payload={"raw": '{"id": 7}'})
    assert identified(statements, request)[0][0] == "7"


def test_every_element_has_an_identity_of_its_own() -> None:
    """Under `each` the id is read from the element, and the element is what has the id."""
    statements = '    each <items>\n    request id "<id>"'
    request = leadlark.Request(payload={"items": [{"id": 1}, {"id": 2}]})
    assert identified(statements, request) == [("1", {"id": 1}), ("2", {"id": 2})]


def test_an_id_of_the_header_goes_with_the_index() -> None:
    """Several decisions of one request have its header's id and their index."""
    headers = {"webhook-id": "m"}
    several = leadlark.Request(payload=[{"a": 1}, {"a": 2}], headers=headers)
    assert identified("", several) == [("m", {"a": 1}), ("m:1", {"a": 2})]
    listed = leadlark.Request(payload={"items": [{"id": 1}, {}]}, headers=headers)
    expected = [("1", {"id": 1}), ("m:1", {})]
    assert identified('    each <items>\n    request id "<id>"', listed) == expected
    assert identified("", leadlark.Request(payload=[], headers=headers)) == [("m", [])]
    empty = leadlark.Request(payload={"items": []}, headers=headers)
    assert identified("    each <items>", empty) == [("m", {"items": []})]
