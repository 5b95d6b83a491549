"""Files that a call names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def below(path: Path, suffix: str) -> Iterator[Path]:
    """The file itself; of a folder every file below it with that end, in order of names."""
    if path.is_dir():
        yield from sorted(each for each in path.rglob(f"*{suffix}") if each.is_file())
    else:
        yield path
