"""A store that waits, for services on an event loop: its calls run in threads of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final

from ..decision import Decision
from ..store import Found, Search, Store, Work

THREADS: Final = 32
"""Requests at once that group commit and a pool of connections are good for."""


class InThreads:
    """An `AsyncStore` on top of a `Store`; at most ``threads`` calls run at once, others wait.

    Closing it closes the store. A call that is cancelled while it runs is finished in its
    thread: what it writes is written whole, and nobody is told.
    """

    def __init__(self, store: Store, threads: int = THREADS) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="leadlark-store")

    async def search(self, search: Search) -> Found:
        """The records that a search is after; see `Store.search`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._store.search, search)

    async def transact(self, work: Work) -> Decision:
        """Run a unit of work; see `Store.transact`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._store.transact, work)

    async def close(self) -> None:
        """Wait for the calls that run and close the store; closing twice is fine."""
        await asyncio.to_thread(self._end)

    async def __aenter__(self) -> InThreads:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def _end(self) -> None:
        self._pool.shutdown()
        self._store.close()
