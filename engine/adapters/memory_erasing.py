"""A person taken out of a store in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from secrets import token_hex

from ..journal import Entry, Wanted
from ..late_dataclass import replace
from ..store import Key, RecordType, Task, id_order
from .draft import Place
from .erasing import Beside, Erasing, mark_of
from .journal_rows import JournalRows
from .records import Stored
from .statements import RECORD_TYPES


class MemoryErasing(Erasing):
    """The dictionaries of a store in memory, under its lock; see `erasing.Erasing`.

    ``indexes`` are its records by key and by contact, ``beside`` its comments and to-dos.
    """

    name = "store in memory"

    def __init__(
        self,
        alone: Callable[[], AbstractContextManager[None]],
        held: dict[Place, Stored],
        indexes: tuple[dict[tuple[RecordType, Key], set[str]], dict[Place, set[str]]],
        beside: tuple[dict[Place, tuple[str, ...]], dict[Place, tuple[Task, ...]]],
        journal: JournalRows,
        marks: dict[str, str],
    ) -> None:
        self._alone = alone
        self._held = held
        self._by_key, self._by_contact = indexes
        self._comments, self._tasks = beside
        self._journal = journal
        self._marks = marks

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Work under the store's lock; what goes wrong leaves everything as it was."""
        with self._alone():
            tables: tuple[dict, ...] = (self._held, self._comments, self._tasks, self._marks)  # type: ignore[type-arg]
            sets: tuple[dict, ...] = (self._by_key, self._by_contact)  # type: ignore[type-arg]
            before = [dict(each) for each in tables]
            before += [{name: set(ids) for name, ids in each.items()} for each in sets]
            journal = self._journal.kept()
            try:
                yield
            except BaseException:
                for table, old in zip((*tables, *sets), before, strict=True):
                    table.clear()
                    table.update(old)
                self._journal.restore(journal)
                raise

    def rows(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal; see `Journal.entries`."""
        return self._journal.entries(wanted)

    def hold(self, keys: Sequence[Key]) -> None:
        """The lock keeps all others out."""

    def holders(self, values: Sequence[str]) -> list[Stored]:
        """The records of every type that a value leads to; see `erasing.Erasing`."""
        asked = set(values)
        found = {
            (type, id)
            for (type, key), ids in self._by_key.items()
            if key.value in asked
            for id in ids
        }
        return self._in_order(found)

    def linked(self, contacts: Sequence[str]) -> list[Stored]:
        """The leads and deals of contacts; see `erasing.Erasing`."""
        found = {
            (type, id)
            for type in RECORD_TYPES
            for contact in contacts
            for id in self._by_contact.get((type, contact), ())
        }
        return self._in_order(found)

    def rewrite(self, before: Stored, after: Stored) -> Beside:
        """Change a lead or deal; see `erasing.Erasing`."""
        place = (after.record.type, after.record.id)
        self._unfile(place, before.keys - after.keys)
        for contact in before.record.contacts:
            if contact not in after.record.contacts:
                self._by_contact[place[0], contact].discard(place[1])
        self._held[place] = after
        return self._drop_beside(place)

    def remove(self, contact: Stored) -> Beside:
        """Take a contact; see `erasing.Erasing`."""
        place = (contact.record.type, contact.record.id)
        self._unfile(place, contact.keys)
        del self._held[place]
        return self._drop_beside(place)

    def reduce(self, number: int, decision: str, *, identity: bool) -> None:
        """Empty a row of the journal; see `erasing.Erasing`."""
        ((_, row),) = self._journal.entries(Wanted(below=number + 1, limit=1))
        empty = replace(row.delivery, query=None, headers={}, body=None)
        kept = row.identity if identity else None
        changed = replace(row, delivery=empty, decision=decision, text="", identity=kept)
        self._journal.rewrite(number, changed)

    def mark(self, keys: Sequence[Key], when: str) -> None:
        """Leave marks; see `erasing.Erasing`."""
        secret = self._marks.setdefault("", token_hex(32))
        self._marks.update((mark_of(secret, each), when) for each in keys)

    def marked(self, keys: Sequence[Key]) -> Mapping[Key, str]:
        """The keys that have a mark; see `erasing.Erasing`."""
        secret = self._marks.get("", "")
        found = ((each, self._marks.get(mark_of(secret, each))) for each in keys)
        return {key: when for key, when in found if when is not None}

    def close(self) -> None:
        """Nothing is held open."""

    def _in_order(self, places: Iterable[Place]) -> list[Stored]:
        ordered = sorted(places, key=lambda each: (RECORD_TYPES.index(each[0]), id_order(each[1])))
        return [self._held[each] for each in ordered]

    def _unfile(self, place: Place, keys: Iterable[Key]) -> None:
        for key in keys:
            self._by_key[place[0], key].discard(place[1])

    def _drop_beside(self, place: Place) -> Beside:
        comments, tasks = self._comments.pop(place, ()), self._tasks.pop(place, ())
        return Beside(len(comments), len(tasks))
