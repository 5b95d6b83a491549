"""The file that a call has its result written to, and what must not be that file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ..adapters.opening import sqlite_file
from ..cases import SUFFIX as CASES
from ..loader import SUFFIX as RULES
from .status import CallError

_BESIDE: Final = ("", "-wal", "-shm", "-journal")
"""What an SQLite file's name ends with, and the names of the files that belong to it."""


def writable(option: str, target: Path, read: Iterable[str | Path]) -> None:
    """Raise `CallError` where a result would replace what the call reads, or cannot be a file.

    Rule files and case files are never replaced by a result, whether the call names them or finds
    them in a folder. ``read`` are the files that it names; ``option`` is what names ``target``.
    """
    if target.is_dir():
        raise CallError(f"{option} {target} is a folder; name a file in it")
    if not target.parent.is_dir():
        raise CallError(f"{option} {target}: there is no folder {target.parent}")
    if target.name.endswith((RULES, CASES)):
        raise CallError(f"{option} {target} would replace rules or cases; name another file")
    for each in read:
        if _same(target, Path(each)):
            raise CallError(f"{option} {target} is read by this call; name another file")


def write_result(target: Path, data: bytes) -> None:
    """Write a result; an OSError names the file, whatever step of writing it comes from."""
    try:
        target.write_bytes(data)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error


def store_files(url: str) -> tuple[Path, ...]:
    """The files of the store that a URL names; none where it has none."""
    file = sqlite_file(url)
    return () if file is None else tuple(file.with_name(file.name + end) for end in _BESIDE)


def _same(target: Path, read: Path) -> bool:
    """Whether both are one file, by any name, or will be: one may not be there yet."""
    try:
        return target.samefile(read)
    except OSError:
        return target.resolve() == read.resolve()
