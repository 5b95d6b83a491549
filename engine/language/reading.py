"""One run of lark's parser over one text; the only module that drives it.

Tokens go to the LALR parser one by one, and its rules build nodes as they complete. Where a line
cannot be read, it is explained (`explain`), the parser goes back to the state it had when the line
began, and the next line is read, so that one run reports every mistake. A header that cannot be
read still opens its block, or the lines in it would be misjudged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from lark import Token, UnexpectedInput, UnexpectedToken

from .. import limits
from ..late_dataclass import dataclass, replace
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source, Span
from . import lalr, layout, mistakes
from .explain import explain
from .line import Block, Found, Line, closes_missing, else_of, sighted
from .nodes import CommentLine, Template, Text
from .token_nodes import TokenNodes

# What is fed in place of a header that cannot be read, by the word it begins with.
_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "channel": ("CHANNEL", "ADDRESS", "LBRACE", "_NL"),
    "table": ("TABLE", "NAME", "LBRACE", "_NL"),
    "payload": ("PAYLOAD", "LBRACE", "_NL"),
    "contact": ("CONTACT", "LBRACE", "_NL"),
    "lead": ("LEAD", "LBRACE", "_NL"),
    "deal": ("DEAL", "LBRACE", "_NL"),
    "when": ("WHEN", "UNREADABLE", "LBRACE", "_NL"),
    "else": ("ELSE", "LBRACE", "_NL"),
    "else when": ("ELSE", "WHEN", "UNREADABLE", "LBRACE", "_NL"),
}


_SPLIT: Final = "put channels into files of their own; a folder of files is loaded as one"
_ADVICE: Final = {
    "E502": _SPLIT,
    "E503": "use fewer levels: several statements, or a table",
    "E506": _SPLIT,
}


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    """The parser's stacks and the open blocks before the first token of a line."""

    states: list[Any]
    values: list[Any]
    blocks: list[Block]


class Reading:
    """One run of the parser over one text.

    ``start`` is the rule of the grammar that the text is read by. A text that stands inside a
    token of ``source`` comes with ``offsets``: the place there of each of its characters, and
    of its end.
    """

    def __init__(
        self,
        source: Source,
        text: str,
        start: str,
        offsets: Sequence[int] = (),
        tokens: int = limits.MAX_TOKENS,
    ) -> None:
        self.source = source
        self.text = text
        self.tokens_left = tokens
        self._offsets = offsets
        self.problems: list[Diagnostic] = []
        self.comments: list[CommentLine] = []
        self.broken: list[Span] = []
        ending = "\n" if start == "file" else ""
        interactive = lalr.parser().parse_interactive(text + ending, start)
        thread = interactive.lexer_thread
        self._lex: Callable[[Any], Iterator[Token]] = thread.lex
        self._lexed: Any = thread.state.line_ctr if thread.state else None
        self._state = interactive.parser_state
        self._checkpoint = _Checkpoint([], [], [])
        self._line = Line(source, text)
        self._blocks: list[Block] = []
        self._surplus = layout.unclosed_braces(text) if start == "file" else 0
        self._lacking = layout.unclosed(text, limits.MAX_NESTING) if self._surplus > 0 else []
        self._depth = 0
        self._negations = 0
        self._statements = 0
        self._stopped = False
        self._nodes = TokenNodes(source, self.problems, self._map_template)

    def run(self) -> Any:
        """The node of the whole text, or None where nothing could be read."""
        while self._goes_on():
            try:
                for token in self._lex(self._state):
                    self._take(token)
                    if not self._goes_on():
                        return None
                return self._finish()
            except UnexpectedInput as error:
                self._recover(error)
            except _RefusedError as refused:
                self._leave(refused.diagnostic)
        return None

    def _goes_on(self) -> bool:
        return not self._stopped and len(self.problems) < limits.MAX_MISTAKES

    # Tokens

    def _take(self, token: Token) -> None:
        line = self._line
        if self._offsets:
            self._place(token)
        if token.type == "COMMENT":
            self.comments.append(CommentLine(str(token), span=_span(token)))
            return
        if token.type == "_NL" and (self._depth or line.fresh):
            return
        if token.type == "RBRACE" and self._too_many(token):
            return
        self.tokens_left -= 1
        if self.tokens_left < 0:
            message = f"more than {limits.MAX_TOKENS:,} words and signs"
            self._refuse("E506", token, message, stop=True)
        self._state.feed_token(self._nodes.of(token, line.filter))
        if line.fresh:
            self._checkpoint = _Checkpoint(
                self._state.state_stack[:-1], self._state.value_stack[:-1], self._blocks[:]
            )
        line.add(token.type, str(token), token.start_pos or 0, token.end_pos or 0)
        if token.type in _STRUCTURE:
            self._structure(token)

    def _place(self, token: Token) -> None:
        """Give a token of a text that stands inside another one its place in the source."""
        token.start_pos = self._offsets[token.start_pos or 0]
        token.end_pos = self._offsets[token.end_pos or 0]

    def _structure(self, token: Token) -> None:
        """Count what nests, and lines."""
        match token.type:
            case "_NL":
                self._line = Line(self.source, self.text)
                self._negations = 0
                self._count()
            case "LPAR":
                self._depth += 1
                if self._depth > limits.MAX_NESTING:
                    self._refuse(
                        "E503", token, f"parentheses nest deeper than {limits.MAX_NESTING}"
                    )
            case "RPAR":
                self._depth -= 1
            case "NOT":
                self._negations += 1
                if self._negations > limits.MAX_NESTING:
                    self._refuse("E503", token, f"more than {limits.MAX_NESTING} times `not`")
            case "LBRACE":
                self._blocks.append(self._line.opened(self._blocks))
                if len(self._blocks) > limits.MAX_NESTING:
                    self._refuse(
                        "E503", token, f"blocks nest deeper than {limits.MAX_NESTING}", stop=True
                    )
            case "RBRACE":
                self._blocks.pop()

    def _refuse(self, code: str, token: Token, message: str, *, stop: bool = False) -> None:
        self._stopped = stop
        advice = _ADVICE[code]
        raise _RefusedError(Diagnostic(code, message, self.source, _span(token), help=advice))

    def _map_template(self, text: Text, offsets: Sequence[int]) -> Template:
        inner = Reading(self.source, text.value, "template", offsets, self.tokens_left)
        template = inner.run()
        self.problems.extend(inner.problems)
        self.tokens_left = inner.tokens_left
        self._stopped = self.tokens_left < 0  # which is reported already
        return template if isinstance(template, Template) else Template((), span=text.span)

    # The end, and mistakes

    def _finish(self) -> Any:
        end = len(self.text)
        for block in reversed(self._blocks):
            self._tell_unclosed(block, None)
            self._feed("RBRACE", "_NL")
        self._blocks.clear()
        token = Token("$END", "", end, 1, 1, 1, 1, end)
        try:
            return self._state.feed_token(token, is_end=True)
        except UnexpectedToken as error:
            self._stopped = True
            self._explain(error)
            return None

    def _explain(self, error: UnexpectedInput) -> None:
        at = error.pos_in_stream or 0
        found = sighted(self.text, at)
        if isinstance(error, UnexpectedToken) and error.token.type in ("_NL", "$END", "QUOTE"):
            token: Token = error.token
            found = Found(token.type, str(token), at, at + len(token))
        if self._offsets:
            last = len(self._offsets) - 1
            start, end = self._offsets[min(at, last)], self._offsets[min(found.end, last)]
            found = replace(found, start=start, end=end)
        follows = self._state.parse_conf.states[self._state.position]
        expected = frozenset(name for name in follows if name.isupper())
        self.problems.append(explain(self._line, found, expected, self._blocks))

    def _recover(self, error: UnexpectedInput) -> None:
        """Explain a line that cannot be read and go on behind it."""
        at = error.pos_in_stream or 0
        start = at if self._line.fresh else self._line.start
        before = self._blocks if self._line.fresh else self._checkpoint.blocks
        if self._surplus > 0 and closes_missing(self.text, start, before):
            self._close_block(start)
            return
        if self._surplus > 0 and else_of(self.text, start, before) and self._close_branch(start):
            return
        if self._opens_unsaid(error):
            return
        self._explain(error)
        if self._depth and not self._line.fresh:
            at = min(at, self._line.end)  # the line with the open parenthesis is at fault
        unclosed = self._line.string is not None and self._line.param is None
        self._skip(start, at, layout.text_end(self.text, at) if unclosed else at)

    def _opens_unsaid(self, error: UnexpectedInput) -> bool:
        """Where only a `{` is missing at the end of a line, open its block all the same."""
        token = error.token if isinstance(error, UnexpectedToken) else None
        if token is None or token.type != "_NL" or self._offsets:
            return False
        at = token.start_pos or 0
        if not self._feed("LBRACE", at=at):
            return False
        on_next_line, behind = layout.brace_on_next_line(self.text, at)
        brace = self.text.find("{", at) + 1
        missing = mistakes.missing_brace(self._line, own_line=on_next_line, brace=brace)
        self.problems.append(missing)
        self._line.add("LBRACE", "{", at, at)
        self._blocks.append(self._line.opened(self._blocks))
        self._surplus += not on_next_line
        self._feed("_NL", at=at)
        self._go_to(behind)
        return True

    def _leave(self, diagnostic: Diagnostic) -> None:
        self.problems.append(diagnostic)
        if not self._stopped:
            self._skip(self._line.start, diagnostic.span.start)

    def _close_block(self, start: int) -> None:
        """A brace is missing before this line: close the block and read the line again."""
        self._restore()
        self._surplus -= 1
        self._tell_unclosed(self._blocks.pop(), start)
        self._feed("RBRACE", "_NL")
        self._go_to(start)

    def _close_branch(self, start: int) -> bool:
        """The brace before an `else` is missing: close its branch and read the line again."""
        self._restore()
        if not self._feed("RBRACE", at=start):
            return False
        self._surplus -= 1
        header = self._blocks.pop().header
        self._lacking = [each for each in self._lacking if each[0] != header.start]
        self.problems.append(mistakes.brace_before_else(self.source, header, start))
        self._go_to(start)
        return True

    def _tell_unclosed(self, block: Block, before: int | None) -> None:
        """Report a block without its brace: of those inside it the one that looks unclosed."""
        inside = [each for each in self._lacking if each[0] >= block.header.start]
        if inside and inside[-1][0] != block.header.start:
            header, last = inside[-1]
            self._lacking.remove(inside[-1])
            outside = layout.outside(self.text, header, last)
            span = mistakes.row_of(self.text, header)
            told = mistakes.unclosed_block(self.source, span, outside, indented=True)
        else:
            self._lacking = [each for each in self._lacking if each[0] != block.header.start]
            told = mistakes.unclosed_block(self.source, block.header, before)
        self.problems.append(told)

    def _too_many(self, brace: Token) -> bool:
        """Whether a brace would end a channel in the midst of its lines, and is told so."""
        at = brace.start_pos or 0
        if self._surplus >= 0 or len(self._blocks) != 1 or not self._line.fresh:
            return False
        if layout.indent(self.text, at) <= layout.indent(self.text, self._blocks[0].header.start):
            return False
        self._surplus += 1
        self.problems.append(mistakes.surplus_brace(self.source, at))
        return True

    def _skip(self, start: int, at: int, end: int = 0) -> None:
        """Leave out the statement from ``start``, in which the mistake is at ``at``.

        It goes on to ``end`` at least.
        """
        if self._offsets:
            self._stopped = True
            return
        end = layout.statement_end(self.text, start, max(at, end))
        self._restore()
        self._count()
        self.broken.append(Span(start, end))
        closes = False
        for word in layout.headers(self.text[start:end]):
            if word != "}":
                self._open(word, start, end, closes)
                return
            closes = bool(self._blocks) and self._feed("RBRACE")
            if closes:
                self._blocks.pop()
        if closes:
            self._feed("_NL")
        self._go_to(end)

    def _open(self, word: str, start: int, end: int, after_brace: bool) -> None:
        """Open the block whose header, which begins with ``word``, cannot be read.

        ``after_brace``: the header stands behind the brace that closes another block.
        """
        line = Line(self.source, self.text)
        line.add(_HEADERS.get(word, ("",))[0], word, start, end)
        block = line.opened(self._blocks)
        header = _HEADERS.get(word, ("",))
        opened = self._feed(*header, at=start)
        if not opened and after_brace:
            self._feed("_NL", at=start)
            opened = self._feed(*header, at=start)
        if not opened and word.startswith("else"):
            opened = self._feed(*_HEADERS["when"], at=start)
        if opened:
            self._blocks.append(block)
            self._go_to(end)
        else:
            self._go_to(layout.block_end(self.text, end))

    def _count(self) -> None:
        """Count a statement, read or left out; too many of them end the reading."""
        self._statements += 1
        if self._statements > limits.MAX_STATEMENTS and not self._stopped:
            self._stopped = True
            message = f"more than {limits.MAX_STATEMENTS:,} statements"
            at = min(self._lexed.char_pos, len(self.text))
            span = Span(at, at + 1)
            problem = Diagnostic("E502", message, self.source, span, help=_ADVICE["E502"])
            self.problems.append(problem)

    def _restore(self) -> None:
        if not self._line.fresh:
            self._state.state_stack[:] = self._checkpoint.states
            self._state.value_stack[:] = self._checkpoint.values
            self._blocks[:] = self._checkpoint.blocks

    def _go_to(self, offset: int) -> None:
        self._lexed.char_pos = offset
        self._line = Line(self.source, self.text)
        self._depth = 0
        self._negations = 0

    def _feed(self, *types: str, at: int | None = None) -> bool:
        """Feed made-up tokens; False, and nothing fed, where they cannot stand.

        They are empty and stand at ``at``, else where reading is.
        """
        states, values = self._state.state_stack[:], self._state.value_stack[:]
        at = min(self._lexed.char_pos, len(self.text)) if at is None else at
        for type in types:
            try:
                self._state.feed_token(Token(type, "", at, 1, 1, 1, 1, at))
            except UnexpectedToken:
                self._state.state_stack[:] = states
                self._state.value_stack[:] = values
                return False
        return True


_STRUCTURE: Final = frozenset({"_NL", "LPAR", "RPAR", "NOT", "LBRACE", "RBRACE"})


class _RefusedError(Exception):
    """A limit is exceeded in the statement at hand."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


def _span(token: Token) -> Span:
    return Span(token.start_pos or 0, token.end_pos or 0)
