"""What a store was asked for, what it found, and why one of the found was chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..deciding.decide import picked, used_contacts
from ..language.nodes import Assign, OnFound, OnMissing
from ..mapping.events import Assigned
from ..mapping.mapped import MappedField, MappedPayload
from ..store import Key, Record, RecordType, Search, id_order
from ..values.keys import keys_of
from ..values.value import Json
from .explanation import AskedSearch, Candidate, SearchKey, Told
from .masking import personal
from .reading import Reader

Asked: TypeAlias = Sequence[tuple[Search, Sequence[Record]]]

_SHOWN: Final = 20
"""The most candidates of a search that are told one by one, beside those that are chosen."""


@dataclass(frozen=True)
class SearchTelling:
    """Tells the searches of one decision; ``asked`` are the questions and their answers."""

    reader: Reader
    mapped: MappedPayload
    asked: Asked

    def searches(self) -> Iterator[AskedSearch]:
        """The search for the contact, then the one for the lead or deal."""
        if self.mapped.outcome is not None:
            return
        program = self.reader.program
        contacts = self._answer("contact")
        yield self._contact(contacts)
        used, _ = used_contacts(contacts or (), program)
        if used is not None:
            yield self._entity(used)

    def _answer(self, type: RecordType) -> Sequence[Record] | None:
        found = next((records for search, records in self.asked if search.type == type), None)
        return None if found is None else sorted(found, key=lambda each: id_order(each.id))

    def _contact(self, found: Sequence[Record] | None) -> AskedSearch:
        keys = tuple(self._keys("contact"))
        if found is None:
            why = "no search key of the contact has a value" if keys else _no_key(self.mapped)
            return AskedSearch("contact", asked=False, why=why, keys=keys)
        used, _ = used_contacts(found, self.reader.program)
        chosen = None if used is None else {record.id for record in used}
        told = [
            self._candidate(each, chosen is not None and each.id in chosen, self._use(each, found))
            for each in found
        ]
        why = "no contact is found" if not found else _count(found, "contact")
        if used is None:
            why += ", and `many contacts reject` takes none of them"
        return AskedSearch("contact", asked=True, why=why, keys=keys, candidates=_few(told))

    def _use(self, record: Record, found: Sequence[Record]) -> str:
        """Why a contact is used, or not."""
        if len(found) == 1:
            return "the only one"
        primary = record is found[0]
        match self.reader.program.many:
            case "reject":
                return "several contacts are rejected"
            case "newest":
                return "the newest" if record is found[-1] else "an older one is not used"
            case "oldest":
                return "the oldest" if primary else "a newer one is not used"
            case "link all":
                return "linked; the lowest id is the primary" if primary else "linked"

    def _entity(self, used: Sequence[Record]) -> AskedSearch:
        program = self.reader.program
        kind = program.type
        keys = tuple(self._keys(kind))
        if program.find is None:
            why = f"the channel has no `find`: it creates a {kind} for every payload"
            return AskedSearch(kind, asked=False, why=why, keys=keys)
        found = self._answer(kind)
        if found is None:
            by = f"no search key of the {kind} has a value" if keys else f"no {kind} field is a key"
            why = f"{by}, and no contact is found whose {kind}s could be looked through"
            return AskedSearch(kind, asked=False, why=why, keys=keys)
        by_contact = not self.mapped.keys.entity
        taken = picked(found, program)
        ids = {record.id for record in taken}
        told = [
            self._candidate(each, each.id in ids, self._why(each, found, taken)) for each in found
        ]
        return AskedSearch(
            kind,
            asked=True,
            why=self._found(found, taken),
            keys=keys,
            contacts=tuple(record.id for record in used) if by_contact else (),
            statuses=program.statuses,
            candidates=_few(told),
        )

    def _found(self, found: Sequence[Record], taken: Sequence[Record]) -> str:
        program = self.reader.program
        if not found:
            return f"no {program.type} is found"
        if not taken:
            return (
                f"{_count(found, program.type)}, none in a listed status, as `find only` asks for"
            )
        return _count(found, program.type)

    def _why(self, record: Record, found: Sequence[Record], taken: Sequence[Record]) -> str:
        """Why a lead or deal is chosen, or not."""
        program = self.reader.program
        assert program.find is not None
        listed = not program.statuses or record.status in program.statuses
        among = [each for each in found if not program.statuses or each.status in program.statuses]
        where = " in a listed status" if program.statuses and listed else ""
        if any(record is each for each in taken):
            if program.find.pick == "all":
                return f"`find all` takes every one{'' if listed else ', its status is not listed'}"
            if not listed:
                none = "its status is not listed, but it is found by key and none that is listed is"
                return none if len(found) == 1 else f"the {program.find.pick}; {none}"
            only = len(among) == 1
            return f"the only one{where}" if only else f"the {program.find.pick}{where}"
        if not listed:
            if program.find.only:
                return "its status is not listed, and `find only` passes over it"
            return "its status is not listed, and one in a listed status goes first"
        other = "a newer one" if program.find.pick == "newest" else "an older one"
        return f"{other}{where} goes first"

    def _candidate(self, record: Record, chosen: bool, why: str) -> Candidate:
        keys, mapped = self.mapped.keys, self.mapped.entity_fields
        searched = keys.entity
        if record.type == "contact":
            searched, mapped = keys.contact, self.mapped.contact_fields
        return Candidate(
            record.id,
            record.status,
            chosen,
            why,
            tuple(self._matches(record, searched)),
            record.contacts,
            {
                name: self._stored(record, name, record.fields[name], mapped.get(name))
                for name in mapped
                if name in record.fields
            },
        )

    def _stored(self, record: Record, name: str, value: Json, mapped: MappedField | None) -> Json:
        kind = None if mapped is None else mapped.kind
        return self.reader.json(value, personal(record.type, name, kind))

    def _matches(self, record: Record, searched: Sequence[Key]) -> Iterator[str]:
        region = self.reader.program.region
        held = {
            key
            for name in {key.field for key in searched}
            for key in keys_of(name, record.fields.get(name), region)
        }
        for key in searched:
            if key in held:
                yield f"{key.field} {self.reader.key(key)}"

    def _keys(self, target: str) -> Iterator[SearchKey]:
        """Every assignment with a `search` flag that was reached, and what it is searched by."""
        fields = self.mapped.contact_fields if target == "contact" else self.mapped.entity_fields
        for each in self.reader.seen.assignments:
            if each.target != target or not each.assign.has("search"):
                continue
            line = self.reader.line(each.assign)
            last = fields[each.field.name]
            replaced = not last.multi and last.origins[0].line != line
            keys = () if replaced else each.field.searched
            yield SearchKey(
                each.field.name,
                line,
                self._sent(each),
                tuple(map(self.reader.key, keys)),
                f"line {last.origins[0].line} replaces it" if replaced else _keyless(each),
            )

    def _sent(self, given: Assigned) -> Told:
        """What was sent for a field: what its only param read, else the text it became."""
        params = self.reader.params(given.assign.value)
        if _is_alone(given.assign) and len(params) == 1:
            return params[0].sent
        field = given.field
        if not field.values:
            return Told("absent", None)
        value = field.values[0].value if len(field.values) == 1 else field.value
        return self.reader.told(value, personal(given.target, field.name, field.kind))


def statement_line(reader: Reader, kind: type[OnFound] | type[OnMissing]) -> int | None:
    """The line of `on found` or `on missing`, if the channel has one."""
    for each in (*reader.program.before, *reader.program.after):
        if isinstance(each, kind):
            return reader.line(each)
    return None


def _is_alone(assign: Assign) -> bool:
    return getattr(assign.value, "only", None) is not None


def _keyless(given: Assigned) -> str | None:
    """Why a field that is reached has no search key, None if it has one."""
    if given.field.searched:
        return None
    if not given.field.values:
        return "it has no value"
    match given.field.kind:
        case "phone":
            return "it is no phone number"
        case "email":
            return "it is no e-mail address"
        case None:
            return "it has nothing to search by"


def _no_key(mapped: MappedPayload) -> str:
    if not mapped.contact_fields:
        return "the channel maps no contact"
    return "no contact field has the flag `search`"


def _count(found: Sequence[Record], kind: str) -> str:
    return f"1 {kind} is found" if len(found) == 1 else f"{len(found)} {kind}s are found"


def _few(told: list[Candidate]) -> tuple[Candidate, ...]:
    """The chosen and the first of the others: a page names no thousand records."""
    others = [each for each in told if not each.chosen]
    shown = {id(each) for each in others[-_SHOWN:]}
    return tuple(each for each in told if each.chosen or id(each) in shown)
