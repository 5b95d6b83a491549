"""How the look-up of a contact grows with the contacts in an SQLite store, and its plot.

    python bench/growth.py                       # 1e3 to 5e6 contacts, then the plot in docs
    python bench/growth.py 1000 100000 1000000   # these sizes, no plot

Each figure is the time of a look-up by phone in a store of a size over that in a store of 100,000
contacts, taken by turns in one run, keys in random order over the whole store; `measure` says how.
It is time of the processor, the files being in the memory of the system.
Every answer is compared with the contact that was written.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import page
from measure import Ratio, in_slices

from leadlark import Key, Record, Search
from leadlark.adapters.columns import columns
from leadlark.adapters.sqlite import SqliteStore
from leadlark.adapters.sqlite.sql import SQL

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000, 5_000_000)
BASE: Final = 100_000
GOAL: Final = 1.5
SLICES, SLICE, WARM = 60, 100, 20_000
PLOT: Final = "assets/store-growth.svg"


def phone(number: int) -> str:
    """The phone of a contact: each its own, in no order."""
    return f"+7{9_000_000_000 + number * 7_368_787 % 999_999_937:010}"


def contact(number: int) -> Record:
    """A contact with a phone and an e-mail, under the id ``number``."""
    fields = {"NAME": "Мария", "PHONE": [phone(number)], "EMAIL": [f"m{number}@example.com"]}
    return Record("contact", str(number), fields, {"PHONE": ("MOBILE",), "EMAIL": ("WORK",)})


def fill(file: Path, first: int, last: int) -> None:
    """Add contacts to a store's file, their keys in order: by the driver, as the store would."""
    SqliteStore(file).close()
    statements = SQL.queries("contact")
    with closing(sqlite3.connect(file, isolation_level=None)) as raw:
        raw.execute("PRAGMA synchronous = OFF")
        raw.execute("PRAGMA cache_size = -1000000")
        for start in range(first, last + 1, 500_000):
            numbers = range(start, min(start + 500_000, last + 1))
            keys = [("PHONE", phone(number), number) for number in numbers]
            keys += [("EMAIL", f"m{number}@example.com", number) for number in numbers]
            raw.execute("BEGIN IMMEDIATE")
            rows = ((number, *columns(contact(number))) for number in numbers)
            raw.executemany(statements["create"], rows)
            raw.executemany(statements["add_key"], sorted(keys))
            raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def looked_up(store: SqliteStore, number: int) -> None:
    """Find the contact of a number, and see that it is that one."""
    (found,) = store.search(Search("contact", (Key("PHONE", phone(number)),)))
    assert found.id == str(number)


def compared(files: dict[int, Path], size: int) -> Ratio:
    """The time of a look-up in the store of a size over that in the one of `BASE`."""
    chance = random.Random(size)
    with SqliteStore(files[size]) as store, SqliteStore(files[BASE]) as base:
        assert store.search(Search("contact", (Key("PHONE", phone(size)),))) == (contact(size),)
        for _ in range(WARM):
            looked_up(store, chance.randint(1, size))
            looked_up(base, chance.randint(1, BASE))
        slices = [[chance.random() for _ in range(SLICE)] for _ in range(SLICES)]
        return in_slices(
            lambda part: looked_up(store, 1 + int(part * size)),
            lambda part: looked_up(base, 1 + int(part * BASE)),
            slices,
        )


def grown(folder: Path, sizes: Sequence[int]) -> dict[int, Path]:
    """A store's file for each size."""
    whole, last = folder / "growing.db", 0
    files: dict[int, Path] = {}
    for size in sizes:
        fill(whole, last + 1, size)
        files[size] = whole if size == sizes[-1] else folder / f"{size}.db"
        if files[size] != whole:
            shutil.copy(whole, files[size])
        last = size
    return files


def plot(figures: dict[int, Ratio], file: Path) -> None:
    """Draw the curve and the goal."""
    plt: Any = import_module("matplotlib.pyplot")
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "leadlark", "font.size": 9})
    drawing, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    sizes, ratios = list(figures), list(figures.values())
    axes.fill_between(
        sizes, [each.low for each in ratios], [each.high for each in ratios], color=page.GRID
    )
    axes.plot(sizes, [each.median for each in ratios], "o-", color=page.MET)
    for size, ratio in figures.items():
        axes.annotate(
            page.figure(ratio.median), (size, ratio.median), (0, 7), textcoords="offset points"
        )
    axes.axhline(GOAL, color=page.MISSED, linestyle="--")
    axes.text(sizes[0], GOAL + 0.03, "goal at 5 million", color=page.MISSED)
    axes.set(xscale="log", ylim=(0, 2), xlabel="contacts in the store")
    axes.set_ylabel("time of a look-up,\n100,000 contacts = 1")
    axes.spines[["top", "right"]].set_visible(False)
    drawing.savefig(file, metadata={"Date": None})
    plt.close(drawing)


def main() -> None:
    sizes = sorted({*(map(int, sys.argv[1:]) if sys.argv[1:] else SIZES), BASE})
    figures: dict[int, Ratio] = {}
    with TemporaryDirectory() as folder:
        files = grown(Path(folder), sizes)
        for size in sizes:
            ratio = figures[size] = compared(files, size)
            told = f"{ratio.median:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
            print(f"{size:>9,} contacts: {told} of the time at {BASE:,}", flush=True)
    if not sys.argv[1:]:
        plot(figures, page.DOCS / PLOT)


if __name__ == "__main__":
    main()
