"""Units of work of a service on an event loop: those that come together are run together."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Final, TypeAlias

from ..decision import Decision
from ..errors import StoreError
from ..journal import Recorded
from ..late_dataclass import replace
from ..store import Deciding, Found, JournalStore, Outcome, Search, Unit, Work

MAX_UNITS: Final = 64
"""Units in one call at most, as many as share a transaction in an SQLite file."""

QUEUE: Final = 1000
"""Units that wait at most: what a store carries out in about a second."""

_READERS: Final = 4

_Waiting: TypeAlias = "tuple[Unit, asyncio.Future[Outcome]]"


class Gathered:
    """An async face of a store: units that come while earlier calls are out share the next call.

    ``calls`` is how many calls of `JournalStore.transact_all` are out at once: 1 for SQLite, where
    one transaction writes at a time, a few for PostgreSQL. ``queue`` bounds the units that wait
    for a call. It is used on one event loop, and is an `AsyncStore` as well; closing it closes the
    store.
    """

    def __init__(self, store: JournalStore, calls: int = 1, *, queue: int = QUEUE) -> None:
        self._store = store
        self._calls = calls
        self._queue = queue
        self._waiting: deque[_Waiting] = deque()
        self._out = 0
        self._starting = False
        self._closing = False
        self._idle: list[asyncio.Future[None]] = []
        self._writers = ThreadPoolExecutor(calls, thread_name_prefix="leadlark-writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="leadlark-reader")

    @property
    def waiting(self) -> int:
        """How many units wait for a call."""
        return len(self._waiting)

    async def run(self, unit: Unit, within: float | None = None) -> Decision | Recorded:
        """Carry a unit out, or give what is recorded of its identity.

        With ``within`` it is not begun any more once so many seconds have gone by, and no attempt
        at it either. Raises what the unit raises, and `StoreError` where the store is out of
        reach, too many units wait already, or this is closed. A unit whose waiter is cancelled is
        carried out whole or not at all.
        """
        self._refuse_closed()
        if len(self._waiting) >= self._queue:
            raise StoreError(
                f"the store is busy: {len(self._waiting):,} requests wait for it; "
                "try again in a moment"
            )
        if within is not None:
            unit = replace(unit, work=_in_time(unit.work, within))
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Outcome] = loop.create_future()
        self._waiting.append((unit, future))
        if self._out < self._calls and not self._starting:
            # Not at once: what else the loop has received by now goes with it.
            self._starting = True
            loop.call_soon(self._start, loop)
        outcome = await future
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def search(self, search: Search) -> Found:
        """The records that a search is after; see `Store.search`."""
        self._refuse_closed()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._store.search, search)

    async def transact(self, work: Work) -> Decision:
        """Run a unit of work that no journal tells of; see `Store.transact`."""
        outcome = await self.run(Unit(work))
        if isinstance(outcome, Recorded):
            raise StoreError("a unit of work without an identity was taken for a repeated one")
        return outcome

    async def close(self) -> None:
        """Finish the units that were accepted, then close the store; closing twice is fine."""
        self._closing = True
        while self._waiting or self._out:
            idle: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._idle.append(idle)
            await idle
        await asyncio.to_thread(self._end)

    async def __aenter__(self) -> Gathered:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _refuse_closed(self) -> None:
        if self._closing:
            raise StoreError("the store is closed; open it anew")

    def _end(self) -> None:
        self._writers.shutdown()
        self._readers.shutdown()
        self._store.close()

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make as many calls as may be out and have units to carry out."""
        self._starting = False
        while self._waiting and self._out < self._calls:
            taken = self._take()
            if not taken:
                break
            self._out += 1
            units = [unit for unit, _ in taken]
            call = loop.run_in_executor(self._writers, self._store.transact_all, units)
            call.add_done_callback(partial(self._done, loop, taken))
        if not self._waiting and not self._out:
            for idle in self._idle:
                if not idle.done():
                    idle.set_result(None)
            self._idle.clear()

    def _take(self) -> list[_Waiting]:
        """The units that have waited longest; those that nobody waits for any more are left out."""
        taken: list[_Waiting] = []
        while self._waiting and len(taken) < MAX_UNITS:
            each = self._waiting.popleft()
            if not each[1].done():
                taken.append(each)
        return taken

    def _done(
        self,
        loop: asyncio.AbstractEventLoop,
        taken: Sequence[_Waiting],
        call: asyncio.Future[Sequence[Outcome]],
    ) -> None:
        """Tell what became of the units of a call, and make the next one."""
        self._out -= 1
        error = call.exception()
        outcomes = call.result() if error is None else ()
        if error is None and len(outcomes) != len(taken):
            error = StoreError(f"the store told of {len(outcomes)} of {len(taken)} units of work")
        if error is not None:
            outcomes = [_of_one(error) for _ in taken]
        for (_, future), outcome in zip(taken, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)
        self._start(loop)


def _in_time(work: Work, seconds: float) -> Work:
    """Work that is refused when it is to begin more than so many seconds from now."""
    until = time.monotonic() + seconds

    def begin() -> Deciding:
        if time.monotonic() > until:
            raise StoreError(f"the store is busy: it could not begin within {seconds:g} seconds")
        return work()

    return begin


def _of_one(error: BaseException) -> Exception:
    """An error of a whole call for one of its waiters, each of which raises its own."""
    told = StoreError(str(error)) if isinstance(error, StoreError) else RuntimeError(repr(error))
    told.__cause__ = error
    return told
