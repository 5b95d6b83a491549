"""The rules that a call names, or what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

from .. import loader
from ..channel import Rules
from ..errors import RuleError
from ..messages.render import full_segments, summary
from . import terminal
from .paths import existing


def rules_at(path: Path) -> Rules | None:
    """The rules of a file or folder; None where they have mistakes, which are shown then."""
    existing([path])
    try:
        return loader.load(path)
    except RuleError as error:
        for each in error.diagnostics:
            terminal.write([*full_segments(each), ("plain", "\n")], sys.stderr)
        terminal.note(summary(error.diagnostics))
        return None
