"""Values written as YAML: what is read of them is what they were."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.cases.located import plain, read_yaml
from leadlark.cases.writing import WIDTH, block, flow
from leadlark.values.value import Json

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ("", "~", "null", "yes", "1e3", "0x1F", "1_000", "a: b", "- a", "#", "a #b", " a ", "$any")
    ),
    st.sampled_from(
        ("2026-01-01T00:00:00Z", "+7471", "a\nb", "&a", "*a", "!x", "{", "x,y", "'", '"')
    ),
)
values: Final[st.SearchStrategy[Json]] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.decimals(allow_nan=False, allow_infinity=False, places=2)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(values, st.sampled_from(("", "'", '"')))
def test_value_on_a_line_is_read_as_it_was(value: Json, quote: str) -> None:
    """Texts that look like something else are quoted, in `[…]` and `{…}` as well."""
    written = flow(value, quote)

    assert "\n" not in written
    assert value == plain(read_yaml(f"a: {written}", "x"))["a"]  # type: ignore[index,call-overload]


@settings(max_examples=150)
@given(st.dictionaries(texts, values, min_size=1, max_size=5), st.integers(0, 6))
def test_map_in_a_block_is_read_as_it_was(value: dict[str, Json], indent: int) -> None:
    """A map over several lines is the same map."""
    written = "\n".join(block(value, indent))

    assert value == plain(read_yaml(written, "x"))


@pytest.mark.parametrize(
    ("value", "quote", "written"),
    [
        ("no deal found", "", "no deal found"),
        ("Мария", "", "Мария"),
        ("Мария", "'", "'Мария'"),
        ("it's", "'", "'it''s'"),
        ("a\tb", "'", '"a\\tb"'),
        ("Order #1", "", '"Order #1"'),
        ("12", "", '"12"'),
        ("No", "", '"No"'),
        (Decimal("3500.00"), "", "3500.00"),
        (None, "", "~"),
        ({"a b": [1, True]}, "", '{"a b": [1, true]}'),
        ("\u202e\U0001f642\u2028", "", '"\\u202E\U0001f642\\u2028"'),
    ],
)
def test_values_are_written_as_people_do(value: Json, quote: str, written: str) -> None:
    """Words stay plain, all other texts are quoted, in the manner they were before."""
    assert written == flow(value, quote)


def test_long_values_get_lines_of_their_own() -> None:
    """A map or list that is too long for a line is written over several."""
    long = {"fields": {f"FIELD_{number}": "x" * 30 for number in range(3)}}
    listed: list[Json] = [{**long["fields"]}, "short"]

    lines = list(block({"entity": {**long}, "list": listed}, 2))

    assert [
        "  entity:",
        "    fields:",
        *(f"      FIELD_{number}: {'x' * 30}" for number in range(3)),
        "  list:",
        f"    - FIELD_0: {'x' * 30}",
        f"      FIELD_1: {'x' * 30}",
        f"      FIELD_2: {'x' * 30}",
        "    - short",
    ] == lines
    assert all(len(line) <= WIDTH for line in lines)
