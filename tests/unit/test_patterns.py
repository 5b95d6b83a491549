"""Patterns in RE2 syntax."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.values.patterns import compile_pattern, pattern_problem


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("(b)(c)?", "abd", "b"),
        ("b.", "abc", "bc"),
        ("(x)|b", "b", None),
        ("x", "b", None),
        ("", "b", ""),
        (r"(?i)ЗАКАЗ №(\d+)", "заказ №6510", "6510"),
        (r"\p{Cyrillic}+", "to Мария", "Мария"),
        ("й", "и\u0306", "й"),
        (".x", "\ud800x", "\ufffdx"),
        (".", "😀", "😀"),
    ],
)
def test_extract(pattern: str, text: str, found: str | None) -> None:
    """The first group of the first match, or all of it; characters are those of Unicode."""
    compiled = compile_pattern(pattern)
    assert found == compiled.extract(text)
    assert compiled == compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(?=a)", "look-around"),
        ("(?<!a)b", "look-around"),
        (r"(a)\1", "back-reference"),
        ("(?P<n>a)(?P=n)", "back-reference"),
        ("(?>a)", "atomic"),
        ("(a", "not closed"),
        ("a)", "no opening"),
        ("[a", "not closed"),
        ("[z-a]", "z-a"),
        ("a**", "**"),
        ("*a", "nothing to repeat"),
        ("a{2000}", "at most 1000"),
        (r"\q", r"\q"),
        (r"a\Z", r"\z"),
        (r"\u0041", r"\x{263a}"),
        ("\\", "backslash"),
        (r"(\p{L}{1,100}){1,9}", "too much"),
        ("\ud800", "surrogate"),
    ],
)
def test_unsupported_pattern(pattern: str, said: str) -> None:
    """A pattern that RE2 does not take is explained in plain words and cannot be compiled."""
    problem = pattern_problem(pattern)
    assert problem is not None
    assert said in problem
    with pytest.raises(ValueError, match=re.escape(problem)):
        compile_pattern(pattern)


def test_hostile_pattern_is_answered() -> None:
    """Nested repetition over a long text that does not match is no trouble."""
    assert not compile_pattern("^(a+)+$").search("a" * 60_000 + "b")
    assert compile_pattern("^(a+)+$").search("a" * 60_000)


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_pattern_problem_never_raises(text: str) -> None:
    """Any text is a pattern or has a problem."""
    if pattern_problem(text) is None:
        compile_pattern(text).search(text)
