"""A row of the results: what is measured, against what, and what was wished for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from measure import Ratio


@dataclass(frozen=True, slots=True)
class Row:
    """``measure`` gives the time of LeadLark over that of the reference, once ``equal`` holds.

    ``equal`` says in words what ``measure`` asserts before it takes times. ``goal`` is the
    largest ratio that is good enough, where there is one; rows without are parts of others.
    ``needs`` are packages beside those of LeadLark: without them the row is left out.
    """

    topic: str
    name: str
    reference: str
    equal: str
    goal: float | None
    measure: Callable[[], Ratio]
    needs: tuple[str, ...] = ()


MAPPING: Final = "Mapping"
PEERS: Final = "Mapping, against other languages"
VALUES: Final = "Values"
RULES: Final = "Rule files"
STORES: Final = "Stores"
START: Final = "Starting"
BATCHES: Final = "Batches"

WIDE_ORDER: Final = "the wide order (63 values, 30 fields)"
