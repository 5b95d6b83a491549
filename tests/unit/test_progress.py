"""How far a command has come: bars for people, and nothing for anybody else."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

import pytest

from leadlark.cli import progress as progressing
from leadlark.cli.progress import progress, stages


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


Outputs = Callable[[io.StringIO, io.StringIO], None]


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> Outputs:
    """Set both outputs of the process, every look at the clock drawing the bar."""

    def replaced(out: io.StringIO, err: io.StringIO) -> None:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)

    monkeypatch.setattr(progressing, "PATIENCE", -1.0)
    monkeypatch.setattr(progressing, "INTERVAL", -1.0)
    monkeypatch.setenv("TERM", "xterm")
    return replaced


@pytest.mark.parametrize("streams", [True, False])
def test_no_terminal_is_told_nothing(outputs: Outputs, streams: bool) -> None:
    """Where standard error is no terminal nothing is written to it."""
    err = io.StringIO()
    outputs(Terminal(), err)
    with progress(10, streams=streams) as seen:
        seen(5)

    assert "" == err.getvalue()


@pytest.mark.parametrize(("streams", "drawn"), [(True, False), (False, True)])
def test_results_that_stream_to_a_terminal_need_no_bar(
    outputs: Outputs, streams: bool, drawn: bool
) -> None:
    """A bar is drawn beside results on a terminal only where they come at the end."""
    err = Terminal()
    outputs(Terminal(), err)
    with progress(10, streams=streams) as seen:
        seen(5)

    assert drawn == ("━" in err.getvalue())


def test_stages_have_a_bar_each(outputs: Outputs) -> None:
    """A stage is drawn with its title in place of the one before, and never over its total."""
    err = Terminal()
    outputs(io.StringIO(), err)
    with stages() as drawn:
        drawn.stage("reading", 2048, in_bytes=True)(1024)
        drawn.stage("trying", 3)(7)

    assert "reading" in err.getvalue()
    assert "1.0/2.0 KiB" in err.getvalue()
    assert "trying" in err.getvalue()
    assert "3/3" in err.getvalue()


def test_work_of_unknown_size_counts_up(outputs: Outputs) -> None:
    """Without a total the bar tells how much is done."""
    err = Terminal()
    outputs(io.StringIO(), err)
    with progress(None) as seen:
        seen(2048)

    assert "2.0/? KiB" in err.getvalue()
