"""A person taken out of the tables of a database: what `erasing.Erasing` means, in SQL."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from secrets import token_hex

from ..store import Key, RecordType
from .columns import columns
from .erasing import Beside, Erasing, mark_of
from .records import Stored
from .statements import RECORD_TYPES
from .tables import TableBulk

_KEY_BYTES = 32


class TableErasing(TableBulk, Erasing):
    """`Erasing` but for how the driver is called.

    Statements are those of a file erasing.sql, by the names used here.
    """

    @abstractmethod
    def _ask(self, name: str, *parameters: object, of: RecordType = "contact") -> list[tuple]:  # type: ignore[type-arg]
        """All rows of a statement of erasing.sql; a list is one parameter."""

    @abstractmethod
    def _forget(self, type: RecordType, keys: Sequence[Key]) -> None:
        """Remove what is kept of keys beside `search_key`."""

    def unit(self) -> AbstractContextManager[None]:
        """A transaction that writes; see `Erasing`."""
        return self._unit()

    def holders(self, values: Sequence[str]) -> list[Stored]:
        """The records of every type that a value leads to; see `Erasing`."""
        return [
            each
            for type in RECORD_TYPES
            for each in self._taken(type, self._ask("holders", list(values), of=type))
        ]

    def linked(self, contacts: Sequence[str]) -> list[Stored]:
        """The leads and deals of contacts; see `Erasing`."""
        ids = [int(each) for each in contacts]
        return [
            each
            for type in RECORD_TYPES[1:]
            for each in self._taken(type, self._ask("linked", ids, of=type))
        ]

    def rewrite(self, before: Stored, after: Stored) -> Beside:
        """Change a lead or deal; see `Erasing`."""
        record = after.record
        type, id = record.type, int(record.id)
        *_, fields, types = columns(record)
        self._ask("change", fields, types, id, of=type)
        dropped = sorted(before.keys - after.keys)
        for key in dropped:
            self._ask("drop_key", id, *key, of=type)
        self._forget(type, dropped)
        self._ask("drop_links", id, of=type)
        for position, contact in enumerate(record.contacts):
            self._ask("add_link", id, position, int(contact), of=type)
        return self._drop_beside(type, id)

    def remove(self, contact: Stored) -> Beside:
        """Take a contact; see `Erasing`."""
        id = int(contact.record.id)
        self._ask("drop_keys", id)
        self._forget("contact", sorted(contact.keys))
        gone = self._drop_beside("contact", id)
        self._ask("drop", id)
        return gone

    def reduce(self, number: int, decision: str, *, identity: bool) -> None:
        """Empty a row of the journal; see `Erasing`."""
        self._ask("reduce", decision, number)
        if not identity:
            self._forget_request(number)

    def mark(self, keys: Sequence[Key], when: str) -> None:
        """Leave marks; see `Erasing`."""
        self._ask("make_mark_key", token_hex(_KEY_BYTES))
        for each in keys:
            self._ask("mark", mark_of(self._secret(), each), when)

    def marked(self, keys: Sequence[Key]) -> Mapping[Key, str]:
        """The keys that have a mark; see `Erasing`."""
        with self._reading():
            secret = self._secret()
            if not secret or not keys:
                return {}
            by_mark = {mark_of(secret, each): each for each in keys}
            return {by_mark[mark]: when for mark, when in self._ask("marked", list(by_mark))}

    def _forget_request(self, number: int) -> None:
        self._ask("forget_request", number)

    def _secret(self) -> str:
        rows = self._ask("mark_key")
        return str(rows[0][0]) if rows else ""

    def _taken(self, type: RecordType, ids: Sequence[tuple[int]]) -> Iterator[Stored]:
        """Records by their ids, locked."""
        numbers = [id for (id,) in ids]
        if numbers:
            self._lock(type, numbers)
            for held in self._held(type, self._rows(type, "read_some", numbers)):
                yield held.stored

    def _lock(self, type: RecordType, ids: list[int]) -> None:
        """Let nobody else change records until the unit ends."""

    def _drop_beside(self, type: RecordType, id: int) -> Beside:
        comments = self._ask("drop_comments", id, of=type)
        return Beside(len(comments), len(self._ask("drop_activities", id, of=type)))
