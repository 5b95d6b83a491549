"""What single tokens mean: escapes, quoted text, patterns, numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadlark.language import lexemes
from leadlark.language.lexemes import BadEscape
from leadlark.language.nodes import Number, Pattern, Text
from leadlark.messages.source import Span


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (r"\"", '"'),
        (r"\\", "\\"),
        (r"\n", "\n"),
        (r"\t", "\t"),
        (r"\<", "<"),
        (r"\u{41}", "A"),
        (r"\u{0}", "\0"),
        (r"\u{20ac}", "€"),
        (r"\u{202E}", "\u202e"),
        (r"\u{1F642}", "🙂"),
        (r"\u{10FFFF}", "\U0010ffff"),
    ],
)
def test_escapes_stand_for_characters(token: str, text: str) -> None:
    """Every escape of the language gives its character."""
    assert (Text(text, span=Span(5, 5 + len(token))), None) == lexemes.escape(token, 5)


@pytest.mark.parametrize(
    "token",
    [
        r"\q",
        r"\'",
        r"\ ",
        r"\u",
        r"\u{}",
        r"\u{110000}",
        r"\u{D800}",
        r"\u{g}",
        r"\u{0000041}",
        "\\ж",
    ],
)
def test_any_other_backslash_is_a_mistake(token: str) -> None:
    """An unknown escape is told with its place; the text goes on without the backslash."""
    text, bad = lexemes.escape(token, 3)
    assert token[1:] == text.value
    assert BadEscape(token, Span(3, 3 + len(token))) == bad


def test_single_quotes_know_their_own_quote() -> None:
    """Inside single quotes the quote is escaped; offsets lead back to the source."""
    text, offsets, bad = lexemes.single_quoted(r"'it\'s \u{41}\n'", 10)

    assert "it's A\n" == text.value
    assert Span(10, 26) == text.span
    assert [11, 12, 13, 15, 16, 17, 23, 25] == offsets
    assert [] == bad


def test_single_quotes_keep_what_is_no_escape() -> None:
    """Several mistakes in one text are all told, each at its own characters."""
    text, _, bad = lexemes.single_quoted(r"'a\q\w'", 0)

    assert "aqw" == text.value
    assert [BadEscape(r"\q", Span(2, 4)), BadEscape(r"\w", Span(4, 6))] == bad


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20))
def test_every_text_can_be_written(text: str) -> None:
    """A text with its quotes and backslashes escaped is read as it was."""
    written = text.replace("\\", "\\\\").replace("'", "\\'")
    read, offsets, bad = lexemes.single_quoted(f"'{written}'", 0)

    assert text == read.value
    assert len(text) + 1 == len(offsets)
    assert sorted(offsets) == offsets
    assert [] == bad


@pytest.mark.parametrize(
    ("token", "pattern"),
    [
        (r'"\d+\.\d"', r"\d+\.\d"),
        (r'"say \"x\""', 'say "x"'),
        (r"'it\'s \"'", r"it's \""),
        (r'"a\\"', r"a\\"),
        (r'"<name>"', "<name>"),
        ('""', ""),
    ],
)
def test_patterns_keep_their_backslashes(token: str, pattern: str) -> None:
    """A pattern is a literal: only the backslash before its own quote goes."""
    assert Pattern(pattern, span=Span(0, len(token))) == lexemes.pattern(token, 0)


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("0", 0),
        ("-12", -12),
        ("007", 7),
        ("1.50", Decimal("1.50")),
        ("-0.0", Decimal("-0.0")),
        ("1" * 30, int("1" * 30)),
    ],
)
def test_numbers_keep_their_digits(token: str, value: int | Decimal) -> None:
    """A point makes a decimal, with the digits as written; without one it is whole."""
    number = lexemes.number(token, 2)
    assert Number(value, span=Span(2, 2 + len(token))) == number
    assert type(value) is type(number.value)
    assert str(value) == str(number.value)
