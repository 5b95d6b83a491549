"""Reads a text in which there is no mistake; gives up at the first one.

Most texts are such, and need none of what `reading` keeps in order to explain a mistake and go on
behind it. Both give the same node for the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from lark import Token, UnexpectedInput

from .. import limits
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source, Span
from . import lalr
from .nodes import CommentLine, Template, Text
from .token_nodes import MEANINGFUL, TokenNodes

# What is more to the reader than a token to hand on.
_WATCHED: Final = MEANINGFUL | {"COMMENT", "_NL", "PIPE", "KEY", "RANGLE"}
_NESTING: Final = frozenset({"LBRACE", "RBRACE", "LPAR", "RPAR", "NOT"})


class PlainReading:
    """One run of the parser over a text; see `reading.Reading` for ``start`` and ``offsets``."""

    def __init__(
        self,
        source: Source,
        text: str,
        start: str,
        offsets: Sequence[int] = (),
        tokens: int = limits.MAX_TOKENS,
    ) -> None:
        self.comments: list[CommentLine] = []
        self.tokens_left = tokens
        self._source = source
        self._offsets = offsets
        self._problems: list[Diagnostic] = []
        self._nodes = TokenNodes(source, self._problems, self._map_template)
        self._end = len(text)
        ending = "\n" if start == "file" else ""
        interactive = lalr.parser().parse_interactive(text + ending, start)
        self._lex: Callable[[Any], Iterator[Token]] = interactive.lexer_thread.lex
        self._state = interactive.parser_state
        self._statements = self._blocks = self._parentheses = self._negations = 0

    def run(self) -> Any:
        """The node of the whole text, or None where anything in it is out of the ordinary."""
        try:
            return self._read()
        except (UnexpectedInput, _IrregularError):
            return None

    def _read(self) -> Any:
        feed, offsets = self._state.feed_token, self._offsets
        taken, previous, filter = 0, "_NL", None
        for read in self._lex(self._state):
            token, type = read, read.type
            if offsets:
                token.start_pos = offsets[token.start_pos or 0]
                token.end_pos = offsets[token.end_pos or 0]
            if type in _WATCHED:
                if type == "COMMENT":
                    span = Span(token.start_pos or 0, token.end_pos or 0)
                    self.comments.append(CommentLine(str(token), span=span))
                    continue
                if type == "_NL":
                    if previous == "_NL" or self._parentheses:
                        continue
                    self._end_line()
                elif type in MEANINGFUL:
                    token = self._nodes.of(token, filter)
                elif type == "KEY":
                    filter = str(token) if previous == "PIPE" else filter
                else:
                    filter = None
            elif type in _NESTING:
                self._nest(type)
            feed(token)
            taken += 1
            previous = type
        self.tokens_left -= taken
        if self.tokens_left < 0 or self._problems:
            raise _IrregularError
        end = self._end
        return feed(Token("$END", "", end, 1, 1, 1, 1, end), is_end=True)

    def _end_line(self) -> None:
        self._negations = 0
        self._statements += 1
        if self._statements > limits.MAX_STATEMENTS:
            raise _IrregularError

    def _nest(self, type: str) -> None:
        match type:
            case "LBRACE":
                self._blocks += 1
            case "RBRACE":
                self._blocks -= 1
            case "LPAR":
                self._parentheses += 1
            case "RPAR":
                self._parentheses -= 1
            case _:
                self._negations += 1
        if max(self._blocks, self._parentheses, self._negations) > limits.MAX_NESTING:
            raise _IrregularError

    def _map_template(self, text: Text, offsets: Sequence[int]) -> Template:
        inner = PlainReading(self._source, text.value, "template", offsets, self.tokens_left)
        template = inner.run()
        self.tokens_left = inner.tokens_left
        if not isinstance(template, Template):
            raise _IrregularError
        return template


class _IrregularError(Exception):
    """There is something that `reading` has to tell of."""
