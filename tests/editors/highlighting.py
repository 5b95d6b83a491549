"""A TextMate engine over the grammar of rule files, and the tokens of the language's own lexer.

The engine is that of the editor babi, which interprets TextMate grammars with Oniguruma.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, get_args

from babi.highlight import Compiler, Grammar, Grammars, State, highlight_line
from lark import Token

from leadlark.language.nodes import ParamType
from leadlark.language.reading import Reading
from leadlark.messages.source import Source

SCOPE: Final = "source.leadlark"

Scopes = tuple[str, ...]


class Highlighter:
    """Gives every character of a text its scopes."""

    def __init__(self, grammar: dict[str, Any]) -> None:
        self._compiler = Compiler(Grammar.make(grammar), Grammars())

    def lines(self, text: str) -> Iterator[tuple[list[Scopes], State]]:
        """Each line's scopes, a character each and one for its end, and the state behind it."""
        state = self._compiler.root_state
        for at, line in enumerate(text.split("\n")):
            state, scopes = self.line(line, state, first=at == 0)
            yield scopes, state

    def line(self, line: str, state: State, *, first: bool = False) -> tuple[State, list[Scopes]]:
        """One line behind a state."""
        after, regions = highlight_line(self._compiler, state, line + "\n", first_line=first)
        scopes: list[Scopes] = []
        for region in regions:
            scopes += [region.scope] * (region.end - len(scopes))
        return after, scopes[: len(line) + 1]

    def scopes(self, text: str) -> list[Scopes]:
        """The scopes of every character, a line's end among them."""
        return [each for scopes, _ in self.lines(text) for each in scopes]

    @property
    def start(self) -> State:
        """The state before a text."""
        return self._compiler.root_state


@dataclass(frozen=True)
class Lexed:
    """A token with what it is by where it stands, such as ``filter`` for a KEY behind ``|``."""

    role: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Lexed]:
    """The tokens that the language's own lexer finds in a text without mistakes."""
    reading = _Recording(text)
    reading.run()
    assert [] == [problem.message for problem in reading.problems]
    lexed: list[Lexed] = []
    line: list[Token] = []
    depth = 0
    for at, token in enumerate(reading.taken):
        depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
        if token.type == "_NL":
            line = line if depth else []
            continue
        role = _role(line, reading.taken, at)
        lexed.append(Lexed(role, str(token), token.start_pos or 0, token.end_pos or 0))
        if token.type != "COMMENT":
            line.append(token)
    return lexed


class _Recording(Reading):
    """A run of the parser that keeps the tokens it takes."""

    def __init__(self, text: str) -> None:
        self.taken: list[Token] = []
        super().__init__(Source("x.channel", text), text, "file")

    def _take(self, token: Token) -> None:
        self.taken.append(token)
        super()._take(token)


def _role(line: list[Token], found: list[Token], at: int) -> str:
    """What the token at ``at`` is, behind the tokens of its ``line``."""
    token = found[at]
    types = [each.type for each in line]
    last = types[-1] if types else ""
    match token.type:
        case "KEY" if last == "PIPE":
            return "filter"
        case "KEY" if last == "AT":
            return "surrounding"
        case "KEY" if types[-2:] == ["PIPE", "KEY"] and line[-1] == "lookup":
            return "table"
        case "KEY" if "LANGLE" not in types and last in ("KEY", "SINGLE", "DIGITS", "RSQB"):
            assert str(token) in get_args(ParamType)
            return "type"
        case "SINGLE":
            return _single(line, types)
        case "QUOTE" | "TEXT" | "ESCAPE" if _is_field(found, at, at - len(line)):
            return "field"
        case "NAME":
            return _name(types)
        case other:
            return other


def _single(line: list[Token], types: list[str]) -> str:
    """Text in single quotes: a key of a path, or an argument by the filter it belongs to."""
    if types and types[-1] == "EQUAL":
        return "argument"
    if not types or types[-1] in ("LANGLE", "DOT", "LSQB") or "PIPE" not in types:
        return "key"
    pipe = len(types) - 1 - types[::-1].index("PIPE")
    return {"extract": "pattern", "map": "template"}.get(str(line[pipe + 1]), "argument")


def _is_field(found: list[Token], at: int, begin: int) -> bool:
    """Whether quoted text begins its line, at ``begin``, and is assigned to."""
    types = [each.type for each in found[begin : begin + 60]]
    if types[0] != "QUOTE":
        return False
    close = types.index("QUOTE", 1)
    return begin + close >= at and types[close + 1] in ("EQUAL", "DOT")


def _name(types: list[str]) -> str:
    """What a name is, by the word before it."""
    match types:
        case []:
            return "field"
        case [*_, "DOT"]:
            return "value type"
        case [*_, "HMAC"] | [*_, "HMAC", "NAME"]:
            return "name behind HMAC"
        case [*_, word]:
            return f"name behind {word}"
    raise AssertionError(types)
