"""What a channel makes of a payload before any store is asked: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from ..decision import Note, Origin, Problem
from ..language.nodes import Event, FlagName
from ..store import Key
from ..values.keys import is_multi
from ..values.value import Json

Target: TypeAlias = Literal["contact", "lead", "deal"]
Kind: TypeAlias = Literal["phone", "email"]

DEFAULT_VALUE_TYPE: Final = "WORK"
"""The value type of a multi-value field's value where the rule names none."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of a field as it is stored, with its search keys, value type and flags."""

    value: Json
    keys: tuple[Key, ...] = ()
    type: str = DEFAULT_VALUE_TYPE
    flags: frozenset[FlagName] = frozenset()

    @property
    def identity(self) -> str:
        """What makes two values of a multi-value field the same: its key, or its text."""
        return self.keys[0].value if self.keys else f" {self.value}"


@dataclass(frozen=True, slots=True)
class MappedField:
    """What a channel maps to one field.

    ``values`` is empty where there is no value; a multi-value field has any number of them,
    every other field at most one. ``searched`` are the keys that the record is looked for by.
    ``kind`` says whether the field is normalised as a phone or an e-mail.
    """

    name: str
    values: tuple[FieldValue, ...]
    flags: frozenset[FlagName]
    searched: tuple[Key, ...]
    origins: tuple[Origin, ...]
    kind: Kind | None = None

    @property
    def multi(self) -> bool:
        """Whether the field holds any number of values."""
        return is_multi(self.name)

    @property
    def value(self) -> Json:
        """The field's value: a list for a multi-value field, None where there is none."""
        if self.multi:
            return [each.value for each in self.values]
        return self.values[0].value if self.values else None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The search keys of all its values, whether this channel searches by them or not."""
        return tuple(dict.fromkeys(key for each in self.values for key in each.keys))

    def with_more(self, other: MappedField) -> MappedField:
        """A multi-value field with the values of a later assignment, equal ones once."""
        known = {each.identity for each in self.values}
        more = tuple(each for each in other.values if each.identity not in known)
        return MappedField(
            self.name,
            (*self.values, *more),
            self.flags | other.flags,
            tuple(dict.fromkeys((*self.searched, *other.searched))),
            (*self.origins, *other.origins),
            self.kind,
        )


FieldMap: TypeAlias = Mapping[str, MappedField]


@dataclass(frozen=True, slots=True)
class Keys:
    """What a store is searched for: any of the contact's keys, any of the entity's."""

    contact: tuple[Key, ...] = ()
    entity: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedActivity:
    """The to-do that a decision makes: due ``within`` minutes, on some of its events.

    Without a ``subject`` none is made, and ``note`` says so.
    """

    subject: str | None
    within: int
    events: tuple[Event, ...]
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class MappedPayload:
    """What a channel makes of one payload without looking into a store.

    ``outcome`` is set where the payload goes no further, with its ``reason`` and, for a reject,
    the ``problems``. `contact` and `entity` give the value of every field that has one.
    """

    outcome: Literal["ignore", "reject"] | None = None
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    contact_fields: FieldMap = field(default_factory=dict)
    entity_fields: FieldMap = field(default_factory=dict)
    contact_update: bool = False
    status: str | None = None
    responsible: str | None = None
    comment: str | None = None
    activity: MappedActivity | None = None
    warnings: tuple[Note, ...] = ()

    @property
    def contact(self) -> dict[str, Json]:
        """The contact's fields that have a value."""
        return {name: each.value for name, each in self.contact_fields.items() if each.values}

    @property
    def entity(self) -> dict[str, Json]:
        """The lead's or deal's fields that have a value."""
        return {name: each.value for name, each in self.entity_fields.items() if each.values}

    @property
    def keys(self) -> Keys:
        """The search keys that have a value."""
        return Keys(_searched(self.contact_fields), _searched(self.entity_fields))

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where each field's value comes from."""
        fields = (*self.contact_fields.values(), *self.entity_fields.values())
        return tuple(origin for each in fields if each.values for origin in each.origins)


def _searched(fields: FieldMap) -> tuple[Key, ...]:
    return tuple(dict.fromkeys(key for each in fields.values() for key in each.searched))
