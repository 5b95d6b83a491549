"""Gives tokens whose text has a meaning of its own their nodes, before the grammar sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from lark import Token

from .. import limits
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source, Span
from . import lexemes, mistakes
from .nodes import Template, Text

ReadTemplate: TypeAlias = Callable[[Text, Sequence[int]], Template]
"""Reads the text of a `map`, given with the place in the source of each of its characters."""

MEANINGFUL: Final = frozenset(
    {"ESCAPE", "SINGLE", "PATTERN", "NUMBER", "TEXT", "INDEX", "DURATION"}
)
"""The types of tokens that `TokenNodes.of` is for; it gives any other back as it is."""


class TokenNodes:
    """The nodes of the tokens of one text; what is wrong inside of tokens goes to ``problems``."""

    def __init__(
        self, source: Source, problems: list[Diagnostic], read_template: ReadTemplate
    ) -> None:
        self._source = source
        self._problems = problems
        self._read_template = read_template

    def of(self, token: Token, filter: str | None) -> Token:
        """The token with its node as value; ``filter`` is the name of the one it belongs to."""
        at = token.start_pos or 0
        value: object
        match token.type:
            case "ESCAPE":
                value, bad = lexemes.escape(str(token), at)
                self._bad_escapes([bad] if bad else [])
            case "SINGLE" if filter == "extract":
                value = lexemes.pattern(str(token), at)
                self._check_pattern(token)
            case "SINGLE":
                text, offsets, escapes = lexemes.single_quoted(str(token), at)
                self._bad_escapes(escapes)
                value = self._read_template(text, offsets) if filter == "map" else text
            case "PATTERN":
                value = lexemes.pattern(str(token), at)
                self._check_pattern(token)
            case "NUMBER":
                if len(token) > limits.MAX_DIGITS:
                    message = f"number of more than {limits.MAX_DIGITS:,} digits"
                    self._tell("E101", message, token, "write it as a text in quotes")
                value = lexemes.number(str(token)[: limits.MAX_DIGITS], at)
            case "TEXT" if len(token) > limits.MAX_TEMPLATE_TEXT:
                self._tell(
                    "E505", f"text of more than {limits.MAX_TEMPLATE_TEXT:,} characters", token
                )
                return token
            case "INDEX" | "DURATION" if len(token) > limits.MAX_INDEX_DIGITS:
                message = f"number of more than {limits.MAX_INDEX_DIGITS} digits"
                self._tell("E101", message, token)
                return token.update(value="0" if token.type == "INDEX" else "0m")
            case _:
                return token
        return Token.new_borrow_pos(token.type, value, token)

    def _bad_escapes(self, bad: Sequence[lexemes.BadEscape]) -> None:
        room = max(0, limits.MAX_MISTAKES - len(self._problems))
        self._problems.extend(mistakes.bad_escape(self._source, each) for each in bad[:room])

    def _check_pattern(self, token: Token) -> None:
        if len(token) - 2 > limits.MAX_PATTERN:
            message = f"pattern of more than {limits.MAX_PATTERN} characters"
            advice = "look for a part of the text, or write several conditions"
            self._tell("E504", message, token, advice)

    def _tell(self, code: str, message: str, token: Token, help: str | None = None) -> None:
        place = Span(token.start_pos or 0, token.end_pos or 0)
        self._problems.append(Diagnostic(code, message, self._source, place, help=help))
