"""Statements by name from the commented SQL files of a store's package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from ..store import RecordType

RECORD_TYPES: Final[tuple[RecordType, ...]] = ("contact", "lead", "deal")

_NAME: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
_COMMENT: Final = re.compile(r"--.*$", re.MULTILINE)


class Statements:
    """The statements of the files schema.sql and ``queries`` in the package of a name.

    A statement of ``queries`` stands under a line ``-- name: NAME``; in its text ``{record}`` is
    the type of record it is made for, and every other brace is written twice.
    """

    def __init__(self, package: str, queries: str = "queries.sql") -> None:
        self._package = package
        self._file = queries
        self._queries: dict[RecordType, Mapping[str, str]] = {}
        self._repeated: dict[tuple[RecordType, str, int], str] = {}

    def queries(self, type: RecordType) -> Mapping[str, str]:
        """The statements of the file for one type of record, by name, without comments."""
        found = self._queries.get(type)
        if found is None:
            found = self._queries[type] = MappingProxyType(
                {name: text.format(record=type) for name, text in self.named().items()}
            )
        return found

    def named(self) -> Mapping[str, str]:
        """The statements of a file that knows no types of records, as they stand in it."""
        _, *parts = _NAME.split(self._read(self._file))
        named = zip(parts[::2], parts[1::2], strict=True)
        return MappingProxyType({name: _COMMENT.sub("", text).strip() for name, text in named})

    def schema(self) -> tuple[str, ...]:
        """The statements of schema.sql, in order."""
        statements = _COMMENT.sub("", self._read("schema.sql")).split(";")
        return tuple(statement.strip() for statement in statements if statement.strip())

    def repeated(self, type: RecordType, name: str, times: int) -> str:
        """A statement of the file as many times as it has keys to look up, in one statement."""
        found = self._repeated.get((type, name, times))
        if found is None:
            found = "\nUNION ALL\n".join([self.queries(type)[name]] * times)
            self._repeated[type, name, times] = found
        return found

    def _read(self, file: str) -> str:
        return files(self._package).joinpath(file).read_text(encoding="utf-8")
