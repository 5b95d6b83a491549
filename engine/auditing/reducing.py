"""From many deliveries that show something to few: a bounded search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, islice
from typing import Final, TypeAlias

from ..store import Key
from .replay import Delivery, SpentError

Shows: TypeAlias = Callable[[Sequence[Delivery]], bool]
"""Whether some deliveries alone show it. Raises `SpentError` where no more may be tried."""

MAX_PAIRS: Final = 300


def smallest(
    deliveries: Sequence[Delivery], about: frozenset[Key], shows: Shows
) -> tuple[Delivery, ...]:
    """As few of the deliveries as were found to show it; all of them where none are.

    Those that have the keys it is ``about`` are tried first: each alone, then their pairs. Then
    the deliveries that share keys with them, over any number of others, are taken away as long
    as the rest still shows it.
    """
    near = [each for each in deliveries if each.keys & about]
    try:
        for few in (
            *((each,) for each in near[:MAX_PAIRS]),
            *islice(combinations(near, 2), MAX_PAIRS),
        ):
            if shows(few):
                return few
    except SpentError:
        return tuple(deliveries)
    related = _related(deliveries, about)
    return tuple(_reduced(related if _is_shown(shows, related) else list(deliveries), shows))


def _is_shown(shows: Shows, deliveries: Sequence[Delivery]) -> bool:
    try:
        return shows(deliveries)
    except SpentError:
        return False


def _related(deliveries: Sequence[Delivery], about: frozenset[Key]) -> list[Delivery]:
    """The deliveries that share a key with those of ``about``, directly or over others."""
    by_key: dict[Key, list[int]] = {}
    for at, each in enumerate(deliveries):
        for key in each.keys:
            by_key.setdefault(key, []).append(at)
    known, queue = set(about), list(about)
    taken: set[int] = set()
    while queue:
        for at in by_key.get(queue.pop(), ()):
            if at not in taken:
                taken.add(at)
                fresh = deliveries[at].keys - known
                known |= fresh
                queue += fresh
    return [deliveries[at] for at in sorted(taken)]


def _reduced(deliveries: list[Delivery], shows: Shows) -> list[Delivery]:
    """The deliveries without any part that can be left out, large parts first."""
    kept = deliveries
    size = len(kept) // 2
    try:
        while size:
            at, before = 0, len(kept)
            while at < len(kept):
                fewer = kept[:at] + kept[at + size :]
                if fewer and shows(fewer):
                    kept = fewer
                else:
                    at += size
            if len(kept) == before:
                size //= 2
            else:
                size = min(size, len(kept) // 2)
    except SpentError:
        pass
    return kept
