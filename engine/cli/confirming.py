"""What is asked before something is done that cannot be taken back."""

from __future__ import annotations

import sys

from . import terminal
from .status import CallError


def may_ask() -> bool:
    """Whether there is a person at a terminal to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether to go on: what the person says, or ``yes`` where the call says it already.

    Raises `CallError` where there is nobody to ask.
    """
    if yes:
        return True
    if not may_ask():
        raise CallError("there is no terminal to ask at; add --yes to go on without")
    sys.stdout.flush()
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return True
    terminal.note("leadlark: nothing was done")
    return False
