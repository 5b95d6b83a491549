"""Coverage: what counts as reached, and how shares are rounded."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import pytest

from leadlark import Request, loads
from leadlark.cases.coverage import Coverage, FileCoverage, Share, file_coverage, reached
from leadlark.cases.points import Key, rule_file
from leadlark.cli.coverage_text import below, segments
from leadlark.mapping.events import Event

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def missing(statements: str, *payloads: Any, tables: str = "") -> list[tuple[str, str]]:
    """What is missing of a channel of these statements, each with its line's text."""
    text = f"{tables}\nchannel a {{\nentity deal\n{statements}\n}}\n"
    channel = loads(text)["a"]
    file = rule_file(channel.program.source)
    keys: set[Key] = set()
    for payload in payloads:
        for single in Request(payload).split():
            events: list[Event] = []
            mapped = channel.map_all(single, NOW, watch=events.append)
            keys |= reached(file, mapped, events)
    return [(each.what, each.text) for each in file_coverage(file, "a.channel", keys).missing]


WHEN: Final = """
when <a> == 1 {
status ONE
} else when <a> == 2 {
status TWO
} else {
status OTHER
}
"""


@pytest.mark.parametrize(
    ("payloads", "expected"),
    [
        (
            [],
            [
                ("never reached", "when <a> == 1 {"),
                ("never reached", "status ONE"),
                ("never reached", "} else when <a> == 2 {"),
                ("never reached", "status TWO"),
                ("never reached", "status OTHER"),
            ],
        ),
        (
            [{"a": 1}],
            [
                ("never false", "when <a> == 1 {"),
                ("never reached", "} else when <a> == 2 {"),
                ("never reached", "status TWO"),
                ("never reached", "status OTHER"),
            ],
        ),
        (
            [{"a": 1}, {"a": 2}],
            [("never false", "} else when <a> == 2 {"), ("never reached", "status OTHER")],
        ),
        ([{"a": 1}, {"a": 2}, {"a": 3}], []),
    ],
)
def test_branches(payloads: list[Any], expected: list[tuple[str, str]]) -> None:
    """Each condition has two sides; an `else` is the other side of the one above it."""
    assert expected == missing(WHEN, *payloads)


def test_condition_counts_as_a_whole() -> None:
    """Which of its terms made a condition true is not asked."""
    rules = 'ignore when <a> is present or (<b> is present and not <c> is present) "x"'

    assert [] == missing(rules, {"a": 1}, {})


def test_payload_that_ends_early_reaches_nothing_below() -> None:
    """Conditions about fields that a rejected payload passes by do not count, verdicts do."""
    rules = 'reject when <b> is present "b"\n' + WHEN

    assert [("never false", 'reject when <b> is present "b"')] == missing(rules, {"a": 1, "b": 1})[
        :1
    ]
    assert 6 == len(missing(rules, {"a": 1, "b": 1}))


def test_condition_above_a_verdict_counts_without_fields() -> None:
    """What decides whether a payload ends has come to something, whatever follows."""
    rules = """
when <a> == 1 {
status ONE
} else when <a> == 2 {
ignore "two"
} else when <a> == 3 {
status THREE
}
"""
    assert [
        ("never true", "when <a> == 1 {"),
        ("never reached", "status ONE"),
        ("never false", "} else when <a> == 2 {"),
        ("never reached", "} else when <a> == 3 {"),
        ("never reached", "status THREE"),
    ] == missing(rules, {"a": 2})


def test_required_field_without_value_is_reached() -> None:
    """A payload is rejected for a field only once all of its fields are mapped."""
    rules = "deal {\nX = <x> required\nwhen <y> is present {\nY = 1\n}\n}".replace("<x>", '"<x>"')

    assert [("never true", "when <y> is present {"), ("never reached", "Y = 1")] == missing(
        rules, {}
    )


def test_each_and_lets() -> None:
    """A let above `each` is reached before any element is; an empty list reaches nothing below."""
    rules = 'let a = "<a>"\neach <items>\nlet b = "<b>"\ndeal {\nX = "<b>"\n}'

    assert ['let b = "<b>"', 'X = "<b>"'] == [text for _, text in missing(rules, {"items": []})]
    assert [] == missing(rules, {"items": [{"b": 1}]})


TABLES: Final = """
table one {
"a" -> "1"
"b", "é" -> "2"
}
table two {
"1" -> "x"
else "y"
}
"""


@pytest.mark.parametrize(
    ("value", "payload", "expected"),
    [
        ("<v | lookup one>", {"v": "a"}, ["row `b`", "row `é`"]),
        ("<v | lookup one>", {"v": " e\u0301 "}, ["row `a`", "row `b`"]),
        ("<v | lookup one>", {"v": "A"}, ["row `a`", "row `b`", "row `é`"]),
        ("<v | lookup one>", {"v": ["a", ["b", None]]}, ["row `é`"]),
        ("<v | lookup one>", {"v": ""}, ["row `a`", "row `b`", "row `é`"]),
        ("<v[*].k | upper | lower | lookup one>", {"v": [{"k": "A"}]}, ["row `b`", "row `é`"]),
        ("<v | map '<k | lookup one>' | first>", {"v": [{"k": "b"}]}, ["row `a`", "row `é`"]),
    ],
)
def test_rows(value: str, payload: Any, expected: list[str]) -> None:
    """A row is reached by a value that it is found by, in lists and in `map` as well."""
    found = missing(f'deal {{\nX = "{value}"\n}}', payload, tables=TABLES)

    assert expected == [
        what.removesuffix(" never looked up")
        for what, _ in found
        if what not in ("row `1` never looked up", "never looked up")
    ]


def test_rows_of_two_tables_in_a_row() -> None:
    """What one table gives is looked up in the next; its `else` is a row like others."""
    rules = 'deal {\nX = "<v | lookup one | lookup two>"\n}'

    assert [
        ("row `b` never looked up", '"b", "é" -> "2"'),
        ("row `é` never looked up", '"b", "é" -> "2"'),
        ("never looked up", 'else "y"'),
    ] == missing(rules, {"v": "a"}, tables=TABLES)
    assert ("row `1` never looked up", '"1" -> "x"') in missing(rules, {"v": "b"}, tables=TABLES)


@pytest.mark.parametrize(
    ("reached_", "total", "percent"),
    [(0, 0, "100"), (0, 3, "0"), (1, 3, "33.3"), (2, 3, "66.6"), (9999, 10_000, "99.9")],
)
def test_percent_is_rounded_down(reached_: int, total: int, percent: str) -> None:
    """100 % is said only where nothing is missing."""
    assert percent == str(Share(reached_, total).percent)


@pytest.mark.parametrize(
    ("share", "percent", "sentence"),
    [
        (Share(1, 2), "50", None),
        (Share(2, 3), "66.6", None),
        (Share(2, 3), "66.7", "the coverage of 66.6 % is 0.1 points below 66.7 %"),
        (Share(0, 2), "100.0", "the coverage of 0 % is 100.0 points below 100 %"),
    ],
)
def test_threshold_is_compared_exactly(share: Share, percent: str, sentence: str | None) -> None:
    """A share is not below what it rounds down from; the difference is rounded up."""
    assert sentence == below(share, Decimal(percent))


def test_no_rule_file_at_all() -> None:
    """Without rule files there is nothing to reach."""
    shown = "".join(text for _, text in segments(Coverage(())))

    assert "coverage\ntotal    100 %  0 of 0" == shown


def test_names_carry_nothing_out() -> None:
    """What a file's name or a row's key holds beside text is shown as such."""
    table = 'table t {\n"\\u{202E}b" -> 1\n}\n'
    rules = loads(table + 'channel a {\nentity lead\nlead {\nX = "<a | lookup t>"\n}\n}')
    file = rule_file(rules["a"].program.source)
    one: FileCoverage = file_coverage(file, "a\x1b.channel", ())

    shown = "".join(text for _, text in segments(Coverage((one,))))

    assert "a\ufffd.channel:2  row `\ufffdb` never looked up" in shown
