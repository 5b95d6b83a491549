"""Whether records are found by their values: the keys in a database against those of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from ..adapters.bulk import Bulk, Held
from ..adapters.statements import RECORD_TYPES
from ..late_dataclass import dataclass, field
from ..store import Key, RecordType
from ..values.emails import parse_email
from ..values.keys import is_email_field, is_phone_field, keys_of
from ..values.phones import phone_text, split_phones
from ..values.value import Json, to_text

EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class WrongKey:
    """A key that is missing, or that no value of the record has."""

    type: RecordType
    id: str
    key: Key
    missing: bool


@dataclass(slots=True)
class Checked:
    """What a check has found; ``undecided`` are records with phones that need a region."""

    records: int = 0
    faults: list[str] = field(default_factory=list)
    missing: int = 0
    stray: int = 0
    undecided: int = 0
    examples: list[WrongKey] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.faults or self.missing or self.stray)


def check(bulk: Bulk, region: str | None, seen: Callable[[int], None]) -> Checked:
    """Look through a database; ``seen`` is told how many records are done.

    ``region`` is the ISO 3166 country of phones without a country code. Without it their keys
    are not looked at.
    """
    found = Checked()
    with bulk.snapshot():
        found.faults = list(bulk.faults())
        for type in RECORD_TYPES:
            for held in bulk.read(type):
                found.records += 1
                seen(found.records)
                _check(bulk, held, region, found)
    return found


def _check(bulk: Bulk, held: Held, region: str | None, found: Checked) -> None:
    record, keys = held.stored.record, held.stored.keys
    expected = {
        bulk.filed(key)
        for name, value in record.fields.items()
        for key in keys_of(name, value, region)
    }
    if keys == expected:
        return
    undecided = False
    for name in sorted({key.field for key in keys ^ expected}):
        have, want = _of(keys, name), _of(expected, name)
        value = record.fields.get(name)
        if region is None and is_phone_field(name) and not _is_international(value):
            undecided = True
            continue
        if have in _others(bulk, name, value, region):
            continue
        found.missing += len(want - have)
        found.stray += len(have - want)
        for key in sorted(want ^ have):
            if len(found.examples) < EXAMPLES:
                found.examples.append(WrongKey(record.type, record.id, key, key in want))
    found.undecided += undecided


def _of(keys: Iterable[Key], name: str) -> set[Key]:
    return {key for key in keys if key.field == name}


def _is_international(value: Json) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(to_text(each).lstrip().startswith("+") for each in values)


def _others(bulk: Bulk, name: str, value: Json, region: str | None) -> list[Set[Key]]:
    """The keys of a value where rules declare its field to be a phone or an e-mail."""
    if is_phone_field(name) or is_email_field(name):
        return []
    phones = split_phones(phone_text(value), region) or ()
    email = parse_email(to_text(value))
    texts = [{phone.key for phone in phones}, {email.key} if email is not None else set()]
    return [{bulk.filed(Key(name, text)) for text in several} for several in texts if several]
