"""The TextMate grammar against the language's own lexer, by a real TextMate engine."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from highlighting import Highlighter, Lexed, tokens
from lines import ChannelGrammar, grammar_text
from textmate import grammar

from leadlark.filters import FILTERS

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = ROOT / "editors" / "vscode" / "syntaxes" / "leadlark.tmLanguage.json"
CASES: Final = ROOT / "tests" / "cases"
NAMES: Final = CASES / "editors" / "names.channel"
EVERYTHING: Final = ROOT / "tests" / "properties" / "everything.channel"
BUNDLED: Final = tuple(sorted((ROOT / "rules").rglob("*.channel")))
FILES: Final = (*BUNDLED, EVERYTHING, NAMES, *sorted((CASES / "format").rglob("*.out.channel")))

SCOPES: Final = {
    "filter": "support.function.filter",
    "surrounding": "variable.language",
    "table": "entity.name.type.table",
    "type": "support.type.param",
    "value type": "variable.other.constant.value-type",
    "name behind TABLE": "entity.name.type.table",
    "name behind REGION": "variable.other.constant.region",
    "name behind LET": "variable.other.let",
    "name behind AUTH": "variable.other.constant.scheme",
    "name behind HMAC": "variable.other.constant.algorithm",
    "name behind SECRET": "variable.other.constant.secret",
    "ADDRESS": "entity.name.type.channel",
    "STATUS_NAME": "variable.other.constant.status",
    "KEY": "variable.parameter",
    "DIGITS": "variable.parameter",
    "INDEX": "constant.numeric.index",
    "NUMBER": "constant.numeric",
    "DURATION": "constant.numeric.duration",
    "TRUE": "constant.language.boolean",
    "FALSE": "constant.language.boolean",
    "TEXT": "string.quoted.double",
    "ESCAPE": "constant.character.escape",
    "QUOTE": "punctuation.definition.string",
    "PIPE": "keyword.operator.pipe",
    "AT": "punctuation.definition.variable",
    "STAR": "keyword.operator.every",
    "ARROW": "keyword.operator.arrow",
    "COMMA": "punctuation.separator",
    "DOT": "punctuation.accessor",
    "LBRACE": "punctuation.section.block.begin",
    "RBRACE": "punctuation.section.block.end",
    "LPAR": "punctuation.section.parens.begin",
    "RPAR": "punctuation.section.parens.end",
    "LSQB": "punctuation.section.brackets.begin",
    "RSQB": "punctuation.section.brackets.end",
    **dict.fromkeys(("WHEN", "ELSE"), "keyword.control.conditional"),
    **dict.fromkeys(("SEARCH", "REQUIRED", "FILL", "ONCE", "CLEAR"), "keyword.other.flag"),
    **dict.fromkeys(("AND", "OR", "NOT", "IS", "MATCHES"), "keyword.operator.wordlike"),
    **dict.fromkeys(("LEADLARK", "CHANNEL", "TABLE"), "keyword.declaration"),
    **dict.fromkeys(
        ("EQUAL_TO", "NOT_EQUAL_TO", "AT_MOST", "AT_LEAST"), "keyword.operator.comparison"
    ),
}
"""What the innermost scope of every character of a token is; of other keywords ``keyword``."""

WHOLE: Final = {
    "field": "variable.other.property.field",
    "key": "variable.parameter.quoted",
    "argument": "string.quoted.single",
    "template": "string.quoted.single",
    "pattern": "string.regexp",
    "PATTERN": "string.regexp",
    "COMMENT": "comment.line",
}
"""A scope around every character of a token, which may have parts with scopes of their own."""

EITHER: Final = {
    "LANGLE": ("punctuation.definition.template-expression.begin", "keyword.operator.comparison"),
    "RANGLE": ("punctuation.definition.template-expression.end", "keyword.operator.comparison"),
    "EQUAL": ("keyword.operator.assignment", "keyword.operator.comparison"),
}


@pytest.fixture(scope="module")
def shipped() -> Highlighter:
    """The grammar as editors get it."""
    return Highlighter(json.loads(SHIPPED.read_text(encoding="utf-8")))


@cache
def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


@cache
def _tokens(file: Path) -> tuple[Lexed, ...]:
    return tuple(tokens(_text(file)))


def _fits(token: Lexed, scopes: tuple[str, ...]) -> bool:
    if token.role in WHOLE:
        return any(each.startswith(WHOLE[token.role] + ".") for each in scopes)
    expected = EITHER.get(token.role, (SCOPES.get(token.role, "keyword"),))
    return scopes[-1].startswith(tuple(f"{each}." for each in expected))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_tokens_have_the_scopes_of_what_they_are(shipped: Highlighter, file: Path) -> None:
    """Every character of every token that the lexer finds is shown as what the token is."""
    text = _text(file)
    scopes = shipped.scopes(text)

    wrong = {
        (token.role, token.text, text.count("\n", 0, token.start) + 1, scopes[at][1:])
        for token in _tokens(file)
        for at in range(token.start, token.end)
        if not _fits(token, scopes[at])
    }

    assert set() == wrong


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_params_of_texts_stand_in_strings(shipped: Highlighter, file: Path) -> None:
    """Between two quotes everything is a string, and a param in it a template expression."""
    text = _text(file)
    scopes = shipped.scopes(text)
    inside = False
    for token in _tokens(file):
        inside ^= token.role == "QUOTE"
        if inside:
            around = scopes[token.start]
            assert "string.quoted.double.leadlark" in around, token
            is_param = token.role not in ("QUOTE", "TEXT", "ESCAPE")
            assert is_param == ("meta.template.expression.leadlark" in around), token


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_file_ends_inside_of_something(shipped: Highlighter, file: Path) -> None:
    """Behind the last line nothing is open, and nothing of the file is shown as invalid."""
    *_, (_, state) = shipped.lines(_text(file))

    assert shipped.start.entries == state.entries
    assert not [
        each for scopes in shipped.scopes(_text(file)) for each in scopes if "invalid" in each
    ]


@pytest.mark.parametrize("file", [*BUNDLED, EVERYTHING], ids=lambda file: file.name)
def test_a_line_that_breaks_off_leaves_the_next_alone(shipped: Highlighter, file: Path) -> None:
    """While a line is typed, the lines below it keep their colours: only brackets reach so far."""
    before = shipped.start
    depth = 0
    for line, (_, after) in zip(_text(file).split("\n"), shipped.lines(_text(file)), strict=True):
        if depth == 0 and not set(line) & set("(){}"):
            for end in range(len(line)):
                state, _ = shipped.line(line[:end], before)
                assert before.entries == state.entries, line[:end]
        depth += line.count("(") - line.count(")")
        before = after


def test_every_keyword_and_filter_is_tried() -> None:
    """The files above have every keyword of the grammar and every filter in them."""
    found = [token for file in FILES for token in _tokens(file)]
    words = {token.text for token in found if token.role.isupper()}

    assert set() == ChannelGrammar().keywords - words
    assert set() == FILTERS.keys() - {each.text for each in found if each.role == "filter"}


@pytest.mark.parametrize(
    ("line", "at", "scope"),
    [
        ('    NAME = "<name | trimm>"', "trimm", "meta.template.expression"),
        ("        id  number", "number", "source"),
        ("    findd newest", "findd", "source"),
        (r'    NAME = "\d"', r"\d", "invalid.illegal.escape"),
    ],
)
def test_a_slip_of_the_pen_shows(shipped: Highlighter, line: str, at: str, scope: str) -> None:
    """A word that is no filter, type or statement is not shown as one."""
    head = {"        id": "channel a {\npayload {\n", "    findd ": "channel a {\n"}
    text = head.get(line[:10], "channel a {\nlead {\n") + line
    start = text.rindex(at)

    assert {scope + ".leadlark"} == {
        each[-1] for each in shipped.scopes(text)[start : start + len(at)]
    }


# A new word cannot be forgotten


def _extended(statement: str, *changes: tuple[str, str]) -> ChannelGrammar:
    text = grammar_text() + statement
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return ChannelGrammar(text)


STATEMENT: Final = ("| default | when", "| default | when | paint")
PAINT: Final = """
paint: PAINT (GREEN | RED string) [UNTIL DURATION] [WHEN condition] _NL
PAINT: "paint"
GREEN: "green"
RED: "red"
UNTIL: "until"
"""


def test_a_new_statement_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that is added to the grammar is shown with its words, texts and conditions."""
    monkeypatch.setattr("textmate.NAMES", {**_names(), ("until", "DURATION"): "constant.numeric"})
    text = 'channel a {\n    paint red "<x>" until 3h when <y> is absent\n}\n'
    scopes = Highlighter(grammar(_extended(PAINT, STATEMENT))).scopes(text)

    shown = {word: scopes[text.index(word)][-1] for word in re.findall(r"\w+", text)}
    assert {
        "channel": "keyword.declaration.leadlark",
        "a": "entity.name.type.channel.leadlark",
        "paint": "keyword.control.statement.leadlark",
        "red": "keyword.other.leadlark",
        "x": "variable.parameter.leadlark",
        "until": "keyword.other.leadlark",
        "3h": "constant.numeric.leadlark",
        "when": "keyword.control.conditional.leadlark",
        "y": "variable.parameter.leadlark",
        "is": "keyword.operator.wordlike.leadlark",
        "absent": "keyword.operator.wordlike.leadlark",
    } == {**shown, "a": scopes[8][-1]}


def _names() -> dict[tuple[str, str], str]:
    import textmate  # noqa: PLC0415 (its table is what is looked at)

    return dict(textmate.NAMES)


def test_a_new_flag_is_shown() -> None:
    """A flag that is added to the grammar is shown as the others are."""
    source = _extended('\nTWICE: "twice"\n', ("| ONCE | CLEAR", "| ONCE | CLEAR | TWICE"))
    text = 'channel a {\nlead {\nNAME = "x" twice\n'

    assert "keyword.other.flag.leadlark" == Highlighter(grammar(source)).scopes(text)[-3][-1]


@pytest.mark.parametrize(
    ("statement", "changes", "message"),
    [
        (PAINT, [STATEMENT], "NAMES has no scope for the DURATION behind `until`"),
        (
            '\nLOUD: "loud"\n',
            [("filter: PIPE KEY", "filter: PIPE [LOUD] KEY")],
            "no pattern has the keywords loud",
        ),
        (
            '\nremark: literal ":" string _NL\n',
            [("| default | when", "| default | when | remark")],
            "the line `remark` begins with no keyword: add it to UNNAMED",
        ),
    ],
)
def test_what_has_no_pattern_is_told(
    statement: str, changes: list[tuple[str, str]], message: str
) -> None:
    """What the generator cannot show without being told stops it, by name."""
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        grammar(_extended(statement, *changes))


def test_a_new_filter_is_shown() -> None:
    """A filter that is declared is shown as one, with its argument as what it is."""
    filters = {
        **FILTERS,
        "shout": replace(FILTERS["upper"], name="shout"),
        "cut": replace(FILTERS["extract"], name="cut"),
    }
    text = """channel a {\nlead {\nNAME = "<x | shout | cut '(a)'>"\n"""
    scopes = Highlighter(grammar(filters=filters)).scopes(text)

    assert ["support.function.filter.leadlark"] * 2 == [
        scopes[text.index(word)][-1] for word in ("shout", "cut")
    ]
    assert "string.regexp.leadlark" in scopes[text.index("(a)")]
