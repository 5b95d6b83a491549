"""Files that a call names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .status import CallError


def existing(paths: Iterable[Path]) -> None:
    """Raise `CallError` for the first path that leads nowhere."""
    for path in paths:
        try:
            found = path.exists()
        except (OSError, ValueError):
            found = False
        if not found:
            raise CallError(f"{path}: no such file or folder")
