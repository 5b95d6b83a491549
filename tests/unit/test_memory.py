"""The store in memory, beyond the contract of all stores."""

from __future__ import annotations

import pytest

from leadlark.adapters.memory import MemoryStore
from leadlark.decision import Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.store import Deciding, Key, Plan, Record, Search, Work, Write
from leadlark.values.value import Json

DECISION = Decision("test", "create", "a test", "0" * 64, 1, entity=EntityPart("deal"))


def written(*entities: Write) -> Work:
    def work() -> Deciding:
        yield from ()
        return Plan(DECISION, None, entities)

    return work


def test_ids_go_on_above_the_highest_of_a_type() -> None:
    """Each type counts for itself; ids that are no numbers do not count."""
    deals = [Record("deal", id, {}) for id in ("7", "12", "abc", "9" * 40)]
    store = MemoryStore([*deals, Record("contact", "99", {})])
    first = store.transact(written(Write("deal", None), Write("lead", None), Write("deal", None)))
    assert first.entity is not None
    assert ("13", "1", "14") == first.entity.ids


def test_ids_of_a_failed_plan_are_given_again() -> None:
    """A plan that was not carried out leaves no gap."""
    store = MemoryStore()
    with pytest.raises(StoreError):
        store.transact(written(Write("deal", None), Write("deal", None, {"UF": "\0"})))
    decision = store.transact(written(Write("deal", None)))
    assert decision.entity is not None
    assert ("1",) == decision.entity.ids


def test_phones_are_read_with_the_region() -> None:
    """A record's national number is found by its international key."""
    record = Record("contact", "1", {"PHONE": ["8 (471) 277-31-20"]})
    search = Search("contact", keys=(Key("PHONE", "+74712773120"),))
    assert 1 == len(MemoryStore([record], region="RU").search(search))
    assert 0 == len(MemoryStore([record]).search(search))


def test_records_are_seen_in_the_order_of_their_ids() -> None:
    """What a store holds can be looked at: values of multi-value fields are lists with types."""
    store = MemoryStore([Record("contact", id, {"PHONE": "x"}) for id in ("10", "9")])
    records = store.records("contact")
    assert ["9", "10"] == [record.id for record in records]
    assert {"PHONE": ["x"]} == records[0].fields
    assert {"PHONE": ("WORK",)} == records[0].types
    assert () == store.records("deal")
    assert () == store.comments("deal", "1")
    assert () == store.tasks("deal", "1")


def test_a_store_shares_no_value_with_its_caller() -> None:
    """Neither the records given nor those shown lead into the store."""
    values: list[Json] = ["a"]
    store = MemoryStore([Record("deal", "1", {"UF": {"list": values}})])
    values.append("b")
    shown = store.records("deal")[0].fields["UF"]
    assert isinstance(shown, dict)
    shown["more"] = 1
    assert {"UF": {"list": ["a"]}} == store.records("deal")[0].fields


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([Record("deal", "1", {}), Record("deal", "1", {})], "two records with the id deal 1"),
        ([Record("deal", "1", {}, contacts=("7",))], "no contact with the id '7'"),
        ([Record("contact", "1", {}, contacts=("1",))], "only leads and deals"),
        ([Record("deal", "1", {"UF": "\0"})], "field 'UF' of deal 1 holds a NUL"),
    ],
)
def test_records_that_cannot_be_are_refused(records: list[Record], message: str) -> None:
    """A mistake in the records to start with is told, and none of them is added."""
    store = MemoryStore()
    with pytest.raises(StoreError, match=message):
        store.add([Record("contact", "5", {}), *records])
    assert () == store.records("contact")


def test_contacts_may_follow_what_is_linked_to_them() -> None:
    """The order of the records to start with does not matter."""
    store = MemoryStore([Record("deal", "1", {}, contacts=("2",)), Record("contact", "2", {})])
    assert ("2",) == store.records("deal")[0].contacts


def test_work_cannot_use_its_store_by_itself() -> None:
    """A unit of work that reaches for its store is told to yield a search instead."""
    store = MemoryStore()

    def work() -> Deciding:
        yield from ()
        store.search(Search("deal"))
        return Plan(DECISION)

    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(work)
    assert () == store.search(Search("deal"))
