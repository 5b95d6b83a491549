"""Records as rows of the tables, and rows as records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from ...errors import StoreError
from ...store import Record, RecordType
from .. import columns

Row: TypeAlias = tuple[int, str | None, str | None, str, str, list[int]]
"""The id, the columns, and the contacts that the record is linked to."""

_LARGEST: Final = 2**63 - 1


def record_of(type: RecordType, row: Row) -> Record:
    """The record of a row; raises `StoreError` where another program has broken it."""
    try:
        return columns.record_of(type, row[:5], row[5])
    except (ValueError, TypeError) as error:
        message = f"{type} {row[0]} is damaged; restore the database from a backup"
        raise StoreError(f"{message} ({error})") from error


def row_id(id: str) -> int | None:
    """The integer that an id stands for; None for a text that this store gives to no record."""
    if not (id.isascii() and id.isdigit()) or len(id) > len(str(_LARGEST)):
        return None
    number = int(id)
    return number if str(number) == id and number <= _LARGEST else None


def row_ids(ids: Iterable[str]) -> list[int]:
    """The integers of those ids that stand for one, each once, in ascending order."""
    return sorted({number for number in map(row_id, ids) if number is not None})
