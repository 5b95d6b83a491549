"""The lines of a condition.

A condition stays on one line unless it was broken at an `and` or `or`, between the values of a
list, or by a comment. Then it stands in parentheses, on lines of its own, broken where it was.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, assert_never

from ..messages.source import Source, Span
from . import spelling
from .columns import Line
from .nodes import Among, And, CommentLine, Compare, Condition, Matches, Not, Or, Presence


class Comments:
    """The comments of a file, taken in order of their places as they are printed."""

    def __init__(self, source: Source, comments: tuple[CommentLine, ...]) -> None:
        self._source: Final = source
        self._comments: Final = comments
        self._starts: Final = [comment.span.start for comment in comments]
        self._next = 0

    def line(self, offset: int) -> int:
        """The number of the source line that an offset is in."""
        return self._source.position(offset).line

    def count(self, start: int, end: int) -> int:
        """How many comments begin between two offsets."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def take(self, before: int) -> Iterator[CommentLine]:
        """Take the comments that begin before an offset."""
        while self._next < len(self._comments) and self._starts[self._next] < before:
            self._next += 1
            yield self._comments[self._next - 1]

    def take_on(self, line: int) -> str:
        """Take the next comment if it is on a source line; its text, else an empty one."""
        if self._next < len(self._comments) and self.line(self._starts[self._next]) == line:
            self._next += 1
            return text_of(self._comments[self._next - 1])
        return ""


def text_of(comment: CommentLine) -> str:
    """The comment's text without the blanks at its end."""
    return comment.text.rstrip(" \t")


class Wrapping:
    """The lines of a statement with a condition, written from left to right."""

    def __init__(self, comments: Comments, depth: int, start: int) -> None:
        self.lines: list[Line] = []
        self._comments = comments
        self._depth = self._line_depth = depth
        self._written = ""
        self._remark = ""
        self._line = comments.line(start)

    def put(self, text: str) -> None:
        """Write on the line at hand, which stands as deep as it begins."""
        if not self._written:
            self._line_depth = self._depth
        self._written += text

    def done(self) -> list[Line]:
        """All lines."""
        self._break()
        return self.lines

    def condition(self, node: Condition, start: int, end: int) -> None:
        """Write a condition; ``end`` is where the parentheses around it end in the source."""
        if not self._spreads(node, start, end):
            self._condition(node)
            return
        self.put("(")
        self._depth += 1
        self._take(node.span.start)
        self._break()
        self._condition(node)
        self._take(end)
        self._break()
        self._depth -= 1
        self.put(")")

    def _spreads(self, node: Condition, start: int, end: int) -> bool:
        """Whether a comment or a line break stands between two comparisons."""
        leaves = list(_leaves(node))
        lists = (leaf.span for leaf in leaves if isinstance(leaf, Among))
        inside = sum(self._comments.count(span.start, span.end) for span in lists)
        if self._comments.count(start, end) > inside:
            return True
        return any(self._apart(left.span, right.span) for left, right in pairwise(leaves))

    def _condition(self, node: Condition) -> None:
        match node:
            case Or():
                self._terms("or ", node.terms, (Or,))
            case And():
                self._terms("and ", node.terms, (Or, And))
            case Not():
                self._line = self._comments.line(node.span.start)
                self.put("not ")
                self._term(node.term, (Or, And))
            case Among():
                self._start(node.span)
                self._among(node)
            case Compare() | Matches() | Presence():
                self._start(node.span)
                self.put(spelling.comparison(node))
                self._line = self._comments.line(node.span.end)
            case _:
                assert_never(node)

    def _terms(
        self, word: str, terms: tuple[Condition, ...], grouped: tuple[type[Condition], ...]
    ) -> None:
        for at, term in enumerate(terms):
            if at:
                commented = self._take(term.span.start)
                if commented or self._apart(terms[at - 1].span, term.span):
                    self._break()
                else:
                    self.put(" ")
                self.put(word)
            self._term(term, grouped)

    def _term(self, term: Condition, grouped: tuple[type[Condition], ...]) -> None:
        if not isinstance(term, grouped):
            self._condition(term)
            return
        self.put("(")
        self._depth += 1
        self._condition(term)
        self._depth -= 1
        self.put(")")

    def _among(self, node: Among) -> None:
        self.put(f"{spelling.param(node.param)} in (")
        values = node.values
        broken = self._comments.count(node.span.start, node.span.end) > 0 or any(
            self._apart(left.span, right.span) for left, right in pairwise(values)
        )
        if not broken:
            self.put(f"{', '.join(map(spelling.value, values))})")
            self._line = self._comments.line(node.span.end)
            return
        self._depth += 1
        self._line = self._comments.line(node.param.span.end)
        self._take(values[0].span.start)
        self._break()
        for value, following in pairwise(values):
            self.put(f"{spelling.value(value)},")
            self._line = self._comments.line(value.span.end)
            if self._take(following.span.start) or self._apart(value.span, following.span):
                self._break()
            else:
                self.put(" ")
        self.put(spelling.value(values[-1]))
        self._line = self._comments.line(values[-1].span.end)
        self._take(node.span.end)
        self._break()
        self._depth -= 1
        self.put(")")
        self._line = self._comments.line(node.span.end)

    def _start(self, span: Span) -> None:
        """Put the comments that are left over from before a comparison before it."""
        if self._take(span.start):
            self._break()

    def _apart(self, left: Span, right: Span) -> bool:
        return self._comments.line(left.end) < self._comments.line(right.start)

    def _take(self, before: int) -> bool:
        """Write the comments up to an offset; whether there were any, so that a line ends."""
        found = False
        for comment in self._comments.take(before):
            found = True
            on_line = self._comments.line(comment.span.start) <= self._line
            if on_line and self._written and not self._remark:
                self._remark = text_of(comment)
                continue
            self._break()
            self.lines.append(Line(self._depth, (text_of(comment),), "comment"))
        return found

    def _break(self) -> None:
        """End the line at hand, if anything stands on it."""
        if self._written:
            text = self._written.rstrip(" ")
            self.lines.append(Line(self._line_depth, (text,), comment=self._remark))
        self._written = self._remark = ""


def _leaves(node: Condition) -> Iterator[spelling.Leaf]:
    """The comparisons of a condition, in order."""
    match node:
        case And() | Or():
            for term in node.terms:
                yield from _leaves(term)
        case Not():
            yield from _leaves(node.term)
        case _:
            yield node
