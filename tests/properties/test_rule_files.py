"""No rule file, however broken, gives anything but diagnostics."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import EVERYTHING, NOW, Payload, payloads, rule_files

from leadlark import Diagnostic, MemoryStore, Request, RuleError, Rules, Source, loads
from leadlark.check import check
from leadlark.language.parser import parse
from leadlark.messages.render import concise, full, to_json


def read(text: str) -> tuple[Rules | None, tuple[Diagnostic, ...]]:
    try:
        rules = loads(text, str(EVERYTHING))
    except RuleError as error:
        return None, error.diagnostics
    return rules, rules.warnings


@given(text=rule_files, payload=payloads)
@settings(max_examples=150)
def test_a_rule_file_gives_diagnostics_or_decides(text: str, payload: Payload) -> None:
    """Either some error says why a file is of no use, or its channels decide any payload."""
    rules, diagnostics = read(text)

    assert (rules is None) == any(each.severity == "error" for each in diagnostics)
    for channel in (rules or {}).values():
        for decision in channel.process_all(Request(payload), MemoryStore(), NOW):
            decision.to_dict()


@given(text=rule_files)
@settings(max_examples=100)
def test_diagnostics_lie_in_the_text_and_can_be_shown(text: str) -> None:
    """Every diagnostic, its related places and its edits have a place; every format shows it."""
    _, diagnostics = read(text)

    for each in diagnostics:
        size = len(each.source.text) + 1  # a line break that is not written is a place too
        spans = [each.span, *(label.span for label in each.related), *(e.span for e in each.fix)]
        assert all(0 <= span.start <= span.end <= size for span in spans), each
        assert each.code in full(each)
        assert each.code in concise(each)
        assert "\n" not in concise(each)
        shown = json.loads(json.dumps(to_json(each)))
        assert 1 <= shown["line"] <= each.source.line_count
        assert (shown["line"], shown["column"]) <= (shown["end_line"], shown["end_column"])


@given(text=rule_files)
@settings(max_examples=100)
def test_reading_is_a_function_of_the_text(text: str) -> None:
    """The same text gives the same nodes and diagnostics; CRLF line ends change no node."""
    source = Source("x.channel", text)
    file, problems = parse(source)

    assert (file, problems) == parse(source)
    assert check(source, file) == check(source, file)
    if "\r" not in text:
        other, same = parse(Source("x.channel", text.replace("\n", "\r\n")))
        assert [each.code for each in problems] == [each.code for each in same]
        assert problems or file == other


@given(text=st.text(max_size=40), at=st.integers(0, 5_000))
@settings(max_examples=20)
def test_comments_change_nothing(text: str, at: int) -> None:
    """A comment is no mistake and changes no node, whatever visible text it has."""
    lines = EVERYTHING.read_text(encoding="utf-8").split("\n")
    row = at % len(lines)
    visible = "".join(each for each in text if each.isprintable())
    lines.insert(row, f"# {visible}")

    file, problems = parse(Source("x.channel", "\n".join(lines)))

    assert () == problems
    assert file == parse(Source("x.channel", EVERYTHING.read_text(encoding="utf-8")))[0]


@pytest.mark.parametrize("cut", range(0, 6_000, 97))
def test_a_file_cut_short_is_reported(cut: int) -> None:
    """The beginning of a file is a rule file with mistakes, or a shorter one."""
    rules, diagnostics = read(EVERYTHING.read_text(encoding="utf-8")[:cut])

    assert rules is not None or diagnostics
