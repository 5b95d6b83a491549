"""Statements by name from the commented SQL files of this package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from ..store import RecordType

RECORD_TYPES: Final[tuple[RecordType, ...]] = ("contact", "lead", "deal")

_NAME: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COMMENT: Final = re.compile(r"--.*$", re.MULTILINE)


@cache
def queries(type: RecordType) -> Mapping[str, str]:
    """The statements of queries.sql for one type of record, by name, without comments."""
    _, *parts = _NAME.split(_read("queries.sql"))
    named = zip(parts[::2], parts[1::2], strict=True)
    return MappingProxyType(
        {name: _COMMENT.sub("", text).strip().format(record=type) for name, text in named}
    )


@cache
def schema() -> tuple[str, ...]:
    """The statements of schema.sql, in order."""
    statements = _COMMENT.sub("", _read("schema.sql")).split(";")
    return tuple(statement.strip() for statement in statements if statement.strip())


@cache
def repeated(type: RecordType, name: str, times: int) -> str:
    """A statement of queries.sql as many times as it has keys to look up, in one statement."""
    return "\nUNION ALL\n".join([queries(type)[name]] * times)


def _read(file: str) -> str:
    return files(__package__).joinpath(file).read_text(encoding="utf-8")
