"""Diagnostics as text with carets, as one line, as JSON."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.messages import render
from leadlark.messages.diagnostics import Diagnostic, Edit, Label
from leadlark.messages.snippet import cells, visible
from leadlark.messages.source import Source, Span

TEXT = 'entity deal\n\tTITLE = "<fone>"\n\tNAME = "<name>"\nlast'


def about(text: str, part: str, **more: object) -> Diagnostic:
    start = text.index(part)
    span = Span(start, start + len(part))
    given = {"label": "here", **more}
    return Diagnostic("E204", "a message", Source("shop.channel", text), span, **given)  # type: ignore[arg-type]


def shown(diagnostic: Diagnostic) -> list[str]:
    return render.full(diagnostic).split("\n")


def test_place_line_and_carets() -> None:
    """The span is underlined in its line, tabs being as wide above as below."""
    expected = [
        "error[E204]: a message",
        " --> shop.channel:2:12",
        "  |",
        '2 |     TITLE = "<fone>"',
        "  |               ^^^^ here",
    ]
    assert expected == shown(about(TEXT, "fone"))


def test_second_places_stand_with_their_lines() -> None:
    """Lines are in order; what lies between them is left out with dots."""
    label = Label(Span(0, 6), "what it creates")
    far = Label(Span(len(TEXT) - 4, len(TEXT)), "the end")
    expected = [
        " --> shop.channel:2:12",
        "  |",
        "1 | entity deal",
        "  | ------ what it creates",
        '2 |     TITLE = "<fone>"',
        "  |               ^^^^ here",
        "...",
        "4 | last",
        "  | ---- the end",
    ]
    assert expected == shown(about(TEXT, "fone", related=(label, far)))[1:]


def test_second_places_of_one_line_hang_below_one_another() -> None:
    """The last label stands behind its mark, those before it below theirs."""
    labels = (Label(Span(0, 1), "first"), Label(Span(2, 3), "second"), Label(Span(2, 5), "wide"))
    expected = [
        "1 | a b cde",
        "  | - - ^^^ here",
        "  | | |",
        "  | | second",
        "  | first",
        "  |   --- wide",
    ]
    assert expected == shown(about("a b cde", "cde", related=labels))[3:]


def test_second_place_in_another_file_has_its_own_heading() -> None:
    """A file that a related place is in is named above its lines."""
    other = Source("other.channel", "x\nchannel shop {")
    found = shown(about("channel shop {", "shop", related=(Label(Span(10, 14), "first", other),)))
    expected = [" ::: other.channel:2:9", "  |", "2 | channel shop {", "  |         ---- first"]
    assert expected == found[5:]


def test_help_shows_the_line_as_the_fix_leaves_it() -> None:
    """What the edits put into the line is marked."""
    edits = (Edit(Span(TEXT.index("fone"), TEXT.index("fone") + 4), "phone"),)
    expected = [
        "  |",
        "  = help: did you mean `phone`?",
        "  |",
        '2 |     TITLE = "<phone>"',
        "  |               ~~~~~",
    ]
    assert expected == shown(about(TEXT, "fone", help="did you mean `phone`?", fix=edits))[5:]


def test_a_fix_that_takes_out_marks_nothing() -> None:
    """Where nothing is put in, the line stands by itself."""
    text = "A = 1 once once"
    edits = (Edit(Span(10, 15), ""),)
    assert ["  = help: rewrite it", "  |", "1 | A = 1 once"] == shown(about(text, "1", fix=edits))[
        6:
    ]


@pytest.mark.parametrize(
    ("line", "part", "under"),
    [
        ("Заказ №<id>", "id", "         ^^"),
        ("注文 <id>", "id", "       ^^"),
        ("注文 <id>", "文", "   ^^"),
        ("Cafe\u0301 <id>", "id", "       ^^"),
        ("a\tb\tc", "c", "         ^"),
        ("a\u202eb\x00c", "c", "     ^"),
    ],
)
def test_carets_stand_in_terminal_columns(line: str, part: str, under: str) -> None:
    """Wide characters count two, combining marks none, what cannot be seen one."""
    found = shown(about(line, part, label=""))
    assert f"  |{under}" == found[4]


def test_nothing_that_moves_a_terminal_gets_through() -> None:
    """Control and bidirectional characters of a file are shown as U+FFFD, in messages too."""
    source = Source("a\x1b[2J.channel", "name\u202e\x1b[31m = 1")
    text = render.full(Diagnostic("E101", "no \x1b\nway", source, Span(0, 4), "\u2066here"))
    assert not {"\x1b", "\u202e", "\u2066"} & set(text)


def test_a_long_line_is_shown_around_the_span() -> None:
    """A line of a whole file's size costs a line of the screen."""
    text = "x" * 100_000 + "HERE" + "y" * 100_000
    line, carets = shown(about(text, "HERE"))[3:]
    assert len(line) < 130
    assert ("…", "…") == (line[4], line[-1])
    assert line.index("HERE") == carets.index("^^^^")


def test_marks_far_apart_in_a_long_line_have_a_row_each() -> None:
    """What does not fit into one window is shown in a second one."""
    text = "FIRST" + "x" * 1_000 + "HERE"
    found = shown(about(text, "HERE", related=(Label(Span(0, 5), "before"),)))
    assert "  | ----- before" in found
    assert any("HERE" in row for row in found)


def test_a_span_over_lines_tells_where_it_ends() -> None:
    """Its first line is underlined to the end."""
    found = shown(about(TEXT, "deal\n\tTITLE", label="block"))
    assert ["1 | entity deal", "  |        ^^^^ block (to line 2)"] == found[3:]


@pytest.mark.parametrize(
    ("text", "span", "rows"),
    [
        ("ab", Span(2, 2), ["1 | ab", "  |   ^ here"]),
        ("ab\ncd", Span(2, 3), ["1 | ab", "  |   ^ here"]),
        ("ab\n", Span(3, 3), ["2 |", "  | ^ here"]),
        ("", Span(0, 0), ["1 |", "  | ^ here"]),
        ("ab", Span(5, 9), ["1 | ab", "  |   ^ here"]),
    ],
)
def test_spans_at_ends(text: str, span: Span, rows: list[str]) -> None:
    """The end of a line and of a file can be pointed at."""
    assert rows == shown(Diagnostic("E101", "m", Source("f", text), span, "here"))[3:]


def test_concise() -> None:
    """One line: place, severity, code, message."""
    assert "shop.channel:2:12: error E204: a message" == render.concise(about(TEXT, "fone"))


def test_json() -> None:
    """The keys are those of the contract, lines and columns from 1."""
    label = Label(Span(0, 6), "what it creates")
    found = about(TEXT, "fone", related=(label,), help="h", fix=(Edit(Span(0, 6), "x"),))
    expected = {
        "code": "E204",
        "severity": "error",
        "message": "a message",
        "path": "shop.channel",
        "line": 2,
        "column": 12,
        "end_line": 2,
        "end_column": 16,
        "label": "here",
        "related": [{"line": 1, "column": 1, "label": "what it creates"}],
        "help": "h",
        "fix": {"edits": [{"line": 1, "column": 1, "end_line": 1, "end_column": 7, "text": "x"}]},
        "url": "engine/pages/E204.md",
    }
    assert expected == render.to_json(found)
    assert render.to_json(about(TEXT, "fone"))["fix"] is None


def test_json_names_another_file() -> None:
    """A related place in another file says in which."""
    label = Label(Span(0, 1), "first", Source("other", "x"))
    assert "other" == render.to_json(about(TEXT, "fone", related=(label,)))["related"][0]["path"]


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        ([], "no problems"),
        (["E101"], "1 error"),
        (["E101", "E102", "W201"], "2 errors, 1 warning"),
        (["W201", "W202"], "2 warnings"),
    ],
)
def test_summary(codes: list[str], text: str) -> None:
    """How many errors and warnings there are, in words."""
    found = [Diagnostic(code, "", Source("f", ""), Span(0, 0)) for code in codes]
    assert text == render.summary(found)


def above(row: str, column: int) -> set[str]:
    """The characters of a row that begin in a column of the terminal."""
    found, at = set(), 0
    for character in row:
        if at == column:
            found.add(character)
        at += cells(character)
    return found or {" "}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_carets_begin_below_what_they_mark(text: str, start: int, length: int) -> None:
    """For any text the first caret is below the marked character, and nothing raises."""
    start = min(start, len(text))
    source = Source("f", text)
    start = min(start, len(source.text))
    found = Diagnostic("E101", "m", source, Span(start, min(start + length, len(source.text))))
    rows = render.full(found).split("\n")
    assert render.to_json(found)
    assert 5 == len(rows)
    marked = "" if start == len(source.text) else visible(source.text[start])
    blank = marked in ("", "\n", "\r", "\t", "\ufffd") or marked.isspace()
    column = rows[4].index("^")
    assert blank or marked in above(rows[3], column)
