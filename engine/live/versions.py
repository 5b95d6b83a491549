"""One version of one rule file, read, checked and ready to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

from ..caching.checked import Cache
from ..channel import Channel
from ..late_dataclass import dataclass, replace
from ..loader import CheckedFile, check_bytes, read_bytes, together
from ..messages.diagnostics import Diagnostic, has_errors
from .looking import Look, Stamp

Identity: TypeAlias = tuple[str, ...]
"""The SHA-256 of a rule file and of the schema files it names, empty where one cannot be read."""


@dataclass(frozen=True, slots=True)
class Version:
    """A rule file as it was read once: what was found in it, and its channels if it has no errors.

    ``stamp`` and ``beside`` are the states in which it and its schema files were seen.
    """

    path: Path
    stamp: Stamp
    beside: Mapping[Path, Stamp | None]
    identity: Identity
    checked: CheckedFile
    diagnostics: tuple[Diagnostic, ...]
    channels: tuple[Channel, ...]

    @property
    def is_good(self) -> bool:
        """Whether it can be used, as far as it alone can tell."""
        return not has_errors(self.diagnostics)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, not so much as a comment."""
        return not self.checked.source.text.strip()

    @property
    def is_complete(self) -> bool:
        """Whether every schema file that it names could be read."""
        return all(self.identity)

    def is_as_seen(self, look: Look) -> bool:
        """Whether neither the file nor its schema files have changed."""
        same = self.stamp == look.files[self.path] and self.beside == _seen(self.beside, look)
        return same and self.is_complete


def read_version(
    path: Path, look: Look, known: Iterable[Version], cache: Cache | None = None
) -> Version:
    """Read a file; one of the ``known`` versions of it where it says the same.

    A new version without errors comes with the functions of its channels, so that no request has
    to wait for them. Raises OSError where the file cannot be read.
    """
    stamp, data = look.files[path], read_bytes(path)
    digest = sha256(data).hexdigest()
    for each in known:
        if each.identity[0] == digest and each.identity == _identity(digest, each.checked):
            return replace(each, stamp=stamp, beside=_seen(each.beside, look))
    checked, found = check_bytes(str(path), data, cache)
    diagnostics = together([checked], found)
    channels = () if has_errors(diagnostics) else checked.compiled()
    for channel in channels:
        _prepare(channel)
    beside = _seen(checked.schema_files, look)
    return Version(path, stamp, beside, _identity(digest, checked), checked, diagnostics, channels)


def _identity(digest: str, checked: CheckedFile) -> Identity:
    return digest, *(_digest(each) for each in checked.schema_files)


def _digest(path: Path) -> str:
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _seen(beside: Iterable[Path], look: Look) -> dict[Path, Stamp | None]:
    return {path: look.beside.get(path) for path in beside}


def _prepare(channel: Channel) -> None:
    """Have everything made that a program makes of itself when it is first asked."""
    program = channel.program
    for name in ("halves", "only_rules", "regular", "required"):
        getattr(program, name)
