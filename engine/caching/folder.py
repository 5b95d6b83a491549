"""The folder of checked rule files, and what of it is believed.

A file is read only if it is a plain file of this user in a folder of this user that nobody else
can write to, is not too large, and begins with the digest of the key and of the text behind it. It
is written whole or not at all. Whatever fails here, fails silently: the cache saves time, nothing
else depends on it.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from ..late_dataclass import dataclass

VARIABLE: Final = "LEADLARK_CACHE"
"""The environment variable that names the folder."""

MAX_FILES: Final = 256
"""How many files are kept; of more, those that were written first are removed."""

MAX_BYTES: Final = 16 * 1024 * 1024
"""The most bytes of a file that is read or written."""

_SUFFIX: Final = ".rules"
_HEAD: Final = 65
"""The digest in hexadecimal and a line break."""


def user_folder() -> Path | None:
    """The folder that ``LEADLARK_CACHE`` names, else that of the user's caches.

    None where there is no such place, or the variable is set to nothing.
    """
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if base.is_absolute():
        return base / "leadlark"
    if sys.platform in ("win32", "darwin"):
        from platformdirs import user_cache_path  # noqa: PLC0415 (imported when first needed)

        return user_cache_path("leadlark", appauthor=False)
    # The XDG Base Directory specification, which takes a library longer to import than to follow.
    try:
        return Path.home() / ".cache" / "leadlark"
    except RuntimeError:
        return None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of texts by keys; a key is what a text was made of, in any words."""

    path: Path

    def read(self, key: str) -> str | None:
        """The text that was written under the key last, if it is there and sound."""
        try:
            if not self._is_safe():
                return None
            data = _read(self._file(key))
            head, text = data[:_HEAD], data[_HEAD:]
            return text.decode("ascii") if head == _head(key, text) else None
        except (OSError, ValueError):
            return None

    def write(self, key: str, text: str) -> None:
        """Keep a text of ASCII characters; older ones may have to go."""
        try:
            data = text.encode("ascii")
            data = _head(key, data) + data
            if len(data) > MAX_BYTES:
                return
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._is_safe():
                _write(self._file(key), data)
                self._clear()
        except (OSError, ValueError):
            return

    def _file(self, key: str) -> Path:
        return self.path / (sha256(key.encode()).hexdigest() + _SUFFIX)

    def _is_safe(self) -> bool:
        """Whether the folder is this user's, and nobody else can put anything there."""
        found = self.path.stat()
        return _is_own(found) and not _is_open(found)

    def _clear(self) -> None:
        """Remove what is too much, and what writers that were stopped have left."""
        found = [each for each in self.path.iterdir() if _SUFFIX in each.name]
        if len(found) > MAX_FILES:
            found.sort(key=lambda each: each.lstat().st_mtime_ns)
            for each in found[: len(found) - MAX_FILES]:
                each.unlink(missing_ok=True)


def _head(key: str, text: bytes) -> bytes:
    digest = sha256(key.encode())
    digest.update(b"\0")
    digest.update(text)
    return digest.hexdigest().encode() + b"\n"


def _read(file: Path) -> bytes:
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(file, "rb", opener=lambda name, given: os.open(name, given | flags)) as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or not _is_own(found) or found.st_size > MAX_BYTES:
            raise OSError("no file of the cache")
        return stream.read(MAX_BYTES + 1)


def _write(file: Path, data: bytes) -> None:
    """Write a file beside its place and move it there: a reader sees all of it or nothing."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with open(beside, "xb", opener=lambda name, given: os.open(name, given, 0o600)) as stream:
            stream.write(data)
        beside.replace(file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def _is_own(found: os.stat_result) -> bool:
    """Whether something belongs to this user, where the platform tells of owners."""
    return not hasattr(os, "geteuid") or found.st_uid == os.geteuid()


def _is_open(found: os.stat_result) -> bool:
    """Whether others can write to something, where the platform tells of that in modes."""
    return hasattr(os, "geteuid") and bool(found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
