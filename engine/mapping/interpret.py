"""From a payload to what a channel makes of it: the language reference's steps 2 to 4.

Statements are read in order of writing. Those above ``each`` read the whole payload, those below
it one element. Pure: the same program, request and time always give the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from ..decision import Note, Problem
from ..language.nodes import (
    And,
    Auth,
    Condition,
    Ignore,
    Key,
    Let,
    Not,
    Or,
    Path,
    Reject,
    Statement,
    When,
)
from ..request.payload import Request
from ..values.value import Json, Value, has_value, to_text
from .declared import Place, Typed, Violation, typed
from .evaluate import Evaluator, chosen
from .events import Began, Bound, Taken, Watch
from .gathering import Gathering
from .mapped import MappedPayload
from .program import Program
from .scope import Notes, Scope, Surroundings, elements, member_key, path_text

Verdict: TypeAlias = Ignore | Reject
Readers: TypeAlias = tuple[tuple[Sequence[Statement], Evaluator], ...]


def interpret(
    program: Program, request: Request, now: datetime, watch: Watch | None = None
) -> tuple[MappedPayload, ...]:
    """What a channel makes of a request with one payload, in order of its decisions.

    Without ``each`` there is one decision; with it one for every element of the list, and one
    that ignores the payload where the list is empty. ``watch`` is told the events of it all;
    those before the first `Began` belong to what is above ``each``.
    """
    payload: Json = request.payload
    taken = typed(payload, program.declared, program.region, strict_keys=program.strict)
    violations = taken.violations
    if program.schema is not None:
        violations = (*violations, *program.schema.violations(taken.payload, violations))
    around = Surroundings(request, program.address, now, _masked(program.auth, request))
    reading = _Reading(program, around, taken, violations, watch)
    if program.each is None:
        return (reading.decide(None),)
    count = len(reading.above.elements)
    if count == 0:
        return (MappedPayload("ignore", f"`{path_text(program.each.path)}` is an empty list"),)
    return tuple(reading.decide(index) for index in range(count))


@dataclass(frozen=True, slots=True)
class _Above:
    """What is above ``each``, the same for every element: the lets and the elements themselves.

    ``of_lets`` and ``of_path`` are the notes of reading the lets and the path of ``each``.
    """

    payload: Json
    lets: Mapping[str, Value]
    elements: Sequence[Json]
    of_lets: Notes
    of_path: Notes


@dataclass(frozen=True)
class _Reading:
    """One payload, with its declared types taken, and what is wrong with it."""

    program: Program
    around: Surroundings
    taken: Typed
    violations: tuple[Violation, ...]
    watch: Watch | None = None

    @cached_property
    def above(self) -> _Above:
        """What is above ``each`` in the payload that is mapped."""
        return self._read_above(self.taken.payload)

    @cached_property
    def above_strict(self) -> _Above:
        """What is above ``each`` in the payload that `ignore when` reads."""
        kept = self.taken.strict is not self.taken.payload
        return self._read_above(self.taken.strict) if kept else self.above

    @cached_property
    def violations_by_index(self) -> dict[int | None, list[Violation]]:
        """The violations in each element, and under None those that concern all of them."""
        found: defaultdict[int | None, list[Violation]] = defaultdict(list)
        for each in self.violations:
            found[self._index(each.place)].append(each)
        return found

    @cached_property
    def notes_by_index(self) -> dict[int | None, list[Note]]:
        """The notes of taking declared types, as the violations are."""
        found: defaultdict[int | None, list[Note]] = defaultdict(list)
        for place, note in self.taken.notes:
            found[self._index(place)].append(note)
        return found

    def decide(self, index: int | None) -> MappedPayload:
        """The payload mapped, or the element at an index of the list that ``each`` names."""
        if self.watch is not None:
            self.watch(Began(index))
        notes = Notes()
        for note in self.around.request.notes:
            notes.add(note.code, note.message, note.path)
        # What `ignore when` reads as no value is no reason for a note about a let.
        kept = self.taken.strict is not self.taken.payload
        strict = self._readers(self.above_strict, index, notes, Notes() if kept else notes)
        ignored = _first(strict, Ignore)
        if ignored is not None:
            return MappedPayload("ignore", self._reason(*ignored), warnings=tuple(notes))
        notes.add_all(self.notes_by_index.get(None, ()))
        notes.add_all(self.notes_by_index.get(index, ()))
        violations = self.violations_by_index.get(None, [])
        if index is not None:
            violations = [*violations, *self.violations_by_index.get(index, ())]
        if violations:
            return _rejected([each.problem() for each in violations], notes)
        readers = strict
        if kept:
            readers = self._readers(self.above, index, notes, notes)
        refused = _first(readers, Reject)
        if refused is not None:
            reason = self._reason(*refused)
            problem = Problem(_about(refused[0].condition), reason)
            return MappedPayload("reject", reason, (problem,), warnings=tuple(notes))
        gathering = Gathering(self.program)
        for statements, evaluator in readers:
            gathering.read(statements, evaluator)
        unmet = gathering.unmet()
        return _rejected(unmet, notes) if unmet else gathering.mapped(notes)

    def _read_above(self, payload: Json) -> _Above:
        program = self.program
        if program.each is None:
            return _Above(payload, {}, (), Notes(), Notes())
        lets: dict[str, Value] = {}
        of_lets, of_path = Notes(), Notes()
        scope = Scope(payload, self.around, of_lets, lets)
        _bind(program.before, self._evaluator(scope), lets)
        found = elements(replace(scope, notes=of_path).read(program.each.path))
        return _Above(payload, lets, found, of_lets, of_path)

    def _readers(self, above: _Above, index: int | None, notes: Notes, of_lets: Notes) -> Readers:
        """The statements above and below ``each``, with what reads for them."""
        program = self.program
        of_lets.add_all(above.of_lets)
        notes.add_all(above.of_path)
        outer = Scope(above.payload, self.around, notes, above.lets)
        inner = dict(above.lets)
        if index is None:
            scope = replace(outer, lets=inner)
        else:
            # What `ignore when` reads as no value is no element either.
            element = above.elements[index] if index < len(above.elements) else None
            scope = Scope(element, self.around, notes, inner, root=above.payload, item=element)
        below = self._evaluator(scope)
        _bind(program.after, replace(below, scope=replace(scope, notes=of_lets)), inner)
        return (
            (program.before, self._evaluator(outer)),
            (program.after, below),
        )

    def _evaluator(self, scope: Scope) -> Evaluator:
        return Evaluator(scope, self.program.region, self.program.tables, self.watch)

    def _index(self, place: Place) -> int | None:
        """The index of the element that a place is in; None where it concerns all of them."""
        base = self._base
        if base is None or place[: len(base)] != base or len(place) == len(base):
            return None
        element = place[len(base)]
        return element if isinstance(element, int) else None

    @cached_property
    def _base(self) -> Place | None:
        each = self.program.each
        return None if each is None else _base(self.taken.payload, each.path)

    def _reason(self, verdict: Verdict, evaluator: Evaluator) -> str:
        if verdict.reason is not None:
            text = evaluator.template(verdict.reason)
            if has_value(text):
                return to_text(text)
        source, span = self.program.source, verdict.span
        line = source.position(span.start).line
        written = " ".join(source.text[span.start : span.end].split())
        return f"line {line}: {written}"


def _masked(auth: Auth | None, request: Request) -> Path | None:
    """The path of the secret in the payload: one in the query where that is the payload."""
    if auth is None or auth.path is not None:
        return None if auth is None else auth.path
    if auth.place != "query" or auth.key is None or request.payload != request.query:
        return None
    return Path("", (Key(auth.key.text, span=auth.key.span),), span=auth.key.span)


def _bind(statements: Sequence[Statement], evaluator: Evaluator, lets: dict[str, Value]) -> None:
    for each in statements:
        if isinstance(each, Let):
            value = lets[each.name.text] = evaluator.value(each.value)
            evaluator.tell(Bound(each, value))


def _base(payload: Json, path: Path) -> Place | None:
    """The place of the list that a path of keys leads to, None for any other path."""
    place: Place = ()
    value: Value = payload
    for step in path.steps:
        if path.root or not isinstance(step, Key) or not isinstance(value, dict):
            return None
        key = member_key(value, step.name)
        if not isinstance(key, str):
            return None
        place, value = (*place, key), value[key]
    return place


def _first(readers: Readers, kind: type[Ignore] | type[Reject]) -> tuple[Verdict, Evaluator] | None:
    """The first verdict of a kind that applies, in order of writing."""
    for statements, evaluator in readers:
        for verdict in _verdicts(statements, evaluator, kind):
            evaluator.tell(Taken(verdict))
            return verdict, evaluator
    return None


def _verdicts(
    statements: Sequence[Statement], evaluator: Evaluator, kind: type[Ignore] | type[Reject]
) -> Iterator[Verdict]:
    for each in statements:
        if isinstance(each, When):
            yield from _verdicts(chosen(each, evaluator), evaluator, kind)
        elif isinstance(each, kind) and _applies(each.condition, evaluator):
            yield each


def _applies(condition: Condition | None, evaluator: Evaluator) -> bool:
    return condition is None or evaluator.holds(condition)


def _about(condition: Condition | None) -> str | None:
    """The path of the param that a condition begins with."""
    match condition:
        case None:
            return None
        case And(terms=terms) | Or(terms=terms):
            return _about(terms[0])
        case Not(term=term):
            return _about(term)
        case _:
            return path_text(condition.param.path)


def _rejected(problems: Sequence[Problem], notes: Notes) -> MappedPayload:
    first = problems[0].message
    reason = first if len(problems) == 1 else f"{len(problems)} problems, the first: {first}"
    return MappedPayload("reject", reason, tuple(problems), warnings=tuple(notes))
