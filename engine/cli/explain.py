"""``leadlark explain``: the page of a code."""

from __future__ import annotations

import sys
from argparse import Namespace

from ..codes import TITLES
from ..messages.suggest import closest
from ..pages import page
from ..values.value import write_json as json_text
from . import terminal
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Print the page of a code: laid out on a terminal, as its Markdown everywhere else."""
    code = options.subject.strip().upper()
    if code not in TITLES:
        meant = closest(code, TITLES)
        advice = f"did you mean {meant}?" if meant else "codes look like E101, W201, P101 or N201"
        raise CallError(f"no message has the code {options.subject!r}; {advice}")
    text = page(code)
    if options.format == "json":
        shown = {"code": code, "title": TITLES[code], "page": text}
        terminal.write_json(json_text(shown))
    elif terminal.wants_colour(sys.stdout):
        terminal.write_markdown(text)
    else:
        terminal.write_line(text.rstrip("\n"))
    return Status.FINE
