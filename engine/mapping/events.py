"""What happens while a payload is mapped, for those who watch: an explanation, a coverage.

Events carry the nodes of the rule file and the values of the payload, in the order of the
evaluation. A statement is evaluated more than once where it is asked more than once: the branches
of a `when` are chosen for verdicts first, then for fields. The last event of a node is the one
that the result rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..language.nodes import Assign, Condition, Let, Param, Statement
from ..late_dataclass import dataclass
from ..values.value import Value
from .mapped import MappedField, Target


@dataclass(frozen=True, slots=True)
class Began:
    """The mapping of one payload begins: of the element at ``index`` under ``each``, else None."""

    index: int | None


@dataclass(frozen=True, slots=True)
class Bound:
    """A let has got its value."""

    let: Let
    value: Value


@dataclass(frozen=True, slots=True)
class Read:
    """A param was read: ``raw`` as the payload has it, ``steps`` what each filter made of it."""

    param: Param
    raw: Value
    steps: tuple[Value, ...]

    @property
    def value(self) -> Value:
        """The param's value behind all of its filters."""
        return self.steps[-1] if self.steps else self.raw


@dataclass(frozen=True, slots=True)
class Tested:
    """A condition, or a part of one, was found to hold or not; its params were read before."""

    condition: Condition
    holds: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A statement has had its effect: a verdict that applies, a block, a status, a comment."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment has given a field its values; the params it reads were read before."""

    assign: Assign
    target: Target
    field: MappedField


Event: TypeAlias = Began | Bound | Read | Tested | Taken | Assigned
Watch: TypeAlias = Callable[[Event], None]
