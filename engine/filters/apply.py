"""Applying a filter: what all filters have in common.

No value passes through unchanged, a list goes in whole or element by element, arguments are read
as their parameters' kinds, texts stay within their limit; a filter's function does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from ..language.nodes import Number, Template, Text
from ..language.nodes import Pattern as PatternNode
from ..limits import MAX_DEPTH, MAX_PAYLOAD_BYTES, MAX_TEXT_BYTES
from ..values.patterns import Pattern, compile_pattern
from ..values.value import ABSENT, Json, Value, has_value, number_of, to_text
from .bounds import fit, size_of, within_limits
from .spec import Argument, Arguments, Context, FilterSpec, LookupTable, Parameter, kind_of, shown

_MIB: Final = MAX_PAYLOAD_BYTES // (1024 * 1024)
_CUT: Final = f"the text is cut at its limit of {MAX_TEXT_BYTES // 1024} KiB"


def apply_filter(
    spec: FilterSpec, value: Value, arguments: Sequence[Argument], context: Context
) -> Value:
    """The value that a filter makes of a value; never raises for arguments of the right kinds.

    Args:
        spec: The filter.
        value: What it is fed.
        arguments: As many as the checker lets pass: literals, what paths gave, the template of
            `map`, the compiled pattern of `extract`, the name of a table.
        context: What it asks of the evaluation. Of each code one note is made, for the first
            element that gives reason to it.

    Returns:
        The result; text of no character at all is ABSENT.
    """
    if not spec.take_nothing and not has_value(value):
        return value
    once = _Once(spec.name, context)
    read: list[object] = []
    for parameter, argument in zip(spec.parameters, arguments, strict=False):
        if parameter.kind == "country" and argument in (ABSENT, None, ""):
            break  # no country is named: the channel's serves
        problem, usable = _read(parameter, argument)
        if problem is not None:
            once.note("N203", problem)
            return ABSENT
        read.append(usable)
    if spec.whole or not isinstance(value, list):
        return _single(spec, value, tuple(read), once)
    return _each(spec, value, tuple(read), once, _Room(), 1)


def literal_arguments(spec: FilterSpec, nodes: Sequence[object]) -> Arguments | None:
    """The arguments of a filter as its function gets them, if all are written out and of use."""
    read: list[object] = []
    for parameter, node in zip(spec.parameters, nodes, strict=False):
        match node:
            case Text(value=literal) | Number(value=literal):
                problem, usable = _read(parameter, literal)
            case PatternNode(text=text):
                problem, usable = None, compile_pattern(text)
            case _:
                return None
        if problem is not None:
            return None
        read.append(usable)
    return tuple(read)


def _single(spec: FilterSpec, value: Value, arguments: Arguments, context: Context) -> Value:
    if value is not ABSENT and kind_of(value) not in spec.accepts:
        context.note("N203", f"{shown(value)} is nothing that it reads")
        return ABSENT
    result = spec.apply(value, arguments, context)
    if isinstance(result, str):
        fitting = fit(result)
        if len(fitting) < len(result):
            context.note("N207", _CUT)
        return fitting or ABSENT
    return result


class _Room:
    """How many bytes of text the elements of one result may still take together."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_PAYLOAD_BYTES


def _each(
    spec: FilterSpec,
    elements: list[Json],
    arguments: Arguments,
    context: Context,
    room: _Room,
    depth: int,
) -> list[Json]:
    made: list[Json] = []
    for element in elements:
        result: Value
        if not has_value(element):
            result = element
        elif isinstance(element, list):
            deeper = depth < MAX_DEPTH
            result = _each(spec, element, arguments, context, room, depth + 1) if deeper else None
        else:
            result = _single(spec, element, arguments, context)
        if isinstance(result, str):
            room.left -= size_of(result)
            if room.left < 0:
                context.note("N207", f"the list ends where its texts are over {_MIB} MiB together")
                break
        made.append(None if result is ABSENT else result)
    return made


def _read(parameter: Parameter, argument: Argument) -> tuple[str | None, object]:
    """Why an argument cannot be used, else None, and the argument as its parameter's kind."""
    if isinstance(argument, Template | Pattern) or parameter.kind == "value":
        return None, argument
    usable: str | int | Decimal | None
    if parameter.kind == "number":
        usable = number_of(argument)
        if usable is None or not within_limits(usable):
            return f"{shown(argument)} is no number", None
    else:
        usable = to_text(argument) if has_value(argument) or isinstance(argument, str) else ""
    if not parameter.takes_path or parameter.rule is None:
        return None, usable
    return parameter.rule(usable), usable


class _Once:
    """A filter's context: passes on one note of each code, the filter named in it."""

    __slots__ = ("_filter", "_inner", "_seen")

    def __init__(self, filter_name: str, inner: Context) -> None:
        self._filter = filter_name
        self._inner = inner
        self._seen: set[str] = set()

    @property
    def region(self) -> str | None:
        return self._inner.region

    def note(self, code: str, message: str) -> None:
        if code not in self._seen:
            self._seen.add(code)
            self._inner.note(code, f"`{self._filter}`: {message}")

    def table(self, name: str) -> LookupTable:
        return self._inner.table(name)

    def render(self, template: Template, element: Value) -> Value:
        return self._inner.render(template, element)
