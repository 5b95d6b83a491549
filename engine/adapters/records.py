"""What a write makes of a record: the one meaning that every shipped store has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ..errors import StoreError
from ..late_dataclass import dataclass
from ..store import Key, Record, Write
from ..values.keys import is_multi, keys_of
from ..values.value import Json, key_text
from .storable import stored_text, stored_value

DEFAULT_TYPE: Final = "WORK"


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is held, and the search keys that lead to it."""

    record: Record
    keys: frozenset[Key] = frozenset()


def seeded(record: Record, region: str | None) -> Stored:
    """A record that is there from the start, with the keys of all its values.

    ``region`` is the ISO 3166 country of phones without a country code. Multi-value fields
    become lists with a type for each value. Raises `StoreError` for what stores cannot hold.
    """
    if record.type == "contact" and record.contacts:
        raise StoreError(f"contact {record.id} is linked to contacts; only leads and deals are")
    where = f"{record.type} {record.id}"
    fields = {
        name: stored_value(value, f"field {name!r} of {where}")
        for name, value in record.fields.items()
    }
    keys = (key for name, value in fields.items() for key in keys_of(name, value, region))
    given = Write(
        type=record.type,
        id=record.id,
        fields=fields,
        types={name: tuple(types) for name, types in record.types.items()},
        keys=tuple(keys),
        status=record.status,
        responsible=record.responsible,
    )
    return written(given, Stored(Record(record.type, record.id, {})), record.contacts)


def written(write: Write, before: Stored, links: Iterable[str] = ()) -> Stored:
    """What ``write`` makes of the record ``before``, which is empty where one is created.

    ``links`` are contacts to link behind those that are linked already. Raises `StoreError` for
    what stores cannot hold, in fields, keys, comment or task.
    """
    old = before.record
    where = f"{write.type} {write.id}" if write.id else f"the new {write.type}"
    _check(write, where)
    fields, types = dict(old.fields), dict(old.types)
    keys = {key for key in before.keys if key.field not in write.fields}
    for name, given in write.fields.items():
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
    return Stored(
        Record(
            type=write.type,
            id=old.id,
            fields=fields,
            types=types,
            status=write.status if write.status is not None else old.status,
            responsible=write.responsible if write.responsible is not None else old.responsible,
            contacts=tuple(dict.fromkeys((*old.contacts, *links))),
        ),
        frozenset(keys.union(write.keys)),
    )


def _fresh(
    name: str, added: Sequence[str], types: Sequence[str], held: Sequence[Json], keys: set[Key]
) -> list[tuple[str, str]]:
    """The values with their types that are not among those held, compared normalised."""
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


def _check(write: Write, where: str) -> None:
    """Refuse text that stores cannot hold, wherever it stands beside the values of fields."""
    texts: list[str | None] = [write.id, write.status, write.responsible, write.comment]
    if write.task is not None:
        texts += [write.task.subject, write.task.due, write.task.responsible]
    texts += [*write.fields, *write.append]
    for named in (write.append, write.types):
        texts += [text for several in named.values() for text in several]
    for key in write.keys:
        texts += [key.field, key.value]
    for text in texts:
        if text is not None:
            stored_text(text, where)
