"""The page of the results, docs/benchmarks.md, and its plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from pathlib import Path
from textwrap import fill
from typing import Any, Final, TypeAlias

from measure import Ratio
from rows import BATCHES, MAPPING, PEERS, STORES, WIDE_ORDER, Row

DOCS: Final = Path(__file__).parent.parent / "docs"
PLOT: Final = "assets/benchmarks.svg"

Results: TypeAlias = Sequence[tuple[Row, Ratio]]

MET, MISSED = "#00796b", "#d9641a"
INK, GRID, OTHERS = "#263238", "#cfd8dc", "#78909c"

LIBRARIES: Final = (
    *("lark", "phonenumbers", "email-validator", "orjson"),
    *("minijinja", "jinja2", "jsonata2py", "jsonata-python", "jmespath", "zen-engine"),
    *("cel-python", "pyvrl"),
)

HEAD: Final = f"""\
# Benchmarks

This page is written by `python bench/run.py`, after `pip install -e '.[bench]'`.

Each figure is the time that LeadLark takes, divided by the time of the reference, in the same run
on the same machine: below 1 LeadLark is the faster one, and 2 is twice the time. Both take slices
of a few milliseconds by turns; the figure is the median of the pairs' ratios, and the spread is
from their first to their third quartile. Times are CPU times, but for those of stores, which wait
for the disk; a few rows are of memory. Before times are taken, what both make is compared, as the
last column says. A goal is the largest figure that is good enough; rows without one show parts of
others.

![The figures against their goals, and the wide order in other languages]({PLOT})
"""

NOTES: Final = {
    MAPPING: "The compiled function fills the fields faster than the one written by hand. What is "
    "missed is missed around it: a mapped payload also holds which keys are to be searched, the "
    "warnings, the status and where each field comes from, for deciding and explaining to use; "
    "and the fields that have no value are kept apart, because an update treats them differently. "
    "Making these values costs some ten microseconds a payload however few its fields are, which "
    "is several times what four fields cost by hand. A phone costs more than that, for a phone "
    "text may list several, and each becomes a value with its key, type and flags.",
    BATCHES: "By hand a line is read, mapped and printed. LeadLark holds each line to the limits "
    "of a payload and keeps every digit of its numbers, which alone takes longer than the whole "
    "loop by hand; deciding then makes the search keys of all that would be stored, the plan and "
    "its reason. The rows below the goal's show the parts against the same whole loop.",
    STORES: "The store carries out an order about as fast as the driver does; what an order takes "
    "longer is mapping and deciding. Clients at once share their waits for the disk, so their "
    "figure is the better the slower the disk is.",
    PEERS: "The peers are given the order as Python objects and an expression compiled beforehand. "
    "None of them knows values that count as none, search keys or warnings, which LeadLark's "
    "time has in it.",
}


PICTURES: Final = {
    STORES: "A look-up among 1,000 to 5 million contacts, by `python bench/growth.py`:\n\n"
    "![A look-up against one among 100,000 contacts](assets/store-growth.svg)",
}


def figure(value: float) -> str:
    """A ratio in as many digits as tell something."""
    if value >= 20:
        return f"{value:.0f}"
    if value >= 5:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def met(row: Row, ratio: Ratio) -> bool:
    return row.goal is not None and ratio.median <= row.goal


def verdict(row: Row, ratio: Ratio) -> str:
    return "meets" if met(row, ratio) else "misses"


def write(results: Results, left_out: Sequence[Row]) -> None:
    """Write the page and its plot."""
    parts = [HEAD, *_tables(results)]
    if left_out:
        names = ", ".join(row.reference for row in left_out)
        parts.append(f"Left out, for they were not installed: {names}.\n")
    parts.append(_machine())
    (DOCS / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")
    plot(results, DOCS / PLOT)


def _tables(results: Results) -> list[str]:
    tables = []
    for topic, rows in groupby(results, key=lambda each: each[0].topic):
        lines = [f"## {topic}\n"]
        if topic in NOTES:
            lines.append(fill(NOTES[topic], 100) + "\n")
        if topic in PICTURES:
            lines.append(PICTURES[topic] + "\n")
        lines += [
            "| what | reference | figure | spread | goal | compared |",
            "|---|---|--:|:-:|---|---|",
        ]
        for row, ratio in rows:
            goal = "" if row.goal is None else f"{figure(row.goal)}, {_word(row, ratio)}"
            spread = f"{figure(ratio.low)} to {figure(ratio.high)}"
            cells = (row.name, row.reference, figure(ratio.median), spread, goal, row.equal)
            lines.append(f"| {' | '.join(cells)} |")
        tables.append("\n".join(lines) + "\n")
    return tables


def _word(row: Row, ratio: Ratio) -> str:
    return "met" if met(row, ratio) else "**missed**"


def _machine() -> str:
    known = []
    for name in LIBRARIES:
        try:
            known.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    python = f"{platform.python_implementation()} {platform.python_version()}"
    text = f"Measured with {python} on {platform.system()}, {os.cpu_count()} processors, with "
    lines = fill(f"{text}{', '.join(known)}.", 100, break_on_hyphens=False)
    return f"## Versions\n\n{lines}\n"


def plot(results: Results, file: Path) -> None:
    """Draw what each row takes of the time that its goal allows, and the peers' times."""
    plt = import_module("matplotlib.pyplot")
    plt.rcParams.update(
        {
            "svg.fonttype": "none",  # text stays text, in the reader's font
            "svg.hashsalt": "leadlark",
            "font.family": "sans-serif",
            "font.size": 9,
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": GRID,
            "xtick.color": INK,
            "ytick.color": INK,
        }
    )
    goals = [each for each in results if each[0].goal is not None and each[0].topic != PEERS]
    times = [(row.reference, 1 / ratio.median) for row, ratio in results if row.topic == PEERS]
    times += [(row.reference, 1 / ratio.median) for row, ratio in goals if row.name == WIDE_ORDER]
    heights = (len(goals) + 2, len(times) + 2)
    drawing, panels = plt.subplots(
        2, 1, figsize=(8.6, 0.27 * sum(heights) + 0.8), height_ratios=heights, layout="constrained"
    )
    _goals(panels[0], goals)
    _peers(panels[1], times)
    drawing.savefig(file, metadata={"Date": None}, facecolor="white")
    text = file.read_text(encoding="utf-8")
    file.write_text("\n".join(map(str.rstrip, text.splitlines())) + "\n", encoding="utf-8")


def _goals(panel: Any, rows: Results) -> None:
    """Bars to the left are below their goal, bars to the right above it."""
    shares = [ratio.median / (row.goal or 1) for row, ratio in rows]
    told = [f"{figure(ratio.median)} of {figure(row.goal or 1)}" for row, ratio in rows]
    _bars(panel, [row.name for row, _ in rows], shares, told, (MET, MISSED))
    panel.set_title("Time taken over the time that the goal allows", loc="left", fontsize=10)


def _peers(panel: Any, times: Sequence[tuple[str, float]]) -> None:
    """Bars to the right are slower than LeadLark."""
    ordered = sorted([*times, ("LeadLark", 1.0)], key=lambda each: each[1])
    names, values = [name for name, _ in ordered], [value for _, value in ordered]
    _bars(panel, names, values, [figure(value) for value in values], (OTHERS, OTHERS))
    panel.set_title("The wide order: time of others over LeadLark's", loc="left", fontsize=10)


def _bars(
    panel: Any,
    labels: Sequence[str],
    values: Sequence[float],
    told: Sequence[str],
    colours: tuple[str, str],
) -> None:
    """Bars from 1, on a scale on which half and twice are as far from it."""
    places = range(len(labels))
    colour = [colours[value > 1] for value in values]
    panel.barh(places, [value - 1 for value in values], left=1, color=colour, height=0.62)
    panel.set_yticks(places, labels)
    panel.invert_yaxis()
    panel.set_xscale("log")
    panel.set_xlim(min([0.4, *values]) / 2.5, max([2.5, *values]) * 2.5)
    panel.axvline(1, color=INK, linewidth=1)
    panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    panel.xaxis.set_minor_formatter(lambda *_: "")
    panel.grid(axis="x", color=GRID, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(length=0, which="both")
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)
    for place, value, text in zip(places, values, told, strict=True):
        place_of_text = {"xytext": (4 if value >= 1 else -4, 0), "textcoords": "offset points"}
        side = "left" if value >= 1 else "right"
        panel.annotate(text, (value, place), va="center", ha=side, **place_of_text)
