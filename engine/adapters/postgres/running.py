"""Conversations carried out over a connection that waits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import psycopg
from psycopg.pq import TransactionStatus

from ...errors import StoreError
from .server import Connection
from .sql import COMMIT, ROLLBACK, AnswerT, Batch, Conversation, Rows


class LostConnectionError(Exception):
    """The connection was lost; what was begun has not been carried out."""

    def __init__(self, error: psycopg.Error) -> None:
        self.error = error
        super().__init__(str(error))


class LostCommitError(LostConnectionError):
    """The connection was lost while a transaction was being committed, or after that."""


class RefusedError(StoreError):
    """The server has refused a statement, and nothing was carried out."""


class HeldError(RefusedError):
    """What a transaction waited for was held by others for too long."""


def carry_out(connection: Connection, conversation: Conversation[AnswerT]) -> AnswerT:
    """Run a conversation to its end; a transaction that it leaves open is rolled back.

    Raises what the conversation and the driver raise, and `LostConnectionError`.
    """
    committing = False
    try:
        batch = next(conversation)
        while True:
            committing = COMMIT in batch
            answers = _answers(connection, batch)
            committing = False
            batch = conversation.send(answers)
    except StopIteration as done:
        answer: AnswerT = done.value
        return answer
    except psycopg.Error as error:
        is_refused = not connection.closed and _is_refusal(error)
        connection.close()  # what of a failed exchange it holds prepared, nobody knows
        if is_refused:
            raise
        raise (LostCommitError if committing else LostConnectionError)(error) from error
    finally:
        conversation.close()
        _end(connection)


def _is_refusal(error: psycopg.Error) -> bool:
    """Whether a statement was refused, by the server or before it was sent: nothing is committed.

    The driver finds out that a connection is lost in more than one way, and may hold it for open
    when it does: a server that ends has perhaps committed what it was sent.
    """
    if error.sqlstate is not None:
        return error.diag.severity_nonlocalized not in ("FATAL", "PANIC")
    return not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _answers(connection: Connection, batch: Batch) -> Sequence[Rows]:
    """The rows of all calls, in one exchange with the server."""
    if len(batch) == 1:
        return [_rows(connection.execute(batch[0].statement, batch[0].parameters))]
    with connection.pipeline():
        cursors = [connection.execute(call.statement, call.parameters) for call in batch]
    return [_rows(cursor) for cursor in cursors]


def _rows(cursor: psycopg.Cursor[tuple[object, ...]]) -> Rows:
    result = cursor.pgresult  # ``description`` would make a value for each column
    return cursor.fetchall() if result is not None and result.nfields else ()


def _end(connection: Connection) -> None:
    """Roll back what is open; a connection that cannot is closed."""
    if _is_idle(connection):
        return
    with suppress(psycopg.Error):
        connection.execute(ROLLBACK.statement)
    if not _is_idle(connection):
        connection.close()


def _is_idle(connection: Connection) -> bool:
    return connection.closed or connection.info.transaction_status == TransactionStatus.IDLE
