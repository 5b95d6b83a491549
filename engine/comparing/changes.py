"""What differs between two decisions on one payload: small functions in a visible tuple.

Where the action differs, that is all there is to say: an update writes other fields than a
create, and what is ignored writes none. The hash of the rule file is no part of a decision here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

from ..decision import ContactPart, Decision, EntityPart
from ..values.value import Json, write_json

Kind: TypeAlias = Literal[
    "action",
    "reason",
    "problem",
    "contact",
    "link",
    "type",
    "record",
    "status",
    "responsible",
    "field",
    "value type",
    "comment",
    "activity",
    "warning",
]
How: TypeAlias = Literal["changed", "new", "gone"]
KeyT = TypeVar("KeyT")
OneT = TypeVar("OneT")

TRANSITIONS: Final[frozenset[Kind]] = frozenset(("action", "contact", "type"))
"""Kinds of few values, which are told apart by what becomes what."""

NOTHING: Final = "nothing"
"""What stands for the action where the other version makes more decisions of a payload."""

# The reason of a verdict that has none of its own names the place of its rule, which is no part
# of what is decided.
_UNSAID: Final = re.compile(r"line [0-9]+: (?:ignore|reject)\b")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    ``target`` is the contact, lead or deal that a field belongs to, ``name`` the field, the code
    of a warning or the path of a problem. ``how`` says whether it is in both versions, only in
    the new one, or only in the old one, whose value is None then.
    """

    kind: Kind
    how: How
    old: Json
    new: Json
    target: str | None = None
    name: str | None = None


def changes(old: Decision | None, new: Decision | None) -> tuple[Change, ...]:
    """Everything that differs; None stands for a decision that one version does not make."""
    before, after = _action(old), _action(new)
    if old is None or new is None or before != after:
        return (Change("action", "changed", before, after),)
    return tuple(change for compare in COMPARISONS for change in compare(old, new))


def _action(decision: Decision | None) -> str:
    return NOTHING if decision is None else decision.action


def _reason(old: Decision, new: Decision) -> Iterator[Change]:
    unsaid = _UNSAID.match(old.reason) and _UNSAID.match(new.reason)
    # A reject's reason is its problems, which are told one by one.
    if not unsaid and old.action != "reject":
        yield from _value("reason", old.reason, new.reason)


def _problems(old: Decision, new: Decision) -> Iterator[Change]:
    before, after = (
        {
            (each.path, "" if _UNSAID.match(each.message) else each.message): each
            for each in decision.problems
        }
        for decision in (old, new)
    )
    for each in _without(before, after):
        yield Change("problem", "gone", each.message, None, None, each.path)
    for each in _without(after, before):
        yield Change("problem", "new", None, each.message, None, each.path)


def _contact(old: Decision, new: Decision) -> Iterator[Change]:
    before, after = _contact_of(old), _contact_of(new)
    if before.action != after.action:
        yield Change("contact", "changed", before.action, after.action)
    yield from _value("link", list(before.ids) or None, list(after.ids) or None)
    if "create" in (before.action, after.action) and before.action != after.action:
        return  # a created contact gets all of its fields, a found one what it lacks
    yield from _fields("contact", before.fields, after.fields)
    yield from _types("contact", before, after)


def _entity(old: Decision, new: Decision) -> Iterator[Change]:
    before, after = old.entity, new.entity
    if before is None or after is None:
        return
    if before.type != after.type:
        yield Change("type", "changed", before.type, after.type)
        return
    kind = after.type
    yield from _value("record", list(before.ids) or None, list(after.ids) or None, kind)
    yield from _value("responsible", before.responsible, after.responsible, kind)
    held, given = _by_record(before), _by_record(after)
    told: set[tuple[Kind, How, str | None]] = set()
    for id in [id for id in held if id in given]:
        (status, fields), (new_status, new_fields) = held[id], given[id]
        for change in (
            *_value("status", status, new_status, kind),
            *_fields(kind, fields, new_fields),
        ):
            # One payload counts once, however many records it finds.
            what = (change.kind, change.how, change.name)
            if what not in told:
                told.add(what)
                yield change
    yield from _types(kind, before, after)


def _around(old: Decision, new: Decision) -> Iterator[Change]:
    kind = None if new.entity is None else new.entity.type
    yield from _value("comment", old.comment, new.comment, kind)
    before, after = old.activity, new.activity
    yield from _value(
        "activity",
        None if before is None else before.to_dict(),
        None if after is None else after.to_dict(),
        kind,
    )


def _warnings(old: Decision, new: Decision) -> Iterator[Change]:
    before, after = (
        {(note.code, note.path): note for note in decision.warnings} for decision in (old, new)
    )
    for each in _without(before, after):
        yield Change("warning", "gone", each.message, None, None, each.code)
    for each in _without(after, before):
        yield Change("warning", "new", None, each.message, None, each.code)


Comparison: TypeAlias = Callable[[Decision, Decision], Iterator[Change]]

COMPARISONS: Final[tuple[Comparison, ...]] = (
    _reason,
    _problems,
    _contact,
    _entity,
    _around,
    _warnings,
)
"""What two decisions of the same action are compared by, in the order in which it is told."""


def _value(kind: Kind, old: Json, new: Json, target: str | None = None) -> Iterator[Change]:
    if not _identical(old, new):
        how: How = "new" if old is None else "gone" if new is None else "changed"
        yield Change(kind, how, old, new, target)


def _fields(target: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        # A field that an update empties is written with null: in both, the keys tell.
        if (name in old) != (name in new):
            how: How = "gone" if name in old else "new"
        elif not _identical(before, after):
            how = "changed"
        else:
            continue
        yield Change("field", how, before, after, target, name)


def _types(
    target: str, old: ContactPart | EntityPart, new: ContactPart | EntityPart
) -> Iterator[Change]:
    for name, types in new.types.items():
        before: Json = list(old.types.get(name, types))
        after: Json = list(types)
        if len(old.types.get(name, types)) == len(types) and before != after:
            yield Change("value type", "changed", before, after, target, name)


def _contact_of(decision: Decision) -> ContactPart:
    return decision.contact or ContactPart("none")


def _by_record(entity: EntityPart) -> dict[str, tuple[str | None, Mapping[str, Json]]]:
    """The status and the fields of each record; under no id those of one that is created."""
    if entity.records is None:
        id = entity.ids[0] if len(entity.ids) == 1 else ""
        return {id: (entity.status, entity.fields or {})}
    return {each.id: (each.status, each.fields) for each in entity.records}


def _without(several: Mapping[KeyT, OneT], others: Mapping[KeyT, OneT]) -> list[OneT]:
    return [each for key, each in several.items() if key not in others]


def _identical(old: Json, new: Json) -> bool:
    """Whether two values are the same to the digit: a number is not the text of it."""
    return write_json(old) == write_json(new)
