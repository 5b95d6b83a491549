"""What one line of a file is: a record, or a sentence that says why it is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..adapters.bulk import Held
from ..adapters.records import Stored, seeded
from ..adapters.statements import RECORD_TYPES
from ..errors import LeadLarkError, StoreError
from ..late_dataclass import dataclass, field
from ..store import Record, RecordType, Task
from ..values.keys import is_email_field, is_phone_field
from ..values.value import has_value, to_text

OWN: Final = ("type", "id", "status", "responsible", "contacts")
"""What a record has beside its fields, by the names that it has in files."""

LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read.

    ``type`` is that of records that name none; ``region`` the ISO 3166 country of phones without
    a country code; ``codec`` what `charsets.find_codec` gives; ``delimiter`` that of CSV, found
    out where it is None; ``renamed`` gives columns of CSV another name.
    """

    type: RecordType | None = None
    region: str | None = None
    codec: str = "utf-8"
    delimiter: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record, and the line, from 1, that it stands on or begins on.

    ``unfound`` is the value of a phone or e-mail field that holds none, so that the record is not
    found by it.
    """

    line: int
    held: Held
    unfound: str | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that is no record, and why."""

    line: int
    message: str


class LineError(LeadLarkError):
    """What is wrong in one line; the others are read."""


class FileError(LeadLarkError):
    """What is wrong with a file as a whole: nothing of it can be read."""


def record_id(text: str, of: str) -> str:
    """An id as databases have it; raises `LineError` for any other text. ``of`` names whose."""
    if not text:
        raise LineError(
            f"there is no {of}; import needs those of the CRM, so that the same record is not "
            "added again when the import is repeated"
        )
    if (
        not (text.isascii() and text.isdigit())
        or text[0] == "0"
        or len(text) > len(str(LARGEST_ID))
    ):
        raise LineError(f"the {of} {text[:40]!r} is no positive integer")
    if int(text) > LARGEST_ID:
        raise LineError(f"the {of} {text} is too large: the largest is {LARGEST_ID}")
    return text


def record_type(text: str, reading: Reading) -> RecordType:
    """The type that a line names, or else the call; raises `LineError` where nobody does."""
    for type in RECORD_TYPES:
        if text == type:
            return type
    if text:
        raise LineError(f"the type {text[:40]!r} is none of {', '.join(RECORD_TYPES)}")
    if reading.type is None:
        raise LineError(
            "the record has no type; write contact, lead or deal, or name that of all by --type"
        )
    return reading.type


def entry(
    line: int,
    record: Record,
    region: str | None,
    comments: Sequence[str] = (),
    tasks: Sequence[Task] = (),
) -> Entry:
    """A record with its search keys; raises `LineError` for what stores cannot hold."""
    try:
        stored = seeded(record, region)
    except StoreError as error:
        raise LineError(str(error).removesuffix("; nothing was written")) from error
    return Entry(line, Held(stored, tuple(comments), tuple(tasks)), _unfound(stored))


def _unfound(stored: Stored) -> str | None:
    found = {key.field for key in stored.keys}
    for name, value in stored.record.fields.items():
        if name not in found and (is_phone_field(name) or is_email_field(name)):
            return to_text(value) if has_value(value) else None
    return None
