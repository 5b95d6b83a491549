"""The rules that a call names, or what is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path

from .. import loader
from ..channel import Rules
from ..errors import RuleError
from . import terminal
from .paths import existing


def rules_at(path: Path, *, cache: bool) -> Rules | None:
    """The rules of a file or folder; None where they have mistakes, which are shown then."""
    existing([path])
    try:
        return loader.load(path, cache=cache)
    except RuleError as error:
        from ..messages.render import full_segments, summary  # noqa: PLC0415 (only for mistakes)

        for each in error.diagnostics:
            terminal.write([*full_segments(each), ("plain", "\n")], sys.stderr)
        terminal.note(summary(error.diagnostics))
        return None
