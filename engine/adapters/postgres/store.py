"""A store in a PostgreSQL database: for any number of processes and machines."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Final

import psycopg

from ...decision import Decision
from ...errors import StoreError, UnknownCommitError
from ...journal import Entry, Wanted
from ...store import Found, Outcome, Record, RecordType, Search, Task, Unit, Work
from ..statements import RECORD_TYPES
from . import journal
from .adding import adding
from .asking import all_records, comments, registering, searched, tasks
from .faults import CONFLICTS, HELD, UNKNOWN_STATEMENT
from .group import MAX_GROUP, UnsearchedError, group
from .members import Claim
from .pool import Pool
from .running import (
    HeldError,
    LostCommitError,
    LostConnectionError,
    RefusedError,
    carry_out,
)
from .server import connect, is_ready, prepare, server
from .sql import AnswerT, Conversation

POOL_SIZE: Final = 8
WAIT: Final = 10.0

_ATTEMPTS: Final = 10
_ATTEMPTS_TOGETHER: Final = 3  # at a group of units, of which each is then carried out alone
_RECONNECTIONS: Final = 2
_LONGEST_PAUSE: Final = 0.5  # seconds between attempts at a unit of work


class PostgresStore:
    """A store in one PostgreSQL database, whose tables are made if it has none.

    ``url`` names the database as libpq does, ``pool_size`` is how many connections the store
    opens at most, and ``wait`` how many seconds a call waits for one of them, for the server and
    for other units of work. May be used from several threads, whose units of work run at the same
    time. What `transact` has returned survives the end of the process and of the server.

    A connection that is lost, as where the server restarts, is replaced by a new one. Where it is
    lost while a unit of work is being committed, `StoreError` says that it is not known whether
    the unit was carried out.

    Raises `StoreUrlError` for a URL that is none and `StoreError` for a database that cannot be
    used; no message shows a password.
    """

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE, wait: float = WAIT) -> None:
        self._server = server(url, wait)
        self._searched: set[tuple[RecordType, str]] = set()
        self._locks_tables = True
        try:
            with connect(self._server) as connection:
                prepare(connection, self._server)
        except psycopg.Error as error:
            raise self._server.error(error) from error
        self._pool = Pool(self._server, pool_size)

    def add(self, records: Iterable[Record], region: str | None = None) -> None:
        """Add existing records under their own ids, all or none.

        ``region`` is the ISO 3166 country of their phones without a country code. Raises
        `StoreError` for ids that are taken or no integers, for links to contacts that are not
        there, and for values that stores cannot hold.
        """
        several = tuple(records)
        self._run(lambda: adding(several, region))

    def search(self, search: Search) -> Found:
        """The records that a search is after; see `Store.search`."""
        return self._run(lambda: searched(search))

    def transact(self, work: Work) -> Decision:
        """Run a unit of work; see `Store.transact`."""
        (outcome,) = self._run_group([Unit(work)], _ATTEMPTS)
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, Decision)
        return outcome

    def transact_all(self, units: Sequence[Unit]) -> Sequence[Outcome]:
        """Run several units of work, many in one transaction; see `JournalStore.transact_all`."""
        outcomes: list[Outcome] = []
        while len(outcomes) < len(units):
            several = units[len(outcomes) : len(outcomes) + MAX_GROUP]
            try:
                outcomes += self._transact_group(several)
            except StoreError as error:
                if not outcomes:
                    raise
                outcomes += [error] * (len(units) - len(outcomes))
        return outcomes

    def entries(self, wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        """Rows of the journal with their numbers; see `Journal.entries`."""
        return self._run(lambda: journal.entries(wanted))

    def purge(self, bodies_before: str, rows_before: str | None = None) -> tuple[int, int]:
        """Empty bodies and drop rows, some at a time; see `Journal.purge`."""
        emptied = dropped = 0
        is_last = rows_before is None
        while rows_before is not None and not is_last:
            several, is_last = self._run(lambda: journal.dropping(rows_before))
            dropped += several
        while several := self._run(lambda: journal.emptying(bodies_before)):
            emptied += several
        return emptied, dropped

    def addresses(self, loaded: Sequence[str] = ()) -> frozenset[str]:
        """The addresses that channels ever had; see `Journal.addresses`."""
        return self._run(lambda: journal.addresses(loaded))

    def records(self, type: RecordType) -> tuple[Record, ...]:
        """All records of a type, in the order of their ids."""
        return tuple(self._run(lambda: all_records(type)))

    def comments(self, type: RecordType, id: str) -> tuple[str, ...]:
        """The comments on a record, in order of writing."""
        return self._run(lambda: comments(type, id))

    def tasks(self, type: RecordType, id: str) -> tuple[Task, ...]:
        """The to-dos of a record, in order of writing."""
        return self._run(lambda: tasks(type, id))

    def close(self) -> None:
        """Close all connections; closing twice is fine."""
        self._pool.close()

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _transact_group(self, units: Sequence[Unit]) -> Sequence[Outcome]:
        """What becomes of units in one transaction, or of each alone where that is refused.

        What others hold is waited for last, so that nobody waits for it who has no need of it.
        """
        if len(units) > 1:
            try:
                return self._run_group(units, _ATTEMPTS_TOGETHER, patient=False)
            except UnknownCommitError as error:
                return [UnknownCommitError(str(error)) for _ in units]
            except RefusedError:
                pass
            except StoreError:
                raise
            except Exception:
                pass  # the unit at fault raises it once more, alone
        outcomes: dict[int, Outcome] = {}
        try:
            for patient in (False, True) if len(units) > 1 else (True,):
                for index, unit in enumerate(units):
                    if isinstance(outcomes.get(index, HeldError()), HeldError):
                        outcomes[index] = self._alone(unit, patient=patient)
        except StoreError as error:
            if not outcomes:
                raise
            return [outcomes.get(index, error) for index in range(len(units))]
        return [outcomes[index] for index in range(len(units))]

    def _alone(self, unit: Unit, *, patient: bool) -> Outcome:
        """What becomes of a unit in a transaction of its own; raises where the store is lost."""
        try:
            return self._run_group([unit], _ATTEMPTS, patient=patient)[0]
        except (RefusedError, UnknownCommitError) as error:
            return error
        except StoreError:
            raise
        except Exception as error:
            return error

    def _run_group(
        self, units: Sequence[Unit], attempts: int, *, patient: bool = True
    ) -> list[Outcome]:
        claims: set[Claim] = set()
        return self._run(lambda: group(units, self._searched, claims, patient=patient), attempts)

    def _run(
        self, begin: Callable[[], Conversation[AnswerT]], attempts: int = _ATTEMPTS
    ) -> AnswerT:
        """Carry a conversation out, from its beginning again where that may help."""
        conflicts = losses = 0
        while True:
            try:
                with self._pool.connection() as connection:
                    return carry_out(connection, begin())
            except UnsearchedError as unknown:
                self._register(unknown.fields)
            except LostCommitError as lost:
                raise UnknownCommitError(
                    f"{self._server.name}: the connection was lost at the end of a unit of work, "
                    "and it is not known whether it was carried out; look before sending it again"
                ) from lost.error
            except LostConnectionError as lost:
                losses += 1
                if losses > _RECONNECTIONS:
                    raise self._server.error(lost.error, connected=True) from lost.error
                self._pool.renew()
            except psycopg.Error as error:
                conflicts += 1
                if error.sqlstate in UNKNOWN_STATEMENT and self._locks_tables:
                    self._locks_tables = False
                elif error.sqlstate not in CONFLICTS or conflicts == attempts:
                    told = str(self._server.error(error, connected=True))
                    raise (HeldError if error.sqlstate == HELD else RefusedError)(told) from error
                time.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.01 * 2**conflicts)))

    def _register(self, fields: Iterable[tuple[RecordType, str]]) -> None:
        """Tell every user of the database that some fields are searched by."""
        for type in RECORD_TYPES:
            names = sorted(name for of, name in fields if of == type)
            if names:
                self._run(lambda: registering(type, names, locks=self._locks_tables))  # noqa: B023
        self._searched.update(fields)


def has_tables(url: str) -> bool:
    """Whether the database of a URL is a store already; raises as `PostgresStore` does."""
    asked = server(url, WAIT)
    try:
        with connect(asked) as connection:
            return is_ready(connection, asked)
    except psycopg.Error as error:
        raise asked.error(error) from error
