"""What of a payload can be mapped: single values by their paths, labelled ones in lists too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ..language.nodes import Key, ParamType, Path, Step
from ..language.spelling import path as spelled
from ..mapping.scope import elements
from ..messages.source import Span
from ..values.value import Json
from .shape import scalar_type

NOWHERE: Final = Span(0, 0)
"""The place of nodes that stand in no text yet."""

LONGEST_KEY: Final = 100
"""The longest key, in characters, that a draft writes out."""

_BARE: Final = re.compile(r"[^\W\d][\w-]*")


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where a field's values come from in the payload, as `payload {…}` has to declare it.

    ``bound`` is the name of the `let` that holds it, read from JSON text.
    """

    steps: tuple[Step, ...]
    type: ParamType
    bound: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A value that every sample may have.

    ``words`` are those of its key or label, ``around`` those of the keys above it. ``values``
    are by sample, those that are no value left out; ``listed`` says that some of them are lists
    of single values.
    """

    steps: tuple[Step, ...]
    source: Source
    words: frozenset[str]
    around: frozenset[str]
    values: Mapping[int, Json]
    listed: bool = False

    @property
    def path(self) -> Path:
        """The path that reads it."""
        return Path("", self.steps, span=NOWHERE)

    @property
    def text(self) -> str:
        """The path as people read it."""
        return spelled(self.path)

    @property
    def direct(self) -> bool:
        """Whether the payload has it at that path itself, not in a list or in JSON text."""
        return self.source.steps == self.steps

    @property
    def plain(self) -> bool:
        """Whether it can be an argument of a filter, where a path begins with a bare key."""
        first = self.steps[0]
        return isinstance(first, Key) and _BARE.fullmatch(first.name) is not None

    @property
    def parent(self) -> str:
        """What stands beside it has the same parent."""
        return spelled(Path("@item", self.steps[:-1], span=NOWHERE))

    @property
    def depth(self) -> int:
        """How many keys lead to it."""
        return len(self.steps)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """A list of labelled values: questions with answers, columns with values."""

    source: Source
    steps: tuple[Step, ...]
    label: str
    answer: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list of objects, such as the items of an order.

    ``keys`` are those of its elements; one that is not ``direct`` stands in JSON text.
    """

    steps: tuple[Step, ...]
    keys: tuple[str, ...]
    direct: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """All that the samples hold; ``long`` says that keys were passed over for their length.

    ``mixed`` are the paths of what is a single value in one sample and an object or a list of
    objects in another, so that only a part of it is among the fields.
    """

    fields: tuple[Field, ...]
    answers: tuple[Answers, ...]
    listings: tuple[Listing, ...]
    mixed: tuple[str, ...]
    long: bool


def key_of(name: str) -> Key:
    """The step of a key."""
    return Key(name, span=NOWHERE)


def fits(field: Field, test: Callable[[Json], bool]) -> bool:
    """Whether a test holds for every value of a field; a list's elements are values."""
    return all(test(each) for value in field.values.values() for each in elements(value))


def type_text(field: Field) -> str:
    """The type of a field's values, as an unmapped param would be declared."""
    kinds = {scalar_type(each) for value in field.values.values() for each in elements(value)}
    return "list" if field.listed else kinds.pop() if len(kinds) == 1 else "text"
