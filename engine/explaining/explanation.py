"""An explanation: the decision on one payload, told from what was asked to what is written.

Values only. Each has `to_dict`, whose shape is published as ``leadlark/schemas/explanation.json``;
the keys there are the names here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, TypeAlias

from ..language.nodes import EntityType
from ..store import RecordType
from ..values.value import ABSENT, Json, Value, has_value, write_json

State: TypeAlias = Literal["absent", "null", "empty", "value"]
Target: TypeAlias = RecordType
ConditionKind: TypeAlias = Literal["ignore when", "reject when", "when", "else when", "else"]


@dataclass(frozen=True, slots=True)
class Told:
    """A value in one of its four states; ``value`` is null where it is absent."""

    state: State
    value: Json

    @classmethod
    def of(cls, value: Value) -> Told:
        """The value of a payload or a record as it is told."""
        if value is ABSENT:
            return cls("absent", None)
        if value is None:
            return cls("null", None)
        return cls("value" if has_value(value) else "empty", value)

    @property
    def given(self) -> bool:
        """Whether it has a value."""
        return self.state == "value"


@dataclass(frozen=True, slots=True)
class Step:
    """What one filter, as it is written, made of the value before it."""

    filter: str
    result: Told


@dataclass(frozen=True, slots=True)
class ReadParam:
    """A param as it was read: ``<…>`` as written, as the payload has it, and through its filters.

    ``sent`` is the value as it came, ``read`` the same as its declared type (``declared``), which
    is where the filters begin; ``result`` is what they end with.
    """

    param: str
    path: str
    declared: str | None
    sent: Told
    read: Told
    steps: tuple[Step, ...]
    result: Told


@dataclass(frozen=True, slots=True)
class ReadPath:
    """A path that was read, its value, and the lines of the rule file that read it."""

    path: str
    declared: str | None
    sent: Told
    read: Told
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BoundLet:
    """A let, the line it stands on, the value as written and what it became."""

    name: str
    line: int
    rule: str
    params: tuple[ReadParam, ...]
    result: Told


@dataclass(frozen=True, slots=True)
class Comparison:
    """One test within a condition; ``holds`` is null where the others made it needless."""

    rule: str
    holds: bool | None
    params: tuple[ReadParam, ...]


@dataclass(frozen=True, slots=True)
class TestedCondition:
    """A condition that was reached; an ``else`` that was taken has no comparisons.

    ``decides`` says that the decision rests on it: it is the `ignore when` or `reject when` that
    applied.
    """

    kind: ConditionKind
    line: int
    rule: str
    holds: bool
    decides: bool
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class SearchKey:
    """A field to search by: its line, the value as sent, and the keys that it is searched by.

    Without ``keys`` nothing is searched by it, and ``why`` says why.
    """

    field: str
    line: int
    sent: Told
    keys: tuple[str, ...]
    why: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a search found: whether it was chosen, why, and what of it matters here.

    ``matches`` names the fields and keys by which it was found. ``fields`` are those that the
    rules map or search; a field that the record does not have is left out.
    """

    id: str
    status: str | None
    chosen: bool
    why: str
    matches: tuple[str, ...]
    contacts: tuple[str, ...]
    fields: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class AskedSearch:
    """What a store was asked for, and what it found.

    Without a question (``asked`` is false) ``why`` says why there was none; with one it says
    what becomes of what was found. ``contacts`` and ``statuses`` are set where records are looked
    for by their contacts.
    """

    type: RecordType
    asked: bool
    why: str
    keys: tuple[SearchKey, ...] = ()
    contacts: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a field in one record: ``record`` is null for one that is created.

    ``written`` is what is written (null empties the field), ``stored`` what the record holds.
    """

    record: str | None
    writes: bool
    why: str
    written: Json
    stored: Told


@dataclass(frozen=True, slots=True)
class MappedFieldTold:
    """One assignment: its line and its value as written, what it read, and what became of it.

    ``result`` is the value as it would be stored; for a multi-value field a list, whose value
    type is ``type``. An assignment that was not reached has no outcomes, and ``why`` says why.
    """

    target: Target
    field: str
    type: str | None
    line: int
    rule: str
    flags: tuple[str, ...]
    params: tuple[ReadParam, ...]
    result: Told
    outcomes: tuple[Outcome, ...]
    why: str | None

    @property
    def writes(self) -> bool:
        """Whether any record gets a value of it."""
        return any(each.writes for each in self.outcomes)


@dataclass(frozen=True, slots=True)
class ToldProblem:
    """Why the payload is rejected, with the line of the rule that says so, if one does."""

    path: str | None
    message: str
    line: int | None


@dataclass(frozen=True, slots=True)
class ToldWarning:
    """A note of the decision: its code and what the code means, the sentence, the path."""

    code: str
    title: str
    message: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a payload cannot be read: the code, what it means, the sentence, the place, the page."""

    code: str
    title: str
    message: str
    place: str | None
    gist: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision on one payload, told.

    ``headline`` and ``because`` answer what becomes of the payload and why in a sentence each.
    ``source`` names where the payload comes from, ``element`` is its index under ``each``.
    ``decision`` is the decision's JSON, null for a payload that cannot be read; ``links`` are the
    contacts that the entity would be linked to. ``masked`` says that personal data are replaced.
    """

    channel: str
    title: str
    type: EntityType
    file: str
    rules: str
    now: str
    headline: str
    because: str
    source: str | None = None
    element: int | None = None
    masked: bool = False
    decision: Mapping[str, Any] | None = None
    links: tuple[str, ...] = ()
    error: Unreadable | None = None
    problems: tuple[ToldProblem, ...] = ()
    warnings: tuple[ToldWarning, ...] = ()
    searches: tuple[AskedSearch, ...] = ()
    fields: tuple[MappedFieldTold, ...] = ()
    conditions: tuple[TestedCondition, ...] = ()
    lets: tuple[BoundLet, ...] = ()
    params: tuple[ReadPath, ...] = ()
    unread: tuple[str, ...] = field(default=())

    @property
    def action(self) -> str:
        """The decision's action; `unreadable` where there is none."""
        return "unreadable" if self.decision is None else str(self.decision["action"])

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON values."""
        shown: dict[str, Any] = _plain(self)
        return shown

    def to_json(self, *, indent: int | None = None) -> str:
        """The explanation as JSON text, every digit of its numbers kept."""
        return write_json(self.to_dict(), indent=indent)


def _plain(value: object) -> Any:
    """Dataclasses and tuples as objects and lists; everything else as it is."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return value
