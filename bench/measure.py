"""Times two ways of doing the same by turns, and gives the ratio of their times.

A machine on which others work is faster at one moment than at another, so times of different
moments do not compare. Both ways take a slice of a few milliseconds right after each other, the
first of them by turns; each pair of slices gives a ratio, and the median of the ratios is the
result, with their quartiles as the spread. What is timed is the CPU time of this process, without
the time in which others had its processor, unless ``clock`` is another one. The collector of
cyclic garbage is off.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Way: TypeAlias = Callable[[Any], Any]
Clock: TypeAlias = Callable[[], float]

SLICES: Final = 60
SLICE_SECONDS: Final = 0.008


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of paired ratios, their quartiles, and how many pairs there were."""

    median: float
    low: float
    high: float
    pairs: int

    def over(self, factor: float) -> Ratio:
        """The ratio where one did so many times the work of the other."""
        return Ratio(self.median / factor, self.low / factor, self.high / factor, self.pairs)


def ratio_of(ratios: Sequence[float]) -> Ratio:
    """The ratio that several measured ones show."""
    low, _, high = statistics.quantiles(ratios, n=4)
    return Ratio(statistics.median(ratios), low, high, len(ratios))


def repeated(
    own: Way,
    other: Way,
    item: Any = None,
    *,
    slices: int = SLICES,
    clock: Clock = time.process_time,
) -> Ratio:
    """The time of ``own`` over that of ``other``, each called with the same item again and again.

    Each takes slices of about the same length, so that the faster one is called more often.
    """
    with steady():
        calls, other_calls = _calls(own, item, clock), _calls(other, item, clock)
        ratios = []
        for number in range(slices):
            ways = [(own, calls), (other, other_calls)]
            times = [
                _timed(way, [item] * count, clock) / count
                for way, count in (ways if number % 2 else reversed(ways))
            ]
            first, second = times if number % 2 else reversed(times)
            ratios.append(first / second)
    return ratio_of(ratios)


def in_slices(
    own: Way,
    other: Way,
    slices: Iterable[Sequence[Any]],
    *,
    clock: Clock = time.process_time,
) -> Ratio:
    """The time of ``own`` over that of ``other``, both called once with every item."""
    with steady():
        ratios = []
        for number, items in enumerate(slices):
            if number % 2:
                first = _timed(own, items, clock)
                second = _timed(other, items, clock)
            else:
                second = _timed(other, items, clock)
                first = _timed(own, items, clock)
            ratios.append(first / second)
    return ratio_of(ratios)


@contextmanager
def steady() -> Iterator[None]:
    """Without the collector of cyclic garbage, which would come in the midst of a slice."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _calls(way: Way, item: Any, clock: Clock) -> int:
    """How many calls a slice takes; these warm up, and a slow first one does not count."""
    count = 1
    while True:
        took = min(_timed(way, [item] * count, clock) for _ in range(3))
        if took > SLICE_SECONDS / 4:
            return max(1, round(count * SLICE_SECONDS / took))
        count *= 4


def _timed(way: Way, items: Iterable[Any], clock: Clock) -> float:
    begun = clock()
    for item in items:
        way(item)
    return clock() - begun
