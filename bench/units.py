"""Units of work to try a store with, and what must hold of a database file that they wrote.

A unit is for a number and a person. It finds or creates the person's contact and creates a deal of
the number, with a key, a link, a comment and a to-do: if one part of it is there, all are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.store import Deciding, Key, Plan, Search, Task, Work, Write

Ids = tuple[str, str]
"""The ids of a unit's contact and deal."""

_HALVES: Final = {
    "deals without a part of their unit": """
        SELECT count(*) FROM deal WHERE
            1 <> (SELECT count(*) FROM search_key
                  WHERE type = 'deal' AND record = deal.id AND field = 'UF_NUMBER')
            OR 1 <> (SELECT count(*) FROM link WHERE type = 'deal' AND record = deal.id)
            OR 1 <> (SELECT count(*) FROM comment WHERE type = 'deal' AND record = deal.id)
            OR 1 <> (SELECT count(*) FROM activity WHERE type = 'deal' AND record = deal.id)
    """,
    "contacts without a deal or a key": """
        SELECT count(*) FROM contact WHERE
            NOT EXISTS (SELECT 1 FROM link WHERE contact = contact.id)
            OR 1 <> (SELECT count(*) FROM search_key WHERE type = 'contact' AND record = contact.id)
    """,
    "parts of no deal": """
        SELECT count(*) FROM (
            SELECT record FROM search_key WHERE type = 'deal'
            UNION ALL SELECT record FROM link
            UNION ALL SELECT record FROM comment
            UNION ALL SELECT record FROM activity
        ) WHERE record NOT IN (SELECT id FROM deal)
    """,
    "people with two contacts": """
        SELECT count(*) FROM (
            SELECT 1 FROM search_key WHERE type = 'contact' GROUP BY value HAVING count(*) > 1
        )
    """,
    "numbers with two deals": """
        SELECT count(*) FROM (
            SELECT 1 FROM search_key WHERE type = 'deal' GROUP BY value HAVING count(*) > 1
        )
    """,
}


def unit(number: int, person: int, size: int = 1) -> Work:
    """The unit of a number and a person; ``size`` is how long a text its deal holds."""
    who, what = Key("UF_PERSON", str(person)), Key("UF_NUMBER", str(number))

    def work() -> Deciding:
        found = yield Search("contact", keys=(who,))
        links = tuple(record.id for record in found)
        decision = Decision(
            channel="units",
            action="create",
            reason="a store is tried",
            rules="0" * 64,
            edition=1,
            contact=ContactPart("keep" if found else "create", links),
            entity=EntityPart("deal"),
        )
        contact = None if found else Write("contact", None, {"UF_PERSON": person}, keys=(who,))
        deal = Write(
            "deal",
            None,
            {"UF_NUMBER": number, "UF_TEXT": "x" * size},
            keys=(what,),
            comment=f"number {number}",
            task=Task("Call", "2026-01-01T01:00:00Z", None),
        )
        return Plan(decision, contact, (deal,), links)

    return work


def ids_of(decision: Decision) -> Ids:
    """The ids of the contact and the deal that a unit's decision tells."""
    assert decision.contact is not None
    assert decision.entity is not None
    (contact,), (deal,) = decision.contact.ids, decision.entity.ids
    return contact, deal


def faults(file: Path, told: Mapping[int, Ids], untold: Iterable[int] = ()) -> list[str]:
    """What is wrong with a file, a sentence each.

    ``told`` are the numbers whose units have returned, with their ids; ``untold`` are those whose
    units have failed, of which nothing may be there.
    """
    with closing(sqlite3.connect(file)) as raw:
        found = [str(row[0]) for row in raw.execute("PRAGMA integrity_check")]
        wrong = [] if found == ["ok"] else found
        wrong += [f"a link to nothing: {row}" for row in raw.execute("PRAGMA foreign_key_check")]
        for name, statement in _HALVES.items():
            (count,) = raw.execute(statement).fetchone()
            if count:
                wrong.append(f"{count} {name}")
        there = {
            int(number): (str(contact), str(deal))
            for number, deal, contact in raw.execute(
                "SELECT value, k.record, contact FROM search_key AS k "
                "JOIN link USING (type, record) WHERE type = 'deal' AND field = 'UF_NUMBER'"
            )
        }
    for number, ids in told.items():
        if there.get(number) != ids:
            wrong.append(f"number {number} was told as {ids} and is {there.get(number)}")
    wrong += [f"number {number} failed and is there" for number in untold if number in there]
    return wrong
