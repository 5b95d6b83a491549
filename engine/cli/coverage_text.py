"""The coverage of rule files as text for people: what no case reaches, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Final

from ..cases.coverage import Coverage, FileCoverage, Share
from ..messages.snippet import WINDOW, cells, visible

_WIDEST: Final = 40
_TENTH: Final = Decimal("0.1")


def segments(coverage: Coverage) -> Iterator[tuple[str, str]]:
    """Pieces of text with their styles, lines separated, the sum last."""
    yield "message", "coverage"
    names = [*(visible(each.path) for each in coverage.files), "total"]
    width = max(map(_width, names))
    for each, name in zip(coverage.files, names, strict=False):
        yield "plain", "\n"
        yield from _line(name, width, each.share)
        if not each.used:
            yield "warning", "  no case file uses it"
            continue
        yield from _missing(each)
    yield "plain", "\n"
    yield from _line("total", width, coverage.share)


def below(share: Share, percent: Decimal) -> str | None:
    """By how much a share is less than the percentage asked for, in a sentence, if it is."""
    by = share.below(percent)
    if by is None:
        return None
    points = by.quantize(_TENTH, ROUND_CEILING)
    return f"the coverage of {share.percent} % is {points} points below {percent.normalize():f} %"


def _line(name: str, width: int, share: Share) -> Iterator[tuple[str, str]]:
    style = "good" if share.reached == share.total else "plain"
    yield "place", name
    yield "plain", " " * (width - _width(name) + 2)
    yield style, f"{share.percent:>5} %"
    yield "plain", f"  {share.reached:,} of {share.total:,}"


def _missing(file: FileCoverage) -> Iterator[tuple[str, str]]:
    """A line for each place that is not reached: where, what is missing, the rule's text."""
    rows = [(f"{file.path}:{each.line}", each.what, each.text) for each in file.missing]
    shown = [tuple(map(visible, row)) for row in rows]
    places = max((_width(place) for place, _, _ in shown), default=0)
    whats = min(max((_width(what) for _, what, _ in shown), default=0), _WIDEST)
    for place, what, text in shown:
        yield "plain", "\n    "
        yield "place", place
        yield "plain", " " * (places - _width(place) + 2)
        yield "warning", what
        yield "plain", " " * (max(whats - _width(what), 0) + 2)
        yield "dim", text if len(text) <= WINDOW else text[:WINDOW] + "…"


def _width(text: str) -> int:
    return sum(map(cells, text))
