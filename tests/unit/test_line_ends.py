"""Where lines, statements and blocks end, read from the text alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadlark.language import layout


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("  entity deal", "entity"),
        ("", ""),
        ("}", ""),
        ('"x" = 1', ""),
        ("Имя = 1", "Имя"),
        ("9", ""),
    ],
)
def test_first_word(line: str, word: str) -> None:
    """A line begins with a word, or with none."""
    assert word == layout.first_word(line)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("channel a {\n}\n", 0),
        ("channel a {\ndeal {\n}\n", 1),
        ("}\n}", -2),
        ('A = "{{"\n', 0),
        ("# { {\n", 0),
        ('A = "\\"{"\n{', 1),
        ('A = "{\n{', 1),
    ],
)
def test_braces_in_texts_and_comments_do_not_count(text: str, count: int) -> None:
    """Only braces that open and close blocks are counted; a text ends with its line."""
    assert count == layout.unclosed_braces(text)


@pytest.mark.parametrize(
    ("text", "mistake", "rest"),
    [
        ("status x y\nfind\n", 9, "\nfind\n"),
        ("ignore when (<a>\n == 1 y\n)\nfind\n", 23, "\nfind\n"),
        ("ignore when (<a>\nfind\n", 13, "\nfind\n"),
        ("ignore when (<a>\nTITLE = 1\n", 13, "\nTITLE = 1\n"),
        ("ignore when (<a>\n}\n", 13, "\n}\n"),
        ("ignore when (<a>\n\nx\n", 13, "\n\nx\n"),
        ('status "(" y\nfind\n', 11, "\nfind\n"),
        ("status x", 7, ""),
    ],
)
def test_a_statement_ends_with_its_line(text: str, mistake: int, rest: str) -> None:
    """Parentheses carry it on, as far as the next line that can only be another statement."""
    assert rest == text[layout.statement_end(text, 0, mistake) :]


def test_a_statement_is_not_carried_on_for_ever() -> None:
    """A parenthesis that is never closed does not swallow the file."""
    text = "ignore when (<a>" + "\n== 1" * 1_000
    assert layout.statement_end(text, 0, 12) < 500


@pytest.mark.parametrize(
    ("text", "rest"),
    [("A = 1\n}\nB", "\nB"), ("when x {\n}\n}\nB", "\nB"), ('A = "}"\n}B', "B"), ("A = 1\n", "")],
)
def test_a_block_ends_with_its_brace(text: str, rest: str) -> None:
    """Blocks inside it are stepped over; without a brace it ends with the file."""
    assert rest == text[layout.block_end(text, 0) :]


@pytest.mark.parametrize(
    ("line", "opens"),
    [("deal {", True), ("deal { # }", True), ("deal { }", False), ('A = "{"', False), ("", False)],
)
def test_a_block_is_opened_by_the_last_sign(line: str, opens: bool) -> None:
    """What opens a block is a brace at the end of the statement."""
    assert opens == layout.opens_block(line)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("deal x {", ["deal"]),
        ("dael {", ["deal"]),
        ("} else when x {", ["}", "else when"]),
        ("} else {", ["}", "else"]),
        ("}", ["}"]),
        ("xyzzy {", [""]),
        ("entity x", []),
    ],
)
def test_headers(statement: str, words: list[str]) -> None:
    """A statement that cannot be read still closes and opens what it closes and opens."""
    assert words == list(layout.headers(statement))


def test_indent_is_that_of_the_line() -> None:
    """Blanks and tabs count one each, wherever in the line one asks."""
    text = "a\n  \tb = 1\n"
    assert [0, 3, 3] == [layout.indent(text, at) for at in (0, 2, 8)]


@given(st.text(st.sampled_from('ab"#\\{}()\n '), max_size=40), st.integers(0, 40))
def test_ends_lie_in_the_text(text: str, at: int) -> None:
    """Whatever the text, ends are found in it and never before the beginning."""
    at = min(at, len(text))
    assert at <= layout.block_end(text, at) <= len(text)
    assert at <= layout.statement_end(text, at, at) <= len(text)
