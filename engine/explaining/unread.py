"""What a channel reads of its payloads, and what of one payload no rule of it reads.

Both follow the paths of a rule file, not the run of one payload: a param of a branch that was not
taken reads its key all the same. `<@payload>` and `comment payload` pass a payload on as it is,
which is no reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from ..check.walk import children
from ..language.nodes import (
    Auth,
    Each,
    Every,
    Filter,
    Index,
    Key,
    Let,
    Node,
    Param,
    Path,
    Payload,
    PayloadSchema,
    Step,
    Template,
    Where,
)
from ..language.spelling import path as spelled
from ..mapping.program import Program
from ..mapping.scope import elements, member_key
from ..messages.source import Span
from ..values.value import ABSENT, Json, Value, nfc, to_text

Steps: TypeAlias = tuple[Step, ...]
Place: TypeAlias = "tuple[str | int, ...]"

_NOWHERE: Final = Span(0, 0)
_EVERY: Final = Every(span=_NOWHERE)
_SIGNED: Final = {"mailgun": "signature"}
"""Schemes whose proof stands in the payload: the key that holds it."""


def params_read(program: Program) -> tuple[Path, ...]:
    """Every path into the payload that a channel reads, each once, in order of writing.

    The paths begin at the root of the payload: below ``each`` and in a `map` the path of the list
    stands before what is read in its elements. Declared params come first. Of a `let` its own
    params are named, not the paths that begin with its name.
    """
    found = dict.fromkeys(reading.steps for reading in _readings(program, is_query=False))
    return tuple(Path("", steps, span=_NOWHERE) for steps in found if steps)


def is_there(path: Path, payload: Json) -> bool:
    """Whether a payload has anything at a path of `params_read`, be it null or empty."""
    marked = _Marks()
    marked.follow(payload, path.steps, (), whole=True)
    return bool(marked.whole)


def unread_keys(program: Program, payload: Json, *, is_query: bool = False) -> tuple[str, ...]:
    """The paths of a payload that no rule of a channel reads, in order of the payload.

    A path is written as a rule file would read it and leads to the outermost value of which
    nothing is read: ``utm.source``, or ``utm`` where no rule reads anything below it. An element
    of a list is ``[*]`` where no element's value at the path is read, else its index.
    ``is_query`` says that the payload is the query string, so that `<@query.…>` reads it, too.
    """
    marked = _Marks()
    for reading in dict.fromkeys(_readings(program, is_query=is_query)):
        marked.follow(payload, reading.steps, (), whole=reading.whole)
    marked.touch(())
    unread, _ = _sorted_out(payload, (), marked)
    return tuple(spelled(Path("", steps, span=_NOWHERE)) for steps in unread if steps)


# The paths of a channel


@dataclass(frozen=True, slots=True)
class _Reading:
    """Steps from the root of the payload; ``whole`` if all that is below them is read."""

    steps: Steps
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where bare paths and `<@item>` lead: steps from the root, None for outside the payload."""

    bare: Steps | None = ()
    item: Steps | None = None
    lets: frozenset[str] = frozenset()
    is_query: bool = False

    def resolve(self, path: Path) -> Steps | None:
        """The steps of a path from the root of the payload, None if it reads something else."""
        base: Steps | None = None
        first = path.steps[0] if path.steps else None
        match path.root:
            case "":
                named = isinstance(first, Key) and first.name in self.lets
                base = None if named else self.bare
            case "@item":
                base = self.item
            case "@root":
                base = ()
            case "@query" if self.is_query:
                base = ()
        return None if base is None else (*base, *path.steps)

    def inside(self, steps: Steps | None) -> _Scope:
        """The scope of one element of the list at some steps."""
        several = steps is not None and any(isinstance(step, Every) for step in steps)
        element = steps if steps is None or several else (*steps, _EVERY)
        return replace(self, bare=element, item=element)


def _readings(program: Program, *, is_query: bool) -> Iterator[_Reading]:
    for declared in program.declared:
        yield _Reading(declared.path.steps)
    lets = [each.name.text for each in program.before if isinstance(each, Let)]
    scope = _Scope(lets=frozenset(lets), is_query=is_query)
    yield from _of_statements(program.before, replace(scope, lets=frozenset()), scope)
    if program.each is not None:
        steps = scope.resolve(program.each.path)
        if steps is not None:
            yield _Reading(steps, whole=False)
        several = any(isinstance(step, Every) for step in program.each.path.steps)
        scope = replace(scope, bare=steps, item=steps) if several else scope.inside(steps)
    more = [each.name.text for each in program.after if isinstance(each, Let)]
    yield from _of_statements(program.after, scope, replace(scope, lets=scope.lets | set(more)))


def _of_statements(statements: Sequence[Node], first: _Scope, scope: _Scope) -> Iterator[_Reading]:
    """What statements read: a `let` with the names of those before it, all others with all."""
    for each in statements:
        if isinstance(each, Let):
            yield from _of_node(each, first)
            first = replace(first, lets=first.lets | {each.name.text})
        else:
            yield from _of_node(each, scope)


def _of_node(node: Node, scope: _Scope) -> Iterator[_Reading]:
    match node:
        case Payload() | PayloadSchema() | Each():
            return
        case Auth():
            yield from _of_auth(node, scope)
        case Param():
            yield from _of_param(node, scope)
        case _:
            for child in children(node):
                yield from _of_node(child, scope)


def _of_auth(auth: Auth, scope: _Scope) -> Iterator[_Reading]:
    """The proof of a sender, which stands in the request as a whole, not in an element."""
    if auth.path is not None:
        yield _Reading(auth.path.steps)
    elif auth.place == "query" and auth.key is not None and scope.is_query:
        yield _Reading((Key(auth.key.text, span=_NOWHERE),))
    elif auth.scheme.text in _SIGNED:
        yield _Reading((Key(_SIGNED[auth.scheme.text], span=_NOWHERE),))


def _of_param(param: Param, scope: _Scope) -> Iterator[_Reading]:
    steps = scope.resolve(param.path)
    first = param.filters[0].name if param.filters else ""
    # What `map` is given first is read by its template alone.
    mapped = first == "map"
    if steps is not None:
        yield _Reading(steps, whole=not mapped)
    for each in param.filters:
        yield from _of_filter(each, scope, scope.inside(steps if mapped else None))


def _of_filter(node: Filter, scope: _Scope, inner: _Scope) -> Iterator[_Reading]:
    for argument in node.arguments:
        if isinstance(argument, Template):
            yield from _of_node(argument, inner)
        elif isinstance(argument, Path) and node.name != "lookup":
            steps = scope.resolve(argument)
            if steps is not None:
                yield _Reading(steps)


# The places of a payload


@dataclass(slots=True)
class _Marks:
    """The places of a payload that are read: ``whole`` to their leaves, ``touched`` in part."""

    whole: set[Place] = field(default_factory=set)
    touched: set[Place] = field(default_factory=set)

    def touch(self, place: Place) -> None:
        """Take a place, and all that it is in, as read in part."""
        while place not in self.touched:
            self.touched.add(place)
            place = place[:-1]

    def follow(self, value: Json, steps: Sequence[Step], place: Place, *, whole: bool) -> None:
        """Mark what the steps lead to from a value, and every object and list on the way."""
        if not steps:
            if whole:
                self.whole.add(place)
            self.touch(place)
            return
        if isinstance(value, list | dict):
            self.touch(place)  # a rule looks into it, whatever it finds there
        rest = steps[1:]
        for inner, at in self._inner(value, steps[0], place):
            self.follow(inner, rest, at, whole=whole)

    def _inner(self, value: Json, step: Step, place: Place) -> Iterator[tuple[Json, Place]]:
        match step:
            case Key(name=name):
                key = member_key(value, name) if isinstance(value, dict) else None
                if isinstance(value, dict) and isinstance(key, str):
                    yield value[key], (*place, key)
            case Index(number=number):
                if isinstance(value, list) and -len(value) <= number < len(value):
                    index = number if number >= 0 else len(value) + number
                    yield value[index], (*place, index)
            case Every():
                yield from _placed(value, place)
            case Where(keys=keys, value=wanted):
                found = False
                for element, at in _placed(value, place):
                    told = self._told(element, keys, at)
                    if not found and told is not ABSENT and nfc(to_text(told)) == nfc(wanted):
                        found = True
                        yield element, at

    def _told(self, value: Json, keys: Iterable[str], place: Place) -> Value:
        """The value by which an element is told from the others, which is read for that."""
        for name in keys:
            key = member_key(value, name) if isinstance(value, dict) else None
            if not isinstance(value, dict) or not isinstance(key, str):
                return ABSENT
            value, place = value[key], (*place, key)
        self.whole.add(place)
        self.touch(place)
        return value


def _placed(value: Json, place: Place) -> Iterator[tuple[Json, Place]]:
    """The elements of a list with their places; a single value is a list of one, in its place."""
    if isinstance(value, list):
        yield from ((each, (*place, index)) for index, each in enumerate(value))
    else:
        yield from ((each, place) for each in elements(value))


def _sorted_out(value: Json, place: Place, marks: _Marks) -> tuple[list[Steps], set[Steps]]:
    """The steps below a place of which nothing is read, and those of which something is."""
    if place in marks.whole:
        return [], {()}
    if place not in marks.touched:
        return [()], set()
    unread: dict[Steps, None] = {}
    read: set[Steps] = {()}
    if isinstance(value, dict):
        for name, each in value.items():
            key = Key(name, span=_NOWHERE)
            below, known = _sorted_out(each, (*place, name), marks)
            unread.update(dict.fromkeys((key, *steps) for steps in below))
            read.update((key, *steps) for steps in known)
    elif isinstance(value, list):
        parts = [_sorted_out(each, (*place, at), marks) for at, each in enumerate(value)]
        elsewhere = {steps for _, known in parts for steps in known}
        for at, (below, known) in enumerate(parts):
            index = Index(at, span=_NOWHERE)
            for steps in below:
                step = index if steps in elsewhere else _EVERY
                unread[(step, *steps)] = None
            read.update((_EVERY, *steps) for steps in known)
    return list(unread), read
