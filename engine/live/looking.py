"""One look at rule files: which there are and in which state, without reading them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from ..late_dataclass import dataclass
from ..loader import SUFFIX

Stamp: TypeAlias = tuple[int, int, int, int, int]
"""Device, inode, size and the times of the last change of a file's content and of its entry."""

NO_FILE: Final[Stamp] = (0, 0, 0, 0, 0)
"""Stands for a file that is not there, or of which nothing can be told."""

_SIZE: Final = 2


@dataclass(frozen=True, slots=True)
class Look:
    """What a look has seen.

    ``files`` are the rule files, in order of names; ``beside`` the schema files that they name;
    ``failed`` says of a file or folder why it cannot be looked at: what is in it is not known to
    be gone.
    """

    files: Mapping[Path, Stamp]
    beside: Mapping[Path, Stamp]
    failed: Mapping[Path, str]

    def has_lost(self, since: Look) -> bool:
        """Whether a file is gone or empty that was there ``since``: perhaps only for a moment."""
        pairs = ((since.files, self.files), (since.beside, self.beside))
        return any(_is_lost(now.get(path), was) for old, now in pairs for path, was in old.items())

    def is_hidden(self, path: Path) -> bool:
        """Whether a path is at or below one that cannot be looked at."""
        return any(place == path or place in path.parents for place in self.failed)


def look(root: Path, known: Iterable[Path], beside: Iterable[Path]) -> Look:
    """Look at a rule file, or at all below a folder, as the loader finds them.

    ``known`` are the files seen before, ``beside`` the schema files they name. A folder of the
    name of a known file is told as a failure; so is a root that is not there.
    """
    failed: dict[Path, str] = {}
    known = frozenset(known)
    found = _found(root, known, failed)
    files = {path: _stamp(path, failed) for path in sorted(found)}
    return Look(
        {path: stamp for path, stamp in files.items() if stamp is not None},
        {path: _stamp(path, {}) or NO_FILE for path in beside},
        failed,
    )


def _found(root: Path, known: frozenset[Path], failed: dict[Path, str]) -> list[Path]:
    if root in known or not is_folder(root):
        return [root]
    found: list[Path] = []

    def fail(error: OSError) -> None:
        failed[Path(error.filename)] = reason(error)

    for name, folders, names in os.walk(root, onerror=fail):
        folder = Path(name)
        found += [folder / each for each in names if _is_meant(each) and each.endswith(SUFFIX)]
        for each in folders:
            if folder / each in known:
                failed[folder / each] = "there is a folder in its place"
        folders[:] = [each for each in folders if _is_meant(each)]
    return found


def is_folder(path: Path) -> bool:
    """Whether there is a folder at a path; none where that cannot be told."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def _is_meant(name: str) -> bool:
    """Environments and version control keep copies in what begins with a dot."""
    return not name.startswith(".")


def _stamp(path: Path, failed: dict[Path, str]) -> Stamp | None:
    """The state of a file; None where it cannot be told, and ``failed`` then says why."""
    try:
        found = path.stat()
    except OSError as error:
        failed[path] = reason(error)
        return None
    if not stat.S_ISREG(found.st_mode):
        failed[path] = "it is no plain file"
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def reason(error: OSError) -> str:
    """Why the file system refuses, in its words."""
    return error.strerror or str(error)


def _is_lost(now: Stamp | None, was: Stamp) -> bool:
    return (now is None or not now[_SIZE]) and bool(was[_SIZE])
