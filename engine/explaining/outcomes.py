"""What became of each assignment: what is written and why, what is left out and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from ..deciding.updates import held
from ..language.nodes import Assign, Fields, Node, Template, When
from ..mapping.events import Assigned
from ..mapping.mapped import MappedPayload
from ..store import Key, Plan, Record, Write, id_order
from ..values.value import Json
from .explanation import MappedFieldTold, Outcome, Told
from .masking import personal
from .reading import Reader
from .wording import no_value_words, said

Found: TypeAlias = Mapping[tuple[str, str], Record]
"""The records that searches found, by type and id."""


@dataclass(frozen=True)
class FieldTelling:
    """Tells the fields of one decision: the mapping against the plan and the records found."""

    reader: Reader
    mapped: MappedPayload
    plan: Plan
    found: Found

    def fields(self) -> Iterator[MappedFieldTold]:
        """Every assignment, those of branches that were not taken too, in order of writing."""
        if self.mapped.outcome is not None and not self.reader.seen.assignments:
            return
        program = self.reader.program
        for statements, above in ((program.before, True), (program.after, False)):
            yield from self._of(statements, above, None, "")

    def _of(
        self, statements: Sequence[Node], above: bool, block: Fields | None, untaken: str
    ) -> Iterator[MappedFieldTold]:
        for each in statements:
            match each:
                case When():
                    yield from self._branches(each, above, block, untaken)
                case Fields(items=items):
                    yield from self._of(items, above, each, untaken)
                case Assign() if block is not None:
                    yield self._assignment(each, above, block, untaken)

    def _branches(
        self, node: When[Node], above: bool, block: Fields | None, untaken: str
    ) -> Iterator[MappedFieldTold]:
        taken: int | None = None
        for branch in node.branches:
            line = self.reader.line(branch)
            why = untaken
            if not untaken and taken is not None:
                why = f"the `when` of line {taken} holds, so this branch is not taken"
            elif not untaken and branch.condition is not None:
                if self.reader.seen.holds(branch.condition):
                    taken = self.reader.line(branch.condition)
                else:
                    why = f"the `when` of line {line} does not hold"
            yield from self._of(branch.items, above, block, why)

    def _assignment(
        self, node: Assign, above: bool, block: Fields, untaken: str
    ) -> MappedFieldTold:
        given = self.reader.seen.assigned(node)
        result = Told("absent", None)
        outcomes: tuple[Outcome, ...] = ()
        why: str | None = untaken or "it was not reached"
        if given is not None:
            result = self._result(given)
            outcomes, why = tuple(self._outcomes(given, result)), None
        return MappedFieldTold(
            block.target,
            node.field.name,
            node.field.type,
            self.reader.line(node),
            self.reader.written(node.value),
            tuple(flag.name for flag in node.flags),
            self.reader.params(node.value, above=above),
            result,
            outcomes,
            why,
        )

    def _result(self, given: Assigned) -> Told:
        field = given.field
        if not field.values:
            return Told("absent", None)
        values = [self._value(given, each.value) for each in field.values]
        return Told("value", values if field.multi else values[0])

    def _value(self, given: Assigned, value: Json) -> Json:
        node, place = given.assign.value, personal(given.target, given.field.name, given.field.kind)
        if isinstance(node, Template) and place not in ("phone", "email"):
            shared = self.reader.filled(node, value)
            if shared != value and isinstance(shared, str):
                return shared
        return self.reader.json(value, place)

    # Outcomes

    def _outcomes(self, given: Assigned, result: Told) -> Iterator[Outcome]:
        replaced = self._replaced(given)
        if replaced is not None:
            yield _left(None, replaced)
        elif not self.plan.decision.writes:
            yield _left(None, f"nothing is written: the decision is {self.plan.decision.action}")
        elif given.target == "contact":
            yield self._contact(given, result)
        else:
            for write in self.plan.entities:
                yield self._entity(given, result, write)

    def _replaced(self, given: Assigned) -> str | None:
        if given.field.multi or given.target not in ("contact", self.reader.program.type):
            return None
        last = self._last[given.target, given.field.name]
        return None if last is given.assign else f"line {self.reader.line(last)} replaces it"

    @cached_property
    def _last(self) -> dict[tuple[str, str], Assign]:
        """The assignment that counts of each field that takes one value."""
        reached = self.reader.seen.assignments
        return {(each.target, each.field.name): each.assign for each in reached}

    def _contact(self, given: Assigned, result: Told) -> Outcome:
        write, part = self.plan.contact, self.plan.decision.contact
        assert part is not None
        if part.action == "none":
            if any(each.values for each in self.mapped.contact_fields.values()):
                kind = self.reader.program.type
                return _left(None, f"the {kind} has a contact, and there is no key to tell by")
            return _left(None, "no contact is created: none of its fields has a value")
        if part.action == "create":
            return self._new(given, result)
        record = self.found["contact", part.ids[0]]
        if not given.field.multi and not self.mapped.contact_update:
            why = "the contact is found, and only `contact update` writes into one"
            return _left(record.id, why, self._stored(given, record))
        outcome = self._changed(given, result, write, record)
        keys = [key for value in given.field.values for key in value.keys]
        owner = next((self._apart[key] for key in keys if key in self._apart), None)
        if outcome.writes or owner is None:
            return outcome
        return replace(outcome, why=f"contact {owner} has it, and a search key stays where it is")

    @cached_property
    def _apart(self) -> Mapping[Key, str]:
        """The search keys that stay with other contacts than the primary, with their ids (N302)."""
        part = self.plan.decision.contact
        if part is None or not part.ids:
            return {}
        region, searched = self.reader.program.region, self.mapped.keys.contact
        contacts = sorted(
            (record for (type, _), record in self.found.items() if type == "contact"),
            key=lambda each: id_order(each.id),
            reverse=True,
        )
        owners = {key: each.id for each in contacts for key in held(each, searched, region)}
        own = held(self.found["contact", part.ids[0]], searched, region)
        return {key: id for key, id in owners.items() if key not in own}

    def _entity(self, given: Assigned, result: Told, write: Write) -> Outcome:
        if write.id is None:
            return self._new(given, result)
        record = self.found[write.type, write.id]
        if not self.reader.program.update_fields:
            why = "`on found update` does not list `fields`"
            return _left(record.id, why, self._stored(given, record))
        return self._changed(given, result, write, record)

    def _new(self, given: Assigned, result: Told) -> Outcome:
        if not given.field.values:
            return _left(None, self._no_value(given))
        return Outcome(None, True, "a new record gets it", result.value, Told("absent", None))

    def _changed(
        self, given: Assigned, result: Told, write: Write | None, record: Record
    ) -> Outcome:
        """What a found record gets of a field: the plan says whether, the flags say why."""
        name, field = given.field.name, given.field
        stored = self._stored(given, record)
        if field.multi:
            return self._appended(given, write, record)
        if write is not None and name in write.fields:
            if write.fields[name] is None:
                return Outcome(record.id, True, "no value, and `clear` empties it", None, stored)
            why = "it differs from what is stored" if stored.given else "the field is empty"
            return Outcome(record.id, True, why, result.value, stored)
        return _left(record.id, self._unchanged(given, stored), stored)

    def _unchanged(self, given: Assigned, stored: Told) -> str:
        field = given.field
        if "once" in field.flags:
            return "`once` writes it at creation only"
        if not field.values:
            why = self._no_value(given)
            if "clear" in field.flags:
                return f"{why}, and there is nothing to `clear`"
            return f"{why}, and no value never overwrites one" if stored.given else why
        if "fill" in field.flags and stored.given:
            return f"`fill` writes into an empty field only, this one holds {said(stored)}"
        return "equal to what is stored"

    def _appended(self, given: Assigned, write: Write | None, record: Record) -> Outcome:
        field, stored = given.field, self._stored(given, record)
        added = () if write is None else write.append.get(field.name, ())
        mine = [each.value for each in field.values if str(each.value) in added]
        if mine:
            values = [self._value(given, value) for value in mine]
            return Outcome(record.id, True, "the record does not have it yet", values, stored)
        if not field.values:
            return _left(record.id, self._no_value(given), stored)
        if "once" in field.flags:
            return _left(record.id, "`once` writes it at creation only", stored)
        if "fill" in field.flags and stored.given:
            why = f"`fill` writes into an empty field only, this one holds {said(stored)}"
            return _left(record.id, why, stored)
        return _left(record.id, "the record has it already", stored)

    def _no_value(self, given: Assigned) -> str:
        """Why a field has no value."""
        words = no_value_words(self.reader.params(given.assign.value))
        return f"no value: {words}" if words else "no value"

    def _stored(self, given: Assigned, record: Record) -> Told:
        name = given.field.name
        if name not in record.fields:
            return Told("absent", None)
        place = personal(record.type, name, given.field.kind)
        return self.reader.told(record.fields[name], place)


def _left(record: str | None, why: str, stored: Told | None = None) -> Outcome:
    return Outcome(record, False, why, None, stored or Told("absent", None))
