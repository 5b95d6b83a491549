"""From a mapped payload and what a store finds to a decision and its writes: steps 5 to 8.

`decide` is a generator: it yields the searches it needs and is sent the records found, so it
runs the same whether a store waits or awaits. It sees no store, no clock and no network.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from ..decision import (
    Action,
    ActivityPart,
    ContactAction,
    ContactPart,
    Decision,
    EntityPart,
    Note,
    Problem,
    RecordPart,
)
from ..language.nodes import Event
from ..late_dataclass import dataclass
from ..mapping.mapped import FieldMap, MappedPayload
from ..mapping.program import Program
from ..store import Deciding, Plan, Record, Search, Task, Write, id_order
from ..values.dates import utc_text
from .updates import Changes, changed_contact, changed_entity, created, held, without

_SHOWN_IDS: Final = 10


def decide(program: Program, mapped: MappedPayload, now: datetime) -> Deciding:
    """Decide on one mapped payload; the plan that is returned holds the decision."""
    deciding = _Deciding(program, mapped, now)
    if mapped.outcome is not None:
        return deciding.ended()
    contacts: Sequence[Record] = ()
    keys = mapped.keys
    if keys.contact:
        contacts = sorted((yield Search("contact", keys=keys.contact)), key=_by_id)
    used, notes = used_contacts(contacts, program)
    if used is None:
        return deciding.refused(contacts)
    own, apart = kept_apart(used, contacts, mapped, program.region)
    deciding = _Deciding(program, mapped, now, tuple(used), notes, own, apart)
    if program.find is None:
        return deciding.create("the channel creates without looking")
    if keys.entity:
        found = yield Search(program.type, keys=keys.entity)
    elif used:
        ids = tuple(record.id for record in used)
        found = yield Search(program.type, contacts=ids, statuses=program.statuses)
    else:
        found = ()
    records = picked(found, program)
    if records:
        return deciding.found(records)
    return deciding.missing(looked=bool(keys.entity or keys.contact))


def _by_id(record: Record) -> tuple[int, str]:
    return id_order(record.id)


def used_contacts(
    contacts: Sequence[Record], program: Program
) -> tuple[list[Record] | None, tuple[Note, ...]]:
    """The contacts that the policy for several uses, the primary first; None where it rejects."""
    if len(contacts) < 2:
        return list(contacts), ()
    ids = _listed([record.id for record in contacts])
    match program.many:
        case "reject":
            return None, ()
        case "newest":
            used, told = [contacts[-1]], f"the newest, {contacts[-1].id}, is used"
        case "oldest":
            used, told = [contacts[0]], f"the oldest, {contacts[0].id}, is used"
        case "link all":
            used, told = list(contacts), f"all are linked, {contacts[0].id} is the primary"
    message = f"contacts {ids} match the search keys: {told}"
    return used, (Note("N301", message),)


def kept_apart(
    used: Sequence[Record], found: Sequence[Record], mapped: MappedPayload, region: str | None
) -> tuple[FieldMap | None, tuple[Note, ...]]:
    """The contact's fields without the search keys that other contacts found have.

    They stay with those contacts, which the notes name: a contact that got one would be found in
    the place of the other from then on.
    """
    if len(found) < 2:
        return None, ()
    primary, searched = used[0], mapped.keys.contact
    to = f"contact {primary.id}"
    others = [each for each in found if each.id != primary.id]
    theirs = {key: each.id for each in reversed(others) for key in held(each, searched, region)}
    for key in held(primary, searched, region):
        theirs.pop(key, None)
    notes = tuple(
        Note("N302", f"{key.field} {key.value} stays with contact {id} and is not given to {to}")
        for key, id in sorted(theirs.items())
    )
    return without(mapped.contact_fields, frozenset(theirs)), notes


def picked(found: Sequence[Record], program: Program) -> list[Record]:
    """The records that count as found, those in the listed statuses first."""
    assert program.find is not None
    statuses = program.statuses
    records = sorted(found, key=_by_id)
    listed = [record for record in records if not statuses or record.status in statuses]
    others = [] if program.find.only else [each for each in records if each not in listed]
    match program.find.pick:
        case "all":
            return [*listed, *others]
        case "newest":
            return (listed or others)[-1:]
        case "oldest":
            return (listed or others)[:1]


def _listed(ids: Sequence[str]) -> str:
    shown = list(ids[:_SHOWN_IDS])
    more = len(ids) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


@dataclass(frozen=True, slots=True)
class _Deciding:
    """One payload being decided: ``contacts`` are those to be used, the primary first.

    ``own`` are the contact's fields that the primary may get, None where it may get all, and
    ``apart`` is said, where the decision writes, of what stays with other contacts.
    """

    program: Program
    mapped: MappedPayload
    now: datetime
    contacts: tuple[Record, ...] = ()
    notes: tuple[Note, ...] = ()
    own: FieldMap | None = None
    apart: tuple[Note, ...] = ()

    def ended(self) -> Plan:
        """The payload goes no further: it is ignored or rejected as it is."""
        mapped = self.mapped
        action: Action = "reject" if mapped.outcome == "reject" else "ignore"
        return Plan(self._decision(action, mapped.reason, problems=mapped.problems))

    def refused(self, contacts: Sequence[Record]) -> Plan:
        """Several contacts match, and the channel rejects that."""
        ids = _listed([record.id for record in contacts])
        reason = f"contacts {ids} match the search keys, and the channel rejects several"
        searched = self.mapped.keys.contact
        fields = tuple(dict.fromkeys(key.field for key in searched))
        problems = tuple(Problem(name, reason) for name in fields)
        return Plan(self._decision("reject", reason, problems=problems))

    def missing(self, *, looked: bool) -> Plan:
        """Nothing is found."""
        kind = self.program.type
        reason = f"no {kind} found" if looked else f"no {kind} found: there is nothing to find by"
        if self.program.create_missing:
            return self.create(reason)
        return Plan(self._decision("ignore", f"{reason}, and a missing one is not created"))

    def create(self, reason: str) -> Plan:
        """Create the entity, and the contact where none is found and any of its fields is set."""
        program, mapped = self.program, self.mapped
        contact, part = self._contact()
        made = created(mapped.entity_rows)
        task = self._task("create", mapped.responsible)
        write = Write(
            program.type,
            None,
            fields=made.fields,
            append=made.append,
            types=made.types,
            keys=made.keys,
            status=mapped.status,
            responsible=mapped.responsible,
            comment=mapped.comment,
            task=task,
        )
        entity = EntityPart(
            program.type,
            status=mapped.status,
            responsible=mapped.responsible,
            fields=made.shown,
            types=made.types,
        )
        decision = self._decision("create", reason, part, entity, task)
        return Plan(decision, contact, (write,), self._links())

    def found(self, records: Sequence[Record]) -> Plan:
        """Entities are found: they are ignored or updated."""
        reason = self._why(records)
        if self.program.found is not None and self.program.found.ignore:
            return Plan(self._decision("ignore", f"{reason}, and what is found is left as it is"))
        known = any(record.contacts for record in records)
        contact, part = self._contact(known=known)
        writes: list[Write] = []
        shown: list[tuple[Record, Changes, str | None]] = []
        for record in records:
            changes = self._changes(record)
            status = self._new_status(record)
            writes.append(
                Write(
                    self.program.type,
                    record.id,
                    fields=changes.fields,
                    append=changes.append,
                    types=changes.types,
                    keys=changes.keys,
                    status=status,
                    comment=self.mapped.comment,
                    task=self._task("update", record.responsible),
                )
            )
            shown.append((record, changes, status))
        decision = self._decision("update", reason, part, self._updated(shown), writes[0].task)
        return Plan(decision, contact, tuple(writes), self._links())

    def _changes(self, record: Record) -> Changes:
        if not self.program.update_fields:
            return Changes()
        return changed_entity(record, self.mapped.entity_fields, self.program.region)

    def _new_status(self, record: Record) -> str | None:
        """The status to write; a record outside of the listed statuses keeps its own."""
        status, listed = self.mapped.status, self.program.statuses
        if not self.program.update_status or status == record.status:
            return None
        return status if not listed or record.status in listed else None

    def _updated(self, shown: Sequence[tuple[Record, Changes, str | None]]) -> EntityPart:
        ids = tuple(record.id for record, _, _ in shown)
        if len(shown) == 1:
            _, changes, status = shown[0]
            return EntityPart(self.program.type, ids, status, None, changes.shown, changes.types)
        records = tuple(
            RecordPart(record.id, status, changes.shown) for record, changes, status in shown
        )
        return EntityPart(self.program.type, ids, fields=None, records=records)

    def _contact(self, *, known: bool = False) -> tuple[Write | None, ContactPart]:
        """What happens to the contact of a decision that writes.

        Where the entity's contact is ``known`` and the payload has nothing to tell contacts
        apart by, none is created: every delivery would make one more.
        """
        mapped = self.mapped
        if not self.contacts:
            made = created(mapped.contact_rows)
            if not made.shown or (known and not mapped.keys.contact):
                return None, ContactPart("none")
            write = Write(
                "contact",
                None,
                fields=made.fields,
                append=made.append,
                types=made.types,
                keys=made.keys,
                responsible=mapped.responsible,
            )
            return write, ContactPart("create", (), made.shown, made.types)
        primary = self.contacts[0]
        changes = changed_contact(
            primary,
            mapped.contact_fields if self.own is None else self.own,
            self.program.region,
            update=mapped.contact_update,
        )
        ids = tuple(record.id for record in self.contacts)
        if not changes.shown:
            return None, ContactPart("keep", ids)
        write = Write(
            "contact",
            primary.id,
            fields=changes.fields,
            append=changes.append,
            types=changes.types,
            keys=changes.keys,
        )
        action: ContactAction = "update" if changes.fields else "complete"
        return write, ContactPart(action, ids, changes.shown, changes.types)

    def _links(self) -> tuple[str, ...]:
        return tuple(record.id for record in self.contacts)

    def _left_out(self, action: Action) -> tuple[Note, ...]:
        """What is to be said of an activity that this decision would make, had it a subject."""
        activity = self.mapped.activity
        if activity is None or activity.note is None or action not in activity.events:
            return ()
        return (activity.note,)

    def _task(self, event: Event, responsible: str | None) -> Task | None:
        activity = self.mapped.activity
        if activity is None or activity.subject is None or event not in activity.events:
            return None
        due = utc_text(_later(self.now, activity.within))
        return Task(activity.subject, due, responsible)

    def _why(self, records: Sequence[Record]) -> str:
        """Which records are found, and by what."""
        kind = self.program.type
        ids = _listed([record.id for record in records])
        what = f"{kind} {ids}" if len(records) == 1 else f"{kind}s {ids}"
        searched = self.mapped.keys.entity
        if searched:
            region = self.program.region
            theirs = {key for record in records for key in held(record, searched, region)}
            by = [f"{key.field} {key.value}" for key in searched if key in theirs]
            return f"{what} found by {', '.join(by)}" if by else f"{what} found"
        contacts = _listed([record.id for record in self.contacts])
        several = "contacts" if len(self.contacts) > 1 else "contact"
        listed = self.program.statuses
        where = f" in status {' or '.join(listed)}" if listed else ""
        return f"{what} of {several} {contacts} found{where}"

    def _decision(
        self,
        action: Action,
        reason: str,
        contact: ContactPart | None = None,
        entity: EntityPart | None = None,
        task: Task | None = None,
        problems: tuple[Problem, ...] = (),
    ) -> Decision:
        mapped = self.mapped
        written = action in ("create", "update")
        return Decision(
            channel=self.program.address,
            action=action,
            reason=reason,
            rules=self.program.rules,
            edition=self.program.edition,
            contact=contact,
            entity=entity,
            comment=mapped.comment if written else None,
            activity=None
            if task is None
            else ActivityPart(task.subject, task.due, task.responsible),
            problems=problems,
            warnings=(
                *mapped.warnings,
                *self.notes,
                *(self.apart if written else ()),
                *self._left_out(action),
            ),
        )


def _later(now: datetime, minutes: int) -> datetime:
    """A moment some minutes later, at most the last one that a date can name."""
    try:
        return now + timedelta(minutes=minutes)
    except OverflowError:
        return datetime.max.replace(tzinfo=now.tzinfo, microsecond=0) - timedelta(days=1)
