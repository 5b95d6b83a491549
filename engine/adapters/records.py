"""What a write makes of a record: the one meaning that every shipped store has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from ..errors import StoreError
from ..late_dataclass import dataclass
from ..store import Key, Record, RecordType, Write
from ..values.keys import is_multi, keys_of
from ..values.value import Json, key_text
from .storable import is_storable, stored_text, stored_value

DEFAULT_TYPE: Final = "WORK"


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is held, and the search keys that lead to it."""

    record: Record
    keys: frozenset[Key] = frozenset()


_NOTHING: Final[Mapping[RecordType, Stored]] = {
    "contact": Stored(Record("contact", "", {})),
    "lead": Stored(Record("lead", "", {})),
    "deal": Stored(Record("deal", "", {})),
}


def seeded(record: Record, region: str | None) -> Stored:
    """A record that is there from the start, with the keys of all its values.

    ``region`` is the ISO 3166 country of phones without a country code. Multi-value fields
    become lists with a type for each value. Raises `StoreError` for what stores cannot hold.
    """
    if record.type == "contact" and record.contacts:
        raise StoreError(f"contact {record.id} is linked to contacts; only leads and deals are")
    where = f"{record.type} {record.id}"
    fields: dict[str, Json] = {}
    types: dict[str, tuple[str, ...]] = {}
    keys: list[Key] = []
    for name, given in record.fields.items():
        # Most values are plain texts; this is what imports spend their time on.
        plain = type(given) is str and is_storable(given)
        value = given if plain else stored_value(given, f"field {name!r} of {where}")
        if value is None:
            continue
        stored_text(name, where)
        keys += keys_of(name, value, region)
        if is_multi(name):
            value = _as_list(value)
            types[name] = _padded(tuple(record.types.get(name, ())), len(value))
        fields[name] = value
    for text in (record.id, record.status, record.responsible, *chain(*types.values())):
        if text is not None:
            stored_text(text, where)
    links = tuple(dict.fromkeys(record.contacts))
    seeds = Record(record.type, record.id, fields, types, record.status, record.responsible, links)
    return Stored(seeds, frozenset(keys))


def written(write: Write, before: Stored, links: Iterable[str] = ()) -> Stored:
    """What ``write`` makes of the record ``before``, which is empty where one is created.

    ``links`` are contacts to link behind those that are linked already. Raises `StoreError` for
    what stores cannot hold, in fields, keys, comment or task.
    """
    old = before.record
    where = f"{write.type} {write.id}" if write.id else f"the new {write.type}"
    if not is_storable("".join(_texts(write))):
        _check(write, where)
    fields, types = dict(old.fields), dict(old.types)
    keys = before.keys
    if keys:
        keys = frozenset(key for key in keys if key.field not in write.fields)
    for name, given in write.fields.items():
        value = given
        if type(given) is not str or not is_storable(given):
            value = stored_value(given, f"field {name!r} of {where}")
        types.pop(name, None)
        if value is None:
            fields.pop(name, None)
        elif is_multi(name):
            fields[name] = values = _as_list(value)
            types[name] = _types(write, name, len(values))
        else:
            fields[name] = value
    for name, added in write.append.items():
        held = _as_list(fields.get(name))
        held_keys = {key for key in keys if key.field == name}
        fresh = _fresh(name, added, _types(write, name, len(added)), held, held_keys)
        fields[name] = [*held, *(value for value, _ in fresh)]
        types[name] = (*_padded(types.get(name, ()), len(held)), *(type for _, type in fresh))
    status = write.status if write.status is not None else old.status
    responsible = write.responsible if write.responsible is not None else old.responsible
    contacts = tuple(dict.fromkeys((*old.contacts, *links)))
    record = Record(write.type, old.id, fields, types, status, responsible, contacts)
    return Stored(record, keys.union(write.keys))


def made(write: Write, links: Iterable[str] = ()) -> Stored:
    """What ``write`` makes where there is no record; otherwise as `written`."""
    return written(write, _NOTHING[write.type], links)


def _fresh(
    name: str, added: Sequence[str], types: Sequence[str], held: Sequence[Json], keys: set[Key]
) -> list[tuple[str, str]]:
    """The values with their types that are not among those held, compared normalised."""
    if len(added) == 1 and not held and not keys:
        return [(added[0], types[0])]
    texts = {key_text(value) for value in held}
    fresh: list[tuple[str, str]] = []
    for value, type in zip(added, types, strict=True):
        text, own = key_text(value), keys_of(name, value)
        if text in texts or (own and keys.issuperset(own)):
            continue
        texts.add(text)
        keys.update(own)
        fresh.append((value, type))
    return fresh


def _types(write: Write, name: str, count: int) -> tuple[str, ...]:
    return _padded(write.types.get(name, ()), count)


def _padded(types: Sequence[str], count: int) -> tuple[str, ...]:
    return (*types[:count], *(DEFAULT_TYPE for _ in range(count - len(types))))


def _as_list(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(write: Write) -> list[str]:
    """All texts beside the values of fields."""
    given = (write.id, write.status, write.responsible, write.comment)
    texts = [*write.fields, *write.append, *filter(None, given)]
    if write.task is not None:
        texts += (write.task.subject, write.task.due, write.task.responsible or "")
    for several in write.append.values():
        texts += several
    for several in write.types.values():
        texts += several
    for key in write.keys:
        texts += key
    return texts


def _check(write: Write, where: str) -> None:
    """Refuse text that stores cannot hold, wherever it stands beside the values of fields."""
    for text in _texts(write):
        stored_text(text, where)
