"""The statements of this package, and conversations with a server made of them.

A conversation is a generator: it yields batches of calls and is sent, for each call, the rows that
it gave. It never sees a connection, so what waits for a server and what awaits one share it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from ...store import RecordType
from ..statements import Statements

SQL: Final = Statements(__package__)
TOGETHER: Final = Statements(__package__, "together.sql")
JOURNAL: Final = Statements(__package__, "journal.sql")

AnswerT = TypeVar("AnswerT")

Rows: TypeAlias = Sequence[tuple[Any, ...]]


class Call(NamedTuple):
    """A statement and its parameters by name."""

    statement: bytes
    parameters: Mapping[str, object] | None = None


Batch: TypeAlias = Sequence[Call]
Conversation: TypeAlias = Generator[Batch, Sequence[Rows], AnswerT]

BEGIN: Final = Call(b"BEGIN ISOLATION LEVEL READ COMMITTED")
IMPATIENT: Final = Call(b"SET LOCAL lock_timeout = '500ms'")
"""For what can be tried again: units that meet no lock do not wait for those that do."""
COMMIT: Final = Call(b"COMMIT")
ROLLBACK: Final = Call(b"ROLLBACK")
END: Final = Call(b"END")
"""A COMMIT of nothing but claims; after a ROLLBACK the driver would prepare everything again."""


def call(type: RecordType, name: str, **parameters: object) -> Call:
    """A call of a statement of queries.sql for a type of record."""
    return Call(_statement(type, name), _sent(parameters))


def named(statements: Statements, *names: str, **parameters: object) -> Call:
    """A call of a statement of a file that knows no types of records, given by its parts."""
    return Call(_named(statements, names), _sent(parameters))


def _sent(parameters: dict[str, object]) -> dict[str, object]:
    """Parameters with lists as the text of arrays.

    The driver makes the same of them, but looks at every sign of a text in Python.
    """
    for name, value in parameters.items():
        if isinstance(value, list):
            parameters[name] = _array(value)
    return parameters


def _array(values: Sequence[str | int | bytes | None]) -> str:
    try:
        text = "\0".join(values)  # type: ignore[arg-type]  # most lists hold texts alone
    except TypeError:
        return f"{{{','.join(map(_element, values))}}}"
    if not values or text.count("\0") != len(values) - 1:  # what the server refuses as it is
        return f"{{{','.join(map(_element, values))}}}"
    escaped = _escaped(text).replace("\0", '","')
    return f'{{"{escaped}"}}'


def _element(value: str | int | bytes | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return f'"{_escaped(value)}"' if isinstance(value, str) else f'"\\\\x{value.hex()}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


@cache
def _statement(type: RecordType, name: str) -> bytes:
    return SQL.queries(type)[name].encode()


@cache
def _named(statements: Statements, names: tuple[str, ...]) -> bytes:
    found = statements.named()
    return "\n".join(found[name] for name in names).encode()
