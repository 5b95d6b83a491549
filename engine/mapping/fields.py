"""From one assignment to the values of a field, as they are stored and searched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..late_dataclass import dataclass
from ..store import Key
from ..values.emails import parse_email
from ..values.phones import phone_text, split_phones
from ..values.value import ABSENT, Json, Value, has_value, to_text, trim
from .mapped import FieldRule, FieldValue, Kind, MappedField, key_texts, plain_field
from .scope import Notes


def mapped_field(rule: FieldRule, value: Value, region: str | None, notes: Notes) -> MappedField:
    """The field of an assignment whose value is taken."""
    if rule.kind is None and not rule.multi:
        return plain_field(rule, value)
    values = field_values(rule, value, region, notes)
    return MappedField(
        rule.name,
        values,
        rule.flags,
        tuple(dict.fromkeys(key for each in values for key in each.keys)) if rule.searched else (),
        (rule.origin,),
        rule.kind,
    )


def field_values(
    rule: FieldRule, value: Value, region: str | None, notes: Notes
) -> tuple[FieldValue, ...]:
    """The values of a field as they are stored, with their search keys; equal ones once."""
    # A declared param or a filter of the kind tells itself of what it cannot read.
    noting = _Noting(notes, rule.path, rule.told)
    return tuple(
        FieldValue(each, tuple(Key(rule.name, key) for key in keys), rule.type, rule.flags)
        for each, keys in _stored(value, rule, region, noting)
    )


@dataclass(frozen=True, slots=True)
class _Noting:
    """Notes about one field's value."""

    notes: Notes
    path: str
    told: bool

    def __call__(self, code: str, message: str) -> None:
        if not self.told:
            self.notes.add(code, message, self.path)


Stored: TypeAlias = tuple[Json, tuple[str, ...]]


def _stored(value: Value, rule: FieldRule, region: str | None, note: _Noting) -> Iterator[Stored]:
    """Each value as it is stored, with its search keys; equal ones of a field once."""
    if value is ABSENT or not has_value(value):
        return
    if not rule.multi:
        yield _single(value, rule.kind, region, note)
        return
    seen: set[str] = set()
    for element in value if isinstance(value, list) else [value]:
        if not has_value(element):
            continue
        for stored, keys in _several(element, rule.kind, region, note):
            identity = keys[0] if keys else f" {stored}"
            if identity not in seen:
                seen.add(identity)
                yield stored, keys


def _several(value: Json, kind: Kind | None, region: str | None, note: _Noting) -> Iterator[Stored]:
    """The values that one text for a multi-value field holds."""
    if kind == "phone":
        phones = split_phones(phone_text(value), region)
        if phones is not None:
            for phone in phones:
                yield phone.text, (phone.key,)
            return
    stored, keys = _single(value, kind, region, note)
    yield trim(to_text(stored)), keys


def _single(value: Json, kind: Kind | None, region: str | None, note: _Noting) -> Stored:
    """One value for a field that takes one: a phone or e-mail is normalised where it is one."""
    if kind == "phone":
        phones = split_phones(phone_text(value), region)
        if phones is not None:
            return ", ".join(phone.text for phone in phones), tuple(each.key for each in phones)
        note("N201", f"{_shown(value)} is no phone number and is stored as sent")
        return value, ()
    if kind == "email":
        email = parse_email(to_text(value))
        if email is not None:
            return email.text, (email.key,)
        note("N202", f"{_shown(value)} is no e-mail address and is stored as sent")
        return value, ()
    return value, tuple(key_texts(value))


def _shown(value: Json) -> str:
    text = to_text(value)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
