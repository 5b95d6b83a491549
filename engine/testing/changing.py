"""What a store makes of writes to records that are there."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

import pytest

from ..store import Key, Record, Write
from ..values.value import Json
from .suite import CONTACT, DEAL, EMAIL, ORDER, PHONE, StoreSuite, by_key, deal, deals_of, written


class ChangeContract(StoreSuite):
    """Records change as far as they are written, and no further."""

    def test_a_field_that_is_set_replaces_its_value_and_keys(self) -> None:
        """What is not written stays: other fields, their keys, status and responsible person."""
        key = Key("UF_CRM_ORDER_ID", "7000")
        with self.open_store([CONTACT, DEAL]) as store:
            store.transact(written(Write("deal", "5", {"UF_CRM_ORDER_ID": 7000}, keys=(key,))))
            (changed,) = by_key(store, "deal", key)
            assert {**DEAL.fields, "UF_CRM_ORDER_ID": 7000} == changed.fields
            assert ("NEW", "12", ("1",)) == (changed.status, changed.responsible, changed.contacts)
            assert [] == by_key(store, "deal", ORDER)
            assert [changed] == by_key(store, "deal", Key("TITLE", "Order 6510"))

    def test_status_and_responsible_are_written_where_they_are_given(self) -> None:
        """A write may change the status and the responsible person."""
        with self.open_store([CONTACT, DEAL]) as store:
            store.transact(written(Write("deal", "5", status="WON", responsible="13")))
            (changed,) = by_key(store, "deal", ORDER)
            assert ("WON", "13") == (changed.status, changed.responsible)
            assert ["5"] == deals_of(store, "1", statuses=("WON",))
            assert [] == deals_of(store, "1", statuses=("NEW",))

    def test_none_empties_a_field_and_drops_its_keys(self) -> None:
        """An emptied field is gone, with its types and everything that found it."""
        with self.open_store([CONTACT]) as store:
            store.transact(written(contact=Write("contact", "1", {"PHONE": None, "NAME": None})))
            assert [] == by_key(store, "contact", PHONE, Key("NAME", "Мария"))
            (changed,) = by_key(store, "contact", EMAIL)
            assert {"EMAIL": ["Maria@Example.com"]} == changed.fields
            assert {"EMAIL": ("WORK",)} == changed.types

    def test_appended_values_stand_behind_those_that_are_there(self) -> None:
        """Appending keeps values, types and keys and adds new ones, WORK where no type is given."""
        new = ("+74712773121", "+74712773122")
        write = Write(
            "contact",
            "1",
            append={"PHONE": new, "IM": ("@maria",)},
            types={"PHONE": ("HOME",)},
            keys=tuple(Key("PHONE", number) for number in new),
        )
        with self.open_store([CONTACT]) as store:
            store.transact(written(contact=write))
            (changed,) = by_key(store, "contact", Key("PHONE", new[1]))
            assert ["+74712773120", *new] == changed.fields["PHONE"]
            assert ["@maria"] == changed.fields["IM"]
            assert ("MOBILE", "HOME", "WORK") == tuple(changed.types["PHONE"])
            assert ("WORK",) == tuple(changed.types["IM"])
            assert [changed] == by_key(store, "contact", PHONE)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("PHONE", "+74712773120"),
            ("PHONE", "+7 (471) 277-31-20"),
            ("PHONE", "call reception "),
            ("EMAIL", "maria@EXAMPLE.com"),
            ("WEB", "  https://example.com/e\u0301"),
        ],
    )
    def test_a_value_that_is_there_is_not_appended(self, field: str, value: str) -> None:
        """Values are compared normalised, those that are no phone or e-mail as text."""
        fields: dict[str, Json] = {
            "PHONE": ["+74712773120", "call reception"],
            "EMAIL": ["Maria@Example.com"],
            "WEB": ["https://example.com/\u00e9"],
        }
        with self.open_store([Record("contact", "1", fields)]) as store:
            store.transact(written(contact=Write("contact", "1", append={field: (value, value)})))
            (same,) = by_key(store, "contact", PHONE)
            assert fields == same.fields

    def test_a_value_is_appended_once(self) -> None:
        """Of values that are the same after normalising, the first is appended."""
        new = ("call Ivan", " call Ivan ", "+74712773121", "+7 471 277-31-21")
        write = Write("contact", "1", append={"PHONE": new}, types={"PHONE": ("HOME", "HOME")})
        with self.open_store([CONTACT]) as store:
            store.transact(written(contact=write))
            (changed,) = by_key(store, "contact", PHONE)
            assert ["+74712773120", "call Ivan", "+74712773121"] == changed.fields["PHONE"]
            assert ("MOBILE", "HOME", "WORK") == tuple(changed.types["PHONE"])

    def test_links_are_added_and_never_removed(self) -> None:
        """Contacts linked already keep their places; new ones follow, the plan's primary first."""
        people = [Record("contact", id, {}) for id in ("1", "2", "3")]
        with self.open_store([*people, deal("5", contacts=("2",), UF_CRM_ORDER_ID=6510)]) as store:
            store.transact(written(Write("deal", "5"), links=("3", "2", "1", "3")))
            (changed,) = by_key(store, "deal", ORDER)
            assert ("2", "3", "1") == changed.contacts
            assert ["5"] == deals_of(store, "3")

    def test_a_created_contact_is_the_primary_of_new_entities(self) -> None:
        """Every entity of a plan is linked to its new contact first, then to those in links."""
        with self.open_store([CONTACT]) as store:
            writes = (Write("deal", None, keys=(ORDER,)), Write("deal", None, keys=(ORDER,)))
            decision = store.transact(written(*writes, contact=Write("contact", None), links="1"))
            assert decision.contact is not None
            for made in by_key(store, "deal", ORDER):
                assert decision.contact.ids == made.contacts

    def test_found_records_are_copies(self) -> None:
        """Changing what a search gave, or what was written, does not change the store."""
        names: list[Json] = ["a"]
        with self.open_store([]) as store:
            store.transact(written(Write("deal", None, {"UF": names}, keys=(ORDER,))))
            names.append("b")
            (found,) = by_key(store, "deal", ORDER)
            value = found.fields["UF"]
            assert isinstance(value, list)
            value.append("c")
            assert [{"UF": ["a"]}] == [each.fields for each in by_key(store, "deal", ORDER)]
