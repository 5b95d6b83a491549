"""Group commit: units of work of several threads share a transaction and its wait for the disk.

The thread that comes to an idle file leads: it runs its own unit and then those that others hand
in meanwhile, each in a savepoint, commits them all, and only then tells their threads. The next
group gathers while the disk is waited for.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Lock, get_ident
from typing import Any, Final, TypeVar

from ...errors import StoreError
from .waiting import begin, roll_back

T = TypeVar("T")

MAX_GROUP: Final = 64
"""Units in one transaction at most: none waits for more than so many others once it is run."""


class _Unit:
    """A unit of work on its way; ``told`` is held until its thread may go on."""

    __slots__ = ("deadline", "error", "job", "leads", "result", "settled", "told")

    def __init__(self, job: Callable[[], Any], deadline: float) -> None:
        self.job = job
        self.deadline = deadline
        self.told = Lock()
        self.leads = False
        self.settled = False
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self, error: BaseException | None = None) -> None:
        """The unit is carried out, or it is not and ``error`` says why."""
        self.error = error
        self.settled = True


class GroupCommit:
    """Runs units of work on one connection, which nothing else uses.

    ``wait`` is for how many seconds a unit waits for other processes that write to the file.
    """

    def __init__(self, connection: sqlite3.Connection, wait: float) -> None:
        connection.execute("PRAGMA busy_timeout = 0")  # `begin` waits, not SQLite
        self._connection = connection
        self._wait = wait
        self._gate = Lock()  # over the two below
        self._waiting: deque[_Unit] = deque()
        self._led = False
        self._file = Lock()  # over the connection
        self._leader: int | None = None

    def run(self, job: Callable[[], T]) -> T:
        """The result of ``job``, once all that it has written will outlive the machine's power.

        ``job`` may run in another thread, with the context variables of this one, and it runs
        again where another unit has spoiled the transaction. What it raises comes out as it is,
        and all that it has written is taken back then. Raises the driver's errors.
        """
        (unit,) = self._settled([job])
        if unit.error is not None:
            raise unit.error
        result: T = unit.result
        return result

    def run_all(self, jobs: Sequence[Callable[[], T]]) -> list[T | Exception]:
        """Several units, one after the other; the result of each, or what it raised.

        They share transactions with one another and with those of other threads, and an error of
        one touches no other. An interrupt and its like comes out once all units have ended.
        """
        ended: list[T | Exception] = []
        for unit in self._settled(jobs):
            if unit.error is not None and not isinstance(unit.error, Exception):
                raise unit.error
            ended.append(unit.result if unit.error is None else unit.error)
        return ended

    def _settled(self, jobs: Sequence[Callable[[], object]]) -> list[_Unit]:
        """Units that have ended; they have stood in line one behind the other."""
        self.refuse_inside()
        deadline = time.monotonic() + self._wait
        units = [_Unit(job, deadline) for job in jobs]
        try:
            self._enter(units)
            for unit in units:
                if not unit.leads:
                    unit.told.acquire()
                if unit.leads:
                    self._lead(unit)
        except BaseException:
            self._leave(units)
            raise
        return units

    def refuse_inside(self) -> None:
        """Raise `StoreError` in a thread that is in the midst of a unit of work."""
        if self._leader == get_ident():
            raise StoreError("a unit of work asks its store by yielding a Search, in no other way")

    def close(self) -> None:
        """Close the connection once no unit is running."""
        self.refuse_inside()
        with self._file:
            self._connection.close()

    def _enter(self, units: Sequence[_Unit]) -> None:
        """Hand units in, and let the first lead where nobody does."""
        run = copy_context().run  # of one context: the units run one after the other
        with self._gate:
            for unit in units:
                if self._led:
                    unit.job = partial(run, unit.job)
                    unit.told.acquire()
                    self._waiting.append(unit)
                else:
                    unit.leads = self._led = True

    def _leave(self, units: Sequence[_Unit]) -> None:
        """Their thread is interrupted: nobody waits for the units any more."""
        with self._gate:
            for unit in units:
                unit.settled = True
                with suppress(ValueError):
                    self._waiting.remove(unit)
            for unit in units:
                if unit.leads:
                    self._promote(unit)

    def _lead(self, unit: _Unit) -> None:
        """Run a group of units that begins with one's own, and tell all but that."""
        group: list[_Unit] = []
        try:
            with self._file:
                self._leader = get_ident()
                try:
                    self._serve(unit, group)
                finally:
                    self._leader = None
        finally:
            followers = [each for each in group if each is not unit]
            with self._gate:
                # Where the leader is interrupted, the others are still to be done.
                self._waiting.extendleft(each for each in reversed(followers) if not each.settled)
                self._promote(unit)
            for each in followers:
                if each.settled:
                    each.told.release()

    def _promote(self, leader: _Unit) -> None:
        """Let the unit lead next that has waited longest; within the gate."""
        leader.leads = False
        self._led = bool(self._waiting)
        if self._led:
            unit = self._waiting.popleft()
            unit.leads = True
            unit.told.release()

    def _serve(self, first: _Unit, group: list[_Unit]) -> None:
        """Run units in one transaction, and in a further one those that another has spoiled."""
        group.append(first)
        todo = deque(group)
        try:
            while todo:
                done: list[_Unit] = []
                while todo:
                    unit = todo.popleft()
                    self._attempt(unit, done)
                    if done and not self._connection.in_transaction:  # SQLite has rolled it back
                        todo.extendleft(reversed(done))
                        done = []
                    elif not todo:
                        todo.extend(self._next(group, unit))
                self._commit(done)
        except BaseException:  # an interrupt of this thread
            with suppress(sqlite3.Error):
                roll_back(self._connection)
            raise

    def _next(self, group: list[_Unit], last: _Unit) -> list[_Unit]:
        """The next unit for the group, if there is one and the file can be written to."""
        if len(group) >= MAX_GROUP or isinstance(last.error, sqlite3.Error):
            return []
        with self._gate:
            found = [self._waiting.popleft()] if self._waiting else []
        group += found
        return found

    def _attempt(self, unit: _Unit, done: list[_Unit]) -> None:
        """Run a unit in the open transaction or a new one; it joins ``done``, or has its error."""
        run = self._connection.execute
        try:
            if done:
                run("SAVEPOINT unit")
            else:
                begin(self._connection, unit.deadline)
            unit.result = unit.job()
            if done:
                run("RELEASE unit")
        except KeyboardInterrupt:  # is meant for this thread, whoever's unit it runs
            raise
        except BaseException as error:
            unit.settle(error)
            self._take_back(saved=bool(done))
        else:
            done.append(unit)

    def _take_back(self, *, saved: bool) -> None:
        """Take back what a unit has written; all of the transaction where that cannot be done."""
        try:
            if saved and self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO unit")
                self._connection.execute("RELEASE unit")
                return
        except sqlite3.Error:
            pass
        with suppress(sqlite3.Error):
            roll_back(self._connection)

    def _commit(self, done: list[_Unit]) -> None:
        """Commit what is done, all or nothing."""
        if not done:
            return
        failed: sqlite3.Error | None = None
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            failed = error
            with suppress(sqlite3.Error):
                roll_back(self._connection)
        finally:
            # Where this thread is interrupted, the file knows whether it was before or after.
            if failed is not None or not self._connection.in_transaction:
                for each in done:
                    each.settle(failed)
