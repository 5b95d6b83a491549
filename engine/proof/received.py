"""A request as it came over the wire, and how what proves its sender is taken out of it.

Nothing here is decoded: signatures are made of bytes. What is missing, doubled or out of its time
ends in `NotProvenError`, whose sentence names places and never repeats what was sent.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from ..late_dataclass import dataclass, field

WINDOW: Final = 5 * 60
"""How old or how far ahead a timestamp may be, in seconds (Standard Webhooks, Webflow, HubSpot)."""

_SECONDS: Final = re.compile(rb"[1-9][0-9]{0,11}")
_MILLISECONDS: Final = re.compile(rb"[1-9][0-9]{0,14}")


class NotProvenError(Exception):
    """The sender is not who the channel takes requests from; the message says why."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request before anything is read from it.

    Attributes:
        method: The HTTP method, in upper case.
        query: The query string as received, without ``?``.
        headers: Names and values as received, in order, repeated ones too.
        body: The body as received.
        url: The whole URL that the sender called, for schemes that sign it; None where that is not
            known for certain, as behind a proxy that the service knows nothing of.
    """

    method: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    url: str | None = None

    def has(self, name: str) -> bool:
        """Whether a header is there, empty or not."""
        wanted = name.lower().encode()
        return any(each.lower() == wanted for each, _ in self.headers)

    def header(self, name: str) -> bytes:
        """The value of a header that is there once, without the blanks around it (RFC 9110, 5.5).

        Of a repeated one it is not known which counts for whom, so it is refused, and an empty one
        proves nothing.
        """
        wanted = name.lower().encode()
        values = [value for each, value in self.headers if each.lower() == wanted]
        if not values:
            raise NotProvenError(f"the header {name} is missing")
        if len(values) > 1:
            raise NotProvenError(f"the header {name} was sent {len(values)} times")
        value = values[0].strip(b" \t")
        if not value:
            raise NotProvenError(f"the header {name} is empty")
        return value

    def signed_body(self) -> bytes:
        """The body, if it is the payload.

        Without one the query string is, and no signature of a body covers that.
        """
        if not self.body or self.body.isspace():
            raise NotProvenError("a request without a body: nothing in it is signed")
        return self.body


def fresh(timestamp: bytes, now: datetime, name: str, *, milliseconds: bool = False) -> int:
    """A Unix timestamp within five minutes of now, in its own unit; ``name`` is its place."""
    pattern, unit = (_MILLISECONDS, 1000) if milliseconds else (_SECONDS, 1)
    if pattern.fullmatch(timestamp) is None:
        raise NotProvenError(
            f"{name} is no Unix time in {'milliseconds' if milliseconds else 'seconds'}"
        )
    moment = int(timestamp)
    age = now.timestamp() - moment / unit
    if age > WINDOW:
        raise NotProvenError(f"{name} is more than five minutes old")
    if age < -WINDOW:
        raise NotProvenError(f"{name} is more than five minutes ahead")
    return moment
