"""The declared params of a channel as one schema of its payload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from ..language.nodes import Declared, Every, Key
from ..late_dataclass import dataclass, field
from .kinds import Schema, any_of, form_value_of, ref, value_of

_SYNTAX: Final = frozenset("\\^$.|?*+()[]{}/")


@dataclass(slots=True)
class Place:
    """A place in a payload: what is declared of it, of the keys in it and of its elements.

    ``kind`` is the declared type, None where only places in it are declared. ``open`` is set where
    a path goes on in a way that no schema follows, such as by an index.
    """

    kind: str | None = None
    required: bool = False
    members: dict[str, Place] = field(default_factory=dict)
    element: Place | None = None
    open: bool = False


class FormName(NamedTuple):
    """A declared param as a form names it.

    ``name`` is one spelling; ``pattern`` matches them all where there are several.
    """

    name: str
    pattern: str | None
    kind: str
    required: bool


def places(declared: Iterable[Declared]) -> Place:
    """The tree of a channel's declared params; its root is the payload."""
    root = Place(required=True)
    for param in declared:
        steps = param.path.steps
        others = [index for index, step in enumerate(steps) if not isinstance(step, Key)]
        needed = others[-1] if others else -1  # before it nothing need be there
        here = root
        for index, step in enumerate(steps):
            match step:
                case Key(name=name):
                    here = here.members.setdefault(name, Place())
                case Every():
                    here.element = here = here.element or Place()
                case _:
                    here.open = True
                    break
            here.required |= param.required and index >= max(needed, 0)
        else:
            here.kind = param.type.text
    return root


def schema_of(place: Place, *, strict: bool, alone: bool = False) -> Schema:
    """What is taken at a place; with ``strict`` no keys beside the declared ones.

    ``alone`` tells that it is an element without a list around it, and itself no list.
    """
    if place.open:
        return ref("Value")
    if not place.members and place.element is None:
        return value_of(place.kind or "any", required=place.required)
    options: list[Schema] = []
    if place.members:
        options.append(object_of(place, strict=strict))
    if place.element is not None:
        elements = schema_of(place.element, strict=strict)
        one = schema_of(place.element, strict=strict, alone=True)
        options += [{"type": "array", "items": elements}, one]  # one alone is a list of one
    if not any(each.required for each in place.members.values()):
        if place.kind in (None, "any") and place.members:
            options.append(ref("Scalar" if alone else "Single"))
        if not place.required:
            options.append(ref("Nothing"))
    return any_of(*options) if len(options) > 1 else options[0]


def object_of(place: Place, *, strict: bool) -> Schema:
    """The object that the keys of a place are in."""
    made: Schema = {"type": "object"}
    if place.members:
        made["properties"] = {
            name: schema_of(each, strict=strict) for name, each in place.members.items()
        }
    required = [name for name, each in place.members.items() if each.required]
    if required:
        made["required"] = required
    if strict and place.kind is None:
        made["additionalProperties"] = False
    else:
        made |= {"propertyNames": ref("Chars"), "additionalProperties": ref("Value")}
    return made


def form_of(root: Place, *, strict: bool) -> Schema:
    """A payload as a form: names with brackets for what is nested, every value a text."""
    names = tuple(form_names(root))
    made: Schema = {"type": "object"}
    plain = [each for each in names if each.pattern is None]
    if plain:
        made["properties"] = {
            each.name: form_value_of(each.kind, required=each.required) for each in plain
        }
    patterns = {
        each.pattern: form_value_of(each.kind, required=False) for each in names if each.pattern
    }
    if patterns:
        made["patternProperties"] = patterns
    required = [each.name for each in plain if each.required]
    if required:
        made["required"] = required
    if strict:
        made["additionalProperties"] = False
    else:
        made |= {"propertyNames": ref("Chars"), "additionalProperties": ref("FormValue")}
    return made


def form_names(root: Place) -> Iterator[FormName]:
    """The names of the declared params in a form or a query string."""
    for name, each in root.members.items():
        yield from _names(each, name, _escaped(name), listed=False)


def _names(place: Place, name: str, pattern: str, *, listed: bool) -> Iterator[FormName]:
    for key, each in place.members.items():
        inner = f"{pattern}\\[{_escaped(key)}\\]"
        yield from _names(each, f"{name}[{key}]", inner, listed=listed)
    if place.element is not None:
        inner = f"{pattern}(?:\\[[0-9]*\\])?"
        yield from _names(place.element, f"{name}[0]", inner, listed=True)
    kind = "any" if place.open else place.kind
    if kind in ("list", "object", "any"):
        yield FormName(name, f"^{pattern}(?:\\[[^\\[\\]]*\\])*$", kind, place.required)
    elif kind is not None:
        yield FormName(name, f"^{pattern}$" if listed else None, kind, place.required)


def _escaped(name: str) -> str:
    """A key as a pattern that ECMAScript and Python read alike."""
    return "".join(f"\\{each}" if each in _SYNTAX else each for each in name)
