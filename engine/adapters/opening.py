"""Stores by URL: what command lines and settings name them with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ..errors import StoreError, StoreUrlError
from ..store import JournalStore
from .memory import MemoryStore

UNDERSTOOD: Final = (
    "memory: (nothing is kept), sqlite:///FILE, sqlite:////ABSOLUTE/FILE or "
    "postgresql://USER:PASSWORD@HOST/DATABASE"
)
SERVERS: Final = ("postgresql", "postgres")
INSTALL: Final = (
    "a PostgreSQL store needs the package psycopg; install it with "
    "`pip install 'psycopg[binary,pool]'`"
)

_LATER: Final = ("bitrix24+https",)


def open_store(url: str, *, create: bool = True) -> JournalStore:
    """The store that a URL names.

    With ``create`` off an SQLite file or tables of PostgreSQL that are not there are an empty
    store, and are not made.

    ``memory:`` is an empty store in memory; ``sqlite:///crm.db`` an SQLite file in the current
    folder, ``sqlite:////var/lib/crm.db`` one by its absolute path, taken as written, without
    percent-encoding; ``postgresql://…`` a database as libpq's URLs name it. Raises
    `StoreUrlError` for any other URL and `StoreError` for a store that cannot be used.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "memory" and not rest:
        return MemoryStore()
    file = sqlite_file(url)
    if file is not None:
        from .sqlite import SqliteStore  # noqa: PLC0415 (a store in memory needs no driver)

        return SqliteStore(str(file)) if create or file.exists() else MemoryStore()
    if scheme in SERVERS:
        need_driver()
        from .postgres import PostgresStore, has_tables  # noqa: PLC0415 (an extra)

        return PostgresStore(url) if create or has_tables(url) else MemoryStore()
    if scheme in _LATER:
        raise StoreUrlError(
            f"stores of the kind {scheme} are not available in this version; use {UNDERSTOOD}"
        )
    # What follows the scheme may hold a password and is not shown.
    raise StoreUrlError(f"unknown kind of store {scheme!r}; use {UNDERSTOOD}")


def need_driver() -> None:
    """Raise `StoreError`, with how to install it, where PostgreSQL's driver is missing."""
    try:
        import psycopg  # noqa: F401, PLC0415 (an extra: it may not be there)
        import psycopg_pool  # noqa: F401, PLC0415
    except ImportError as error:
        # psycopg without libpq is an ImportError as well, and says so.
        reason = "" if isinstance(error, ModuleNotFoundError) else f" ({error})"
        raise StoreError(f"{INSTALL}{reason}") from error


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite store's URL, None for a store of another kind.

    Raises `StoreUrlError` where an SQLite URL names no file.
    """
    scheme, _, rest = url.partition(":")
    if scheme != "sqlite":
        return None
    path = rest.removeprefix("///")
    if path == rest or not path:
        raise StoreUrlError(f"the store URL {url!r} names no file; write sqlite:///FILE")
    if path == ":memory:":
        raise StoreUrlError("a store in memory has the URL memory:")
    return Path(path)
