"""A record as the columns of its table, beside its id, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from ..store import Record, RecordType
from ..values.plain_json import read_own
from ..values.value import write_json

Columns: TypeAlias = tuple[str | None, str | None, str, str]
"""Status, responsible person, and JSON objects: the fields, and the types of their values."""

Row: TypeAlias = tuple[int, str | None, str | None, str, str]
"""The id and the columns."""


def columns(record: Record) -> Columns:
    """The columns of a record."""
    types = record.types
    fields_text = write_json(record.fields)  # type: ignore[arg-type]
    types_text = write_json(types) if types else "{}"  # type: ignore[arg-type]
    return (record.status, record.responsible, fields_text, types_text)


def record_of(type: RecordType, row: Row, contacts: Sequence[int] = ()) -> Record:
    """The record of a row and of the contacts it is linked to; raises ValueError for a bad one."""
    id, status, responsible, fields, types = row
    return Record(
        type,
        str(id),
        _object(fields),
        {name: tuple(several) for name, several in _object(types).items()} if types != "{}" else {},
        status,
        responsible,
        tuple(map(str, contacts)),
    )


def _object(text: str) -> Mapping[str, Any]:
    value = read_own(text)
    if not isinstance(value, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 (the text is at fault, not its type)
    return value
