"""Files that a call names."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from . import terminal
from .status import CallError, Status


def existing(paths: Iterable[Path]) -> None:
    """Raise `CallError` for the first path that leads nowhere."""
    for path in paths:
        try:
            found = path.exists()
        except (OSError, ValueError):
            found = False
        if not found:
            raise CallError(f"{path}: no such file or folder")


def readable(files: Iterable[Path]) -> tuple[list[Path], Status]:
    """The files that can be opened; the others are told of, and the status says whether any are."""
    opened: list[Path] = []
    status = Status.FINE
    for file in files:
        try:
            with file.open("rb"):
                opened.append(file)
        except OSError as error:
            terminal.note(f"leadlark: {error.filename}: {error.strerror}")
            status = Status.ENVIRONMENT
    return opened, status


def rewrite(file: Path, data: bytes) -> None:
    """Give a file new content, whole or not at all, under its old mode.

    Of a symbolic link the file that it leads to is rewritten. Raises OSError where the file may
    not be written, though its folder may be.
    """
    from tempfile import mkstemp  # noqa: PLC0415 (imported when first needed)

    target = file.resolve()
    with target.open("r+b"):
        pass
    handle, name = mkstemp(prefix=".leadlark-", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
