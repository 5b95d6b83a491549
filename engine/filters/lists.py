"""Filters that take a list whole; a single value counts as a list of one."""

from __future__ import annotations

from typing import Final

from ..limits import MAX_TEXT_BYTES
from ..values.value import ABSENT, Json, Value, has_value, key_text, to_text, write_json
from .bounds import fit, size_of
from .rules import not_empty, whole
from .spec import EVERYTHING, SCALARS, Arguments, Context, Example, FilterSpec, Parameter, States

_KIB: Final = MAX_TEXT_BYTES // 1024


def elements_of(value: Json) -> list[Json]:
    """The elements of a list; any other value by itself."""
    return value if isinstance(value, list) else [value]


def _join(value: Json, arguments: Arguments, context: Context) -> Value:
    separator: str = arguments[0]
    parts: list[str] = []
    size = 0
    for element in elements_of(value):
        if has_value(element):
            parts.append(to_text(element))
            size += len(parts[-1]) + len(separator)
            if size > MAX_TEXT_BYTES + len(separator):
                break
    return separator.join(parts)


JOIN: Final = FilterSpec(
    name="join",
    doc="Makes one text of a list's elements, SEP between them.",
    apply=_join,
    accepts=EVERYTHING,
    returns="text",
    whole=True,
    parameters=(Parameter("SEP", "text"),),
    states=States(list="Becomes one text; elements without a value are left out."),
    examples=(
        Example(["a", None, "", "b"], "', '", "a, b"),
        Example(["a", 1, True], "''", "a1true"),
        Example("a", "', '", "a"),
    ),
)


def _split(value: Json, arguments: Arguments, context: Context) -> Value:
    separator: str = arguments[0]
    parts: list[Json] = []
    for element in elements_of(value):
        if has_value(element):
            parts.extend(to_text(element).split(separator))
    return parts


SPLIT: Final = FilterSpec(
    name="split",
    doc="Makes a list of the parts of a text between every SEP, blanks and empty parts kept.",
    apply=_split,
    accepts=SCALARS,
    returns="list",
    whole=True,
    parameters=(Parameter("SEP", "text", rule=not_empty),),
    states=States(list="Becomes one flat list of the parts of all elements that have a value."),
    examples=(
        Example("a, b,,c", "','", ["a", " b", "", "c"]),
        Example(["a;b", "c"], "';'", ["a", "b", "c"]),
    ),
)


def _first(value: Json, arguments: Arguments, context: Context) -> Value:
    return next(filter(has_value, elements_of(value)), ABSENT)


FIRST: Final = FilterSpec(
    name="first",
    doc="Gives the first element that has a value.",
    apply=_first,
    accepts=EVERYTHING,
    returns="any",
    whole=True,
    states=States(list="Gives its first element that has a value."),
    examples=(
        Example(["a", "b"], "", "a"),
        Example([None, "", 0], "", 0),
        Example("a", "", "a"),
    ),
)


def _last(value: Json, arguments: Arguments, context: Context) -> Value:
    return next(filter(has_value, reversed(elements_of(value))), ABSENT)


LAST: Final = FilterSpec(
    name="last",
    doc="Gives the last element that has a value.",
    apply=_last,
    accepts=EVERYTHING,
    returns="any",
    whole=True,
    states=States(list="Gives its last element that has a value."),
    examples=(Example(["a", "b", ""], "", "b"), Example("a", "", "a")),
)


def _at(value: Json, arguments: Arguments, context: Context) -> Value:
    elements, index = elements_of(value), arguments[0]
    return elements[index] if -len(elements) <= index < len(elements) else ABSENT


AT: Final = FilterSpec(
    name="at",
    doc="Gives the element at place N as sent, from 0, negative from the end.",
    apply=_at,
    accepts=EVERYTHING,
    returns="any",
    whole=True,
    parameters=(Parameter("N", "number", rule=whole),),
    states=States(list="Gives its element at that place, no value where it is shorter."),
    examples=(
        Example(["a", "b", "c"], "1", "b"),
        Example(["a", "b", "c"], "-1", "c"),
        Example(["a"], "5", ABSENT),
    ),
)


def _count(value: Value, arguments: Arguments, context: Context) -> Value:
    if value is ABSENT:
        return 0
    return sum(map(has_value, elements_of(value)))


COUNT: Final = FilterSpec(
    name="count",
    doc="Counts the elements that have a value.",
    apply=_count,
    accepts=EVERYTHING,
    returns="integer",
    whole=True,
    take_nothing=True,
    states=States(
        absent="Gives 0.",
        null="Gives 0.",
        empty="Gives 0.",
        list="Gives the number of its elements that have a value.",
    ),
    examples=(
        Example(["a", "", "b"], "", 2),
        Example([], "", 0),
        Example(ABSENT, "", 0),
        Example("a", "", 1),
    ),
)


def _unique(value: Json, arguments: Arguments, context: Context) -> Value:
    kept: dict[tuple[bool, str], Json] = {}
    for element in elements_of(value):
        if has_value(element):
            kept.setdefault(_identity(element), element)
    return list(kept.values())


def _identity(value: Json) -> tuple[bool, str]:
    if isinstance(value, list | dict):
        return True, write_json(value)
    return False, key_text(value) or ""


UNIQUE: Final = FilterSpec(
    name="unique",
    doc="Keeps the first of equal elements; values are equal as search keys are.",
    apply=_unique,
    accepts=EVERYTHING,
    returns="list",
    whole=True,
    states=States(list="Keeps its order; elements without a value are left out."),
    examples=(
        Example(["b", "a", " b ", None], "", ["b", "a"]),
        Example([6510, "6510", "x"], "", [6510, "x"]),
        Example("a", "", ["a"]),
    ),
)


def _map(value: Json, arguments: Arguments, context: Context) -> Value:
    made: list[Json] = []
    room = MAX_TEXT_BYTES
    for element in elements_of(value):
        result = context.render(arguments[0], element) if has_value(element) else None
        if isinstance(result, list | dict):
            result = to_text(result)
        if isinstance(result, str):
            # One limit for all texts together: many elements of a long text each add up.
            fitting = fit(result, room)
            room -= size_of(fitting)
            if len(fitting) < len(result):
                context.note("N207", f"the list ends where its texts are over {_KIB} KiB together")
                made.append(fitting or None)
                break
        made.append(None if result is ABSENT else result)
    return made


MAP: Final = FilterSpec(
    name="map",
    doc="Makes a list with the TEMPLATE's value for each element, whose keys its params read.",
    apply=_map,
    accepts=EVERYTHING,
    returns="list",
    whole=True,
    parameters=(Parameter("TEMPLATE", "template"),),
    states=States(list="Keeps its length; elements that give no value become null."),
    examples=(
        Example(
            [{"name": "Cup", "quantity": 2}, {"name": "Pen", "quantity": 1}],
            "'<name> × <quantity>'",
            ["Cup × 2", "Pen × 1"],
        ),
        Example({"name": "Cup"}, "'<name>'", ["Cup"]),
        Example([{"name": "Cup"}, {}], "'<name>'", ["Cup", None]),
    ),
)

FILTERS: Final = (JOIN, SPLIT, FIRST, LAST, AT, COUNT, UNIQUE, MAP)
