"""Rule text and places in it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from ..late_dataclass import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in a source: ``start <= offset < end``."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of ``other``."""
        return Span(self.start, other.end)


@dataclass(frozen=True, slots=True)
class Position:
    """A place for people: line and column count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """The text of one rule file under the name that messages show.

    A leading byte order mark is no part of the text.
    """

    name: str
    text: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.removeprefix("\ufeff"))

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    @property
    def line_count(self) -> int:
        """How many lines the text has; an empty text has one."""
        return len(self._line_starts)

    def position(self, offset: int) -> Position:
        """Line and column of a character offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def utf16_column(self, offset: int) -> int:
        """The column, from 0, in UTF-16 code units: what editors count in."""
        start = self._line_starts[bisect_right(self._line_starts, offset) - 1]
        return len(self.text[start:offset].encode("utf-16-le", "surrogatepass")) // 2

    def line(self, number: int) -> str:
        """The text of line ``number`` (from 1) without its line break."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
