"""What a store makes of writes without an id."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from ..decision import EntityPart
from ..store import Key, Record, Task, Write
from .suite import CONTACT, DEAL, ORDER, PHONE, StoreSuite, by_key, deal, deals_of, written


class CreateContract(StoreSuite):
    """Records are created with all that belongs to them."""

    def test_a_created_record_is_found_as_it_was_written(self) -> None:
        """A record has the fields, types, status, responsible person and keys of its write."""
        contact = Write(
            "contact",
            None,
            {"NAME": "Мария", "PHONE": ["+74712773120", "+74712773121"]},
            types={"PHONE": ("MOBILE",)},
            keys=(PHONE, Key("PHONE", "+74712773121")),
            responsible="7",
        )
        order = Write("deal", None, {"UF_CRM_ORDER_ID": 6510}, keys=(ORDER,), status="NEW")
        with self.open_store([]) as store:
            store.transact(written(order, contact=contact))
            (person,) = by_key(store, "contact", Key("PHONE", "+74712773121"))
            (made,) = by_key(store, "deal", ORDER)
            types = {"PHONE": ("MOBILE", "WORK")}
            assert Record("contact", person.id, contact.fields, types, None, "7") == person
            assert Record("deal", made.id, order.fields, {}, "NEW", None, (person.id,)) == made

    def test_the_decision_gets_the_ids_of_what_was_written(self) -> None:
        """A created contact stands before the linked ones; entities are in the plan's order."""
        with self.open_store([CONTACT, deal("5")]) as store:
            writes = (Write("deal", None), Write("deal", "5", {"TITLE": "x"}), Write("deal", None))
            contact = Write("contact", None, {"NAME": "new"}, keys=(Key("NAME", "new"),))
            decision = store.transact(written(*writes, contact=contact, links=("1",)))
            (person,) = by_key(store, "contact", Key("NAME", "new"))
            assert decision.contact is not None
            assert decision.entity is not None
            assert (person.id, "1") == decision.contact.ids
            assert list(decision.entity.ids[:2]) != list(decision.entity.ids[1:])
            assert "5" == decision.entity.ids[1]
            assert set(decision.entity.ids) == set(deals_of(store, person.id))

    def test_new_ids_are_none_that_a_record_has(self) -> None:
        """Every created record has an id of its own, in the order of creation."""
        with self.open_store([deal("9"), deal("2")]) as store:
            ids = ["9"]
            for _ in range(3):
                decision = store.transact(written(Write("deal", None, keys=(ORDER,))))
                assert decision.entity is not None
                ids += decision.entity.ids
            assert 4 == len(set(ids))
            assert ids[1:] == [record.id for record in by_key(store, "deal", ORDER)]

    def test_a_plan_without_writes_changes_nothing(self) -> None:
        """Ignoring and rejecting give the decision back as it is."""
        with self.open_store([CONTACT, DEAL]) as store:
            decision = store.transact(written())
            assert decision.entity == EntityPart("deal")
            assert [CONTACT] == by_key(store, "contact", PHONE)
            assert [DEAL] == by_key(store, "deal", ORDER)

    def test_comments_and_tasks_belong_to_the_record_written(self) -> None:
        """A comment and a task are with the record of their write, in order of writing."""
        task = Task("Call Мария", "2026-01-01T01:00:00Z", "12")
        with self.open_store([DEAL, CONTACT]) as store:
            store.transact(written(Write("deal", "5", comment="first", task=task)))
            store.transact(written(Write("deal", "5", comment="second")))
            decision = store.transact(written(Write("lead", None, task=Task("Call", "", None))))
            assert decision.entity is not None
            (lead,) = decision.entity.ids
            assert ["first", "second"] == list(self.comments(store, "deal", "5"))
            assert [task] == list(self.tasks(store, "deal", "5"))
            assert [] == list(self.comments(store, "lead", lead))
            assert [Task("Call", "", None)] == list(self.tasks(store, "lead", lead))
