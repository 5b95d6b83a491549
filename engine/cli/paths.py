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


def rewrite(file: Path, data: bytes) -> None:
    """Give a file new content in one step, so that nobody reads half of it; its mode is kept.

    Of a symbolic link the file that it leads to is rewritten.
    """
    from tempfile import NamedTemporaryFile  # noqa: PLC0415 (imported when first needed)

    target = file.resolve()
    mode = target.stat().st_mode & 0o7777
    with NamedTemporaryFile(
        dir=target.parent, prefix=f".{target.name}.", suffix=".tmp", delete=False
    ) as stream:
        beside = Path(stream.name)
        try:
            stream.write(data)
            stream.flush()
            beside.chmod(mode)
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
