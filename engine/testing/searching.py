"""What a store finds, and in which order."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

import pytest

from ..store import Key, Record, Search
from .suite import CONTACT, DEAL, EMAIL, ORDER, PHONE, StoreSuite, by_key, deal, deals_of


class SearchContract(StoreSuite):
    """Searches by key and by contact."""

    def test_a_search_gives_whole_records(self) -> None:
        """A record found is as it was stored: fields, types, status, responsible, contacts."""
        with self.open_store([CONTACT, DEAL]) as store:
            assert [CONTACT] == by_key(store, "contact", PHONE)
            assert [DEAL] == by_key(store, "deal", ORDER)

    def test_any_key_matches_and_a_record_is_found_once(self) -> None:
        """Several keys find the records that have any of them, each once."""
        other = Record("contact", "2", {"EMAIL": ["other@example.com"]}, {"EMAIL": ("HOME",)})
        keys = (Key("EMAIL", "other@example.com"), Key("EMAIL", "nobody@example.com"), PHONE, EMAIL)
        with self.open_store([CONTACT, other]) as store:
            assert [CONTACT, other] == by_key(store, "contact", *keys, *keys)

    def test_a_key_is_of_one_field_and_one_type(self) -> None:
        """A value is found by its own field in records of its own type only."""
        with self.open_store([CONTACT, DEAL]) as store:
            assert [] == by_key(store, "contact", Key("WEB", PHONE.value), ORDER)
            assert [] == by_key(store, "deal", PHONE)
            assert [] == by_key(store, "lead", PHONE, ORDER)

    def test_one_key_leads_to_every_duplicate(self) -> None:
        """Records that share a key are all found, in the order of their ids: 9 before 10."""
        records = [deal(id, UF_CRM_ORDER_ID="6510") for id in ("10", "9", "100", "2")]
        with self.open_store(records) as store:
            found = [record.id for record in by_key(store, "deal", ORDER)]
            assert ["2", "9", "10", "100"] == found

    def test_hundreds_of_keys_are_one_search(self) -> None:
        """A search may have more keys than a statement of a database has places."""
        records = [deal(str(number), UF=number) for number in range(1, 701)]
        keys = [Key("UF", str(number)) for number in range(1200)]
        with self.open_store(records) as store:
            assert [record.id for record in records] == [
                record.id for record in by_key(store, "deal", *keys)
            ]

    def test_a_search_by_contact_gives_the_linked_entities(self) -> None:
        """Entities of any of the contacts are found in the order of their ids, each once."""
        records = [
            CONTACT,
            Record("contact", "2", {}),
            deal("10", contacts=("2", "1")),
            deal("9", contacts=("1",)),
            deal("3"),
            Record("lead", "4", {}, contacts=("1",)),
        ]
        with self.open_store(records) as store:
            assert ["9", "10"] == deals_of(store, "1", "2")
            assert ["10"] == deals_of(store, "2")
            assert [("2", "1")] == [
                record.contacts for record in store.search(Search("deal", contacts=("2",)))
            ]

    def test_statuses_narrow_a_search_by_contact(self) -> None:
        """Without statuses any status counts, none included; with statuses only these."""
        records = [
            CONTACT,
            deal("1", status="NEW", contacts=("1",)),
            deal("2", status="WON", contacts=("1",)),
            deal("3", contacts=("1",)),
        ]
        with self.open_store(records) as store:
            assert ["1", "2", "3"] == deals_of(store, "1")
            assert ["1", "2"] == deals_of(store, "1", statuses=("NEW", "WON", "C1:NEW"))
            assert [] == deals_of(store, "1", statuses=("new", "\0", "\ud800"))

    @pytest.mark.parametrize("id", ["abc", "", "01", " 1", "１", "-1", "1.0", "9" * 40, "\ud800"])
    def test_an_id_that_no_record_has_finds_nothing(self, id: str) -> None:
        """Ids are texts: only a record's own id stands for it."""
        with self.open_store([CONTACT, DEAL]) as store:
            assert [] == deals_of(store, id)

    @pytest.mark.parametrize("text", ["\0", "\ud800", "x" * 100_000, "%", "' OR 1=1 --"])
    def test_a_key_that_no_record_has_finds_nothing(self, text: str) -> None:
        """A key is a text to compare with and nothing else, whatever it holds."""
        with self.open_store([CONTACT, DEAL]) as store:
            assert [] == by_key(store, "contact", Key("PHONE", text), Key(text, "1"))
            assert [CONTACT] == by_key(store, "contact", Key("PHONE", text), PHONE)

    def test_a_search_for_nothing_finds_nothing(self) -> None:
        """Without keys and contacts no record is found."""
        with self.open_store([CONTACT, DEAL]) as store:
            assert [] == list(store.search(Search("deal")))
