"""Compiled channels mean what the evaluator says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NOW, ROOT, RULE_FILES, orders, payloads, values

from leadlark import Channel, PayloadError, Request, load
from leadlark.language.nodes import Key, Path
from leadlark.mapping.events import Event

CASES: Final = sorted((ROOT / "tests" / "cases" / "decide").rglob("*.channel"))
CHANNELS: Final = {
    f"{file.stem}/{address}": channel
    for file in (*RULE_FILES, *CASES)
    for address, channel in load(file).items()
}


def paths(node: object) -> Iterator[tuple[str, ...]]:
    """The keys of every path of keys in a node."""
    if isinstance(node, Path):
        names = tuple(step.name for step in node.steps if isinstance(step, Key))
        if names and not node.root:
            yield names
    elif isinstance(node, tuple):
        for each in node:
            yield from paths(each)
    elif is_dataclass(node):
        for part in fields(node):
            yield from paths(getattr(node, part.name))


READ: Final = {
    name: sorted({*paths(channel.program.before), *paths(channel.program.after)})
    for name, channel in CHANNELS.items()
}


@st.composite
def read_payloads(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Objects that have most of what a channel reads, now and then in another case."""
    payload: dict[str, Any] = {}
    for names in READ[name]:
        inner = payload
        for each in names[:-1]:
            inner = inner.setdefault(each, {})
            if not isinstance(inner, dict):
                break
        if isinstance(inner, dict) and draw(st.integers(0, 5)):
            key = names[-1] if draw(st.integers(0, 7)) else names[-1].swapcase()
            inner[key] = draw(values)
    return payload


def unheard(event: Event) -> None:
    """Watch and do nothing: whoever watches is told by the evaluator."""


def hold_equal(channel: Channel, request: Request) -> None:
    """Map a request both ways."""
    assert channel.program.halves  # which makes the functions that the first payloads do without
    compiled = channel.map_all(request, NOW)
    evaluated = channel.map_all(request, NOW, watch=unheard)

    assert len(evaluated) == len(compiled)
    for expected, actual in zip(evaluated, compiled, strict=True):
        assert expected.contact_fields == actual.contact_fields
        assert expected.entity_fields == actual.entity_fields
        assert list(expected.entity) == list(actual.entity)
        assert (expected.contact, expected.entity) == (actual.contact, actual.entity)
        assert (expected.keys, expected.origins) == (actual.keys, actual.origins)
        for name in ("outcome", "reason", "problems", "contact_update", "status", "warnings"):
            assert getattr(expected, name) == getattr(actual, name), name
        for name in ("responsible", "comment", "activity"):
            assert getattr(expected, name) == getattr(actual, name), name


@pytest.mark.parametrize("name", CHANNELS)
@given(data=st.data())
@settings(max_examples=12)
def test_both_ways_are_one(name: str, data: st.DataObject) -> None:
    """Values, keys, verdicts and warnings are the same, in the same order."""
    payload = data.draw(st.one_of(payloads, orders, read_payloads(name), read_payloads(name)))
    try:
        request = Request(payload, query={"utm": "x"}, headers={"X-Id": "1"})
    except PayloadError:
        return
    hold_equal(CHANNELS[name], request)
