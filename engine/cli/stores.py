"""Stores that a command only reads."""

from __future__ import annotations

from ..adapters.opening import open_store, sqlite_file
from ..messages.snippet import visible
from ..store import Store
from . import terminal


def store_to_read(url: str) -> Store:
    """The store that a URL names; one whose file is not there is empty, and a note says so.

    Raises as `open_store` does.
    """
    store = open_store(url, create=False)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        terminal.note(f"leadlark: there is no {visible(str(file))} yet; the store counts as empty")
    return store
