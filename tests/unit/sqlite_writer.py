"""A process that writes to an SQLite store: one contact and one deal for every number.

Usage: python sqlite_writer.py FILE FIRST COUNT. Finds or creates the contact of each number, links
a new deal to it, and prints both ids once the unit of work has returned.
"""

from __future__ import annotations

import sys

from leadlark.adapters.sqlite import SqliteStore
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.store import Deciding, Key, Plan, Search, Work, Write


def claim(number: int) -> Work:
    key = Key("UF_NUMBER", str(number))
    fields = {"UF_NUMBER": number}

    def work() -> Deciding:
        found = yield Search("contact", keys=(key,))
        links = tuple(record.id for record in found)
        decision = Decision(
            channel="test",
            action="create",
            reason="a test writes",
            rules="0" * 64,
            edition=1,
            contact=ContactPart("keep" if found else "create", links),
            entity=EntityPart("deal"),
        )
        contact = None if found else Write("contact", None, fields, keys=(key,))
        deal = Write("deal", None, fields, keys=(key,), comment=f"number {number}")
        return Plan(decision, contact, (deal,), links)

    return work


def main() -> None:
    file, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with SqliteStore(file, wait=60) as store:
        for number in range(first, first + count):
            decision = store.transact(claim(number))
            assert decision.contact is not None
            assert decision.entity is not None
            ids = (*decision.contact.ids, *decision.entity.ids)
            sys.stdout.write(" ".join((str(number), *ids)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
