"""Case files run again whenever something that they depend on changes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from .. import cases, loader
from ..files import below
from . import terminal
from .status import Status

INSTALL: Final = "--watch needs the package watchfiles; install it with `pip install watchfiles`"
_WAKE: Final = 1_000
"""Milliseconds after which it is looked once whether something has changed unseen."""

Run: TypeAlias = Callable[[], tuple[Status, Iterable[Path]]]
"""Runs the case files: the status, and the files that it depends on."""
Stamps: TypeAlias = dict[Path, tuple[int, int] | None]


def watch(paths: Iterable[Path], run: Run) -> Status:
    """Run until Ctrl-C ends it; the status is that of the last run that came to its end."""
    try:
        import watchfiles  # noqa: PLC0415, F401 (an extra: it may not be there)
    except ImportError:
        terminal.note(f"leadlark: {INSTALL}")
        return Status.ENVIRONMENT
    status = Status.INTERRUPTED
    paths = tuple(paths)
    inputs: frozenset[Path] = frozenset()
    try:
        while True:
            before = _stamps(_files(paths, inputs))
            _clear()
            try:
                status, named = run()
                inputs = frozenset(named)
            except OSError as error:  # an editor may write a file by taking it away first
                status = Status.ENVIRONMENT
                terminal.note(f"leadlark: {error.filename}: {error.strerror}")
            before = _seen(paths, inputs, before)
            count = "1 file" if len(before) == 1 else f"{len(before)} files"
            terminal.note(f"watching {count}; Ctrl-C ends it")
            _wait(paths, inputs, before)
    except KeyboardInterrupt:
        terminal.note("")
    return status


def _seen(paths: tuple[Path, ...], inputs: frozenset[Path], before: Stamps) -> Stamps:
    """The files of a run as they were at its beginning.

    One that has appeared meanwhile below the paths counts as not seen yet; one that the run has
    named first is looked at now, for what names it was read a moment ago.
    """
    below_paths = _files(paths, frozenset())
    new = {file: None if file in below_paths else _stamp(file) for file in _files(paths, inputs)}
    return {file: before.get(file, stamp) for file, stamp in new.items()}


def _clear() -> None:
    """Clear the screen of the terminal that standard output is, if it is one."""
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 (imported when first needed)

        Console(file=sys.stdout).clear()


def _wait(paths: tuple[Path, ...], inputs: frozenset[Path], before: Stamps) -> None:
    """Return once any of the files is another than it was, or there are more or fewer of them."""
    from watchfiles import watch as changes  # noqa: PLC0415 (an extra: it may not be there)

    while True:
        folders = _folders(paths, before)
        looked = False
        for found in changes(
            *folders,
            watch_filter=None,
            recursive=False,
            rust_timeout=_WAKE,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            # The first time-out tells of what changed before the folders were being watched.
            if found or not looked:
                if _stamps(_files(paths, inputs)) != before:
                    return
                if _folders(paths, before) != folders:
                    break
            looked = True


def _files(paths: tuple[Path, ...], inputs: frozenset[Path]) -> frozenset[Path]:
    """The rule and case files below the paths of the call, and the files that they name."""
    suffixes = (cases.SUFFIX, loader.SUFFIX)
    named = (file for path in inputs for file in below(path, loader.SUFFIX))
    found = (file for path in paths for file in _found(path, suffixes))
    return frozenset(file.resolve() for file in (*named, *found))


def _found(path: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    for suffix in suffixes:
        yield from below(path, suffix)


def _folders(paths: tuple[Path, ...], files: Iterable[Path]) -> list[Path]:
    """The folders that the files are in and those in which more may appear.

    They are watched one by one, not with all that is below them: the folder of a single file may
    be a large one.
    """
    folders = {file.parent for file in files}
    for path in paths:
        if path.is_dir():
            inner = (each for each in path.rglob("*") if each.is_dir())
            seen = (each for each in inner if not _hidden(each.relative_to(path)))
            folders |= {path.resolve(), *(each.resolve() for each in seen)}
    return sorted(folder for folder in folders if folder.is_dir())


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _stamps(files: Iterable[Path]) -> Stamps:
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> tuple[int, int] | None:
    """When a file was written and how long it is; None where it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
