"""The records of a store that payloads can reach, copied: what deliveries are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..mapping.mapped import MappedPayload
from ..mapping.program import Program
from ..store import Found, Record, Search


def reachable(
    program: Program, mapped: Iterable[MappedPayload], search: Callable[[Search], Found]
) -> tuple[Record, ...]:
    """The records that the search keys of payloads find, and the entities of found contacts.

    That is all that deciding on these payloads, in any order and any number of times, can find
    in the store. A linked contact that no key finds is an empty record. The store is only read.
    """
    held: dict[tuple[str, str], Record] = {}
    asked: set[Search] = set()

    def ask(question: Search) -> None:
        if question not in asked:
            asked.add(question)
            held.update(((each.type, each.id), each) for each in search(question))

    for each in mapped:
        if each.outcome is None:
            if each.keys.contact:
                ask(Search("contact", keys=each.keys.contact))
            if each.keys.entity:
                ask(Search(program.type, keys=each.keys.entity))
    if program.find is not None:
        for kind, id in list(held):
            if kind == "contact":
                ask(Search(program.type, contacts=(id,), statuses=program.statuses))
    for record in list(held.values()):
        for id in record.contacts:
            held.setdefault(("contact", id), Record("contact", id, {}))
    return tuple(held.values())
