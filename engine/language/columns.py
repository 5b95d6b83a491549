"""Lines of canonical text, and what stands below one another in them.

A run is lines of one kind that follow one another, of one block, no blank line between. In a run
the columns are aligned; what is wider than `WIDEST` stands out of its column alone, so that one
long line neither moves its neighbours nor makes the text much longer than it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from ..late_dataclass import dataclass
from ..messages.snippet import cells

INDENT: Final = 4
"""The blanks before a line for every block that it stands in."""

WIDEST: Final = 100
"""The most columns that a cell takes up in the lines around it."""

Kind: TypeAlias = Literal["statement", "brace", "comment", "assign", "let", "on", "declared", "row"]


@dataclass(slots=True)
class Line:
    """One line: its cells, the comment behind them, and whether a blank line stands before it.

    ``kind`` tells what its cells are: of an assignment the field, the value and the flags; of a
    `let` its name and value; of `on` when and what; of a declared param its path, type and
    `required`; of a table's row its keys and value. Any other line is one cell; what opens or
    closes a block is a `brace`.
    """

    depth: int
    cells: Sequence[str]
    kind: Kind = "statement"
    comment: str = ""
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """How a cell is set off from the next one.

    ``gap`` blanks stand behind the widest cell of the run, ``alone`` where the run is one line;
    with ``followed``, of those neighbours in the run alone that have a next cell.
    """

    gap: int
    followed: bool = False
    alone: int | None = None

    def blanks(self, lines: int) -> int:
        """The blanks behind the widest cell of so many lines."""
        return self.gap if lines > 1 or self.alone is None else self.alone


_COLUMNS: Final[dict[Kind, tuple[_Column, ...]]] = {
    "statement": (),
    "brace": (),
    "comment": (),
    "assign": (_Column(1), _Column(2, followed=True)),
    "let": (_Column(1),),
    "on": (_Column(2, alone=1),),
    "declared": (_Column(2), _Column(2)),
    "row": (_Column(2),),
}
_COMMENT: Final = 2


def text_of(lines: Sequence[Line]) -> str:
    """The text of the lines, each ended by a line feed."""
    bodies = _bodies(lines)
    shown: list[str] = []
    for line, body in zip(lines, _with_comments(lines, bodies), strict=True):
        if line.apart:
            shown.append("\n")
        shown.append(f"{' ' * (INDENT * line.depth)}{body}\n")
    return "".join(shown)


def width(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if text.isascii() else sum(map(cells, text))


def _bodies(lines: Sequence[Line]) -> list[str]:
    """The cells of every line, aligned with those of its run."""
    bodies: list[str] = []
    for start, end in _runs([(line.kind, line.depth) for line in lines], lines):
        run = lines[start:end]
        texts = [line.cells[0] for line in run]
        for at, column in enumerate(_COLUMNS[run[0].kind]):
            has_next = [len(line.cells) > at + 1 for line in run]
            for first, last in _runs(has_next if column.followed else [True] * len(run)):
                gap = column.blanks(last - first)
                padded = _padded([_cell(line, at) for line in run[first:last]], gap)
                for index, blanks in zip(range(first, last), padded, strict=True):
                    if has_next[index]:
                        texts[index] += blanks + run[index].cells[at + 1]
        bodies.extend(texts)
    return bodies


def _cell(line: Line, at: int) -> str:
    return line.cells[at] if at < len(line.cells) else ""


def _with_comments(lines: Sequence[Line], bodies: Sequence[str]) -> Iterator[str]:
    keys = [
        (line.depth, bool(line.comment), at if line.kind == "brace" else -1)
        for at, line in enumerate(lines)
    ]
    for start, end in _runs(keys, lines):
        if not lines[start].comment:
            yield from bodies[start:end]
            continue
        padded = _padded(bodies[start:end], _COMMENT)
        for index, blanks in zip(range(start, end), padded, strict=True):
            yield f"{bodies[index]}{blanks}{lines[index].comment}"


def _padded(texts: Sequence[str], gap: int) -> list[str]:
    """The blanks behind each text that make what follows them stand in one column."""
    widths = [width(text) for text in texts]
    widest = max((each for each in widths if each <= WIDEST), default=0)
    return [" " * (max(widest - each, 0) + gap) for each in widths]


def _runs(keys: Sequence[object], lines: Sequence[Line] | None = None) -> Iterator[tuple[int, int]]:
    """Where stretches of equal keys begin and end; a blank line before a line ends one."""
    starts = [
        at
        for at, key in enumerate(keys)
        if at == 0 or key != keys[at - 1] or (lines is not None and lines[at].apart)
    ]
    yield from pairwise([*starts, len(keys)] if starts else [])
