"""How many requests a channel and a source may send."""

from __future__ import annotations

import math
import time
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

OFF: Final = "off"
"""The rate that limits nothing."""


def rate(text: str) -> RateLimitItem | None:
    """A rate such as ``200/second`` or ``6000/minute``; None for ``off``.

    Raises ValueError for any other text.
    """
    if text.strip().lower() == OFF:
        return None
    try:
        return parse(text)
    except ValueError:
        raise ValueError(f"{text!r} is no rate; write 200/second, 6000/minute or off") from None


class Rates:
    """Counts requests in this process; what has not come for a while is forgotten."""

    def __init__(self, channel: str, source: str) -> None:
        self._channel = rate(channel)
        self._source = rate(source)
        self._counting = SlidingWindowCounterRateLimiter(MemoryStorage())

    def wait(self, channel: str, source: str) -> int | None:
        """Count a request; the seconds after which it may come again where it is one too many."""
        asked = (self._source, "source", source), (self._channel, "channel", channel)
        for item, kind, name in asked:
            if item is not None and not self._counting.hit(item, kind, name):
                until = self._counting.get_window_stats(item, kind, name).reset_time
                return max(1, math.ceil(until - time.time()))
        return None
