"""When to look at rule files: as soon as the system tells of a change, and every few seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Final

from ..loader import SUFFIX
from .looking import is_folder

_POLL: Final = 1.0
"""Seconds between two looks where the system tells of nothing."""

_TOLD: Final = 5.0
"""The same where it does: folders in a network and what links lead to change unheard."""

_DEBOUNCE: Final = 200
_SCHEMA: Final = ".json"


async def keep_up(
    path: Path, turn: Callable[[], Awaitable[float | None]], stop: asyncio.Event
) -> None:
    """Take turns until ``stop`` is set; a turn gives the seconds until the next, if it knows."""
    changed = asyncio.Event()
    ended = asyncio.Event()
    ears: asyncio.Task[None] | None = None
    folder: tuple[int, int] | None = None
    stopping = asyncio.ensure_future(stop.wait())
    try:
        while not stop.is_set():
            if folder != _identity(path):  # what is watched is the folder, not its name
                await _end(ears, ended)
                ended, folder = asyncio.Event(), _identity(path)
                ears = asyncio.create_task(_listen(path, changed, ended))
            changed.clear()
            again = await turn()
            if again is None:
                again = _POLL if ears is None or ears.done() else _TOLD
            hearing = asyncio.ensure_future(changed.wait())
            await asyncio.wait(
                (stopping, hearing), timeout=again, return_when=asyncio.FIRST_COMPLETED
            )
            hearing.cancel()
    finally:
        stopping.cancel()
        await _end(ears, ended)


async def _listen(path: Path, changed: asyncio.Event, ended: asyncio.Event) -> None:
    """Set ``changed`` whenever the system tells of a change; return where it cannot."""
    try:
        from watchfiles import awatch  # noqa: PLC0415 (an extra: it may not be there)
    except ImportError:
        return
    folder = path if is_folder(path) else path.parent
    # The folder may be gone, or the system has no more watches to give: then looks are all.
    with suppress(Exception):
        async for _ in awatch(
            folder,
            watch_filter=lambda _, name: _matters(name),
            debounce=_DEBOUNCE,
            stop_event=ended,
            recursive=folder == path,
            ignore_permission_denied=True,
        ):
            changed.set()


async def _end(ears: asyncio.Task[None] | None, ended: asyncio.Event) -> None:
    if ears is not None:
        ended.set()  # its thread waits for nothing else
        await asyncio.wait((ears,))


def _matters(name: str) -> bool:
    """Whether a change of a name can be one of the rules: files, schema files, folders, links."""
    path = PurePath(name)
    return path.suffix in (SUFFIX, _SCHEMA, "") or path.name.startswith("..")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = (path if is_folder(path) else path.parent).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
