"""From a payload to what a channel makes of it: the language reference's steps 2 to 4.

Statements are read in order of writing. Those above ``each`` read the whole payload, those below
it one element. Pure: the same program, request and time always give the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from ..decision import Note, Problem
from ..language.nodes import (
    And,
    Auth,
    Condition,
    Key,
    Not,
    Or,
    Path,
)
from ..late_dataclass import dataclass, replace
from ..request.payload import Request
from ..values.value import ABSENT, Json, Value, has_value, to_text
from .declared import Place, Typed, Violation, typed
from .evaluate import Evaluator
from .events import Began, Watch
from .frame import Frame
from .gathering import Gathering
from .mapped import MappedPayload
from .program import Program
from .readers import Compiled, Evaluated, Reader, Verdict
from .scope import Notes, Scope, Surroundings, elements, member_key, path_text

Readers: TypeAlias = tuple[Reader, ...]


def interpret(
    program: Program, request: Request, now: datetime, watch: Watch | None = None
) -> tuple[MappedPayload, ...]:
    """What a channel makes of a request with one payload, in order of its decisions.

    Without ``each`` there is one decision; with it one for every element of the list, and one
    that ignores the payload where the list is empty. ``watch`` is told the events of it all;
    those before the first `Began` belong to what is above ``each``.
    """
    reading = _read(program, request, now, watch)
    if program.each is None:
        return (_identified(reading).decide(None),)
    count = len(reading.above.elements)
    if count == 0:
        return (MappedPayload("ignore", f"`{path_text(program.each.path)}` is an empty list"),)
    return tuple(reading.decide(index) for index in range(count))


def identities(
    program: Program, request: Request, now: datetime
) -> tuple[tuple[str | None, Json], ...]:
    """The request id and the payload of every decision that `interpret` makes, in its order.

    The id is what `request id` gives, else that of the request; under ``each`` the payload is the
    element.
    """
    if program.each is None and program.request_id is None:
        return ((request.id, request.payload),)
    reading = _read(program, request, now, None)
    if program.each is None:
        return ((reading.identity(None), request.payload),)
    elements = reading.above.elements
    if not elements:
        return ((request.id, request.payload),)
    return tuple((reading.identity(index), each) for index, each in enumerate(elements))


def _read(program: Program, request: Request, now: datetime, watch: Watch | None) -> _Reading:
    """A request with one payload, its declared types taken."""
    payload: Json = request.payload
    taken = typed(payload, program.regular, program.region, strict_keys=program.strict)
    violations = taken.violations
    if program.schema is not None:
        violations = (*violations, *program.schema.violations(taken.payload, violations))
    around = Surroundings(request, program.address, now, _masked(program.auth, request))
    return _Reading(program, around, taken, violations, watch)


def _identified(reading: _Reading) -> _Reading:
    """The reading of a payload whose `<@id>` is what `request id` gives."""
    if reading.program.request_id is None:
        return reading
    around = reading.around
    request = around.request.under(reading.identity(None))
    return replace(reading, around=replace(around, request=request))


@dataclass(frozen=True, slots=True)
class _Above:
    """What is above ``each``, the same for every element: the lets and the elements themselves.

    ``of_lets`` and ``of_path`` are the notes of reading the lets and the path of ``each``.
    """

    payload: Json
    lets: dict[str, Value]
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

    def identity(self, index: int | None) -> str | None:
        """The request id of the payload, or of an element.

        It is that of the request where the channel names none, or what it names has no value.
        """
        named = self.program.request_id
        if named is None:
            return self.around.request.id
        notes = Notes()
        text = self._readers(index, notes, notes, strict=False)[-1].evaluator.template(
            named.template
        )
        return to_text(text).strip() if has_value(text) else self.around.request.id

    def decide(self, index: int | None) -> MappedPayload:
        """The payload mapped, or the element at an index of the list that ``each`` names."""
        if self.watch is not None:
            self.watch(Began(index))
        notes = Notes()
        for note in self.around.request.notes:
            notes.add(note.code, note.message, note.path)
        # What `ignore when` reads as no value is no reason for a note about a let.
        kept = self.taken.strict is not self.taken.payload
        readers = self._readers(index, notes, Notes() if kept else notes, strict=True)
        for each in readers:
            if (ignored := each.ignored()) is not None:
                reason = self._reason(ignored, each.evaluator)
                return MappedPayload("ignore", reason, warnings=tuple(notes))
        violations = self._note_violations(index, notes)
        if violations:
            return _rejected([each.problem() for each in violations], notes)
        if kept:
            readers = self._readers(index, notes, notes, strict=False)
        for each in readers:
            if (refused := each.rejected()) is not None:
                reason = self._reason(refused, each.evaluator)
                problem = Problem(_about(refused.condition), reason)
                return MappedPayload("reject", reason, (problem,), warnings=tuple(notes))
        gathering = Gathering(self.program)
        for each in readers:
            each.gather(gathering)
        unmet = gathering.unmet()
        return _rejected(unmet, notes) if unmet else gathering.mapped(notes)

    def _note_violations(self, index: int | None, notes: Notes) -> list[Violation]:
        """The violations that concern an element, or the payload where that is None."""
        if self.taken.notes:
            notes.add_all(self.notes_by_index.get(None, ()))
            notes.add_all(self.notes_by_index.get(index, ()))
        if not self.violations:
            return []
        of_all = self.violations_by_index.get(None, [])
        return of_all if index is None else [*of_all, *self.violations_by_index.get(index, ())]

    def _read_above(self, payload: Json) -> _Above:
        program = self.program
        assert program.each is not None
        lets: dict[str, Value] = {}
        of_lets, of_path = Notes(), Notes()
        self._reader(0, payload, of_lets, lets, of_lets)
        scope = Scope(payload, self.around, of_path, lets)
        found = elements(scope.read(program.each.path))
        return _Above(payload, lets, found, of_lets, of_path)

    def _readers(self, index: int | None, notes: Notes, of_lets: Notes, *, strict: bool) -> Readers:
        """What reads the statements above and below ``each``, lets bound.

        With ``strict`` they read what `ignore when` reads.
        """
        if index is None:
            payload = self.taken.strict if strict else self.taken.payload
            return (self._reader(1, payload, notes, {}, of_lets),)
        above = self.above_strict if strict else self.above
        of_lets.add_all(above.of_lets)
        notes.add_all(above.of_path)
        outer = self._reader(0, above.payload, notes, above.lets, None)
        # What `ignore when` reads as no value is no element either.
        element = above.elements[index] if index < len(above.elements) else None
        lets = dict(above.lets)
        return outer, self._reader(1, element, notes, lets, of_lets, above.payload)

    def _reader(
        self,
        position: int,
        payload: Value,
        notes: Notes,
        lets: dict[str, Value],
        of_lets: Notes | None,
        root: Value = ABSENT,
    ) -> Reader:
        """What reads the first or the second half of the channel at a payload or an element.

        With ``of_lets`` the lets are bound first, and what is to be noted of them goes there.
        """
        reader = self._made(position, payload, notes, lets, root)
        if of_lets is notes:
            reader.bind()
        elif of_lets is not None:
            self._made(position, payload, of_lets, lets, root).bind()
        return reader

    def _made(
        self, position: int, payload: Value, notes: Notes, lets: dict[str, Value], root: Value
    ) -> Reader:
        program = self.program
        item = ABSENT if root is ABSENT else payload
        half = program.half(position) if self.watch is None else None
        if half is not None:
            frame = Frame(program, self.around, notes, lets, payload, root, item)
            return Compiled(half, frame)
        scope = Scope(payload, self.around, notes, lets, root=root, item=item)
        statements = program.after if position else program.before
        evaluator = Evaluator(scope, program.region, program.tables, self.watch)
        return Evaluated(statements, evaluator, lets)

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
