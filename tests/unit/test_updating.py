"""Expectations written anew: in their places, as they are meant, and only where they pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadlark import Rules, loads
from leadlark.cases import run_cases
from leadlark.cases.reading import read_case_text
from leadlark.cases.updating import Updated, update
from leadlark.cases.writing import flow

RULES: Final = """\
channel shop {
    entity deal
    ignore when <test> is present "ping"
    deal {
        TITLE = "<title>"
        EXTRA = "<extra>"
    }
}
"""
PATH: Final = Path("shop.test.yaml")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return loads(RULES)


def updated(rules: Rules, case: str, newline: str = "\n") -> Updated:
    text = "rules: shop.channel\ncases:\n" + case
    return update(text.replace("\n", newline), PATH, rules)


def outcomes(rules: Rules, text: str) -> list[str]:
    file, mistakes = read_case_text(text, PATH)
    assert () == mistakes
    assert file is not None
    return [each.outcome for each in run_cases(file, rules)]


def cases_of(result: Updated) -> str:
    return result.text.partition("cases:\n")[2]


EXPECTED: Final = [
    ("{entity: {fields: {TITLE: a}}}", "{entity: {fields: {TITLE: Order}}}"),
    ('{entity: {fields: {TITLE: "a"}}}', '{entity: {fields: {TITLE: "Order"}}}'),
    ("{entity: {fields: {TITLE: 'a'}}}", "{entity: {fields: {TITLE: 'Order'}}}"),
    ("{entity: {fields: {TITLE: {$regex: x}}}}", "{entity: {fields: {TITLE: Order}}}"),
    ("{entity: {fields: {TITLE: $absent}}}", "{entity: {fields: {TITLE: Order}}}"),
    ("{entity: {fields: {NONE: $any}}}", "{entity: {fields: {NONE: ~}}}"),
    ("{entity: {ids: [5, 6]}}", '{entity: {ids: ["1"]}}'),
    ("{entity: {ids: [5]}}", "{entity: {ids: [1]}}"),
    ('{entity: {ids: ["5"]}}', '{entity: {ids: ["1"]}}'),
    ("{comment: Hello, activity: {subject: a}}", "{comment: ~, activity: ~}"),
    ("{action:   ignore  ,  reason:  $any}", "{action:   create  ,  reason:  $any}"),
    ("[{action: ignore}]", "[{action: create}]"),
    ('{"action": "ignore"}', '{"action": "create"}'),
    ("{? action : ignore}", "{? action : create}"),
]


@pytest.mark.parametrize(("before", "after"), EXPECTED)
def test_values_are_written_in_their_places(rules: Rules, before: str, after: str) -> None:
    """A subset stays one, what holds stays, quotes stay."""
    case = "  - {{name: x, json: {{title: Order}}, expect: {}}}\n"

    result = updated(rules, case.format(before))

    assert case.format(after) == cases_of(result)
    assert ["passed"] == outcomes(rules, result.text)


BLOCKS: Final = [
    (
        "    expect:\n      action: ignore   # a\n      # b\n",
        "    expect:\n      action: create   # a\n      # b\n",
    ),
    (
        "    expect:\n      warnings:\n        - code: N1\n\n        # c\n      action: create\n",
        "    expect:\n      warnings: []\n\n        # c\n      action: create\n",
    ),
    (
        "    expect:\n      entity:\n        fields:\n          TITLE: |\n"
        "            old\n\n  # end\n",
        "    expect:\n      entity:\n        fields:\n          TITLE: Order\n\n  # end\n",
    ),
    (
        "    expect:\n    - action: ignore\n      reason: x y\n",
        "    expect:\n    - action: create\n      reason: the channel creates without looking\n",
    ),
    (
        "    expect: # why\n      # because\n      {action: ignore}\n",
        "    expect: # why\n      # because\n      {action: create}\n",
    ),
    (
        "    expect: ~   # why\n",
        "    expect:   # why\n      action: create\n"
        "      reason: the channel creates without looking\n      contact: {action: none}\n"
        '      entity: {type: deal, ids: ["1"], fields: {TITLE: Order}}\n      warnings: []\n',
    ),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), BLOCKS)
def test_comments_and_line_ends_stay(rules: Rules, before: str, after: str, newline: str) -> None:
    """What stands around a value stays byte for byte; lines that are added end as the others do."""
    case = "  - name: x\n    json: {title: Order}\n"

    result = updated(rules, case + before, newline)

    assert ("rules: shop.channel\ncases:\n" + case + after).replace("\n", newline) == result.text
    assert ["passed"] == outcomes(rules, result.text)


@pytest.mark.parametrize("text", ["$any", "$absent"])
def test_data_is_no_matcher(rules: Rules, text: str) -> None:
    """A text of a payload that reads like a matcher is expected as the text that it is."""
    case = '  - {{name: x, json: {{title: "{}"}}, expect: {{entity: {{fields: {{TITLE: a}}}}}}}}\n'

    result = updated(rules, case.format(text))

    assert f'TITLE: {{"$regex": "^\\\\{text}$"}}' in result.text
    assert ["passed"] == outcomes(rules, result.text)


def test_map_with_a_key_like_a_matcher_is_left(rules: Rules) -> None:
    """An object of a payload that reads like a matcher cannot be expected as it is."""
    case = '  - {name: x, json: {extra: {"$regex": "."}}, expect: {entity: {fields: {EXTRA: a}}}}\n'

    result = updated(rules, case)

    assert case == cases_of(result)
    assert ["`x` fails and is left as it is: a key that is decided reads like a matcher"] == [
        each.message for each in result.left
    ]


def test_one_case_that_cannot_be_written_keeps_no_other(rules: Rules) -> None:
    """Where a case does not pass with what was written, it stays; the others are written."""
    good = "  - {name: good, json: {title: Order}, expect: {action: ignore}}\n"
    deep = '{"extra": ' + "[" * 60 + "1" + "]" * 60 + "}"  # deeper than a case file's values may be
    bad = f"  - {{name: bad, body: '{deep}', expect: {{entity: {{fields: {{EXTRA: a}}}}}}}}\n"

    result = updated(rules, good + bad + good)

    assert good.replace("ignore", "create") + bad + good.replace("ignore", "create") == cases_of(
        result
    )
    assert ("good", "good") == result.names
    assert [
        (4, "`bad` fails and is left as it is: what is decided cannot be written in its place")
    ] == [(each.line, each.message) for each in result.left]


def test_file_with_mistakes_is_left(rules: Rules) -> None:
    """What is no case file is not written; its mistakes are told by the run."""
    case = "  - {name: x, json: {}, expect: {action: ignore}, exept: ~}\n"

    assert Updated("rules: shop.channel\ncases:\n" + case) == updated(rules, case)


def test_cases_that_hold_leave_the_text_alone(rules: Rules) -> None:
    """Without a failure there is nothing to write."""
    case = "  - {name: x, json: {}, expect: {action: create}}\n"

    assert Updated("rules: shop.channel\ncases:\n" + case) == updated(rules, case)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("$any"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc: #'\"{", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wrong=values, title=values, extra=values)
def test_whatever_was_expected_passes_afterwards(
    rules: Rules, wrong: Any, title: Any, extra: Any
) -> None:
    """Any payload and any wrong expectation give a file that passes and is not written again."""
    sent = flow({"title": title, "extra": extra})
    case = (
        "  - name: x   # first\n"
        f"    json: {sent}\n"
        "    expect:\n"
        f"      entity: {{fields: {{TITLE: {flow(wrong)}, EXTRA: {flow(wrong)}}}}}   # last\n"
    )

    result = updated(rules, case)

    assert () == result.left
    assert ["passed"] == outcomes(rules, result.text)
    assert Updated(result.text) == update(result.text, PATH, rules)
    first, _, rest = result.text.partition("    expect:")
    assert "rules: shop.channel\ncases:\n" + case.partition("    expect:")[0] == first
    assert rest.endswith("   # last\n")
