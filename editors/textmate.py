"""The TextMate grammar of rule files, made from the grammar and the declarations of filters.

Where a word stands decides what it is, as no keyword is reserved: every line is a pattern of its
own that begins with its first word and ends with the line, or behind the block that it opens.
Regular expressions are Oniguruma's; scopes are named as TextMate's conventions have it, which
themes rest on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from lines import Block, ChannelGrammar, Line, Named
from params import path_regex
from parts import parts
from patterns import BRANCHING, QUOTED, Pattern, any_of, between, include, keywords, scope

from leadlark.filters import FILTERS, FilterSpec
from leadlark.language.nodes import ParamType

NAMES: Final[Mapping[tuple[str, str], str]] = {
    ("table", "NAME"): "entity.name.type.table",
    ("channel", "ADDRESS"): "entity.name.type.channel",
    ("region", "NAME"): "variable.other.constant.region",
    ("let", "NAME"): "variable.other.let",
    ("in", "STATUS_NAME"): "variable.other.constant.status",
    ("status", "STATUS_NAME"): "variable.other.constant.status",
    ("within", "DURATION"): "constant.numeric.duration",
    ("auth", "NAME"): "variable.other.constant.scheme",
    ("hmac", "NAME"): "variable.other.constant.algorithm",
    ("secret", "NAME"): "variable.other.constant.secret",
}
"""The scopes of names, by the word that they follow and the terminal that they are."""

_OF_PART: Final = {"path": "param"}  # a path alone stands in `<…>` too


def grammar(
    source: ChannelGrammar | None = None, filters: Mapping[str, FilterSpec] = FILTERS
) -> Pattern:
    """The grammar as a JSON value.

    Raises `ValueError` where a keyword, a line or a name has no pattern or scope yet.
    """
    source = source or ChannelGrammar()
    made: Pattern = {
        "information_for_contributors": [
            "Written by `python editors/generate.py`: change that, not this file."
        ],
        "name": "LeadLark",
        "scopeName": "source.leadlark",
        "fileTypes": ["channel"],
        "patterns": [include(source.file)],
        "repository": {
            **{name: _block(source, name, block) for name, block in source.blocks.items()},
            **parts(source, filters),
        },
    }
    known = " ".join(_regexes(made))
    forgotten = sorted(word for word in source.keywords if not re.search(rf"\b{word}\b", known))
    if forgotten:
        raise ValueError(f"no pattern has the keywords {', '.join(forgotten)}")
    return made


def _block(source: ChannelGrammar, name: str, block: Block) -> Pattern:
    """The lines of a block in any order.

    Braces that nobody expects hold the same lines, so that one line that is not understood does
    not end the block too early.
    """
    lines = [
        _unnamed(source, first) if line is None else _line(source, name, line)
        for first, line in block.items()
    ]
    surplus = [] if name == source.file else [_braces(name)]
    return {"patterns": [include("comment"), *lines, *surplus]}


def _braces(block: str) -> Pattern:
    return between(r"\{", r"\}", "section.block", [include(block)])


def _line(source: ChannelGrammar, block: str, line: Line) -> Pattern:
    names = {each.word: _named(source, each) for each in line.names}
    behind, captures = names.pop(line.first, ("", {}))
    kind = "control.statement"
    if line.first in BRANCHING:
        kind = "control.conditional"
    elif block == source.file:
        kind = "declaration"
    named = [
        {"match": rf"\b({word}){regex}", "captures": {"1": scope("keyword.other"), **inside}}
        for word, (regex, inside) in sorted(names.items())
    ]
    return {
        "begin": rf"^\s*({line.first})\b{behind}",
        "beginCaptures": {"1": scope(f"keyword.{kind}"), **captures},
        "end": "$",
        "patterns": [
            include("comment"),
            *([_braces(line.block)] if line.block else []),
            *named,
            *(include(_OF_PART.get(part, part)) for part in sorted(line.parts)),
            *keywords(line.words - names.keys()),
            include("sign"),
        ],
    }


def _named(source: ChannelGrammar, named: Named) -> tuple[str, Pattern]:
    """The names behind a word, each of which may be a list: their regex, captures from 2 on."""
    shown = NAMES.get((named.word, named.terminal))
    if shown is None:
        raise ValueError(f"NAMES has no scope for the {named.terminal} behind `{named.word}`")
    name = source.regex(named.terminal)
    unless = rf"(?!(?:{any_of(named.unless)})\b)" if named.unless else ""
    item = rf"(?:{name}|{QUOTED})"
    inside = [include("literal"), {"match": name, **scope(shown)}, include("sign")]
    regex = rf"(?:\s*\b{unless}({name}(?:\s*,\s*{item})*)" * named.count + ")?" * named.count
    return rf"\b{regex}", {str(2 + at): {"patterns": inside} for at in range(named.count)}


def _unnamed(source: ChannelGrammar, rule: str) -> Pattern:
    """A line that begins with no keyword."""
    match rule:
        case "row":
            return {"patterns": [include("constant"), include("sign")]}
        case "declared":
            return _declared(source)
        case "assign":
            return _assign(source)
    raise ValueError(f"no pattern is written for the line `{rule}`")


def _declared(source: ChannelGrammar) -> Pattern:
    types = "|".join(get_args(ParamType))
    flags = any_of(source.words("declared", without=("path",)))
    word = source.regex("KEY")
    return {
        "match": rf"^\s*({path_regex(source)})"
        rf"(?:\s*\b(?:({types})(?![\w-])|{word}))?(?:\s*\b({flags})\b)?",
        "captures": {
            "1": {"patterns": [include("key"), include("path")]},
            "2": scope("support.type.param"),
            "3": scope("keyword.other.flag"),
        },
    }


def _assign(source: ChannelGrammar) -> Pattern:
    name = source.regex("NAME")
    field = scope("variable.other.property.field")
    return {
        "begin": rf"^\s*(?:({name})|({QUOTED}))\s*(?:(\.)\s*({name})\s*)?(?==)",
        "beginCaptures": {
            "1": field,
            "2": {**field, "patterns": [include("escape")]},
            "3": scope("punctuation.accessor"),
            "4": scope("variable.other.constant.value-type"),
        },
        "end": "$",
        "patterns": [
            include("comment"),
            include("value"),
            *keywords(source.words("flag"), "other.flag"),
            include("sign"),
        ],
    }


def _regexes(pattern: Any) -> Iterator[str]:
    match pattern:
        case dict():
            for key, value in pattern.items():
                if key in ("match", "begin", "end"):
                    yield value
                else:
                    yield from _regexes(value)
        case list():
            for each in pattern:
                yield from _regexes(each)
