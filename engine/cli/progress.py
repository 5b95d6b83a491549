"""How far a command has come, on standard error: for people who wait, and nobody else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE: Final = 1.0
"""The seconds after which somebody wants to know; shorter work shows nothing."""

Told: TypeAlias = Callable[[int], None]
"""What is told how much is done."""

INTERVAL: Final = 0.1
"""The seconds between two looks at the clock that the bar is drawn anew for."""


class Stages:
    """The stages of a piece of work, each with a bar of its own that begins after a while.

    Nothing is drawn unless they are ``shown``.
    """

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.next = monotonic() + PATIENCE
        self.bar: Progress | None = None

    def stage(self, title: str, total: int | None, *, in_bytes: bool = False) -> Told:
        """Begin a stage of ``total`` steps or bytes, or of nobody knows how many.

        What it gives is told how many of them are done.
        """
        self.end()
        if not self.shown:
            return _nobody

        def advance(done: int) -> None:
            if monotonic() < self.next:
                return
            bar = self.bar
            if bar is None:
                bar = self.bar = _bar(title, total, in_bytes=in_bytes)
                bar.start()
            # Where the work turns out to be more than was thought, the bar stays full.
            bar.update(bar.task_ids[0], completed=done if total is None else min(done, total))
            bar.refresh()
            self.next = monotonic() + INTERVAL

        return advance

    def end(self) -> None:
        """Clear what is drawn."""
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


@contextmanager
def stages(*, streams: bool = False) -> Iterator[Stages]:
    """What draws the bars of a piece of work, where standard error is a terminal.

    ``streams`` says that results are written as they come: where they go to a terminal as well,
    they show themselves how far the work has come, and no bar is drawn. Notes to standard error
    appear above the bar.
    """
    seen = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    drawn = Stages(shown=seen and not (streams and sys.stdout.isatty()))
    try:
        yield drawn
    finally:
        drawn.end()


@contextmanager
def progress(total: int | None, *, streams: bool = True) -> Iterator[Told]:
    """One stage: a function to be told how many bytes are done, of ``total`` or of unknown many."""
    with stages(streams=streams) as drawn:
        yield drawn.stage("", total, in_bytes=True)


def _nobody(_: int) -> None:
    """What is told to nobody."""


def _bar(title: str, total: int | None, *, in_bytes: bool) -> Progress:
    from rich.console import Console  # noqa: PLC0415 (imported when first needed)
    from rich.progress import (  # noqa: PLC0415 (imported when first needed)
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        *([TextColumn(title)] if title else []),
        BarColumn(),
        DownloadColumn(binary_units=True) if in_bytes else MofNCompleteColumn(),
        TimeElapsedColumn() if total is None else TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
    )
    bar.add_task("", total=total)
    return bar
