"""What channels make of requests on a store: completion, policies, flags, statuses, links."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from ..channel import Channel
from ..loader import loads
from ..request.payload import Request
from ..store import Key, Record
from ..values.value import Json
from .suite import StoreSuite, by_key, deals_of

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)

RULES: Final = """
channel {address} {{
    entity deal
    region RU
    {statements}
    status NEW
    contact {update} {{
        NAME  = "<name>"
        PHONE = "<phone>" search
        EMAIL = "<email>" search
    }}
    deal {{
        TITLE    = "<title>" once
        COMMENTS = "<note>" clear
        SOURCE   = "<source>" fill
        UF_ORDER = "<order>" search
    }}
}}
"""

ANNA: Final = Record("contact", "1", {"NAME": "Anna", "PHONE": ["+74712773120"]})
IVAN: Final = Record("contact", "2", {"NAME": "Ivan", "EMAIL": ["ivan@example.com"]})
BOTH: Final = {"phone": "8 (471) 277-31-20", "email": "Ivan@Example.com", "name": "New"}
SOLD: Final = Record(
    "deal", "1", {"TITLE": "Old", "COMMENTS": "c", "SOURCE": "WEB", "UF_ORDER": 7}, status="WON"
)


def channel(statements: str, *, update: bool = False) -> Channel:
    """A channel for deals with these statements in it."""
    text = RULES.format(
        address="contract", statements=statements, update="update" if update else ""
    )
    return loads(text).only()


@dataclass(frozen=True, slots=True)
class Case:
    """A payload on a store with records, and the records that are there afterwards.

    ``after`` are the fields of the contacts and deals found by a key, in the order of their ids;
    ``links`` the number of deals that each contact has.
    """

    name: str
    channel: Channel
    payload: Mapping[str, Json]
    action: str
    before: Sequence[Record] = ()
    after: Mapping[Key, Sequence[Mapping[str, Json]]] = field(default_factory=dict)
    links: Mapping[str, int] = field(default_factory=dict)
    warnings: Sequence[str] = ()


PHONE: Final = Key("PHONE", "+74712773120")
EMAIL: Final = Key("EMAIL", "ivan@example.com")
FOUND: Final = "find in NEW\n    on found update fields, status"

CASES: Final = (
    Case(
        "a contact found is completed and nothing else of it changes",
        channel(FOUND),
        {"phone": "84712773120, 8 (471) 277-31-21", "name": "New"},
        "create",
        [ANNA],
        {PHONE: [{"NAME": "Anna", "PHONE": ["+74712773120", "+74712773121"]}]},
        {"1": 1},
    ),
    Case(
        "contact update writes what differs",
        channel(FOUND, update=True),
        {"phone": "84712773120", "name": "New"},
        "create",
        [ANNA],
        {PHONE: [{"NAME": "New", "PHONE": ["+74712773120"]}]},
        {"1": 1},
    ),
    Case(
        "several contacts are all linked, and each keeps its key",
        channel(f"many contacts link all\n    {FOUND}", update=True),
        BOTH,
        "create",
        [ANNA, IVAN],
        {PHONE: [{"NAME": "New", "PHONE": ["+74712773120"]}], EMAIL: [dict(IVAN.fields)]},
        {"1": 1, "2": 1},
        ("N301", "N302"),
    ),
    Case(
        "the newest of several contacts is used",
        channel(f"many contacts newest\n    {FOUND}"),
        BOTH,
        "create",
        [ANNA, IVAN],
        {PHONE: [dict(ANNA.fields)], EMAIL: [dict(IVAN.fields)]},
        {"1": 0, "2": 1},
        ("N301", "N302"),
    ),
    Case(
        "the oldest of several contacts is used",
        channel(f"many contacts oldest\n    {FOUND}"),
        BOTH,
        "create",
        [ANNA, IVAN],
        {PHONE: [dict(ANNA.fields)], EMAIL: [dict(IVAN.fields)]},
        {"1": 1, "2": 0},
        ("N301", "N302"),
    ),
    Case(
        "several contacts are rejected, and nothing is written",
        channel(f"many contacts reject\n    {FOUND}", update=True),
        BOTH,
        "reject",
        [ANNA, IVAN],
        {PHONE: [dict(ANNA.fields)], EMAIL: [dict(IVAN.fields)]},
        {"1": 0, "2": 0},
    ),
    Case(
        "a deal found by its key outside of the statuses keeps its status, and flags hold",
        channel(FOUND),
        {"order": " 7 ", "title": "New", "note": "", "source": "AD"},
        "update",
        [SOLD],
        {Key("UF_ORDER", "7"): [{"TITLE": "Old", "SOURCE": "WEB", "UF_ORDER": 7}]},
    ),
    Case(
        "a missing deal is left missing where the channel says so",
        channel(f"{FOUND}\n    on missing ignore"),
        {"order": 8, "phone": "84712773120"},
        "ignore",
        [ANNA, SOLD],
        {Key("UF_ORDER", "8"): [], PHONE: [dict(ANNA.fields)]},
        {"1": 0},
    ),
)


class DecisionContract(StoreSuite):
    """Channels find and write on this store what they find and write on every other."""

    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_a_request_is_carried_out(self, case: Case) -> None:
        """The decision, the records afterwards, and the links are those of the language."""
        with self.open_store(case.before) as store:
            decision = case.channel.process(Request(dict(case.payload)), store, NOW)
            assert case.action == decision.action, decision.reason
            assert list(case.warnings) == [note.code for note in decision.warnings]
            for key, expected in case.after.items():
                kind: Any = "contact" if key.field in ("PHONE", "EMAIL") else "deal"
                assert list(expected) == [dict(each.fields) for each in by_key(store, kind, key)]
            assert case.links == {id: len(deals_of(store, id)) for id in case.links}

    def test_spellings_of_one_person_are_one_contact(self) -> None:
        """However a phone and an address are written, the person is found; so is the deal."""
        phones = ("8 (471) 277-31-20", "+7 471 277 31 20", "4712773120", "tel:84712773120")
        orders = (6510, "6510", " 6510 ", "6510")
        rules = channel(FOUND)
        with self.open_store([]) as store:
            for phone, order in zip(phones, orders, strict=True):
                payload = {"phone": phone, "order": order}
                rules.process(Request(payload), store, NOW)
            (person,) = by_key(store, "contact", PHONE)
            (deal,) = by_key(store, "deal", Key("UF_ORDER", "6510"))
            assert (person.id,) == deal.contacts

    def test_deciding_alone_writes_nothing(self) -> None:
        """`Channel.decide` tells what would be written and leaves the store as it is."""
        with self.open_store([ANNA]) as store:
            planned = channel(FOUND).decide(Request({"phone": "84712773120"}), store, NOW)
            assert ("create", ()) == (planned.action, planned.entity and planned.entity.ids)
            assert [] == deals_of(store, "1")
