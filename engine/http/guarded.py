"""HTTP connections that cannot be held open for nothing: heads have a size and a time."""

from __future__ import annotations

import logging
from asyncio import BaseTransport, TimerHandle
from http import HTTPStatus
from typing import Any, ClassVar, Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..intake.answers import PROBLEM, problem
from .heads import without_upgrade, wrong_with

log: Final = logging.getLogger("leadlark.connections")


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with limits for the head of a request, which it has none for.

    A connection ends where a head (request line and headers) is larger than ``most_head`` bytes,
    where it has not come whole ``head_seconds`` after the connection was made or its first byte
    came, and where what comes is no HTTP/1.1. Requests that have come whole before are answered.
    The wish for another protocol is ignored, and so are trailers, which are no headers.
    """

    most_head: ClassVar[int] = 64 * 1024
    head_seconds: ClassVar[float] = 10.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_head = True
        self._in_body = False
        self._ended = False
        self._upgrading = False
        self._head_size = 0
        self._timer: TimerHandle | None = None
        self._running: Any = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Wait for the first head."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more to wait for."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless what came before has ended the connection."""
        if self._ended or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if self._in_head:
            self._head_size += len(data)
            if self._timer is None:
                self._start_timer()
        self._feed(data)
        if self._in_head and self._head_size > self.most_head:
            self._refuse_large()

    def eof_received(self) -> bool:  # type: ignore[override]
        """The client sends no more, and perhaps listens: what has come whole is answered."""
        self._ended = True
        self._stop_timer()
        return self._closes_after_last()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head = True
        if self._timer is None:
            self._start_timer()

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has come, or a trailer, which must not be taken for one."""
        if self._in_head:
            super().on_header(name, value)
            return
        self._head_size += len(name) + len(value)
        if self._head_size > self.most_head:
            self._refuse_large()

    def on_headers_complete(self) -> None:
        """A head has come whole."""
        self._in_head = False
        self._head_size = 0
        self._stop_timer()
        if self._ended:
            return
        size = sum(len(name) + len(value) for name, value in self.headers)
        if max(size, len(self.url)) > self.most_head:
            self._refuse_large()
            return
        method = self.parser.get_method()
        wrong = wrong_with(self.parser.get_http_version(), method, self.headers)
        if wrong is not None:
            self._refuse(*wrong)
            return
        self._upgrading = self.parser.should_upgrade()
        if not self._upgrading:
            super().on_headers_complete()
            self._in_body = True

    def on_body(self, body: bytes) -> None:
        """A piece of the body has come."""
        if not (self._ended or self.transport.is_closing()):
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next byte begins a head."""
        if self._upgrading:
            return
        self._in_head, self._in_body = True, False
        self._head_size = 0
        self._stop_timer()
        if not (self._ended or self.transport.is_closing()):
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer has gone out; a body that nobody reads has a time to come to its end."""
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if self._in_body and self.cycle.response_complete:
            self._start_timer()
        if self._timer is not None:
            self._unset_keepalive_if_required()  # it is not idle

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        async def answering(scope: Any, receive: Any, send: Any) -> None:
            async def sending(message: Any) -> None:
                if self.transport.is_closing():
                    cycle.disconnected = True  # uvloop takes it for a mistake to write now
                await send(message)

            await app(scope, receive, sending)

        self._running = cycle
        super()._start_asgi_task(cycle, answering)

    def _feed(self, data: bytes) -> None:
        rest = memoryview(data)  # many requests may come at once: what is left is not copied
        try:
            while True:
                try:
                    self.parser.feed_data(rest)
                except HttpParserUpgrade as upgrade:
                    if self._ended:
                        return
                    rest = rest[upgrade.args[0] :]
                    self._begin_without_upgrade()
                else:
                    return
        except (HttpParserError, HttpParserUpgrade):
            self._refuse(400, "The request is not HTTP/1.1, or is broken")

    def _begin_without_upgrade(self) -> None:
        """Take the head of a request that wishes for another protocol as if it did not.

        The parser gives up where another protocol could begin, and with it the body.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version()
        head = without_upgrade(method, self.url, version, self.headers)
        self.parser = HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does
        self.parser.feed_data(head)

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(self.head_seconds, self._too_late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        if self._in_head:
            self._refuse(408, f"The head has not come whole within {self.head_seconds:g} seconds")
        elif self.cycle is None or self.cycle.response_complete:
            self.transport.close()

    def _refuse_large(self) -> None:
        self._refuse(431, f"The head is larger than {self.most_head} bytes")

    def _refuse(self, status: int, detail: str) -> None:
        """Read nothing more, answer what has come whole, and then end the connection.

        What is refused hears of it only where it is the first to be answered: an answer would be
        taken for that of the request before it.
        """
        if self._ended or self.transport.is_closing():
            return
        self._ended = True
        self._stop_timer()
        log.info("a connection is refused: %s", detail, extra={"status": status})
        if self._closes_after_last():
            return
        if self._in_body and self.cycle.response_complete:
            self.transport.close()
            return
        answer = problem(status, detail)
        phrase = HTTPStatus(status).phrase
        head = (
            f"HTTP/1.1 {status} {phrase}\r\ncontent-type: {PROBLEM}\r\nconnection: close\r\n"
            f"content-length: {len(answer.body)}\r\n\r\n"
        )
        self.transport.write(head.encode() + answer.body)
        self.transport.close()

    def _closes_after_last(self) -> bool:
        """Let the connection end with the answer to the last whole request, if one is to come."""
        if self._in_body and self.pipeline:
            self.pipeline.popleft()
            self._in_body = False
        last = self.pipeline[0][0] if self.pipeline else self._running
        if last is None or last.response_complete or self._in_body:
            return False
        last.keep_alive = False
        return True
