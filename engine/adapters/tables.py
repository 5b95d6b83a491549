"""The tables of a database as a whole: what `bulk.Bulk` means, in statements that each has."""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, TypeAlias

from ..errors import StoreError
from ..late_dataclass import replace
from ..store import Key, Record, RecordType, Task
from .bulk import Bulk, Held, Met, Unlinked
from .columns import Row, columns, record_of
from .records import Stored
from .statements import RECORD_TYPES, Statements

_PAGE: Final = 1000  # records read at a time

_FAULTS: Final = Statements(__package__, "faults.sql")

_FAULT: Final = {
    "keys_of_nothing": "search keys of {type}s that are not there",
    "links_of_nothing": "links of {type}s that are not there",
    "links_to_nothing": "links of {type}s to contacts that are not there",
    "comments_of_nothing": "comments on {type}s that are not there",
    "activities_of_nothing": "activities of {type}s that are not there",
}

_Answers: TypeAlias = "list[Met | Unlinked]"


class TableBulk(Bulk):
    """A database as a whole but for how its driver is called.

    Statements are those of a file bulk.sql, by the names used here.
    """

    @abstractmethod
    def _unit(self) -> AbstractContextManager[None]:
        """A transaction that writes, its errors translated."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[None]:
        """What translates the errors of reading."""

    @abstractmethod
    def _rows(self, type: RecordType, name: str, *parameters: object) -> list[Any]:
        """All rows of a statement; a list of ids is one parameter."""

    @abstractmethod
    def _put(self, type: RecordType, name: str, rows: Iterable[tuple[object, ...]]) -> None:
        """A statement for each of several rows of parameters."""

    @abstractmethod
    def _row(self, statement: str) -> Sequence[Any]:
        """The one row of a statement in the SQL that all databases know."""

    @abstractmethod
    def _damage(self) -> Iterator[str]:
        """What the database itself knows to be wrong in it."""

    def filed(self, key: Key) -> Key:
        """A search key as this database keeps it."""
        return key

    def add_new(self, records: Sequence[Held]) -> list[Met | Unlinked]:
        """Add the records that are not there; see `Bulk`."""
        answers: _Answers = [Met.ADDED] * len(records)
        with self._unit():
            for type in RECORD_TYPES:
                places = [at for at, each in enumerate(records) if each.stored.record.type == type]
                if places:
                    self._add(type, records, places, answers)
        return answers

    def read(self, type: RecordType) -> Iterator[Held]:
        """All records of a type; see `Bulk`."""
        last = 0
        while True:
            with self._reading():
                rows = self._rows(type, "read_page", last, _PAGE)
                held = list(self._held(type, rows))
            if not held:
                return
            yield from held
            last = rows[-1][0]

    def count(self) -> int:
        """How many records there are."""
        with self._reading():
            return sum(self._rows(type, "count")[0][0] for type in RECORD_TYPES)

    def shared(self) -> Iterator[tuple[Key, int]]:
        """The keys that lead to several contacts; see `Bulk`."""
        with self._reading():
            rows = self._rows("contact", "shared")
        for field, value, count in rows:
            yield Key(field, value), count

    def led_to(self, key: Key, most: int) -> tuple[str, ...]:
        """The first contacts that a key leads to; see `Bulk`."""
        with self._reading():
            rows = self._rows("contact", "led_to", key.field, key.value, most)
        return tuple(str(id) for (id,) in rows)

    def faults(self) -> Iterator[str]:
        """What is wrong in the database as such; see `Bulk`."""
        yield from self._damage()
        for type in RECORD_TYPES:
            for name, statement in _FAULTS.queries(type).items():
                with self._reading():
                    count, first = self._row(statement)
                if count:
                    what = _FAULT[name].format(type=type)
                    yield f"{count:,} {what}, the first of {type} {first}"

    def _add(
        self, type: RecordType, records: Sequence[Held], places: Sequence[int], answers: _Answers
    ) -> None:
        rows = self._rows(type, "read_some", [_number(records[at]) for at in places])
        known = {each.stored.record.id: each for each in self._held(type, rows)}
        linkable = self._linkable(records[at].stored.record for at in places)
        fresh: list[Held] = []
        for at in places:
            record = records[at].stored.record
            there = known.get(record.id)
            missing = next((id for id in record.contacts if id not in linkable), None)
            if there is not None:
                answers[at] = Met.THERE if same_content(there, records[at]) else Met.DIFFERS
            elif missing is not None:
                answers[at] = Unlinked(missing)
            else:
                known[record.id] = records[at]
                fresh.append(records[at])
        self._insert(type, fresh)

    def _linkable(self, records: Iterable[Record]) -> frozenset[str]:
        """Those contacts that records are to be linked to that are there."""
        ids = {int(id) for record in records for id in record.contacts}
        rows = self._rows("contact", "which", sorted(ids)) if ids else ()
        return frozenset(str(id) for (id,) in rows)

    def _insert(self, type: RecordType, fresh: Sequence[Held]) -> None:
        several = [(_number(each), each) for each in fresh]
        # In the order of their tree, keys that stand side by side are put into a page at once.
        keys = sorted((*self.filed(key), id) for id, each in several for key in each.stored.keys)
        links = (
            (id, position, int(contact))
            for id, each in several
            for position, contact in enumerate(each.stored.record.contacts)
        )
        activities = (
            (id, task.subject, task.due, task.responsible)
            for id, each in several
            for task in each.tasks
        )
        self._put(type, "create", ((id, *columns(each.stored.record)) for id, each in several))
        self._put(type, "add_key", keys)
        self._put(type, "add_link", links)
        self._put(type, "add_comment", ((id, it) for id, each in several for it in each.comments))
        self._put(type, "add_activity", activities)

    def _held(self, type: RecordType, rows: Sequence[Row]) -> Iterator[Held]:
        """Records by their rows, with all that is beside them."""
        if not rows:
            return
        ids = [row[0] for row in rows]
        keys = self._beside(type, "read_keys", ids)
        links = self._beside(type, "read_links", ids) if type != "contact" else {}
        comments = self._beside(type, "read_comments", ids)
        tasks = self._beside(type, "read_activities", ids)
        for row in rows:
            id = row[0]
            yield Held(
                Stored(
                    self._record(type, row, links.get(id, ())),
                    frozenset(Key(*key) for key in keys.get(id, ())),
                ),
                tuple(text for (text,) in comments.get(id, ())),
                tuple(Task(*task) for task in tasks.get(id, ())),
            )

    def _beside(self, type: RecordType, name: str, ids: Sequence[int]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for id, *values in self._rows(type, name, ids):
            found[id].append(values)
        return found

    def _record(self, type: RecordType, row: Row, links: Iterable[Sequence[int]]) -> Record:
        try:
            return record_of(type, row, [contact for (contact,) in links])
        except (ValueError, TypeError) as error:
            message = f"{type} {row[0]} is damaged; restore the database from a backup"
            raise StoreError(f"{self.name}: {message} ({error})") from error


def same_content(there: Held, given: Held) -> bool:
    """Whether a record is there as it is given, its fields in any order.

    Comments and to-dos are compared where some are given: CSV cannot name them.
    """
    if given.comments and given.comments != there.comments:
        return False
    if given.tasks and given.tasks != there.tasks:
        return False
    first, second = there.stored.record, given.stored.record
    # JSON texts tell 1 from true and 1.0 from 1.00, which Python's values do not.
    return first.contacts == second.contacts and (
        columns(first) == columns(second) or columns(_in_order(first)) == columns(_in_order(second))
    )


def _in_order(record: Record) -> Record:
    return replace(
        record, fields=dict(sorted(record.fields.items())), types=dict(sorted(record.types.items()))
    )


def _number(held: Held) -> int:
    return int(held.stored.record.id)
