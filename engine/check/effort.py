"""What bounds the work on one file, whatever is written in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from ..late_dataclass import dataclass, field
from ..messages.suggest import Suggester
from ..values.patterns import measure

MAX_INSTRUCTIONS: Final = 500_000
"""The size of all patterns of a file together, in instructions of their programs."""

TOO_LARGE: Final = "the patterns of this file are too large together"


@dataclass(slots=True)
class Effort:
    """Work that the channels of a file share.

    Suggestions and the compiling of patterns take time that is out of proportion to the text
    that asks for it, so both have a limit for the file, not for each channel.
    """

    _suggesters: defaultdict[str, Suggester] = field(default_factory=lambda: defaultdict(Suggester))
    _patterns: dict[str, str | None] = field(default_factory=dict)
    _room: int = MAX_INSTRUCTIONS
    _postponed: list[Callable[[], None]] = field(default_factory=list)

    def suggester(self, check: str) -> Suggester:
        """What makes the suggestions of one check in all channels."""
        return self._suggesters[check]

    def postpone(self, work: Callable[[], None]) -> None:
        """Keep work that asks for suggestions until a channel needs what it finds."""
        self._postponed.append(work)

    def catch_up(self) -> None:
        """Do what was postponed, in that order: who asks first is given a suggestion."""
        for work in self._postponed:
            work()
        self._postponed.clear()

    def pattern_problem(self, text: str) -> str | None:
        """Why a pattern cannot be used, as `patterns.pattern_problem`, or `TOO_LARGE`."""
        if text not in self._patterns:
            problem, size = (TOO_LARGE, 0) if self._room <= 0 else measure(text)
            self._room -= size
            self._patterns[text] = problem
        return self._patterns[text]
