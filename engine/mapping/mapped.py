"""What a channel makes of a payload before any store is asked: values."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, NamedTuple, TypeAlias

from ..decision import Note, Origin, Problem
from ..language.nodes import Event, FlagName
from ..late_dataclass import dataclass, field
from ..store import Key
from ..values.keys import is_multi
from ..values.value import ABSENT, Json, Value, has_value, key_text

Target: TypeAlias = Literal["contact", "lead", "deal"]
Kind: TypeAlias = Literal["phone", "email"]

DEFAULT_VALUE_TYPE: Final = "WORK"
"""The value type of a multi-value field's value where the rule names none."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One assignment: ``target`` and ``name`` say which field it fills.

    ``kind`` says whether values are normalised as phones or e-mails, and ``told`` that a declared
    param or a filter of that kind notes itself what it cannot read; ``path`` is what notes about
    the value name. ``type`` is the value type of a ``multi`` field's values; ``searched`` that
    the record is looked for by the field.
    """

    target: Target
    name: str
    multi: bool
    kind: Kind | None
    told: bool
    path: str
    type: str
    flags: frozenset[FlagName]
    searched: bool
    required: bool
    origin: Origin


class FieldValue(NamedTuple):
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


def plain_field(rule: FieldRule, value: Value) -> MappedField:
    """The field of a rule that takes one value as it is: neither phone nor e-mail."""
    values: tuple[FieldValue, ...] = ()
    if value is not ABSENT and has_value(value):
        keys = tuple(Key(rule.name, text) for text in key_texts(value))
        values = (FieldValue(value, keys, rule.type, rule.flags),)
    searched = values[0].keys if values and rule.searched else ()
    return MappedField(
        rule.name, values, rule.flags, tuple(dict.fromkeys(searched)), (rule.origin,), rule.kind
    )


def key_texts(value: Json) -> list[str]:
    """The texts that a value, or each element of a list, is searched by."""
    if not isinstance(value, list):
        text = key_text(value)
        return [] if text is None else [text]
    return [text for text in map(key_text, value) if text is not None]


FieldMap: TypeAlias = Mapping[str, MappedField]

Row: TypeAlias = "MappedField | tuple[FieldRule, Value] | Value"
"""A mapped field, or the value that `plain_field` makes one of: alone where one rule fills it."""

Rows: TypeAlias = Mapping[str, Row]
RulesByName: TypeAlias = Mapping[str, FieldRule]


@dataclass(frozen=True, slots=True)
class OnlyRules:
    """The rules of the fields that only one assignment fills, by field.

    ``contact_keys`` and ``entity_keys`` are the names of all fields that some assignment makes
    search keys.
    """

    contact: RulesByName = field(default_factory=dict)
    entity: RulesByName = field(default_factory=dict)
    contact_keys: frozenset[str] = frozenset()
    entity_keys: frozenset[str] = frozenset()


class Keys(NamedTuple):
    """What a store is searched for: any of the contact's keys, any of the entity's."""

    contact: tuple[Key, ...] = ()
    entity: tuple[Key, ...] = ()


NO_KEYS: Final = Keys()


@dataclass(frozen=True, slots=True)
class MappedActivity:
    """The to-do that a decision makes: due ``within`` minutes, on some of its events.

    Without a ``subject`` none is made, and ``note`` says so.
    """

    subject: str | None
    within: int
    events: tuple[Event, ...]
    note: Note | None = None


@dataclass(frozen=True)
class MappedPayload:
    """What a channel makes of one payload without looking into a store.

    ``outcome`` is set where the payload goes no further, with its ``reason`` and, for a reject,
    the ``problems``. `contact` and `entity` give the value of every field that has one, and
    ``keys`` are the search keys that have one.
    """

    outcome: Literal["ignore", "reject"] | None = None
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    contact_rows: Rows = field(default_factory=dict)
    entity_rows: Rows = field(default_factory=dict)
    contact_update: bool = False
    status: str | None = None
    responsible: str | None = None
    comment: str | None = None
    activity: MappedActivity | None = None
    warnings: tuple[Note, ...] = ()
    keys: Keys = NO_KEYS
    rules: OnlyRules = field(default=OnlyRules(), compare=False, repr=False)

    @cached_property
    def contact_fields(self) -> FieldMap:
        """The contact's fields, those without a value too."""
        return _fields(self.contact_rows, self.rules.contact)

    @cached_property
    def entity_fields(self) -> FieldMap:
        """The lead's or deal's fields, those without a value too."""
        return _fields(self.entity_rows, self.rules.entity)

    @property
    def contact(self) -> dict[str, Json]:
        """The contact's fields that have a value."""
        return _values(self.contact_rows)

    @property
    def entity(self) -> dict[str, Json]:
        """The lead's or deal's fields that have a value."""
        return _values(self.entity_rows)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Where each field's value comes from."""
        return tuple(
            origin
            for rows, rules in (
                (self.contact_rows, self.rules.contact),
                (self.entity_rows, self.rules.entity),
            )
            for name, row in rows.items()
            if _filled(row)
            for origin in _origins(name, row, rules)
        )


def keys_to_search(contact: Rows, entity: Rows, rules: OnlyRules) -> Keys:
    """The search keys that have a value."""
    return Keys(
        _searched(contact, rules.contact, rules.contact_keys),
        _searched(entity, rules.entity, rules.entity_keys),
    )


def field_of(name: str, row: Row, rules: RulesByName) -> MappedField:
    """The field that a row stands for; ``rules`` are those of fields that only one rule fills."""
    if isinstance(row, MappedField):
        return row
    return plain_field(*row) if isinstance(row, tuple) else plain_field(rules[name], row)


def _fields(rows: Rows, rules: RulesByName) -> FieldMap:
    return {name: field_of(name, row, rules) for name, row in rows.items()}


def _values(rows: Rows) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for name, row in rows.items():
        if row is None or row is ABSENT:
            continue
        # A text that begins with a letter or digit has a value: asking costs more than this.
        if type(row) is str and row[:1].isalnum():
            values[name] = row
        elif _filled(row):
            values[name] = _value(row)
    return values


def _filled(row: Row) -> bool:
    if type(row) is str:
        return row[:1].isalnum() or has_value(row)
    if isinstance(row, MappedField):
        return bool(row.values)
    return has_value(row[1] if isinstance(row, tuple) else row)


def _origins(name: str, row: Row, rules: RulesByName) -> tuple[Origin, ...]:
    if isinstance(row, MappedField):
        return row.origins
    return ((row[0] if isinstance(row, tuple) else rules[name]).origin,)


def _value(row: Row) -> Json:
    value = row.value if isinstance(row, MappedField) else row
    value = value[1] if isinstance(value, tuple) else value
    assert value is not ABSENT
    return value


def _searched(rows: Rows, rules: RulesByName, names: frozenset[str]) -> tuple[Key, ...]:
    if not names:
        return ()
    keys: dict[Key, None] = {}
    # Of several names the order is that of the rows.
    for name in names if len(names) == 1 else [name for name in rows if name in names]:
        row = rows.get(name)
        if isinstance(row, MappedField):
            keys |= dict.fromkeys(row.searched)
            continue
        rule, value = row if isinstance(row, tuple) else (rules.get(name), row)
        if rule is not None and rule.searched and value is not None and value is not ABSENT:
            keys |= dict.fromkeys([Key(name, text) for text in key_texts(value)])
    return tuple(keys)
