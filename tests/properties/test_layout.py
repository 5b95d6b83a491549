"""However a rule file is laid out, its canonical text says the same and is printed as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import EVERYTHING

from leadlark import Source
from leadlark.language import nodes
from leadlark.language.parser import parse
from leadlark.language.printer import print_file

ROOT: Final = Path(__file__).parents[2]
CASES: Final = ROOT / "tests" / "cases"
EXAMPLE: Final = (
    (ROOT / "docs" / "language.md").read_text(encoding="utf-8").partition("```channel\n")[2]
)
TEXTS: Final = [
    path.read_text(encoding="utf-8")
    for path in (
        EVERYTHING,
        *sorted((ROOT / "rules").rglob("*.channel")),
        *sorted((CASES / "decide").rglob("*.channel"))[:12],
        *sorted((CASES / "format").glob("*.out.channel")),
    )
] + [EXAMPLE.partition("```")[0]]

STATEMENTS: Final = (
    *(nodes.Assign, nodes.Declared, nodes.Row, nodes.Fields, nodes.Payload, nodes.When),
    *(nodes.Table, nodes.Channel, nodes.Ignore, nodes.Reject, nodes.Let, nodes.Entity),
    *(nodes.Status, nodes.Find, nodes.OnFound, nodes.Region, nodes.Comment, nodes.Activity),
)

blanks = st.sampled_from(["", "", " ", "    ", "\t", "  \t "])
remarks = st.sampled_from(["", "", "", "", "#", " # a", "\t#b \t", "  # leadlark: allow W201"])
between = st.sampled_from(["", "", "", "", "\n", "\n\n\n", "# c\n", "\n  # c\n\n# d\n"])


@st.composite
def laid_out(draw: st.DrawFn) -> str:
    """A rule file, its lines indented, set apart and commented at random."""
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    start = draw(st.integers(0, max(len(lines) - 25, 0)))
    for at in range(start, min(start + 25, len(lines))):
        shown = f"{draw(blanks)}{lines[at].strip()}{draw(blanks)}{draw(remarks)}"
        lines[at] = f"{draw(between)}{shown}"
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


gaps = st.sampled_from([" ", " ", " ", " ", "\n", " # a\n", "\n\n# b\n  ", " #c\n#d\n"])
leaves = st.sampled_from(
    [
        ["<", "a", "|", "trim", ">", "==", '"#"'],
        ["<", "b", ">", "in", "(", "1", ",", '"x"', ",", "true", ")"],
        ["<", "c", ">", "is", "present"],
        ["<", "d", ">", "matches", '"(#"'],
    ]
)


def joined(parts: tuple[list[str], str, list[str]]) -> list[str]:
    left, word, right = parts
    return [*left, word, *right]


conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(joined),
        inner.map(lambda tokens: ["(", *tokens, ")"]),
        inner.map(lambda tokens: ["not", "(", *tokens, ")"]),
        leaves.map(lambda tokens: ["not", *tokens]),
    ),
    max_leaves=6,
)


@st.composite
def conditional(draw: st.DrawFn) -> str:
    """A channel whose conditions are broken and commented anywhere inside parentheses."""
    statements = draw(st.lists(st.sampled_from(["ignore", "reject", "when"]), max_size=4))
    lines = []
    for word in statements:
        tokens = ["(", *draw(conditions), ")"]
        condition = "".join(f"{token}{draw(gaps)}" for token in tokens[:-1]) + tokens[-1]
        if word == "when":
            lines += [f"when {condition} {{{draw(remarks)}", "status NEW # e", "}"]
        else:
            reason = draw(st.sampled_from(["", ' "x"']))
            lines.append(f"{word} when {condition}{reason}{draw(remarks)}")
    return "channel a {\nentity deal\n" + "\n".join([*lines, "}"])


def starts(value: object) -> Iterator[int]:
    """Where the statements of a tree begin."""
    if isinstance(value, tuple):
        for each in value:
            yield from starts(each)
    elif is_dataclass(value):
        if isinstance(value, STATEMENTS):
            yield value.span.start
        for each in fields(value):
            yield from starts(getattr(value, each.name))


def remarked(file: nodes.File) -> list[tuple[str, int]]:
    """Every comment with the number of statements that begin before it."""
    begun = sorted(starts((file.tables, file.channels)))
    return [
        (each.text.rstrip(" \t"), sum(start < each.span.start for start in begun))
        for each in file.comments
    ]


def trailing(source: Source, file: nodes.File) -> list[bool]:
    """Of every comment whether something stands before it on its line."""
    places = [(each, source.position(each.span.start)) for each in file.comments]
    return [bool(source.line(at.line)[: at.column - 1].strip()) for _, at in places]


def check(text: str) -> tuple[Source, nodes.File, Source, nodes.File]:
    """Hold what is true of every layout; both sources and both files."""
    source = Source("x.channel", text)
    file, problems = parse(source)
    assert () == problems
    again = Source("x.channel", print_file(source, file))
    after, problems = parse(again)

    assert () == problems
    assert file == after
    assert remarked(file) == remarked(after)
    assert again.text == print_file(again, after)
    assert not [line for line in again.text.split("\n") if line != line.rstrip(" \t\r")]
    assert "\n\n\n" not in again.text
    return source, file, again, after


@given(text=laid_out())
@settings(max_examples=120)
def test_layout_means_nothing(text: str) -> None:
    """Indents, blank lines, line ends and comments change no node; comments keep their places."""
    source, file, again, after = check(text)

    assert trailing(source, file) == trailing(again, after)


@given(text=conditional())
@settings(max_examples=250)
def test_conditions_are_broken_anywhere(text: str) -> None:
    """A condition is the same however it is broken, and no comment in it gets lost."""
    check(text)
