"""From a payload to what a channel makes of it: the language reference's steps 2 to 4.

Statements are read in order of writing. Those above ``each`` read the whole payload, those below
it one element. Pure: the same program, request and time always give the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from .decision import Problem
from .declared import Place, Typed, Violation, typed
from .draft import Draft
from .evaluate import Evaluator, chosen
from .mapping import MappedPayload
from .nodes import And, Auth, Condition, Ignore, Key, Let, Not, Or, Path, Reject, Statement, When
from .payload import Request
from .program import Program
from .scope import Notes, Scope, Surroundings, elements, member_key, path_text
from .values import Json, Value, has_value, to_text

Verdict: TypeAlias = Ignore | Reject
Readers: TypeAlias = tuple[tuple[Sequence[Statement], Evaluator], ...]


def interpret(program: Program, request: Request, now: datetime) -> tuple[MappedPayload, ...]:
    """What a channel makes of a request with one payload, in order of its decisions.

    Without ``each`` there is one decision; with it one for every element of the list, and one
    that ignores the payload where the list is empty.
    """
    payload: Json = request.payload
    taken = typed(payload, program.declared, program.region, strict_keys=program.strict)
    violations = taken.violations
    if program.schema is not None:
        violations = (*violations, *program.schema.violations(taken.payload, violations))
    around = Surroundings(request, program.address, now, _masked(program.auth, request))
    reading = _Reading(program, around, taken, violations)
    if program.each is None:
        return (reading.decide(None),)
    count = len(reading.elements(taken.payload))
    if count == 0:
        return (MappedPayload("ignore", f"`{path_text(program.each.path)}` is an empty list"),)
    return tuple(reading.decide(index) for index in range(count))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One payload, with its declared types taken, and what is wrong with it."""

    program: Program
    around: Surroundings
    taken: Typed
    violations: tuple[Violation, ...]

    def decide(self, index: int | None) -> MappedPayload:
        """The payload mapped, or the element at an index of the list that ``each`` names."""
        notes = Notes()
        for note in self.around.request.notes:
            notes.add(note.code, note.message, note.path)
        # What `ignore when` reads as no value is no reason for a note about a let.
        kept = self.taken.strict is not self.taken.payload
        strict = self._readers(self.taken.strict, index, notes, Notes() if kept else notes)
        ignored = _first(strict, Ignore)
        if ignored is not None:
            return MappedPayload("ignore", self._reason(*ignored), warnings=tuple(notes))
        for place, note in self.taken.notes:
            if self._concerns(place, index):
                notes.add(note.code, note.message, note.path)
        problems = [each.problem() for each in self.violations if self._concerns(each.place, index)]
        if problems:
            return _rejected(problems, notes)
        readers = strict
        if kept:
            readers = self._readers(self.taken.payload, index, notes, notes)
        refused = _first(readers, Reject)
        if refused is not None:
            reason = self._reason(*refused)
            problem = Problem(_about(refused[0].condition), reason)
            return MappedPayload("reject", reason, (problem,), warnings=tuple(notes))
        draft = Draft(self.program, self._lets())
        for statements, evaluator in readers:
            draft.read(statements, evaluator)
        unmet = draft.unmet()
        return _rejected(unmet, notes) if unmet else draft.mapped(notes)

    def elements(self, payload: Json) -> list[Json]:
        """The elements that ``each`` names, or none without it."""
        if self.program.each is None:
            return []
        ((_, evaluator),) = self._readers(payload, None, Notes(), Notes())[:1]
        return elements(evaluator.scope.read(self.program.each.path))

    def _readers(self, payload: Json, index: int | None, notes: Notes, of_lets: Notes) -> Readers:
        """The statements above and below ``each``, with what reads for them."""
        program = self.program
        lets: dict[str, Value] = {}
        whole = Scope(payload, self.around.request.payload, self.around, notes, lets)
        above = Evaluator(whole, program.region, program.tables)
        _bind(program.before, above, lets, of_lets)
        if index is None:
            if program.each is None:
                _bind(program.after, above, lets, of_lets)
            return ((program.before, above), (program.after, above))
        assert program.each is not None
        element = elements(whole.read(program.each.path))[index]
        inner = dict(lets)
        scope = Scope(element, whole.whole, self.around, notes, inner, root=payload, item=element)
        below = Evaluator(scope, program.region, program.tables)
        _bind(program.after, below, inner, of_lets)
        return ((program.before, above), (program.after, below))

    def _lets(self) -> dict[str, Let]:
        statements = (*self.program.before, *self.program.after)
        return {each.name.text: each for each in statements if isinstance(each, Let)}

    def _concerns(self, place: Place, index: int | None) -> bool:
        """Whether something at a place is about the element decided, or about all of them."""
        if index is None or self.program.each is None:
            return True
        base = _base(self.taken.payload, self.program.each.path)
        if base is None or place[: len(base)] != base or len(place) == len(base):
            return True
        element = place[len(base)]
        return element == index or not isinstance(element, int)

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


def _bind(
    statements: Sequence[Statement], evaluator: Evaluator, lets: dict[str, Value], notes: Notes
) -> None:
    noting = replace(evaluator, scope=replace(evaluator.scope, notes=notes))
    for each in statements:
        if isinstance(each, Let):
            lets[each.name.text] = noting.value(each.value)


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
