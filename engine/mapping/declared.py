"""Declared payloads: values take their declared types, and what cannot is told by its path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from ..decision import Note, Problem
from ..filters.kinds import truth
from ..filters.spec import shown
from ..language.nodes import Declared, Every, Index, Key, Step, Where
from ..late_dataclass import dataclass
from ..values.dates import is_iso_date
from ..values.emails import parse_email
from ..values.phones import phone_text, split_phones
from ..values.value import ABSENT, Absent, Json, has_value, number_of, to_text, trim
from .scope import elements, member_key

Place: TypeAlias = "tuple[str | int, ...]"
Converted: TypeAlias = "Json | Absent"

_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "text",
        "integer": "a whole number",
        "decimal": "a number",
        "bool": "true or false",
        "date": "an ISO 8601 date",
        "phone": "a phone number",
        "email": "an e-mail address",
        "object": "an object",
    }
)
_KEPT: Final = {"phone": "N201", "email": "N202"}


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a declared payload does not allow, at a place in it."""

    place: Place
    message: str

    def problem(self) -> Problem:
        """The violation as a decision names it."""
        return Problem(place_text(self.place), self.message)


@dataclass(frozen=True, slots=True)
class Typed:
    """A payload whose values have their declared types.

    In ``strict`` a value that cannot be its type is null: that is what ``ignore when`` reads.
    In ``payload`` an optional phone or e-mail that is none is kept as text, with a note.
    """

    payload: Json
    strict: Json
    violations: tuple[Violation, ...] = ()
    notes: tuple[tuple[Place, Note], ...] = ()


def place_text(place: Place) -> str:
    """A place as people write it: ``items[0].name``."""
    text = ""
    for each in place:
        if isinstance(each, int):
            text += f"[{each}]"
        else:
            text += f".{each}" if text else each
    return text


class Regular(NamedTuple):
    """A declared param, ready for payloads that are regular.

    ``key`` is the one key that it is, empty for any other path; a value of the type ``kept``
    stays as it is, and all others are what ``convert`` makes of them.
    """

    key: str
    kept: type | None
    convert: Callable[[Json, str | None], Converted]
    param: Declared


def regular(param: Declared) -> Regular:
    """A declared param made ready."""
    steps, kind = param.path.steps, param.type.text
    step = steps[0] if len(steps) == 1 else None
    key = step.name if isinstance(step, Key) else ""
    return Regular(key, _SAME.get(kind), _CONVERSIONS.get(kind, _any), param)


def typed(
    payload: Json, params: Sequence[Regular], region: str | None, *, strict_keys: bool = False
) -> Typed:
    """The payload with every declared param taken as its type.

    A param that is required and has no value, a value that cannot be its type and, with
    ``strict_keys``, a key that is not declared are violations.
    """
    if not (params or strict_keys):
        return Typed(payload, payload)
    reading = _Typing(region)
    root: Json = payload
    own = False  # whether the root is a copy already
    for key, kept, convert, param in params:
        if key and type(root) is dict and key in root:
            # What is regular takes no walk: one key, as it is written, and a value of the type.
            value = root[key]
            if type(value) is kept and (type(value) is not str or value[:1].isalnum()):
                continue
            made = convert(value, region) if has_value(value) else ABSENT
            if made is value:
                continue
            if made is not ABSENT:
                root = root if own else dict(root)
                root[key], own = made, True
                continue
        root, own = reading.convert(root, param.path.steps, (), param), False
    if strict_keys:
        declared = [each.param.path.steps for each in params]
        reading.violations.extend(_undeclared(payload, declared, ()))
    if not (reading.violations or reading.kept):
        return Typed(root, root)
    strict = root
    for place, _, _ in reading.kept:
        strict = _with(strict, place, None)
    return Typed(
        root,
        strict,
        tuple(reading.violations),
        tuple(
            (place, Note(code, message, place_text(place))) for place, code, message in reading.kept
        ),
    )


class _Typing:
    """One pass over the declared params; the payload's containers are copied where they change."""

    def __init__(self, region: str | None) -> None:
        self.region = region
        self.violations: list[Violation] = []
        self.kept: list[tuple[Place, str, str]] = []

    def convert(self, value: Json, steps: Sequence[Step], place: Place, param: Declared) -> Json:
        """The value with what stands at ``steps`` converted."""
        if not steps:
            return self._converted(value, place, param)
        step, rest = steps[0], steps[1:]
        match step:
            case Key(name=name):
                return self._in_member(value, name, rest, place, param)
            case Every():
                made: list[Json] = [
                    self.convert(each, rest, (*place, index), param)
                    for index, each in enumerate(elements(value))
                ]
                return made if isinstance(value, list) else made[0] if made else value
            case Index(number=number):
                if isinstance(value, list) and -len(value) <= number < len(value):
                    index = number if number >= 0 else len(value) + number
                    inner = self.convert(value[index], rest, (*place, index), param)
                    return [*value[:index], inner, *value[index + 1 :]]
                self._missing((*place, number), rest, param)
                return value
            case Where():
                return value

    def _in_member(
        self, value: Json, name: str, rest: Sequence[Step], place: Place, param: Declared
    ) -> Json:
        key = member_key(value, name) if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(key, str):
            self._missing((*place, name), rest, param)
            return value
        inner = self.convert(value[key], rest, (*place, key), param)
        return value if inner is value[key] else {**value, key: inner}

    def _missing(self, place: Place, rest: Sequence[Step], param: Declared) -> None:
        """A param whose keys are not there; nothing is missing in elements that are not there."""
        if not param.required:
            return
        for step in rest:
            if not isinstance(step, Key):
                return
            place = (*place, step.name)
        self.violations.append(Violation(place, f"`{place_text(place)}` is missing"))

    def _converted(self, value: Json, place: Place, param: Declared) -> Json:
        if not has_value(value):
            if param.required:
                self.violations.append(Violation(place, f"`{place_text(place)}` has no value"))
            return value
        kind = param.type.text
        made = _CONVERSIONS.get(kind, _any)(value, self.region)
        if made is not ABSENT:
            return made
        message = f"`{place_text(place)}` is not {_CALLED[kind]}: {shown(value)}"
        code = _KEPT.get(kind)
        if code is not None and not param.required and not isinstance(value, list | dict):
            self.kept.append((place, code, message))
            return to_text(value)
        self.violations.append(Violation(place, message))
        return None


def _any(value: Json, _: str | None) -> Converted:
    return value


def _text(value: Json, _: str | None) -> Converted:
    return ABSENT if isinstance(value, list | dict) else to_text(value)


def _integer(value: Json, _: str | None) -> Converted:
    number = number_of(value)
    if isinstance(number, Decimal):
        return int(number) if number == number.to_integral_value() else ABSENT
    return ABSENT if number is None else number


def _decimal(value: Json, _: str | None) -> Converted:
    number = number_of(value)
    return ABSENT if number is None else Decimal(number)


def _bool(value: Json, _: str | None) -> Converted:
    return ABSENT if isinstance(value, list | dict) else truth(value)


def _date(value: Json, _: str | None) -> Converted:
    return trim(value) if isinstance(value, str) and is_iso_date(value) else ABSENT


def _phone(value: Json, region: str | None) -> Converted:
    if isinstance(value, bool | list | dict):
        return ABSENT
    phones = split_phones(phone_text(value), region)
    return ABSENT if phones is None else ", ".join(phone.text for phone in phones)


def _email(value: Json, _: str | None) -> Converted:
    email = parse_email(value) if isinstance(value, str) else None
    return ABSENT if email is None else email.text


def _list(value: Json, _: str | None) -> Converted:
    return elements(value)


def _object(value: Json, _: str | None) -> Converted:
    return value if isinstance(value, dict) else ABSENT


_CONVERSIONS: Final[Mapping[str, Callable[[Json, str | None], Converted]]] = MappingProxyType(
    {
        "text": _text,
        "integer": _integer,
        "decimal": _decimal,
        "bool": _bool,
        "date": _date,
        "phone": _phone,
        "email": _email,
        "list": _list,
        "object": _object,
    }
)


_SAME: Final[Mapping[str, type]] = MappingProxyType(
    {"text": str, "integer": int, "decimal": Decimal, "bool": bool}
)
"""The types of values that are what they are declared as; of text only what has a value."""


def _undeclared(
    value: Json, declared: Sequence[Sequence[Step]], place: Place
) -> Iterator[Violation]:
    """The keys of a payload that no declared path leads to or through."""
    if not all(declared):
        return  # a declared param ends here: what is in it is its own matter
    if isinstance(value, list):
        inside = [steps[1:] for steps in declared if not isinstance(steps[0], Key)]
        for index, each in enumerate(value):
            yield from _undeclared(each, inside, (*place, index))
    elif isinstance(value, dict):
        for key, each in value.items():
            here = [steps for steps in declared if _names(steps, key)]
            if here:
                yield from _undeclared(each, [steps[1:] for steps in here], (*place, key))
            else:
                shown_place = place_text((*place, key))
                yield Violation((*place, key), f"`{shown_place}` is not declared")


def _names(steps: Sequence[Step], key: str) -> bool:
    step = steps[0]
    return isinstance(step, Key) and step.name.casefold() == key.casefold()


def _with(value: Json, place: Place, new: Json) -> Json:
    """The value with ``new`` at a place that exists in it."""
    if not place:
        return new
    step, rest = place[0], place[1:]
    if isinstance(value, dict) and isinstance(step, str):
        return {**value, step: _with(value[step], rest, new)}
    if isinstance(value, list) and isinstance(step, int):
        return [*value[:step], _with(value[step], rest, new), *value[step + 1 :]]
    return new  # a single value taken as a list of one
