"""A difference between two versions of rules as text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..comparing import wording
from ..comparing.difference import Difference, Group
from ..messages.snippet import cells, visible

LONGEST: Final = 160
"""The most characters of a value or a reason that are shown."""

_WIDEST: Final = 40

Segment = tuple[str, str]


def segments(difference: Difference) -> Iterator[Segment]:
    """Pieces of text with their styles, lines separated."""
    yield ("good" if difference.is_same else "message"), wording.summary(difference)
    for remark in wording.remarks(difference):
        yield "warning", f"\n{short(remark)}"
    for title, subjects in wording.sections(difference):
        yield "plain", "\n\n"
        yield "message", title
        for groups in subjects:
            yield "plain", "\n  "
            yield "name", short(wording.heading(groups[0]))
            yield "plain", f": {wording.counted(groups)}"
            for group in groups:
                yield from _example(group, difference, named=len(groups) > 1)
    if left_out := wording.left_out(difference):
        yield "plain", f"\n\n{left_out}"


def _example(group: Group, difference: Difference, *, named: bool) -> Iterator[Segment]:
    yield "plain", f"\n    {wording.word(group)}: " if named else "\n    "
    yield "place", short(wording.where(group, difference))
    if around := wording.around(group):
        yield "plain", f", {short(around)}"
    sides = [(side, short(text), short(rule)) for side, text, rule in wording.sides(group)]
    width = min(max((_width(text) for _, text, _ in sides), default=0), _WIDEST)
    for side, text, rule in sides:
        yield "plain", "\n      "
        yield ("bad" if side == "old" else "good"), side
        gap = " " * (max(width - _width(text), 0) + 2)
        yield "plain", f"  {text}{gap}{rule}".rstrip()


def short(text: str) -> str:
    """Text on one line that carries nothing out on a terminal, cut where it is long."""
    shown = visible(text.replace("\r\n", "\n").replace("\n", " ⏎ "))
    if len(shown) <= LONGEST:
        return shown
    return f"{shown[:LONGEST]}… ({len(text):,} characters)"


def _width(text: str) -> int:
    return sum(map(cells, text))
