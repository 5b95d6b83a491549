"""The file of secrets: a JSON object of names, each with its values, the newest first.

Only its owner can read it; one that others can is refused, not mended, since they may have read it
already. It is changed as a whole: the new content is written beside it, into a file whose name is
also the lock that keeps two changes apart, and moved there.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from ..errors import SecretsError

Kept: TypeAlias = dict[str, tuple[str, ...]]
"""Values by the canonical names of their secrets: the one in use, and a former one or none."""

MAX_BYTES: Final = 1024 * 1024
MAX_VALUES: Final = 2

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OWNERS: Final = hasattr(os, "geteuid")  # Windows tells nothing by modes


def read(file: Path) -> Kept:
    """What the file holds; nothing where there is none.

    Raises:
        SecretsError: others can read it, it is somebody else's, or it is no file of secrets.
        OSError: it cannot be read.
    """
    try:
        with file.open("rb") as stream:
            _check_owner(file, os.fstat(stream.fileno()))
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    try:
        return _parsed(data)
    except (ValueError, RecursionError):
        raise SecretsError(
            f"{file}: no file of secrets: it is not as `leadlark secret` writes it; "
            "move it away and set the secrets anew"
        ) from None


@contextmanager
def changing(file: Path) -> Iterator[Kept]:
    """What the file holds, to be changed in place; it is written when the block ends well.

    Raises:
        SecretsError: as `read`, or another process is changing the file.
        OSError: the file cannot be read or written.
    """
    target = file.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.lock")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SecretsError(
            f"{beside}: the secrets are being changed by another process; if none is running, "
            "remove this file"
        ) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            kept = read(target)
            yield kept
            stream.write(_written(kept))
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _check_owner(file: Path, found: os.stat_result) -> None:
    if not _OWNERS:
        return
    if found.st_mode & _OTHERS:
        raise SecretsError(
            f"{file}: others than its owner can get at the secrets in it "
            f"(mode {stat.S_IMODE(found.st_mode):o}); run `chmod 600 {file}`, and set anew what "
            "others may have read"
        )
    if found.st_uid not in (0, os.geteuid()):
        raise SecretsError(f"{file}: this file of secrets belongs to another user")


def _parsed(data: bytes) -> Kept:
    if len(data) > MAX_BYTES:
        raise ValueError("too large")
    kept: Kept = {}
    found = json.loads(data)
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 (what the caller tells is one and the same)
    for name, values in found.items():
        few = isinstance(values, list) and 1 <= len(values) <= MAX_VALUES
        if not few or not all(isinstance(value, str) for value in values):
            raise ValueError("no values")
        kept[name] = tuple(values)
    return kept


def _written(kept: Mapping[str, tuple[str, ...]]) -> bytes:
    values = {name: list(kept[name]) for name in sorted(kept)}
    return json.dumps(values, indent=1).encode() + b"\n"
