"""Static types: what each param is, and what its filters are fed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, cast

from ..filters import FILTERS
from ..filters.spec import FilterSpec
from ..language import nodes
from ..language.nodes import ParamType
from ..messages.diagnostics import Diagnostic, Label
from ..messages.source import Span
from . import walk
from .context import Context
from .shape import TYPES, Gap

_SURROUNDING: Final[dict[str, ParamType]] = {
    "@header": "text",
    "@id": "text",
    "@now": "date",
    "@channel": "text",
    "@address": "text",
    "@payload": "text",
}


@dataclass(slots=True)
class Typing:
    """The type of each param after its filters, by its span, and what was wrong on the way."""

    types: dict[Span, ParamType] = field(default_factory=dict)
    lets: dict[str, ParamType] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)


def infer(context: Context) -> Typing:
    """Go over the params in order of writing, so that a `let` is typed before it is read."""
    typing = Typing()
    paths: dict[Span, ParamType] = {}
    lets = dict(context.lets.values())
    at = 0
    for index in range(len(context.channel.statements)):
        mine: list[walk.Read] = []
        while at < len(context.reads) and context.reads[at].index == index:
            mine.append(context.reads[at])
            at += 1
        for read in mine:
            paths[read.path.span] = path_type(context, typing.lets, read)
        for read in mine:
            if read.param is not None:
                typing.types[read.param.span] = _filtered(context, typing, paths, read.param)
        if index in lets:
            typing.lets[lets[index].name.text] = value_type(typing, lets[index].value)
    return typing


def path_type(context: Context, lets: Mapping[str, ParamType], read: walk.Read) -> ParamType:
    """The type of what a path leads to; ``any`` where it is not known."""
    if any(isinstance(step, nodes.Every) for step in read.path.steps):
        return "list"
    if context.let_of(read) is not None:
        return lets.get(read.name or "", "any") if len(read.path.steps) == 1 else "any"
    if read.path.root in _SURROUNDING:
        return _SURROUNDING[read.path.root]
    place = context.place(read)
    if isinstance(place, Gap) or place.type not in TYPES or not read.path.steps:
        return "any"
    return cast("ParamType", place.type)


def value_type(typing: Typing, value: nodes.Value) -> ParamType:
    """The type of a value: that of its only param, else what is written."""
    match value:
        case nodes.Template(only=nodes.Param() as param):
            return typing.types.get(param.span, "any")
        case nodes.Template():
            return "text"
        case nodes.Boolean():
            return "bool"
        case nodes.Number(value=number):
            return "decimal" if isinstance(number, Decimal) else "integer"


def _filtered(
    context: Context, typing: Typing, paths: Mapping[Span, ParamType], param: nodes.Param
) -> ParamType:
    type = paths[param.path.span]
    origin: nodes.Node = param.path
    for item in param.filters:
        spec = FILTERS.get(item.name)
        if spec is None:
            type, origin = "any", item
            continue
        if type != "any" and type not in spec.accepts:
            typing.found.append(_wrong(context, item, spec, type, origin))
            type = "any" if spec.returns == "same" else spec.returns
        else:
            type = spec.result_type(type, _value_types(item, spec, paths))
        origin = item
    return type


def _value_types(
    item: nodes.Filter, spec: FilterSpec, paths: Mapping[Span, ParamType]
) -> list[ParamType]:
    types: list[ParamType] = []
    for parameter, argument in zip(spec.parameters, item.arguments, strict=False):
        if parameter.kind != "value":
            continue
        match argument:
            case nodes.Path():
                types.append(paths.get(argument.span, "any"))
            case nodes.Number(value=number):
                types.append("decimal" if isinstance(number, Decimal) else "integer")
            case _:
                types.append("text")
    return types


def _wrong(
    context: Context, item: nodes.Filter, spec: FilterSpec, type: ParamType, origin: nodes.Node
) -> Diagnostic:
    takes = [each for each in TYPES if each in spec.accepts and each not in ("any", "list")]
    if "list" in spec.accepts and spec.whole:
        takes.insert(0, "list")
    what = "gives" if isinstance(origin, nodes.Filter) else "is"
    helps = {
        "list": f"take one element first: `| first | {item.name}`, or join them: `| join ', '`",
        "object": f"name the key that is meant: `{context.text(origin)}.KEY`",
    }
    way_out = helps.get(type) if isinstance(origin, nodes.Path) or type == "list" else None
    return context.report(
        "E301",
        f"filter `{item.name}` cannot be fed {article(type)}",
        item.name_span,
        f"takes {', '.join(takes[:-1])} or {takes[-1]}" if takes[1:] else f"takes {takes[0]}",
        related=[Label(_named(origin), f"{what} {article(type)}")],
        help=way_out or f"leave out `{item.name}`, or convert the value before it",
    )


def _named(origin: nodes.Node) -> Span:
    return origin.name_span if isinstance(origin, nodes.Filter) else origin.span


def article(type: str) -> str:
    """A type in a sentence."""
    return f"{'an' if type[0] in 'aeiou' else 'a'} {type}"


def filters_are_fed(context: Context) -> Iterator[Diagnostic]:
    """E301: a filter that is fed what it does not take."""
    yield from infer(context).found
