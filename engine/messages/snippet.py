"""Lines of a source with marks under them, in columns of a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, TypeAlias

from ..late_dataclass import dataclass, replace
from .source import Source, Span

Style: TypeAlias = Literal[
    "error", "warning", "message", "place", "gutter", "source", "related", "help", "fix", "plain"
]
Segment: TypeAlias = tuple[Style, str]
Row: TypeAlias = list[Segment]

TAB: Final = 4
WINDOW: Final = 110
"""The most characters of a line that are shown."""

_BEFORE: Final = 50
_JOINERS: Final = "\u200c\u200d"
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of one line to underline: columns from 0, ``start <= column < end``."""

    start: int
    end: int
    label: str
    style: Style
    sign: str

    @property
    def shown_end(self) -> int:
        """The end, one column on where the mark is an empty place."""
        return max(self.end, self.start + 1)


def cells(character: str) -> int:
    """How many columns of a terminal a character takes: 0, 1 or 2."""
    if character in _JOINERS or "\u1160" <= character <= "\u11ff":
        return 0
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def visible(text: str) -> str:
    """The text with each control, bidirectional or other unseen character as ``U+FFFD``.

    A terminal then shows what stands in a file and carries nothing of it out.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "\ufffd"
        if unicodedata.category(character) in _UNSEEN and character not in _JOINERS
        else character
        for character in text
    )


def columns(text: str) -> tuple[str, list[int]]:
    """The text as shown, and the terminal column at which each character begins.

    Tabs go to the next multiple of four. The list has one more entry: the end of the text.
    """
    if text.isascii() and text.isprintable():
        return text, list(range(len(text) + 1))
    shown: list[str] = []
    starts = [0]
    at = 0
    for character in text:
        if character == "\t":
            width = TAB - at % TAB
            shown.append(" " * width)
        else:
            piece = visible(character)
            width = cells(piece)
            shown.append(piece)
        at += width
        starts.append(at)
    return "".join(shown), starts


def mark(source: Source, span: Span, label: str, style: Style, sign: str) -> tuple[int, Mark]:
    """The line on which a span begins and its mark there; the label tells where it ends."""
    begin = source.position(span.start)
    end = source.position(max(span.start, span.end))
    length = len(source.line(begin.line))
    start = min(begin.column - 1, length)
    if end.line == begin.line:
        return begin.line, Mark(start, min(end.column - 1, length), label, style, sign)
    if end.column > 1 or end.line > begin.line + 1:
        last = end.line if end.column > 1 else end.line - 1
        label = f"{label} (to line {last})".strip()
    return begin.line, Mark(start, length, label, style, sign)


def excerpt(line: str, number: int, marks: Sequence[Mark], gutter: int) -> Iterator[Row]:
    """The rows that show a line and what is marked in it, primary marks first in ``marks``.

    Of a long line a window around the marks is shown, several where the marks lie far apart.
    """
    left = list(marks)
    while left:
        low, high = _window(len(line), left[0])
        inside = [each for each in left if low <= each.start <= high]
        left = [each for each in left if not low <= each.start <= high]
        shown, starts = columns(line[low:high])
        lead = "…" if low else ""
        tail = "…" if high < len(line) else ""
        row: Row = [("gutter", f"{number:>{gutter}} |")]
        if text := (lead + shown + tail).rstrip():
            row.append(("source", " " + text))
        yield row
        moved = [
            replace(
                each,
                start=starts[each.start - low] + len(lead),
                end=starts[min(each.end, high) - low] + len(lead),
            )
            for each in inside
        ]
        for layer in _layers(each for each in moved if each.sign):
            yield from _underlines(layer, gutter)


def _window(length: int, first: Mark) -> tuple[int, int]:
    if length <= WINDOW:
        return 0, length
    low = max(0, min(first.start - _BEFORE, length - WINDOW))
    return low, low + WINDOW


def _layers(marks: Iterable[Mark]) -> list[list[Mark]]:
    """Marks put on as few rows as keep those that overlap apart."""
    layers: list[list[Mark]] = []
    for each in marks:
        for layer in layers:
            if all(each.start >= o.shown_end or o.start >= each.shown_end for o in layer):
                layer.append(each)
                break
        else:
            layers.append([each])
    return layers


def _underlines(marks: list[Mark], gutter: int) -> Iterator[Row]:
    """The row of signs with the last mark's label, then the other labels below their marks."""
    marks = sorted(marks, key=lambda each: each.start)
    edge: Segment = ("gutter", " " * gutter + " |")
    row: Row = [edge, ("plain", " ")]
    at = 0
    for each in marks:
        row.append(("plain", " " * (each.start - at)))
        row.append((each.style, each.sign * (each.shown_end - each.start)))
        at = each.shown_end
    if marks[-1].label:
        row.append((marks[-1].style, " " + visible(marks[-1].label)))
    yield row
    hanging = [each for each in marks[:-1] if each.label]
    if hanging:
        yield [edge, ("plain", " "), *_hung(hanging, None)]
    while hanging:
        yield [edge, ("plain", " "), *_hung(hanging[:-1], hanging[-1])]
        hanging.pop()


def _hung(bars: list[Mark], last: Mark | None) -> Row:
    row: Row = []
    at = 0
    for each in bars:
        row += [("plain", " " * (each.start - at)), (each.style, "|")]
        at = each.start + 1
    if last is not None:
        row += [("plain", " " * (last.start - at)), (last.style, visible(last.label))]
    return row
