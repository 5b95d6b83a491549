"""Decisions: the same on every store, before and after the fact, and once for one request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import simplejson
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import NOW, Payload, orders, payloads

from leadlark import MemoryStore, Request, Rules, Store, loads
from leadlark.adapters.sqlite import SqliteStore

SCHEMA: Final = Draft202012Validator(
    json.loads(resources.files("leadlark.schemas").joinpath("decision.json").read_text("utf-8"))
)
ADDRESSES: Final = st.sampled_from(("everything", "each-item", "oldest-one", "shop"))
steps = st.lists(st.tuples(ADDRESSES, orders), min_size=1, max_size=8)


def without_created_ids(shown: dict[str, Any]) -> dict[str, Any]:
    """A decision in JSON without the ids that only carrying it out can tell."""
    contact, entity = shown["contact"], shown["entity"]
    if contact and contact["action"] == "create":
        contact = {**contact, "ids": []}
    if entity and shown["action"] == "create":
        entity = {**entity, "ids": []}
    return {**shown, "contact": contact, "entity": entity}


@contextmanager
def both_stores() -> Iterator[tuple[MemoryStore, SqliteStore]]:
    """An empty store of each kind."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        memory = stack.enter_context(MemoryStore())
        yield memory, stack.enter_context(SqliteStore(Path(folder) / "crm.db"))


@given(payload=payloads | orders)
@settings(max_examples=150)
def test_a_decision_is_as_its_schema_says(everything: Rules, payload: Payload) -> None:
    """The published schema describes what comes out, whatever went in."""
    store = MemoryStore()
    for channel in everything.values():
        for decision in channel.process_all(Request(payload), store, NOW):
            shown = simplejson.loads(simplejson.dumps(decision.to_dict()))
            assert [] == [error.message for error in SCHEMA.iter_errors(shown)]


@given(steps=steps)
@settings(max_examples=40)
def test_both_stores_give_the_same_decisions(
    everything: Rules, steps: list[tuple[str, Payload]]
) -> None:
    """Of any requests in a row each is decided alike, and both stores hold the same after it."""
    with both_stores() as (memory, sqlite):
        for address, payload in steps:
            channel, request = everything[address], Request(payload)
            told = [
                [each.to_dict() for each in channel.process_all(request, store, NOW)]
                for store in (memory, sqlite)
            ]
            assert told[0] == told[1]
        for type in ("contact", "lead", "deal"):
            assert memory.records(type) == sqlite.records(type)
            for record in memory.records(type):
                assert memory.comments(type, record.id) == sqlite.comments(type, record.id)
                assert memory.tasks(type, record.id) == sqlite.tasks(type, record.id)


@given(steps=steps)
@settings(max_examples=60)
def test_what_is_told_before_is_what_happens(
    everything: Rules, steps: list[tuple[str, Payload]]
) -> None:
    """`decide` gives what `process` then does, but for the ids of what is created."""
    store = MemoryStore()
    for address, payload in steps:
        channel, request = everything[address], Request(payload)
        if len(channel.map_all(request, NOW)) > 1:
            continue  # a later element sees what an earlier one has made
        before = channel.decide(request, store, NOW).to_dict()
        after = channel.process(request, store, NOW).to_dict()
        assert without_created_ids(before) == without_created_ids(after)


@given(steps=steps)
@settings(max_examples=60)
def test_deciding_writes_nothing(everything: Rules, steps: list[tuple[str, Payload]]) -> None:
    """However often it is asked, `decide` leaves a store as it was."""
    store: Store = MemoryStore()
    assert isinstance(store, MemoryStore)
    for address, payload in steps:
        everything[address].process_all(Request(payload), store, NOW)
        held = [store.records(type) for type in ("contact", "lead", "deal")]
        everything[address].decide_all(Request(payload), store, NOW)
        assert held == [store.records(type) for type in ("contact", "lead", "deal")]


TWICE: Final = loads(
    """
channel twice {
    entity deal
    region RU
    find newest in NEW, WON
    contact update {
        NAME  = "<name>"
        PHONE = "<phone>" search
        EMAIL = "<email>" search
        UF_ID = "<id>"    search
        WEB   = "<tags>"
    }
    deal {
        TITLE    = "<name>"
        UF_ORDER = "<order.id>" search
        UF_SUM   = "<amount>"
    }
}
"""
)["twice"]


@given(first=orders, others=st.lists(orders, max_size=3))
def test_a_repeated_request_makes_nothing_new(first: Payload, others: list[Payload]) -> None:
    """With search keys that have a value, no second contact and no second deal are made."""
    store = MemoryStore()
    for payload in (*others, first):
        TWICE.process(Request(payload), store, NOW)
    keys = TWICE.map(Request(first), NOW).keys
    contacts, deals = store.records("contact"), store.records("deal")

    again = TWICE.process(Request(first), store, NOW)

    if keys.contact:
        assert contacts == store.records("contact")
    if keys.entity:
        assert deals == store.records("deal")
        assert "update" == again.action
        assert again.entity is not None
        assert {} == again.entity.fields


@given(value=st.integers(-(10**40), 10**40) | st.decimals(-(10**20), 10**20, places=4))
def test_numbers_keep_their_digits(value: int | Decimal) -> None:
    """A number is decided, stored and told with every digit that it was sent with."""
    with both_stores() as (memory, sqlite):
        for store in (memory, sqlite):
            TWICE.process(Request({"amount": value, "name": "x"}), store, NOW)
            (deal,) = store.records("deal")
            stored = deal.fields["UF_SUM"]
            assert isinstance(stored, int | Decimal)
            assert Decimal(value).as_tuple() == Decimal(stored).as_tuple()
