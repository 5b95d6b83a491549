"""What compiled rules work on: one payload, or one element of it, and what is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..language.nodes import (
    Activity,
    Comment,
    Condition,
    Path,
    Responsible,
    Statement,
    Status,
    Template,
)
from ..values.value import ABSENT, Value
from .evaluate import Evaluator
from .fields import mapped_field
from .mapped import FieldRule, MappedField, Row
from .scope import Notes, Scope, Surroundings

if TYPE_CHECKING:
    from .gathering import Gathering
    from .program import Program


GATHERED: Final = (Status, Responsible, Comment, Activity)
"""The statements that `take` is for."""


class Frame:
    """Where the params of one half are read, and the way to the evaluator for what is rare.

    The evaluator is made when it is first needed.
    """

    __slots__ = (
        "around",
        "gathering",
        "item",
        "lets",
        "made",
        "notes",
        "payload",
        "program",
        "root",
    )

    def __init__(
        self,
        program: Program,
        around: Surroundings,
        notes: Notes,
        lets: dict[str, Value],
        payload: Value,
        root: Value = ABSENT,
        item: Value = ABSENT,
    ) -> None:
        self.program = program
        self.around = around
        self.notes = notes
        self.lets = lets
        self.payload = payload
        self.root = root
        self.item = item
        self.made: Evaluator | None = None
        self.gathering: Gathering | None = None

    @property
    def evaluator(self) -> Evaluator:
        """What evaluates nodes in this frame."""
        if self.made is None:
            scope = Scope(
                self.payload, self.around, self.notes, self.lets, root=self.root, item=self.item
            )
            self.made = Evaluator(scope, self.program.region, self.program.tables)
        return self.made


def read(frame: Frame, path: Path) -> Value:
    """The value at a path, however its keys are written and whatever its steps are."""
    return frame.evaluator.scope.read(path)


def render(frame: Frame, template: Template) -> Value:
    """The value of a template of any kind."""
    return frame.evaluator.template(template)


def holds(frame: Frame, condition: Condition) -> bool:
    """Whether a condition of any kind holds."""
    return frame.evaluator.holds(condition)


def take(frame: Frame, statement: Statement) -> None:
    """Gather what a statement of any kind says."""
    assert frame.gathering is not None
    frame.gathering.read((statement,), frame.evaluator)


def put(fields: dict[str, Row], rule: FieldRule, value: Value, frame: Frame) -> None:
    """Fill a field whose values are normalised, or that holds any number of them."""
    mapped = mapped_field(rule, value, frame.program.region, frame.notes)
    if rule.multi:
        if rule.required and not mapped.values:
            assert frame.gathering is not None
            frame.gathering.missing.append(rule)
        before = fields.get(rule.name)
        if isinstance(before, MappedField):
            mapped = before.with_more(mapped)
    fields[rule.name] = mapped
