"""Threads for requests that take long to read, so that others do not wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """Too many wait to be read."""


class Readers:
    """Some threads, and room for so many that wait for one of them, with up to 1 MiB each."""

    def __init__(self, threads: int = 2, queue: int = 64) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="leadlark-request")
        self._room = threads + queue

    async def run(self, read: Callable[[], T]) -> T:
        """What ``read`` gives or raises, in a thread; `BusyError` where there is no room."""
        if self._room == 0:
            raise BusyError
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, read)
        finally:
            self._room += 1

    def close(self) -> None:
        """End the threads once they have nothing to do."""
        self._pool.shutdown()
