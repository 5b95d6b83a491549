"""Measures LeadLark against its references, and writes the page of the results.

    python bench/run.py              # all rows, then docs/benchmarks.md and its plot
    python bench/run.py wide phone   # rows with one of these words in them, and no page

Each row is the time of LeadLark over that of a reference in the same run: the median of pairs of
slices taken by turns, and their quartiles; `measure` says how. What both make is compared before
times are taken. Other languages are needed only for their own rows: ``pip install -e '.[bench]'``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import page
from measure import Ratio
from rows import Row

MODULES: Final = (
    "mapping",
    "peers",
    "value_rows",
    "rules",
    "start",
    "stores",
    "postgres_rows",
    "batch_rows",
)
"""Where rows are, each in a tuple ``ROWS``, in the order of the page."""


def rows() -> Iterator[Row]:
    """All rows; those of a module that needs a package which is not there are left out."""
    for name in MODULES:
        try:
            yield from import_module(name).ROWS
        except ModuleNotFoundError as error:
            print(f"{name}: left out, {error.name} is not installed", file=sys.stderr)


def lacking(row: Row) -> tuple[str, ...]:
    """The packages that a row needs and that are not there."""
    return tuple(name for name in row.needs if find_spec(name) is None)


def told(row: Row, ratio: Ratio) -> str:
    """A row and its figure, as a line."""
    goal = "" if row.goal is None else f"{page.verdict(row, ratio)} {page.figure(row.goal)}"
    spread = f"{page.figure(ratio.low)} to {page.figure(ratio.high)}"
    return f"{page.figure(ratio.median):>7}  {spread:16}  {goal:13}  {row.name} / {row.reference}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="*", help="measure only rows that have one of them")
    options = parser.parse_args()
    results: list[tuple[Row, Ratio]] = []
    left_out: list[Row] = []
    topic = ""
    for row in rows():
        whole = f"{row.topic} {row.name} {row.reference}".lower()
        if options.words and not any(word.lower() in whole for word in options.words):
            continue
        if lacking(row):
            left_out.append(row)
            continue
        if row.topic != topic:
            topic = row.topic
            print(f"\n{topic}\n")
        results.append((row, row.measure()))
        print(told(*results[-1]), flush=True)
    for row in left_out:
        print(f"{row.reference}: left out, {', '.join(lacking(row))} is not installed")
    if not options.words:
        page.write(results, left_out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
