"""From the nodes of a rule file to its canonical text.

The nodes say what is printed. Of the source the places count: where comments stand, where blank
lines set statements apart, where a condition was broken; and whether a word was written that may
be left out. Reading the text gives equal nodes, and printing these gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from ..messages.source import Source
from . import spelling, wording
from .columns import Line, text_of
from .nodes import (
    Branch,
    Channel,
    Condition,
    FieldItem,
    Fields,
    File,
    Ignore,
    Payload,
    Reject,
    Statement,
    Table,
    When,
)
from .wording import Cells, Simple
from .wrapping import Comments, Wrapping
from .wrapping import text_of as comment_text

# Behind a condition stand its closing parentheses, line breaks and comments among them.
_CLOSING: Final = re.compile(r"(?:(?:[ \t\r\n]|#[^\r\n]*+)*+\))*+")

_START: Final = 0
_BLOCK: Final = -1

_Item: TypeAlias = "Simple | Statement | FieldItem | Table | Channel"
_Block: TypeAlias = Channel | Fields | Payload


def print_file(source: Source, file: File) -> str:
    """The canonical text of a file that was read from ``source`` without a mistake."""
    return text_of(_Printer(source, file).lines())


class _Printer:
    """One pass over the nodes of a file, beside its comments.

    ``_last`` is the source line of what was printed last; `_START` at the start of a block,
    where no blank line stands, and `_BLOCK` behind a block of the file, where one always does.
    """

    def __init__(self, source: Source, file: File) -> None:
        self._source: Final = source
        self._file: Final = file
        self._comments: Final = Comments(source, file.comments)
        self._lines: Final[list[Line]] = []
        self._last = _START

    def lines(self) -> list[Line]:
        """The lines of the whole file."""
        edition = self._file.edition_span
        if edition is not None:
            self._remarks(0, edition.start)
            self._add(Line(0, (f"leadlark {self._file.edition}",)), edition.start)
            self._ends(edition.end)
            self._last = _BLOCK
        blocks: list[Table | Channel] = [*self._file.tables, *self._file.channels]
        for block in sorted(blocks, key=lambda block: block.span.start):
            self._remarks(0, block.span.start)
            self._item(0, block)
            self._last = _BLOCK
        self._remarks(0, len(self._source.text) + 1)
        return self._lines

    # Lines

    def _add(self, line: Line, start: int) -> None:
        """Print a line of what begins at ``start``, behind a blank line where one was."""
        blank = self._last > _START and self._comments.line(start) > self._last + 1
        line.apart = blank or self._last == _BLOCK
        self._lines.append(line)

    def _ends(self, end: int) -> None:
        """Print the comment behind what has been printed and ends at ``end``."""
        self._last = self._comments.line(end)
        self._lines[-1].comment = self._comments.take_on(self._last)

    def _remarks(self, depth: int, before: int) -> None:
        """Print the comments up to an offset, which stand on lines of their own."""
        for comment in self._comments.take(before):
            self._add(Line(depth, (comment_text(comment),), "comment"), comment.span.start)
            self._last = self._comments.line(comment.span.start)

    def _line(self, depth: int, cells: Cells, start: int, end: int) -> None:
        kind, texts = cells
        self._remarks(depth, start)
        self._add(Line(depth, texts, kind), start)
        self._ends(end)

    # Statements and blocks

    def _item(self, depth: int, node: _Item) -> None:
        match node:
            case When():
                self._when(depth, node)
            case Ignore() | Reject():
                self._guard(depth, node)
            case Channel() | Fields() | Payload():
                self._block(depth, node)
            case Table():
                self._table(depth, node)
            case _:
                cells = wording.cells(node, self._source.text)
                self._line(depth, cells, node.span.start, node.span.end)

    def _block(self, depth: int, node: _Block) -> None:
        header, items = _opened(node)
        self._line(depth, ("brace", (f"{header} {{",)), node.span.start, node.span.start)
        self._body(depth + 1, items, node.span.end)
        self._close(depth, node.span.end)

    def _body(self, depth: int, items: Sequence[_Item], end: int) -> None:
        """Print what stands in a block whose closing brace ends at ``end``."""
        self._last = _START
        for item in items:
            self._remarks(depth, item.span.start)
            self._item(depth, item)
        self._remarks(depth, end)

    def _close(self, depth: int, end: int) -> None:
        self._lines.append(Line(depth, ("}",), "brace"))
        self._ends(end)

    def _table(self, depth: int, node: Table) -> None:
        start, end = node.span.start, node.span.end
        self._line(depth, ("brace", (f"table {node.name.text} {{",)), start, start)
        self._last = _START
        rows = [(row.span, wording.cells(row, self._source.text)) for row in node.rows]
        values = (node.otherwise, *node.repeated) if node.otherwise is not None else ()
        rows += [(value.span, wording.otherwise(value)) for value in values]
        for span, cells in sorted(rows, key=lambda row: row[0].start):
            self._line(depth + 1, cells, span.start, span.end)
        self._remarks(depth + 1, end)
        self._close(depth, end)

    # Conditions

    def _guard(self, depth: int, node: Ignore | Reject) -> None:
        start, end = node.span.start, node.span.end
        wrapping = Wrapping(self._comments, depth, start)
        wrapping.put("ignore" if isinstance(node, Ignore) else "reject")
        if node.condition is not None:
            wrapping.put(" when ")
            end = max(end, self._condition(wrapping, node.condition, start))
        if node.reason is not None:
            wrapping.put(f" {spelling.value(node.reason)}")
        self._wrapped(wrapping, start)
        self._ends(end)

    def _when(self, depth: int, node: When[Any]) -> None:
        start = node.span.start
        for at, branch in enumerate(node.branches):
            if at:
                self._last = _START
            self._branch(depth, branch, start, "} else " if at else "")
            start = branch.span.end
        self._close(depth, node.span.end)

    def _branch(self, depth: int, branch: Branch[Any], start: int, before: str) -> None:
        """Print a branch up to its brace; ``start`` is on the source line of its header."""
        wrapping = Wrapping(self._comments, depth, start)
        wrapping.put(before)
        end = start
        if branch.condition is not None:
            wrapping.put("when ")
            end = self._condition(wrapping, branch.condition, start)
            wrapping.put(" ")
        wrapping.put("{")
        self._wrapped(wrapping, start)
        self._lines[-1].kind = "brace"
        self._ends(end)
        self._body(depth + 1, branch.items, branch.span.end)

    def _condition(self, wrapping: Wrapping, condition: Condition, start: int) -> int:
        """Write a condition; where it ends in the source, its parentheses included."""
        closing = _CLOSING.match(self._source.text, condition.span.end)
        end = condition.span.end if closing is None else closing.end()
        wrapping.condition(condition, start, end)
        return end

    def _wrapped(self, wrapping: Wrapping, start: int) -> None:
        first, *others = wrapping.done()
        self._add(first, start)
        self._lines.extend(others)


def _opened(node: _Block) -> tuple[str, Sequence[_Item]]:
    """The header of a block without its brace, and what stands in it."""
    match node:
        case Channel():
            title = f" {spelling.quoted(node.title)}" if node.title else ""
            return f"channel {node.address.text}{title}", node.statements
        case Fields():
            return f"{node.target} update" if node.update else node.target, node.items
        case Payload():
            return "payload strict" if node.strict else "payload", node.params
