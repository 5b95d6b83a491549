"""Canonical text: what it looks like, that every node has one, that it keeps meaning and comments.

The pairs of tests/cases/format show the layout; ``UPDATE_GOLDEN=1`` writes the second of each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Final

import pytest

from leadlark import Diagnostic, Source
from leadlark.check import check
from leadlark.language import nodes
from leadlark.language.parser import parse
from leadlark.language.printer import print_file

ROOT: Final = Path(__file__).parents[2]
CASES: Final = ROOT / "tests" / "cases" / "format"
INPUTS: Final = sorted(CASES.glob("*.in.channel"))
EVERYTHING: Final = ROOT / "tests" / "properties" / "everything.channel"
RULE_FILES: Final = [
    *INPUTS,
    EVERYTHING,
    *sorted((ROOT / "rules").rglob("*.channel")),
    *sorted((ROOT / "tests" / "cases" / "decide").rglob("*.channel")),
]


def read(text: str) -> nodes.File:
    file, problems = parse(Source("x.channel", text))
    assert () == problems
    return file


def diagnostics_of(text: str) -> tuple[Diagnostic, ...]:
    source = Source("x.channel", text)
    return tuple(check(source, read(text)))


def printed(text: str) -> str:
    return print_file(Source("x.channel", text), read(text))


def text_of(path: Path) -> str:
    """The text with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


def classes(value: object) -> Iterator[type]:
    """The classes of all nodes in a tree."""
    if isinstance(value, tuple):
        for each in value:
            yield from classes(each)
    elif is_dataclass(value):
        yield type(value)
        for each in fields(value):
            yield from classes(getattr(value, each.name))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name.partition(".")[0])
def test_layout_is_the_one_shown(path: Path) -> None:
    """A file of tests/cases/format is printed as the one beside it says."""
    golden = path.with_name(path.name.replace(".in.", ".out."))
    text = printed(text_of(path))
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_bytes(text.encode())

    assert text_of(golden) == text


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_printing_keeps_meaning_and_comments(path: Path) -> None:
    """The printed text has equal nodes and the same comments, and is printed as it stands."""
    text = text_of(path)
    again = printed(text)
    before, after = read(text), read(again)

    assert before == after
    assert [each.text.rstrip(" \t") for each in before.comments] == [
        each.text for each in after.comments
    ]
    assert (before.edition_span is None) == (after.edition_span is None)
    assert again == printed(again)


def test_every_node_is_printed() -> None:
    """The files that are printed with equal nodes hold every class of nodes there is."""
    known = {
        each
        for each in vars(nodes).values()
        if isinstance(each, type) and issubclass(each, nodes.Node) and each is not nodes.Node
    }
    seen = {each for path in RULE_FILES for each in classes(read(text_of(path)))}

    assert set() == known - seen


def test_a_comment_of_the_source_is_a_comment_of_the_text() -> None:
    """Signs of a comment in text, in names and in patterns begin none."""
    text = 'channel a {\n    entity deal\n    ignore when <\'#\'> matches "# x" "#"  # one\n}\n'

    assert text == printed(text)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("12", "12"),
        ("-0.50", "-0.50"),
        ("0.0000000001", "0.0000000001"),
        ("true", "true"),
        ('"<a>"', '"<a>"'),
        ('"\\u{61}\\u{301}"', '"a\u0301"'),
        ('"\\u{200D}"', '"\u200d"'),
        ('"\\u{2028}\\u{feff}"', '"\\u{2028}\\u{FEFF}"'),
        ('"a\tb"', '"a\\tb"'),
        ('""', '""'),
        ("\"<a.'b-c'>\"", '"<a.b-c>"'),
        ("\"<a.'0'>\"", '"<a.0>"'),
        ("\"<'0'.a>\"", "\"<'0'.a>\""),
        ("\"<a['0']['x y']>\"", "\"<a.0.'x y'>\""),
        ("\"<a | default '\\u{27}'>\"", "\"<a | default '\\''>\""),
        ("\"<a | extract '\\d\\\\'>\"", "\"<a | extract '\\d\\\\'>\""),
        ("\"<a | map '\\\\n\\\\<\\\\\\\\'>\"", "\"<a | map '\\\\n\\\\<\\\\\\\\'>\""),
        ("\"<a | map '<b | map \\'<c>\\'>'>\"", "\"<a | map '<b | map \\'<c>\\'>'>\""),
    ],
)
def test_values_are_printed_plainly(source: str, shown: str) -> None:
    """Of the ways to write a value the plain one is taken; what cannot be seen is escaped."""
    start = "channel a {\n    entity deal\n    let x = "

    assert f"{start}{shown}\n}}\n" == printed(f"{start}{source}\n}}\n")
    assert read(f"{start}{source}\n}}\n") == read(f"{start}{shown}\n}}\n")


def test_columns_are_those_of_a_terminal() -> None:
    """A wide character takes two columns and a combining one none."""
    text = printed(
        'channel a {\nentity deal\ndeal {\nABCD = 1\n字字 = 2\nнй = 3\n"e\u0301" = 4\n}\n}\n'
    )

    assert ["ABCD = 1", "字字 = 2", "нй   = 3", '"e\u0301"  = 4'] == [
        line.strip() for line in text.splitlines()[3:7]
    ]


def test_every_else_of_a_table_is_printed() -> None:
    """A second `else` is a mistake that the checks report; printing does not hide it."""
    text = 'table t {\n    else     1\n    "a"   -> 2\n    else     "b"\n}\n'

    assert text == printed(text)
    assert ["E214"] == [each.code for each in diagnostics_of(text) if each.severity == "error"]


def test_nothing_is_printed_as_nothing() -> None:
    """A file without a statement has no canonical text but its comments."""
    assert "" == printed("\n\n")
    assert "# a\n" == printed("\n# a")


def test_a_byte_order_mark_is_left_out() -> None:
    """The mark at the start of a file is no part of its text."""
    assert "channel a {\n    entity deal\n}\n" == printed("\ufeffchannel a {\nentity deal\n}")


def test_a_wide_line_stands_out_alone() -> None:
    """One long value does not push the flags below it out of sight, nor the text out of bounds."""
    wide = "x" * 5_000
    rows = "".join(f'A{number} = "y" search\n' for number in range(300))
    text = printed(f'channel a {{\nentity deal\ndeal {{\nA = "{wide}" search\n{rows}}}\n}}\n')

    assert '        A0   = "y"  search\n' in text
    assert len(text) < 20_000


def test_the_reference_shows_the_layout() -> None:
    """The rule files in the language reference stand in their canonical layout."""
    page = text_of(ROOT / "docs" / "language.md")
    shown = re.findall(r"```channel[^\n]*\n(.*?)```", page, re.DOTALL)

    assert shown
    assert shown == [printed(each) for each in shown]
