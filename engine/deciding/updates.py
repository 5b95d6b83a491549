"""What writing mapped fields changes in a record: exactly that is written and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from ..late_dataclass import dataclass, field, replace
from ..mapping.mapped import FieldMap, FieldValue, MappedField, Rows, key_texts
from ..store import Key, Record
from ..values.emails import parse_email
from ..values.keys import keys_of
from ..values.phones import phone_text, split_phones
from ..values.value import ABSENT, Json, has_value, key_text, same, to_text


@dataclass(frozen=True, slots=True)
class Changes:
    """``fields`` are set (None empties one), ``append`` adds values to multi-value fields.

    ``types`` are the value types of what is appended and ``keys`` the search keys of all that is
    written.
    """

    fields: Mapping[str, Json] = field(default_factory=dict)
    append: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()

    @property
    def shown(self) -> dict[str, Json]:
        """What is written, as a decision tells it."""
        return {**self.fields, **{name: list(values) for name, values in self.append.items()}}


def created(rows: Rows) -> Changes:
    """What a new record gets: every field that has a value.

    Rows are taken as they are, because making a `MappedField` of each takes several times as long.
    """
    fields: dict[str, Json] = {}
    added: dict[str, tuple[FieldValue, ...]] = {}
    keys: list[Key] = []
    for name, row in rows.items():
        if type(row) is str:
            text = key_text(row)  # None for blank text, which is no value
            if text is not None:
                fields[name] = row
                keys.append(Key(name, text))
            continue
        if isinstance(row, MappedField):
            if row.values and row.multi:
                added[name] = row.values
            elif row.values:
                fields[name] = row.value
                keys += row.keys
            continue
        value = row[1] if isinstance(row, tuple) else row
        if value is not ABSENT and has_value(value):
            fields[name] = value
            keys += [Key(name, text) for text in dict.fromkeys(key_texts(value))]
    return _written(fields, added, keys)


def changed_entity(record: Record, fields: FieldMap, region: str | None) -> Changes:
    """What an update writes into a lead or deal."""
    return _changes(
        _set(record, fields, region),
        _appended(record, fields, region),
        fields,
    )


def changed_contact(
    record: Record, fields: FieldMap, region: str | None, *, update: bool
) -> Changes:
    """What becomes of a found contact: it is completed and, with ``update``, updated."""
    return _changes(
        _set(record, fields, region) if update else {},
        _appended(record, fields, region),
        fields,
    )


def held(record: Record, keys: Iterable[Key], region: str | None) -> set[Key]:
    """Those of the keys that a record has."""
    wanted = set(keys)
    names = {key.field for key in wanted}
    theirs = (keys_of(name, record.fields.get(name), region) for name in names)
    return wanted.intersection(chain.from_iterable(theirs))


def without(fields: FieldMap, keys: frozenset[Key]) -> FieldMap:
    """The fields without the values that have one of the search keys.

    A field of one value is left out, as if the rules did not name it.
    """
    kept: dict[str, MappedField] = {}
    for name, each in fields.items():
        values = tuple(value for value in each.values if keys.isdisjoint(value.keys))
        if each.multi or len(values) == len(each.values):
            kept[name] = replace(each, values=values)
    return kept


def _set(record: Record, fields: FieldMap, region: str | None) -> dict[str, Json]:
    """The single values that differ from what the record holds, as the flags allow."""
    changed: dict[str, Json] = {}
    for each in fields.values():
        if each.multi or "once" in each.flags:
            continue
        stored = record.fields.get(each.name)
        if not each.values:
            if "clear" in each.flags and has_value(stored):
                changed[each.name] = None
        elif "fill" in each.flags and has_value(stored):
            continue
        elif not _equal(stored, each, region):
            changed[each.name] = each.value
    return changed


def _equal(stored: Json, mapped: MappedField, region: str | None) -> bool:
    """Whether a record's value is the mapped one, compared normalised."""
    if same(stored, mapped.value):
        return True
    if isinstance(stored, list | dict) or not (mapped.keys and has_value(stored)):
        return False
    match mapped.kind:
        case "phone":
            phones = split_phones(phone_text(stored), region) or ()
            return ", ".join(phone.text for phone in phones) == mapped.value
        case "email":
            email = parse_email(to_text(stored))
            return email is not None and mapped.keys[0].value == email.key
        case None:
            return False


def _appended(
    record: Record, fields: FieldMap, region: str | None
) -> dict[str, tuple[FieldValue, ...]]:
    """The values of multi-value fields that the record does not have yet."""
    added: dict[str, tuple[FieldValue, ...]] = {}
    for each in fields.values():
        if not each.multi or not each.values:
            continue
        stored = record.fields.get(each.name)
        known = {key.value for key in keys_of(each.name, stored, region)}
        texts = {key_text(value) for value in (stored if isinstance(stored, list) else [stored])}
        new = tuple(
            value
            for value in each.values
            if "once" not in value.flags
            and not ("fill" in value.flags and has_value(stored))
            and not (value.keys and value.keys[0].value in known)
            and key_text(value.value) not in texts
        )
        if new:
            added[each.name] = new
    return added


def _changes(
    fields: dict[str, Json], added: dict[str, tuple[FieldValue, ...]], mapped: FieldMap
) -> Changes:
    return _written(
        fields,
        added,
        [key for name in fields for key in mapped[name].keys if fields[name] is not None],
    )


def _written(
    fields: dict[str, Json], added: dict[str, tuple[FieldValue, ...]], set_keys: list[Key]
) -> Changes:
    new_keys = [key for values in added.values() for value in values for key in value.keys]
    return Changes(
        fields,
        {name: tuple(str(value.value) for value in values) for name, values in added.items()},
        {name: tuple(value.type for value in values) for name, values in added.items()},
        (*set_keys, *dict.fromkeys(new_keys)),
    )
