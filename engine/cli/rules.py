"""The rules that a call names, or what is wrong with them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from .. import loader
from ..channel import Rules
from ..errors import RuleError
from ..messages.diagnostics import Diagnostic
from . import terminal
from .paths import existing


def rules_at(path: Path, *, cache: bool) -> Rules | None:
    """The rules of a file or folder; None where they have mistakes, which are shown then."""
    existing([path])
    try:
        return loader.load(path, cache=cache)
    except RuleError as error:
        show_mistakes(error.diagnostics, sys.stderr)
        return None


def show_mistakes(diagnostics: Sequence[Diagnostic], stream: TextIO) -> None:
    """All of them with their source lines, and how many there are."""
    from ..messages.render import full_segments, summary  # noqa: PLC0415 (only for mistakes)

    for each in diagnostics:
        terminal.write([*full_segments(each), ("plain", "\n")], stream)
    terminal.note(summary(diagnostics))
