"""The shape of sample payloads: every place of them, with all values that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ..errors import PayloadError
from ..language.nodes import ParamType
from ..mapping.scope import member_key
from ..request.json_text import read_json
from ..values.dates import is_iso_date
from ..values.value import Json, has_value, number_of, trim

_LONGEST_NUMBER = 15  # digits; what is longer is an id, whose digits mean nothing as a number
_SHORTEST_DATE = len("2026-01-01")


@dataclass(slots=True)
class Shape:
    """One place of the samples and all below it.

    ``values`` are the single values there, each with the number of its sample; ``lists`` and
    ``objects`` likewise. ``parsed`` is what stands in JSON text.
    """

    values: list[tuple[int, Json]] = field(default_factory=list)
    lists: list[tuple[int, list[Json]]] = field(default_factory=list)
    objects: list[tuple[int, dict[str, Json]]] = field(default_factory=list)
    keys: dict[str, Shape] = field(default_factory=dict)
    element: Shape | None = None
    parsed: Shape | None = None
    folded: dict[str, list[str]] = field(default_factory=dict)

    def add(self, value: Json, sample: int, *, texts: bool = True) -> None:
        """Take a value of a sample; with ``texts``, JSON text is looked into, too."""
        match value:
            case dict():
                self.objects.append((sample, value))
                for key, inner in value.items():
                    self.key(key, value).add(inner, sample, texts=texts)
            case list():
                self.lists.append((sample, value))
                self.element = self.element or Shape()
                for inner in value:
                    self.element.add(inner, sample, texts=False)
            case _:
                self.values.append((sample, value))
                inner = _json_in(value) if texts else None
                if inner is not None:
                    self.parsed = self.parsed or Shape()
                    self.parsed.add(inner, sample, texts=False)

    def key(self, name: str, siblings: dict[str, Json]) -> Shape:
        """The place of a key; one that another sample writes in another case is the same."""
        if name in self.keys:
            return self.keys[name]
        alike = self.folded.setdefault(name.casefold(), [])
        if len(alike) == 1 and member_key(siblings, alike[0]) == name:
            return self.keys[alike[0]]
        alike.append(name)
        self.keys[name] = Shape()
        return self.keys[name]

    @property
    def scalar(self) -> bool:
        """Whether only single values stand here."""
        return not self.lists and not self.objects

    @property
    def scalars(self) -> bool:
        """Whether a list of single values stands here, or in some samples one alone."""
        listed = self.element is not None and self.element.scalar
        return bool(self.lists) and not self.objects and listed

    @property
    def mixed(self) -> bool:
        """Whether what stands here is of several kinds, a list of single values aside."""
        single = any(has_value(value) for _, value in self.values)
        listed = any(has_value(value) for _, value in self.lists)
        kinds = single + listed + any(value for _, value in self.objects)
        return kinds > 1 and not self.scalars

    @property
    def in_text(self) -> Shape | None:
        """What stands in JSON text here, if nothing but that and no value does.

        An object beside it, in another sample, is the same sent in another way.
        """
        if self.parsed is None or self.lists:
            return None
        texts = {sample for sample, _ in self.parsed.objects}
        if any(has_value(value) and sample not in texts for sample, value in self.values):
            return None
        together = Shape()
        for sample, value in sorted(
            (*self.parsed.objects, *self.objects), key=lambda each: each[0]
        ):
            together.add(value, sample, texts=False)
        return together

    @property
    def type(self) -> ParamType:
        """The declared type that every value here can take."""
        filled = [value for _, value in self.values if has_value(value)]
        if self.parsed is not None or (self.objects and (self.lists or filled)):
            return "any"
        if self.objects:
            return "object"
        if self.lists:
            return "list"
        kinds = {scalar_type(value) for value in filled}
        if not kinds:
            return "any"
        if kinds == {"integer", "decimal"}:
            return "decimal"
        return kinds.pop() if len(kinds) == 1 else "text"


def shape_of(payloads: Iterable[Json]) -> Shape:
    """The shape of payloads, or of elements, numbered from 0."""
    shape = Shape()
    for number, payload in enumerate(payloads):
        shape.add(payload, number)
    return shape


def scalar_type(value: Json) -> ParamType:
    """The type that a single value is of by itself; of text, the type that its form tells."""
    number = number_of(value)
    match value:
        case bool():
            return "bool"
        case str() if number is not None:
            digits = trim(value).lstrip("+-")
            padded = digits.startswith("0") and digits[1:2].isdigit()
            if padded or len(digits) > _LONGEST_NUMBER:
                return "text"
            return "integer" if isinstance(number, int) else "decimal"
        case str():
            text = trim(value)
            if text in ("true", "false"):
                return "bool"
            return "date" if len(text) >= _SHORTEST_DATE and is_iso_date(text) else "text"
        case int():
            return "integer"
        case _:
            return "text" if number is None else "decimal"


def elements_at(payload: Json, keys: Sequence[str]) -> Iterator[Json]:
    """The elements of the lists at a path of keys; a list on the way stands for its elements."""
    if not keys:
        yield from payload if isinstance(payload, list) else ()
        return
    for each in payload if isinstance(payload, list) else (payload,):
        key = member_key(each, keys[0]) if isinstance(each, dict) else None
        if isinstance(each, dict) and isinstance(key, str):
            yield from elements_at(each[key], keys[1:])


def _json_in(value: Json) -> Json:
    """The object in a JSON text, else nothing."""
    if not isinstance(value, str) or not trim(value).startswith("{"):
        return None
    try:
        parsed, _ = read_json(trim(value))
    except PayloadError:
        return None
    return parsed if isinstance(parsed, dict) and parsed else None
