"""Files that a call names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

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
    with file.open("r+b"):
        pass
    with replaced(file) as stream:
        stream.write(data)


@contextmanager
def replaced(file: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of a file once it is whole, under its old mode.

    Of a symbolic link the file that it leads to is replaced. What is no regular file, such as
    /dev/stdout, is written to as it is. A new file can be read by its owner alone.
    """
    from tempfile import mkstemp  # noqa: PLC0415 (imported when first needed)

    if file.exists() and not file.is_file():
        with file.open("wb") as stream:
            yield stream
        return
    target = file.resolve()
    handle, name = mkstemp(prefix=".leadlark-", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
