"""Payloads under `each`: what is above it counts for every element, what is below for its own."""

from __future__ import annotations

from typing import Any

from leadlark import Channel, MappedPayload, Request, loads


def channel(*lines: str) -> Channel:
    written = "\n".join(("channel a {", "entity lead", "region RU", *lines, "}"))
    return loads(written)["a"]


def mapped(rules: Channel, payload: dict[str, Any]) -> tuple[MappedPayload, ...]:
    return rules.map_all(Request(payload))


def test_an_element_kept_as_text_is_no_value_for_ignore() -> None:
    """An optional phone that is none is absent to `ignore when` and text to the fields."""
    rules = channel(
        "payload {",
        "phone phone",
        "}",
        "each <phone>",
        'ignore when <@item> == "nope"',
        "lead {",
        'X = "<@item>"',
        "}",
    )
    (only,) = mapped(rules, {"phone": "nope"})

    assert {"X": "nope"} == only.entity
    assert ["N201"] == [note.code for note in only.warnings]


def test_notes_above_each_are_on_every_element() -> None:
    """A let above `each` is read once, and its warnings stand on each decision."""
    rules = channel(
        'let sum = "<amount | decimal>"',
        "each <items>",
        "lead {",
        'X = "<sum | default 0> <@item | integer>"',
        "}",
    )
    first, second = mapped(rules, {"amount": "much", "items": ["1", "x"]})

    assert ["N203"] == [note.code for note in first.warnings]
    assert ["amount", "@item", "@item"] == [note.path for note in second.warnings]
    assert {"X": "0 1"} == first.entity


def test_violations_are_told_to_the_element_they_are_in() -> None:
    """One bad element rejects itself; what is wrong around them rejects all."""
    rules = channel(
        "payload {",
        "name text required",
        "items[].n integer",
        "}",
        "each <items>",
        "lead {",
        'X = "<n> <@root.name>"',
        "}",
    )
    good, bad = mapped(rules, {"name": "x", "items": [{"n": 1}, {"n": "one"}]})
    assert None is good.outcome
    assert ["items[1].n"] == [problem.path for problem in bad.problems]

    first, second = mapped(rules, {"items": [{"n": 1}, {"n": "one"}]})
    assert ["name"] == [problem.path for problem in first.problems]
    assert {"name", "items[1].n"} == {problem.path for problem in second.problems}


def test_a_long_payload_is_one_comment_for_all() -> None:
    """Every element's comment is the whole payload's text, cut at its limit with a warning."""
    rules = channel("each <items>", "comment payload")
    several = mapped(rules, {"items": ["x" * 60_000, "y" * 60_000]})

    assert [65_536, 65_536] == [len((each.comment or "").encode()) for each in several]
    assert several[0].comment is several[1].comment
    assert [["N207"], ["N207"]] == [[n.code for n in each.warnings] for each in several]
