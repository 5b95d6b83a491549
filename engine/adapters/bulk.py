"""Whole stores for operators: many records in, all records out, and what is wrong inside.

A store of the port decides single requests. What is here serves commands that import, export and
check a database; it speaks to the same tables by a connection of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from pathlib import Path
from typing import Protocol

from ..errors import StoreUrlError
from ..late_dataclass import dataclass
from ..store import Key, RecordType, Task
from .opening import SERVERS, need_driver, sqlite_file
from .records import Stored


@dataclass(frozen=True, slots=True)
class Held:
    """A record with its search keys and with what is written beside it, in order of writing."""

    stored: Stored
    comments: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()


class Met(Enum):
    """What became of a record that was to be added."""

    ADDED = "added"
    THERE = "there"
    """Its id is taken by a record of equal content."""
    DIFFERS = "differs"
    """Its id is taken by another record, which is left as it is."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A record that was not added: there is no contact with an id that it is linked to."""

    contact: str


class Bulk(Protocol):
    """A database of a store as a whole, for one thread.

    Every method raises `StoreError` when the database is out of reach or broken.
    """

    name: str
    """What messages call it: its kind and where it is, without a password."""

    def add_new(self, records: Sequence[Held]) -> list[Met | Unlinked]:
        """Add those records whose ids are not taken, in one transaction; an answer for each.

        Contacts are added before what is linked to them, wherever they stand. Of several records
        with one id the first is added and the others are compared with it. Ids are positive
        integers of 64 bits.
        """
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Within it everything is read as it was at its beginning, whatever others write."""
        ...

    def read(self, type: RecordType) -> Iterator[Held]:
        """All records of a type in the order of their ids, read as they are taken."""
        ...

    def count(self) -> int:
        """How many records there are."""
        ...

    def shared(self) -> Iterator[tuple[Key, int]]:
        """The keys of phones and e-mails that lead to several contacts, and to how many."""
        ...

    def led_to(self, key: Key, most: int) -> tuple[str, ...]:
        """The ids of the first contacts that a key leads to, at most so many."""
        ...

    def filed(self, key: Key) -> Key:
        """A search key as this database keeps it: the same, unless it is too long for it."""
        ...

    def faults(self) -> Iterator[str]:
        """What is wrong in the database as such, a sentence each: damage, rows of no record."""
        ...

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        ...


def open_bulk(url: str, *, create: bool = False) -> Bulk:
    """The database that a store's URL names.

    With ``create`` one that is not there is made. Raises `StoreUrlError` for a URL of a store
    that is no database or is not there, `StoreError` for one that cannot be used or whose tables
    have another version.
    """
    file = database_file(url)
    if file is not None:
        from .sqlite.bulk import SqliteBulk  # noqa: PLC0415 (imported when first needed)

        if not create:
            existing_file(url, file)
        return SqliteBulk(file)
    need_driver()
    from .postgres.bulk import PostgresBulk  # noqa: PLC0415 (imported when first needed)

    return PostgresBulk(url)


def database_file(url: str) -> Path | None:
    """The file of a store that is an SQLite database, None for a database on a server.

    Raises `StoreUrlError` for a URL of any other store.
    """
    file = sqlite_file(url)
    if file is not None:
        return file
    scheme, _, _ = url.partition(":")
    if scheme in SERVERS:
        return None
    if scheme == "memory":
        raise StoreUrlError(
            "a store in memory is empty at every start; name a database, as in sqlite:///crm.db"
        )
    # What follows the scheme may hold a password and is not shown.
    raise StoreUrlError(
        f"a store of the kind {scheme!r} is no database; name one, as in sqlite:///crm.db or "
        "postgresql://HOST/NAME"
    )


def existing_file(url: str, file: Path) -> None:
    """Raise `StoreUrlError` where a database that is to be there is not."""
    if not file.exists():
        raise StoreUrlError(f"{url}: there is no file {file}")
