"""Places in rule text: lines and columns for people and for editors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadlark.messages.source import Position, Source, Span


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("abc", 0, 1, 1),
        ("abc", 3, 1, 4),
        ("a\nb", 1, 1, 2),
        ("a\nb", 2, 2, 1),
        ("a\r\nb", 3, 2, 1),
        ("a\n\n\nb", 4, 4, 1),
        ("a\n", 2, 2, 1),
        ("\tab", 1, 1, 2),
        ("Имя x", 4, 1, 5),
        ("ｗｉｄｅ x", 5, 1, 6),
        ("e\u0301x", 2, 1, 3),
        ("🙂x", 1, 1, 2),
        ("\u2028x", 1, 1, 2),
    ],
)
def test_position_counts_lines_and_characters(
    text: str, offset: int, line: int, column: int
) -> None:
    """Lines end with LF; a character is one column, whatever its width or its bytes."""
    assert Position(line, column) == Source("x", text).position(offset)


@pytest.mark.parametrize(
    ("text", "offset", "column"),
    [("abc", 2, 2), ("🙂x", 1, 2), ("a\n🙂🙂x", 4, 4), ("Имя", 3, 3), ("\ud800x", 1, 1)],
)
def test_editors_count_utf16_units(text: str, offset: int, column: int) -> None:
    """A character outside the basic plane is two columns, counted from 0."""
    assert column == Source("x", text).utf16_column(offset)


def test_a_byte_order_mark_is_no_text() -> None:
    """One mark at the beginning is left out; offsets count from behind it."""
    source = Source("x", "\ufeff\ufeffa")
    assert "\ufeffa" == source.text
    assert Position(1, 1) == source.position(0)


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", [""]), ("a", ["a"]), ("a\n", ["a", ""]), ("a\r\nb\r\n\r\n", ["a", "b", "", ""])],
)
def test_lines_are_without_their_breaks(text: str, lines: list[str]) -> None:
    """Every line of a text can be read by its number, the empty last one too."""
    source = Source("x", text)
    assert len(lines) == source.line_count
    assert lines == [source.line(number) for number in range(1, source.line_count + 1)]


def test_spans_join() -> None:
    """A span to another one covers both and what is between them."""
    assert Span(2, 9) == Span(2, 3).to(Span(7, 9))


@given(text=st.text(st.sampled_from("ab\n\r\tё🙂"), max_size=30))
def test_positions_go_up_and_lead_back(text: str) -> None:
    """Offsets and positions are in the same order, and a position's line holds its column."""
    source = Source("x", text)
    places = [source.position(offset) for offset in range(len(text) + 1)]

    assert sorted(places, key=lambda place: (place.line, place.column)) == places
    assert len(set(places)) == len(places)
    lines = text.split("\n")
    for offset, place in enumerate(places):
        before = sum(len(line) + 1 for line in lines[: place.line - 1])
        assert offset == before + place.column - 1
