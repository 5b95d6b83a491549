"""Diagnostics as workflow commands of GitHub Actions."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.messages import github
from leadlark.messages.diagnostics import Diagnostic
from leadlark.messages.source import Source, Span

TEXT = 'channel shop {\n    entity deal\n    TITLE = "Жук"\n}\n'


def at(word: str, message: str = "not here", **others: str) -> Diagnostic:
    start = TEXT.index(word)
    source = Source(others.pop("name", "rules/shop.channel"), TEXT)
    code = others.pop("code", "E101")
    return Diagnostic(code, message, source, Span(start, start + len(word)), **others)


def test_error_is_a_command_with_its_place() -> None:
    """An error names its file, its lines and its columns in characters; the help is a line."""
    shown = github.annotation(at("Жук", label="this one", help="write `Bee`"))

    assert (
        "::error file=rules/shop.channel,line=3,col=14,endLine=3,endColumn=17,"
        "title=E101 syntax error::not here%0Athis one%0Ahelp: write `Bee`"
    ) == shown


def test_warning_is_a_warning() -> None:
    """A warning's command is another one."""
    assert github.annotation(at("TITLE", code="W201")).startswith("::warning file=")


def test_fixed_is_a_notice() -> None:
    """What was fixed is a notice at its old place."""
    assert github.fixed(at("TITLE")).startswith("::notice file=rules/shop.channel,line=3,")


def test_place_over_several_lines_has_no_columns() -> None:
    """Columns are given only where the place begins and ends on one line."""
    shown = github.annotation(at("deal\n    TITLE"))

    assert "line=2,endLine=3,title=" in shown
    assert "col" not in shown.partition("::not here")[0].lower()


def test_signs_of_commands_are_escaped() -> None:
    """Percent signs, line breaks, and in properties colons and commas, stay text."""
    shown = github.annotation(at("TITLE", "50%\r\n::error::x", name="a,b:c%0A.channel"))

    assert "file=a%2Cb%3Ac%250A.channel," in shown
    assert shown.endswith("::50%25\ufffd%0A::error::x")


@settings(max_examples=200)
@given(st.text(), st.text(), st.text(), st.text(min_size=1))
def test_nothing_leaves_its_command(message: str, label: str, help: str, name: str) -> None:
    """Whatever a file holds, there is one line, and one command with six properties in it."""
    shown = github.annotation(at("TITLE", message, label=label, help=help, name=name))
    head, _, _ = shown.removeprefix("::error ").partition("::")

    assert [shown] == shown.splitlines()
    assert ["file", "line", "col", "endLine", "endColumn", "title"] == [
        each.partition("=")[0] for each in head.split(",")
    ]
