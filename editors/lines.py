"""What an editor has to know of the grammar: the lines of every block, read from ``grammar/``.

A line is known by its first word, so each holds the other words that can stand in it, the names
that follow one of its words, the parts with an own pattern (conditions, strings, …) and the block
that it opens. A statement that is added to the grammar is found here without being named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lark import Lark

GRAMMAR: Final = Path(__file__).parent.parent / "grammar"

PARTS: Final = frozenset(
    {"condition", "string", "literal", "constant", "value", "number", "path", "field_name"}
    | {"key", "flag", "_type"}
)
"""Rules that have a pattern of their own wherever they stand."""

UNNAMED: Final = frozenset({"row", "assign", "declared"})
"""Lines that begin with no keyword: a table's row, a field's value, a declared param."""


@dataclass(frozen=True, slots=True)
class Named:
    """``count`` names that follow a word: after which word, and which terminal they are.

    ``unless`` are the words that can stand in place of the first of them.
    """

    word: str
    terminal: str
    count: int
    unless: frozenset[str] = frozenset()


@dataclass(slots=True)
class Line:
    """All statements of one block that begin with one word."""

    first: str
    words: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)
    names: set[Named] = field(default_factory=set)
    block: str | None = None


Block = dict[str, Line | None]
"""Lines by their first word; one that begins with no keyword by its rule's name, with None."""


def grammar_text() -> str:
    """The grammar of the language in lark's notation, its terminals in the same text."""
    channel, terminals = (
        (GRAMMAR / f"{name}.lark").read_text(encoding="utf-8") for name in ("channel", "terminals")
    )
    return re.sub(r"^%import .*\n", "", channel, flags=re.MULTILINE) + terminals


class ChannelGrammar:
    """The words and lines of a grammar in lark's notation, by default that of the language.

    Raises `ValueError` where a line begins with no keyword and is none of `UNNAMED`.
    """

    def __init__(self, text: str | None = None) -> None:
        lark = Lark(text or grammar_text(), parser="lalr", start=["file", "template", "path"])
        self._rules: dict[str, list[tuple[str, ...]]] = {}
        for rule in lark.rules:
            expansion = tuple(str(symbol.name) for symbol in rule.expansion)
            self._rules.setdefault(str(rule.origin.name), []).append(expansion)
        self._terminals = {each.name: each.pattern for each in lark.terminals}
        self.blocks: dict[str, Block] = {}
        self._kinds: dict[frozenset[str], str] = {}
        self.file = self._block("file", "file")

    @property
    def keywords(self) -> frozenset[str]:
        """Every word that is a keyword somewhere."""
        return frozenset(filter(None, map(self.keyword, self._terminals)))

    def keyword(self, terminal: str) -> str | None:
        """The word that a terminal is, or None where it is a sign or no single word."""
        pattern = self._terminals.get(terminal)
        fixed = pattern is not None and pattern.type == "str" and pattern.value.isalpha()
        return str(pattern.value) if fixed and pattern is not None else None

    def regex(self, terminal: str) -> str:
        """A terminal's regular expression, its groups not numbered, on one line."""
        shown = str(self._terminals[terminal].value).replace("\r", r"\r").replace("\n", r"\n")
        return re.sub(r"(?<!\\)\((?!\?)", "(?:", shown)

    def sign(self, terminal: str) -> str | None:
        """The signs that a terminal is, such as ``<=``, or None."""
        pattern = self._terminals.get(terminal)
        fixed = pattern is not None and pattern.type == "str"
        return str(pattern.value) if fixed and pattern is not None else None

    def within(self, *rules: str, without: Sequence[str] = ()) -> frozenset[str]:
        """The terminals that rules lead to, but not by way of the rules ``without``."""
        seen: set[str] = set()
        waiting = list(rules)
        while waiting:
            name = waiting.pop()
            if name not in seen and name not in without:
                seen.add(name)
                waiting += [each for expansion in self._rules.get(name, ()) for each in expansion]
        return frozenset(each for each in seen if each not in self._rules)

    def words(self, *rules: str, without: Sequence[str] = ()) -> frozenset[str]:
        """The keywords among `within`."""
        return frozenset(filter(None, map(self.keyword, self.within(*rules, without=without))))

    # Blocks and lines

    def _block(self, owner: str, *symbols: str) -> str:
        """The name of the block that symbols lead to; it is that of its first owner."""
        lines = dict.fromkeys(rule for each in symbols for rule in self._lines(each))
        key = frozenset(lines)
        if key not in self._kinds:
            self._kinds[key] = owner
            block = self.blocks[owner] = {}
            for rule in lines:
                self._add(block, rule)
        return self._kinds[key]

    def _lines(self, symbol: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        expansions = self._rules.get(symbol, ())
        if any(each and each[-1] == "_NL" for each in expansions):
            yield symbol
            return
        for each in (each for expansion in expansions for each in expansion):
            if each not in seen:
                yield from self._lines(each, seen | {symbol})

    def _add(self, block: Block, rule: str) -> None:
        if rule in UNNAMED:
            block[rule] = None
            return
        for expansion in self._rules[rule]:
            first = self.keyword(expansion[0])
            if first is None:
                raise ValueError(f"the line `{rule}` begins with no keyword: add it to UNNAMED")
            line = block.setdefault(first, Line(first))
            assert line is not None
            self._names(line, first, expansion[1:])
            self._read(line, rule, expansion[1:], frozenset({rule}))

    def _read(self, line: Line, rule: str, expansion: Sequence[str], seen: frozenset[str]) -> None:
        """Add what one expansion of a line's rule, or of a rule in it, says."""
        inside: list[str] | None = None
        for at, symbol in enumerate(expansion):
            if symbol == "LBRACE":
                inside = []
            elif symbol == "RBRACE" and inside is not None:
                if set(inside) - {"_NL"}:
                    line.block = self._block(rule, *inside)
                inside = None
            elif inside is not None:
                inside.append(symbol)
            elif (word := self.keyword(symbol)) is not None:
                line.words.add(word)
                self._names(line, word, expansion[at + 1 :])
            elif symbol in PARTS or symbol == "NUMBER":
                line.parts.add(symbol.lower())
            elif symbol in self._rules and symbol not in seen:
                for each in self._rules[symbol]:
                    self._read(line, rule, each, seen | {symbol})

    def _names(self, line: Line, word: str, rest: Sequence[str]) -> None:
        names: list[str] = []
        for symbol in rest:
            begun = [
                each
                for each in self._begins(symbol)
                if self._terminals[each].type == "re" and each not in ("_NL", "NUMBER")
            ]
            if not begun:
                break
            names += begun
        if names:
            unless = frozenset(self._followers(word, line))
            line.names.add(Named(word, names[0], len(names), unless))

    def _begins(self, symbol: str) -> Iterator[str]:
        """The terminals that a symbol begins with, parts left out."""
        if symbol in self._terminals:
            yield symbol
        elif symbol not in PARTS and not symbol.startswith("__"):
            for expansion in self._rules.get(symbol, ()):
                yield from self._begins(expansion[0]) if expansion else ()

    def _followers(self, word: str, line: Line) -> Iterator[str]:
        """The keywords that can stand right behind a line's first word."""
        for expansions in self._rules.values():
            for expansion in expansions:
                if len(expansion) > 1 and self.keyword(expansion[0]) == word == line.first:
                    yield from filter(None, [self.keyword(expansion[1])])
