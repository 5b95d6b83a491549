"""Reading the statements above or below ``each``: compiled, or evaluated node by node.

Both give the same values, warnings and verdicts. The evaluator is the reference, and it tells its
events to who watches; everything else runs compiled functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from ..language.nodes import Condition, Ignore, Let, Reject, Statement, When
from ..late_dataclass import dataclass
from ..values.value import Value
from .evaluate import Evaluator, chosen
from .events import Bound, Taken
from .frame import Frame
from .gathering import Gathering

if TYPE_CHECKING:
    from .compiler import Half

Verdict: TypeAlias = Ignore | Reject


class Reader(Protocol):
    """Some statements and where their params are read."""

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates nodes there."""
        ...

    def bind(self) -> None:
        """Give the lets their values, in order of writing."""
        ...

    def ignored(self) -> Verdict | None:
        """The first *ignore* that applies, in order of writing."""
        ...

    def rejected(self) -> Verdict | None:
        """The first *reject* that applies, in order of writing."""
        ...

    def gather(self, gathering: Gathering) -> None:
        """Gather what the statements say."""
        ...


class Compiled:
    """Statements as functions."""

    __slots__ = ("frame", "half")

    def __init__(self, half: Half, frame: Frame) -> None:
        self.half = half
        self.frame = frame

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates nodes there."""
        return self.frame.evaluator

    def bind(self) -> None:
        """Give the lets their values."""
        if self.half.bind is not None:
            self.half.bind(self.frame.payload, self.frame)

    def ignored(self) -> Verdict | None:
        """The first *ignore* that applies."""
        ignored = self.half.ignored
        return None if ignored is None else ignored(self.frame.payload, self.frame)

    def rejected(self) -> Verdict | None:
        """The first *reject* that applies."""
        rejected = self.half.rejected
        return None if rejected is None else rejected(self.frame.payload, self.frame)

    def gather(self, gathering: Gathering) -> None:
        """Gather what the statements say."""
        if self.half.gather is not None:
            self.frame.gathering = gathering
            self.half.gather(self.frame.payload, self.frame, gathering.contact, gathering.entity)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Statements as nodes; ``lets`` is what the scope of the evaluator reads lets from."""

    statements: Sequence[Statement]
    evaluator: Evaluator
    lets: dict[str, Value]

    def bind(self) -> None:
        """Give the lets their values."""
        for each in self.statements:
            if isinstance(each, Let):
                value = self.lets[each.name.text] = self.evaluator.value(each.value)
                self.evaluator.tell(Bound(each, value))

    def ignored(self) -> Verdict | None:
        """The first *ignore* that applies."""
        return self._first(Ignore)

    def rejected(self) -> Verdict | None:
        """The first *reject* that applies."""
        return self._first(Reject)

    def gather(self, gathering: Gathering) -> None:
        """Gather what the statements say."""
        gathering.read(self.statements, self.evaluator)

    def _first(self, kind: type[Ignore] | type[Reject]) -> Verdict | None:
        for verdict in self._verdicts(self.statements, kind):
            self.evaluator.tell(Taken(verdict))
            return verdict
        return None

    def _verdicts(
        self, statements: Sequence[Statement], kind: type[Ignore] | type[Reject]
    ) -> Iterator[Verdict]:
        for each in statements:
            if isinstance(each, When):
                yield from self._verdicts(chosen(each, self.evaluator), kind)
            elif isinstance(each, kind) and self._applies(each.condition):
                yield each

    def _applies(self, condition: Condition | None) -> bool:
        return condition is None or self.evaluator.holds(condition)
