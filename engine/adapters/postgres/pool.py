"""The connections of a store: made when needed, kept for others, replaced when lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Final

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from ...errors import StoreError
from .faults import may_pass
from .server import Connection, Server, configure, connect

_GLANCE: Final = 0.25  # seconds in which the pool makes a connection, if it can make one

logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())  # what it says is raised here


class Pool:
    """At most ``size`` connections to a server, each used by one thread at a time."""

    def __init__(self, server: Server, size: int) -> None:
        self._server = server
        self._size = size
        self._busy = local()
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            server.url,
            kwargs=server.options,
            configure=self._configure,
            min_size=0,
            max_size=size,
            reconnect_timeout=0,  # whoever needs a connection asks again, and is told the reason
            open=True,
        )

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for this thread; raises `StoreError` where there is none in time."""
        if getattr(self._busy, "now", False):
            raise StoreError("a unit of work asks its store by yielding a Search, in no other way")
        connection = self._take()
        self._busy.now = True
        try:
            yield connection
        finally:
            self._busy.now = False
            self._pool.putconn(connection)

    def renew(self) -> None:
        """Replace the connections that are lost, as all are after a restart of the server."""
        self._pool.check()

    def close(self) -> None:
        """Close all connections; closing twice is fine."""
        self._pool.close()

    def _configure(self, connection: Connection) -> None:
        configure(connection, self._server.wait)

    def _take(self) -> Connection:
        deadline = time.monotonic() + self._server.wait
        while True:
            late = time.monotonic() > deadline
            try:
                return self._pool.getconn(_GLANCE)
            except PoolClosed:
                raise StoreError(f"{self._server.name}: it is closed") from None
            except PoolTimeout:
                if late or self._pool.get_stats()["pool_size"] < self._size:
                    self._find_reason(late=late)
            if late:
                raise StoreError(
                    f"{self._server.name}: all {self._size} connections are in use for too long; "
                    "make the pool larger, or send fewer requests at once"
                )

    def _find_reason(self, *, late: bool) -> None:
        """Raise the reason why no connection is made, if it is one that does not pass in time."""
        try:
            connect(self._server).close()
        except psycopg.Error as error:
            if late or not may_pass(error):
                raise self._server.error(error) from error
