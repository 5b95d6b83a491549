"""What the parts of the contract share: records to start with, work to do, ways to look."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from ..decision import ContactPart, Decision, EntityPart
from ..store import Deciding, Key, Plan, Record, RecordType, Search, Store, Task, Work, Write
from ..values.value import Json

PHONE: Final = Key("PHONE", "+74712773120")
EMAIL: Final = Key("EMAIL", "maria@example.com")
ORDER: Final = Key("UF_CRM_ORDER_ID", "6510")
CONTACT: Final = Record(
    type="contact",
    id="1",
    fields={"NAME": "Мария", "PHONE": ["+74712773120"], "EMAIL": ["Maria@Example.com"]},
    types={"PHONE": ("MOBILE",), "EMAIL": ("WORK",)},
    responsible="7",
)
DEAL: Final = Record(
    type="deal",
    id="5",
    fields={"TITLE": "Order 6510", "UF_CRM_ORDER_ID": 6510, "OPPORTUNITY": Decimal("3500.00")},
    status="NEW",
    responsible="12",
    contacts=("1",),
)


def written(*entities: Write, contact: Write | None = None, links: Sequence[str] = ()) -> Work:
    """Work that asks nothing and carries out these writes."""
    decision = Decision(
        channel="contract",
        action="create",
        reason="the contract of stores",
        rules="0" * 64,
        edition=1,
        contact=ContactPart("none", tuple(links)),
        entity=EntityPart("deal"),
    )

    def work() -> Deciding:
        yield from ()
        return Plan(decision, contact, entities, tuple(links))

    return work


def claimed(key: Key) -> Work:
    """Work that finds or creates the contact of a key and creates a deal linked to it."""

    def work() -> Deciding:
        found = yield Search("contact", keys=(key,))
        contact = None if found else Write("contact", None, {"NAME": "claimed"}, keys=(key,))
        deal = Write("deal", None, {"TITLE": "claimed"})
        links = [record.id for record in found]
        return (yield from written(deal, contact=contact, links=links)())

    return work


def by_key(store: Store, type: RecordType, *keys: Key) -> list[Record]:
    """The records found by any of the keys."""
    return list(store.search(Search(type, keys=keys)))


def deals_of(store: Store, *contacts: str, statuses: Sequence[str] = ()) -> list[str]:
    """The ids of the deals linked to any of the contacts."""
    found = store.search(Search("deal", contacts=contacts, statuses=tuple(statuses)))
    return [record.id for record in found]


def deal(
    id: str, *, status: str | None = None, contacts: Sequence[str] = (), **fields: Json
) -> Record:
    """A deal to start with."""
    return Record("deal", id, fields, status=status, contacts=tuple(contacts))


class StoreSuite(ABC):
    """What a test of the contract needs to know of a store."""

    @abstractmethod
    def open_store(self, records: Iterable[Record]) -> Store:
        """A new store that holds ``records`` under their ids, found by the keys of all values.

        The keys are what `leadlark.keys.keys_of` gives without a region. The test closes it.
        """

    def comments(self, store: Any, type: RecordType, id: str) -> Sequence[str]:
        """The comments on a record; override it where a store has no such method."""
        found: Sequence[str] = store.comments(type, id)
        return found

    def tasks(self, store: Any, type: RecordType, id: str) -> Sequence[Task]:
        """The to-dos of a record; override it where a store has no such method."""
        found: Sequence[Task] = store.tasks(type, id)
        return found
