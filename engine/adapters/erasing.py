"""A whole store from which a person is taken out: what a database has to do for it.

Who is taken out, and what of a record or a row of the journal goes, is not decided here.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Protocol

from ..errors import StoreError
from ..journal import Entry, Wanted
from ..late_dataclass import dataclass
from ..store import Key
from .bulk import database_file, existing_file
from .opening import need_driver
from .records import Stored


class ConflictError(StoreError):
    """Another unit of work was in the way; the whole unit may be tried again."""


@dataclass(frozen=True, slots=True)
class Beside:
    """How many comments and activities were removed with a record."""

    comments: int = 0
    activities: int = 0


class Erasing(Protocol):
    """A store as `erase` works in it, for one thread.

    What is written is written within `unit`. Every method raises `StoreError` when the store is
    out of reach or broken.
    """

    name: str
    """What messages call it: its kind and where it is, without a password."""

    def unit(self) -> AbstractContextManager[None]:
        """A transaction: all that is written in it, or nothing, and as if nobody else wrote.

        Raises `ConflictError` where somebody else did.
        """
        ...

    def rows(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal; see `Journal.entries`."""
        ...

    def hold(self, keys: Sequence[Key]) -> None:
        """Let nobody else find or make a contact by any of the keys until the unit ends."""
        ...

    def holders(self, values: Sequence[str]) -> Sequence[Stored]:
        """The records of every type that any of the values leads to, whatever its field is."""
        ...

    def linked(self, contacts: Sequence[str]) -> Sequence[Stored]:
        """The leads and deals that are linked to any of the contacts."""
        ...

    def rewrite(self, before: Stored, after: Stored) -> Beside:
        """Give a lead or deal other fields, keys and links, and take its comments and to-dos."""
        ...

    def remove(self, contact: Stored) -> Beside:
        """Take a contact that nothing is linked to, with all that belongs to it."""
        ...

    def reduce(self, number: int, decision: str, *, identity: bool) -> None:
        """Empty a row of the journal and give it another decision.

        Without ``identity`` it loses its request id as well.
        """
        ...

    def mark(self, keys: Sequence[Key], when: str) -> None:
        """Leave marks of keys; ``when`` is a time as `Delivery.received`."""
        ...

    def marked(self, keys: Sequence[Key]) -> Mapping[Key, str]:
        """Those of the keys that have a mark, and since when."""
        ...

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        ...


def open_erasing(url: str) -> Erasing:
    """The database that a store's URL names; raises as `bulk.open_bulk` does."""
    file = database_file(url)
    if file is not None:
        from .sqlite.erasing import SqliteErasing  # noqa: PLC0415 (imported when first needed)

        existing_file(url, file)
        return SqliteErasing(file)
    need_driver()
    from .postgres.erasing import PostgresErasing  # noqa: PLC0415 (an extra)

    return PostgresErasing(url)


def mark_of(secret: str, key: Key) -> str:
    """The mark of a key: HMAC-SHA256 in hexadecimal, under the random key of the store."""
    text = f"{key.field.upper()} {key.value}"
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogatepass"), sha256).hexdigest()
