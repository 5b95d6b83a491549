"""`leadlark explain CODE`: the page of a code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from leadlark.codes import TITLES
from leadlark.pages import page


@pytest.mark.parametrize("code", ["E204", "W201", "P101", "N301"])
def test_page_is_printed(leadlark, code: str):
    """The page of every kind of code is printed as it is written."""
    ran = leadlark("explain", code)

    assert (0, page(code), "") == (ran.status, ran.out, ran.err)


def test_code_may_be_written_small(leadlark):
    """Capitals and blanks around a code do not matter."""
    assert page("E204") == leadlark("explain", " e204 ").out


def test_json_format_holds_the_page(leadlark):
    """JSON gives code, title and page."""
    shown = json.loads(leadlark("explain", "N205", "--format", "json").out)

    assert {"code": "N205", "title": TITLES["N205"], "page": page("N205")} == shown


def test_unknown_code_is_at_fault(leadlark):
    """What is no code ends with status 2, and with the code that was probably meant."""
    near, far = leadlark("explain", "E2O4"), leadlark("explain", "E999")

    assert (2, "", 2, "") == (near.status, near.out, far.status, far.out)
    assert near.err.endswith("; did you mean E204?\n")
    assert far.err.endswith("; codes look like E101, W201, P101 or N201\n")


def test_help_says_what_it_takes(leadlark):
    """The help names the kinds of codes."""
    assert "E101, W201, P101 or N201" in " ".join(leadlark("explain", "--help").out.split())


def test_terminal_gets_a_laid_out_page(folder: Path):
    """On a terminal the page is laid out in colour; nobody sees the marks of Markdown."""
    shown = on_terminal(folder, TERM="xterm-256color", NO_COLOR="")

    assert "\x1b[" in shown
    assert "E204: undeclared param" in shown
    assert "```" not in shown
    assert "## Wrong" not in shown


def test_terminal_without_colour_gets_the_page(folder: Path):
    """With NO_COLOR the page is its Markdown on a terminal, too."""
    assert page("E204") == on_terminal(folder, NO_COLOR="1").replace("\r\n", "\n")


def on_terminal(folder: Path, **environment: str) -> str:
    """What the command writes to a terminal."""
    master, slave = os.openpty()
    with os.fdopen(master, "rb", buffering=0) as terminal:
        command = [sys.executable, "-m", "leadlark", "explain", "E204"]
        env = {**os.environ, **environment}
        with subprocess.Popen(command, stdout=slave, cwd=folder, env=env) as process:
            os.close(slave)
            pieces = []
            try:
                while piece := terminal.read(4096):
                    pieces.append(piece)
            except OSError:  # Linux says so where the other end is closed
                pass
            assert 0 == process.wait()
    return b"".join(pieces).decode()
