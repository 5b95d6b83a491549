"""How many requests a channel and a source may send."""

from __future__ import annotations

import math
import re
import time
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

_RATE: Final = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")

OFF: Final = "off"
"""The rate that limits nothing."""


def rate(text: str) -> RateLimitItem | None:
    """A rate such as ``200/second`` or ``6000/minute``; None for ``off``.

    Raises ValueError for any other text.
    """
    if text.strip().lower() == OFF:
        return None
    if _RATE.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no rate; write 200/second, 6000/minute or off")
    return parse(text)


class Rates:
    """Counts requests in this process; what has not come for a while is forgotten."""

    def __init__(self, channel: str, source: str) -> None:
        self._channel = rate(channel)
        self._source = rate(source)
        self._counting = SlidingWindowCounterRateLimiter(MemoryStorage())

    def source(self, address: str) -> int | None:
        """Count a request of a network address.

        Gives the seconds after which it may come again where it is one too many, else None.
        """
        return self._wait(self._source, "source", address)

    def channel(self, address: str) -> int | None:
        """Count a request to a channel in the same way."""
        return self._wait(self._channel, "channel", address)

    def _wait(self, item: RateLimitItem | None, kind: str, name: str) -> int | None:
        if item is None or self._counting.hit(item, kind, name):
            return None
        until = self._counting.get_window_stats(item, kind, name).reset_time
        return max(1, math.ceil(until - time.time()))
