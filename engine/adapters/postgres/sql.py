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

AnswerT = TypeVar("AnswerT")

Rows: TypeAlias = Sequence[tuple[Any, ...]]


class Call(NamedTuple):
    """A statement and its parameters by name."""

    statement: bytes
    parameters: Mapping[str, object] | None = None


Batch: TypeAlias = Sequence[Call]
Conversation: TypeAlias = Generator[Batch, Sequence[Rows], AnswerT]

BEGIN: Final = Call(b"BEGIN ISOLATION LEVEL READ COMMITTED")
COMMIT: Final = Call(b"COMMIT")
ROLLBACK: Final = Call(b"ROLLBACK")
END: Final = Call(b"END")
"""A COMMIT of nothing but claims; after a ROLLBACK the driver would prepare everything again."""


def call(type: RecordType, name: str, **parameters: object) -> Call:
    """A call of a statement of queries.sql for a type of record."""
    return Call(_statement(type, name), parameters)


@cache
def _statement(type: RecordType, name: str) -> bytes:
    return SQL.queries(type)[name].encode()
