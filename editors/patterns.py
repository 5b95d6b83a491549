"""What patterns of a TextMate grammar are made of: scopes, keywords, what stands between signs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

Pattern = dict[str, Any]
"""A part of a TextMate grammar as a JSON value."""

BRANCHING: Final = frozenset({"when", "else"})
"""Words of branches, which look like those of other languages."""

QUOTED: Final = r"\"(?:\\.|[^\"\\\n])*\""


def include(name: str) -> Pattern:
    """The patterns of that name."""
    return {"include": f"#{name}"}


def scope(name: str) -> Pattern:
    """The name of a scope, with the language's ending."""
    return {"name": f"{name}.leadlark"}


ANY_ESCAPE: Final[Pattern] = {"match": r"\\.", **scope("constant.character.escape")}
"""What a backslash stands before in a pattern."""


def keywords(words: Iterable[str], kind: str = "other") -> list[Pattern]:
    """Patterns of keywords of a kind; those that branch have a kind of their own."""
    given = frozenset(words)
    groups = ((given & BRANCHING, "control.conditional"), (given - BRANCHING, kind))
    return [
        {"match": rf"\b(?:{any_of(each)})\b", **scope(f"keyword.{name}")}
        for each, name in groups
        if each
    ]


def between(begin: str, end: str, kind: str, patterns: list[Pattern], name: str = "") -> Pattern:
    """What stands between two signs; without the second it ends where ``|`` in ``end`` says."""
    closing, _, otherwise = end.partition("|")
    return {
        "begin": begin,
        "beginCaptures": {"0": scope(f"punctuation.{kind}.begin")},
        "end": f"({closing})|{otherwise}" if otherwise else f"({closing})",
        "endCaptures": {"1": scope(f"punctuation.{kind}.end")},
        **(scope(name) if name else {}),
        "patterns": patterns,
    }


def quoted(patterns: list[Pattern], mark: str = '"', name: str = "quoted.double") -> Pattern:
    """Text between two marks, on one line."""
    return between(mark, f"{mark}|$", "definition.string", patterns, f"string.{name}")


def any_of(words: Iterable[str]) -> str:
    """The regular expression of one of these words."""
    return "|".join(sorted(words))
