"""What several units of work want at the same moment as a few calls, and the answer to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

from ...store import Key, RecordType
from ..statements import RECORD_TYPES
from .asking import arrays, by_contact
from .sql import Call, Rows, call
from .unit import FindByContact, FindByKey, ReadKeys, Take, Want

WantT = TypeVar("WantT", FindByKey, FindByContact, Take, ReadKeys)

Teller: TypeAlias = Callable[[Rows], None]


class Merged:
    """The calls for wants; ``keys`` are to be claimed before, and no two wants have one in common.

    All that is locked is locked contacts first and in the order of ids, and before anything is
    read.
    """

    def __init__(self, wants: Sequence[Want]) -> None:
        self.calls: list[Call] = []
        self.keys: dict[RecordType, list[Key]] = {}
        self._tellers: list[Teller] = []
        self._told: list[list[Any]] = [[] for _ in wants]
        self._locked: set[tuple[RecordType, int]] = set()
        reading: list[tuple[Call, Teller]] = []
        for type in RECORD_TYPES:
            own = [(number, want) for number, want in enumerate(wants) if _is_of(want, type)]
            if own:
                reading += self._by_key(type, _only(FindByKey, own))
                reading += self._by_contact(type, _only(FindByContact, own))
                reading += self._by_id(type, _only(Take, own))
                reading += self._keys_of(type, _only(ReadKeys, own))
        for each, teller in reading:
            self._add(each, teller)

    def told(
        self, answers: Sequence[Rows], locked: set[tuple[RecordType, int]]
    ) -> Sequence[Sequence[Any]]:
        """The answer to each want; what has been locked is added to ``locked``."""
        for teller, rows in zip(self._tellers, answers, strict=True):
            teller(rows)
        locked |= self._locked
        return self._told

    def _add(self, call: Call, teller: Teller) -> None:
        self.calls.append(call)
        self._tellers.append(teller)

    def _lock(self, type: RecordType, name: str, **parameters: object) -> None:
        def tell(rows: Rows) -> None:
            self._locked.update((type, id) for (id,) in rows)

        self._add(call(type, name, **parameters), tell)

    def _by_key(
        self, type: RecordType, wants: Sequence[tuple[int, FindByKey]]
    ) -> Iterable[tuple[Call, Teller]]:
        if not wants:
            return
        asked = sorted((key, number) for number, want in wants for key in want.keys)
        keys = self.keys[type] = [key for key, _ in asked]
        parameters = arrays(keys)
        self._lock(type, "lock_by_key", **parameters)

        def tell(rows: Rows) -> None:
            seen = set()
            for number, *row in rows:
                if (number, row[0]) not in seen:
                    seen.add((number, row[0]))
                    self._told[number].append(tuple(row))

        numbers = [number for _, number in asked]
        yield call(type, "find_by_keys", numbers=numbers, **parameters), tell

    def _by_contact(
        self, type: RecordType, wants: Sequence[tuple[int, FindByContact]]
    ) -> Iterable[tuple[Call, Teller]]:
        alike: dict[tuple[str, ...] | None, list[tuple[int, FindByContact]]] = defaultdict(list)
        for number, want in wants:
            alike[want.statuses].append((number, want))
        for statuses, several in alike.items():
            contacts = {contact for _, want in several for contact in want.contacts}
            parameters = by_contact(sorted(contacts), statuses)
            self._lock(type, "lock_by_contact", **parameters)
            askers = [(contact, number) for number, want in several for contact in want.contacts]
            yield call(type, "find_by_contact", **parameters), partial(self._tell_linked, askers)

    def _tell_linked(self, askers: Sequence[tuple[int, int]], rows: Rows) -> None:
        numbers = defaultdict(set)
        for contact, number in askers:
            numbers[contact].add(number)
        for row in rows:
            for number in sorted({number for contact in row[5] for number in numbers[contact]}):
                self._told[number].append(row)

    def _by_id(
        self, type: RecordType, wants: Sequence[tuple[int, Take]]
    ) -> Iterable[tuple[Call, Teller]]:
        if not wants:
            return
        ids = sorted(id for _, want in wants for id in want.ids)
        self._lock(type, "lock", ids=ids)
        numbers = {id: number for number, want in wants for id in want.ids}
        yield call(type, "read", ids=ids), partial(self._tell_by_id, numbers, ())

    def _keys_of(
        self, type: RecordType, wants: Sequence[tuple[int, ReadKeys]]
    ) -> Iterable[tuple[Call, Teller]]:
        if not wants:
            return
        ids = sorted(id for _, want in wants for id in want.ids[type])
        numbers = {id: number for number, want in wants for id in want.ids[type]}
        yield call(type, "read_keys", ids=ids), partial(self._tell_by_id, numbers, (type,))

    def _tell_by_id(self, numbers: dict[int, int], ahead: tuple[object, ...], rows: Rows) -> None:
        for row in rows:
            self._told[numbers[row[0]]].append((*ahead, *row))


def _is_of(want: Want, type: RecordType) -> bool:
    return type in want.ids if isinstance(want, ReadKeys) else want.type == type


def _only(kind: type[WantT], wants: Sequence[tuple[int, Want]]) -> list[tuple[int, WantT]]:
    return [(number, want) for number, want in wants if isinstance(want, kind)]
