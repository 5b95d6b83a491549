"""How far a command has come, on standard error: for people who wait, and nobody else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE: Final = 1.0
"""The seconds after which somebody wants to know; shorter work shows nothing."""

INTERVAL: Final = 0.1
"""The seconds between two looks at the clock that the bar is drawn anew for."""


@contextmanager
def progress(total: int | None) -> Iterator[Callable[[int], None]]:
    """A function to be told how many bytes are done, of ``total`` or of nobody knows how many.

    It draws a bar on a terminal where the results do not go to one as well: there they show
    themselves how far the work has come. Notes to standard error appear above the bar.
    """
    if not sys.stderr.isatty() or sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        yield _nobody
        return
    drawn = _Drawn(total)
    try:
        yield drawn.advance
    finally:
        drawn.end()


def _nobody(_: int) -> None:
    """What is told to nobody."""


class _Drawn:
    """A bar that begins after a while."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self.next = monotonic() + PATIENCE
        self.bar: Progress | None = None

    def advance(self, done: int) -> None:
        if monotonic() < self.next:
            return
        bar = self.bar
        if bar is None:
            bar = self.bar = _bar(self.total)
            bar.start()
        bar.update(bar.task_ids[0], completed=done)
        bar.refresh()
        self.next = monotonic() + INTERVAL

    def end(self) -> None:
        if self.bar is not None:
            self.bar.stop()


def _bar(total: int | None) -> Progress:
    from rich.console import Console  # noqa: PLC0415 (imported when first needed)
    from rich.progress import (  # noqa: PLC0415 (imported when first needed)
        BarColumn,
        DownloadColumn,
        Progress,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        BarColumn(),
        DownloadColumn(binary_units=True),
        TimeElapsedColumn() if total is None else TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
    )
    bar.add_task("", total=total)
    return bar
