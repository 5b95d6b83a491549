"""One walk over the shape of samples: every place of it that can be mapped."""

from __future__ import annotations

from typing import Final

from ..language.nodes import Key, Path, Step
from ..language.spelling import path as spelled
from ..values.value import has_value
from .fields import LONGEST_KEY, NOWHERE, Answers, Field, Fields, Listing, Source, key_of
from .labels import answered, labelled
from .shape import Shape
from .words import words_of

_LONGEST_PATH: Final = 300


def fields_of(shape: Shape) -> Fields:
    """What can be mapped of payloads of this shape, in order of the keys."""
    walk = _Walk(shape)
    walk.inside(shape, (), None, frozenset())
    return Fields(
        tuple(walk.fields), tuple(walk.answers), tuple(walk.listings), tuple(walk.mixed), walk.long
    )


class _Walk:
    """One walk over a shape."""

    def __init__(self, root: Shape) -> None:
        self.fields: list[Field] = []
        self.answers: list[Answers] = []
        self.listings: list[Listing] = []
        self.mixed: list[str] = []
        self.long = False
        self._taken = {name.casefold() for name in root.keys}

    def inside(
        self, shape: Shape, steps: tuple[Step, ...], source: Source | None, around: frozenset[str]
    ) -> None:
        for name, inner in shape.keys.items():
            path = (*steps, key_of(name))
            if len(name) > LONGEST_KEY or len(spelled(_as_path(path))) > _LONGEST_PATH:
                self.long = True
                continue
            self._place(inner, path, source, words_of(name), around)

    def _place(
        self,
        shape: Shape,
        path: tuple[Step, ...],
        source: Source | None,
        words: frozenset[str],
        around: frozenset[str],
    ) -> None:
        parsed = shape.in_text if source is None else None
        if parsed is not None:
            bound = Source(path, "any", self._let_name(path))
            self.inside(parsed, (key_of(bound.bound or ""),), bound, around | words)
            return
        if shape.mixed:
            self.mixed.append(spelled(_as_path(path)))
        if shape.lists and not shape.scalars:
            self._list(shape, path, source)
        if shape.objects:
            self.inside(shape, path, source, around | words)
        elif shape.scalar or shape.scalars:
            values = {at: value for at, value in (*shape.values, *shape.lists) if has_value(value)}
            own = source or Source(path, shape.type)
            self.fields.append(Field(path, own, words, around, values, bool(shape.lists)))

    def _list(self, shape: Shape, path: tuple[Step, ...], source: Source | None) -> None:
        if shape.element is None or shape.objects or not shape.element.objects:
            return
        own = source or Source(path, "list")
        found = labelled(shape)
        if found is None:
            keys = tuple(key for key in shape.element.keys if len(key) <= LONGEST_KEY)
            if not keys:
                return
            self.listings.append(Listing(path, keys, source is None))
            return
        label, answer = found
        self.answers.append(Answers(own, path, label[-1] if len(label) == 1 else "", answer))
        self.fields.extend(answered(shape, path, own, label, answer))

    def _let_name(self, path: tuple[Step, ...]) -> str:
        last = path[-1]
        name = "".join(
            each if each.isalnum() and each.isascii() else "_"
            for each in (last.name if isinstance(last, Key) else "")
        ).strip("_")
        name = name if name and not name[0].isdigit() else "sent"
        bound = f"{name}_data"
        while bound.casefold() in self._taken:
            bound += "_"
        self._taken.add(bound.casefold())
        return bound


def _as_path(steps: tuple[Step, ...]) -> Path:
    return Path("", steps, span=NOWHERE)
