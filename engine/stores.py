"""Stores by URL: what command lines and settings name them with."""

from __future__ import annotations

from typing import Final

from .errors import StoreError
from .memory import MemoryStore
from .store import Store

UNDERSTOOD: Final = "memory: (nothing is kept), sqlite:///FILE and sqlite:////ABSOLUTE/FILE"

_LATER: Final = ("postgresql", "postgres", "bitrix24+https")


def open_store(url: str) -> Store:
    """The store that a URL names.

    ``memory:`` is an empty store in memory; ``sqlite:///crm.db`` an SQLite file in the current
    folder, ``sqlite:////var/lib/crm.db`` one by its absolute path, taken as written, without
    percent-encoding. Raises `StoreError` for any other URL and for a store that cannot be used.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory" and not rest:
        return MemoryStore()
    if scheme == "sqlite":
        path = rest.removeprefix("///")
        if path == rest or not path:
            raise StoreError(f"the store URL {url!r} names no file; write sqlite:///FILE")
        if path == ":memory:":
            raise StoreError("a store in memory has the URL memory:")
        from .adapters.sqlite import SqliteStore  # noqa: PLC0415 (a store in memory needs no driver)

        return SqliteStore(path)
    if scheme in _LATER:
        raise StoreError(
            f"stores of the kind {scheme} are not available in this version; use {UNDERSTOOD}"
        )
    # What follows the scheme may hold a password and is not shown.
    raise StoreError(f"unknown kind of store {scheme!r}; use {UNDERSTOOD}")
