"""A person in a store: the contacts of a phone or an e-mail, and the records about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..adapters.erasing import Erasing
from ..adapters.records import Stored
from ..late_dataclass import dataclass, replace
from ..store import Key
from ..values.emails import parse_email
from ..values.keys import EMAIL, PHONE, is_email_field, is_multi, is_phone_field, keys_of
from ..values.phones import parse_phone
from ..values.value import Json, to_text
from .traces import Traces

NAMES: Final = frozenset(
    ("NAME", "FIRST_NAME", "LAST_NAME", "SECOND_NAME", "MIDDLE_NAME", "FULL_NAME")
)
"""The fields that hold a person's name, in capitals."""


@dataclass(frozen=True, slots=True)
class People:
    """The contacts that are erased, and the leads and deals that are linked to them or found.

    ``keys`` are their phones and e-mails, the one asked for first.
    """

    contacts: tuple[Stored, ...]
    records: tuple[Stored, ...]
    keys: tuple[Key, ...]
    traces: Traces

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the contacts."""
        return frozenset(each.record.id for each in self.contacts)

    def same(self, other: People) -> bool:
        """Whether both are the same records with the same phones and e-mails."""
        return (self.ids, self.keys) == (other.ids, other.keys) and {
            (each.record.type, each.record.id) for each in self.records
        } == {(each.record.type, each.record.id) for each in other.records}


def phone_key(text: str, region: str | None) -> Key | None:
    """The search key of a phone; None for what is none."""
    phone = parse_phone(text, region)
    return None if phone is None else Key(PHONE, phone.key)


def email_key(text: str) -> Key | None:
    """The search key of an e-mail address; None for what is none."""
    email = parse_email(text)
    return None if email is None else Key(EMAIL, email.key)


def people_of(store: Erasing, key: Key) -> People:
    """Who is found by a phone or an e-mail, now."""
    found = store.holders([key.value])
    contacts = tuple(
        each
        for each in found
        if each.record.type == "contact"
        and any(_kind(one.field) == key.field and one.value == key.value for one in each.keys)
    )
    own = [each for each in found if each.record.type != "contact"]
    linked = store.linked([each.record.id for each in contacts]) if contacts else ()
    records = {(each.record.type, each.record.id): each for each in (*own, *linked)}
    known = {key: None}
    for each in contacts:
        for one in sorted(each.keys):
            if (kind := _kind(one.field)) is not None:
                known[Key(kind, one.value)] = None
    return People(contacts, tuple(records.values()), tuple(known), _traces(known, contacts, own))


def without(stored: Stored, people: People) -> tuple[Stored, tuple[str, ...]]:
    """A lead or deal without a person, and the fields that were emptied or lost values."""
    record, traces = stored.record, people.traces
    fields: dict[str, Json] = dict(record.fields)
    types: dict[str, Any] = dict(record.types)
    keys = set(stored.keys)
    changed = []
    for name, value in record.fields.items():
        if not traces.in_value(value):
            continue
        changed.append(name)
        several = value if is_multi(name) and isinstance(value, list) else [value]
        kept = [at for at, each in enumerate(several) if not traces.in_value(each)]
        if kept:
            held = types.get(name, ())
            fields[name] = [several[at] for at in kept]
            types[name] = tuple(held[at] for at in kept if at < len(held))
            gone = [each for at, each in enumerate(several) if at not in kept]
            keys -= {key for key in keys if key.field == name and traces.in_value(key.value)}
            keys.difference_update(keys_of(name, gone))
        else:
            del fields[name]
            types.pop(name, None)
            keys = {key for key in keys if key.field != name}
    links = tuple(each for each in record.contacts if each not in people.ids)
    after = replace(record, fields=fields, types=types, contacts=links)
    return Stored(after, frozenset(keys)), tuple(changed)


def _traces(keys: Iterable[Key], contacts: Iterable[Stored], own: Iterable[Stored]) -> Traces:
    """What tells of a person: a lead that holds the phone itself holds the name, too."""
    contacts, named = tuple(contacts), (*contacts, *own)
    phones = [each.value for each in keys if each.field == PHONE]
    emails = [each.value for each in keys if each.field == EMAIL]
    for each in contacts:
        emails += [
            text
            for name, value in each.record.fields.items()
            if is_email_field(name)
            for text in _texts(value)
            if "@" in text
        ]
    names = [
        text
        for each in named
        for text in _texts([v for n, v in each.record.fields.items() if n.upper() in NAMES])
    ]
    return Traces(phones, emails, names)


def _texts(value: Json) -> list[str]:
    if isinstance(value, Mapping):
        return []
    several = value if isinstance(value, list) else [value]
    return [to_text(each).strip() for each in several if to_text(each).strip()]


def _kind(field: str) -> str | None:
    if is_phone_field(field):
        return PHONE
    return EMAIL if is_email_field(field) else None
