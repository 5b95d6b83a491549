"""What a channel declares of its payload, as a tree to look paths up in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..language import nodes
from ..late_dataclass import dataclass, field
from ..limits import MAX_STEPS
from ..messages.suggest import Suggester

_MOST_PATHS: Final = 200
_SURE: Final = 0.87
SCALARS = frozenset({"text", "integer", "decimal", "bool", "date", "phone", "email"})
TYPES = (*sorted(SCALARS), "list", "object", "any")


@dataclass(slots=True)
class Shape:
    """A place of the payload: its declaration, its keys, and what each of its elements is.

    ``declared`` is None where only places below it are declared.
    """

    declared: nodes.Declared | None = None
    keys: dict[str, Shape] = field(default_factory=dict)
    element: Shape | None = None
    _folded: dict[str, list[Shape]] | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether nothing is declared below."""
        return not self.keys and self.element is None

    @property
    def type(self) -> str:
        """The declared type, else what the places below make it."""
        if self.declared is not None:
            return self.declared.type.text
        return "list" if self.element is not None and not self.keys else "object"

    @property
    def open(self) -> bool:
        """Whether anything may be read below."""
        return self.declared is not None and self.type not in SCALARS

    def key(self, name: str) -> Shape | None:
        """The key of that name, else the only one that differs in nothing but case."""
        found = self.keys.get(name)
        if found is not None or not self.keys:
            return found
        if self._folded is None:
            self._folded = {}
            for key, below in self.keys.items():
                self._folded.setdefault(key.casefold(), []).append(below)
        alike = self._folded.get(name.casefold(), [])
        return alike[0] if len(alike) == 1 else None

    def add(self, name: str) -> Shape:
        """The key of exactly that name, which is made if it is not there."""
        found = self.keys.get(name)
        if found is None:
            found = self.keys[name] = Shape()
            self._folded = None
        return found

    def all(self) -> Iterator[Shape]:
        """This place and every one below it."""
        waiting = [self]
        while waiting:
            current = waiting.pop()
            yield current
            waiting += current.keys.values()
            if current.element is not None:
                waiting.append(current.element)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: ``shape`` is None below what is declared as open."""

    shape: Shape | None
    type: str
    passed: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The step of a path, by its number, that leads nowhere from ``shape``."""

    shape: Shape
    number: int


def shape_of(params: Iterable[nodes.Declared]) -> Shape:
    """The tree of the declared params; of a path declared twice the first counts."""
    root = Shape()
    for param in params:
        at = root
        for step in param.path.steps:
            if isinstance(step, nodes.Key):
                at = at.add(step.name)
            else:
                at.element = at.element or Shape()
                at = at.element
        if at.declared is None:
            at.declared = param
    return root


def look_up(root: Shape, steps: Sequence[nodes.Step]) -> Place | Gap:
    """Follow the steps of a path."""
    at = root
    passed = [root]
    listed = False
    for number, step in enumerate(steps):
        if isinstance(step, nodes.Key):
            below = at.key(step.name)
            if below is None and at.open:
                return Place(None, "list" if _lists(steps) else "any", tuple(passed))
            if below is None:
                return Gap(at, number)
            at = below
        else:
            listed = listed or isinstance(step, nodes.Every)
            if at.element is not None:
                at = at.element
            elif at.open:
                return Place(None, "list" if _lists(steps) else "any", tuple(passed))
        passed.append(at)
    return Place(at, "list" if listed else at.type, tuple(passed))


def meant_path(
    gap: Gap, steps: Sequence[nodes.Step], suggester: Suggester
) -> tuple[str, list[Shape]] | None:
    """The declared path that one was probably meant to be, from the gap on: its keys and places.

    Dots and underscores are easily taken for one another: `utm.source` for `utm_source`.
    """
    keys = [step.name for step in steps[gap.number :] if isinstance(step, nodes.Key)]
    if len(keys) < len(steps) - gap.number:
        return None
    known: dict[str, list[Shape]] = {}
    waiting = [(key, [at]) for key, at in reversed(gap.shape.keys.items()) if "." not in key]
    while waiting and len(known) < _MOST_PATHS:
        name, places = waiting.pop()
        if places[-1].declared is not None and ("." in name or len(keys) > 1):
            known[name] = places
        if len(places) < MAX_STEPS:
            below = places[-1].keys.items()
            waiting += [(f"{name}.{key}", [*places, at]) for key, at in below if "." not in key]
    meant = suggester.closest(".".join(keys), known, _SURE) if known else None
    return None if meant is None else (meant, known[meant])


def _lists(steps: Sequence[nodes.Step]) -> bool:
    return any(isinstance(step, nodes.Every) for step in steps)
