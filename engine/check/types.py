"""Static types: what each param is, and what its filters are fed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, cast

from .. import nodes
from ..diagnostics import Diagnostic, Edit, Label
from ..filters import FILTERS
from ..filters.spec import FilterSpec, Parameter
from ..limits import MAX_PATTERN
from ..nodes import ParamType
from ..patterns import pattern_problem
from ..source import Span
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
        typing.found += _arguments(context, item, spec)
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
        f"filter `{item.name}` cannot be fed {_article(type)} {type}",
        item.name_span,
        "takes " + (" or ".join(takes) or "nothing"),
        related=[Label(_named(origin), f"{what} {_article(type)} {type}")],
        help=way_out or f"leave out `{item.name}`, or convert the value before it",
    )


def _named(origin: nodes.Node) -> Span:
    return origin.name_span if isinstance(origin, nodes.Filter) else origin.span


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _arguments(context: Context, item: nodes.Filter, spec: FilterSpec) -> Iterator[Diagnostic]:
    """E302, E303 and E305: arguments that are missing, too many, or of no use."""
    if len(item.arguments) < spec.required:
        parameter = spec.parameters[len(item.arguments)]
        yield context.report(
            "E302",
            f"filter `{item.name}` needs {_kind(parameter)}",
            item.name_span,
            f"{parameter.name} is missing",
            help=f"write `{_written(item, spec)}`",
        )
    if len(item.arguments) > len(spec.parameters):
        extra = item.arguments[len(spec.parameters)]
        most = len(spec.parameters)
        yield context.report(
            "E302",
            f"filter `{item.name}` takes "
            + ("no argument" if not most else f"at most {most} argument{'s' * (most > 1)}"),
            extra,
            "one too many",
            help=f"write `{_written(item, spec)}`",
        )
    for parameter, argument in zip(spec.parameters, item.arguments, strict=False):
        found = _argument(context, item, parameter, argument)
        if found is not None:
            yield found


def _argument(
    context: Context, item: nodes.Filter, parameter: Parameter, argument: nodes.Argument
) -> Diagnostic | None:
    match argument:
        case nodes.Pattern():
            return pattern(context, argument)
        case nodes.Path() if parameter.kind == "table":
            bare = not argument.root and len(argument.steps) == 1
            problem = None if bare else "the name of a table is one word"
        case nodes.Path():
            problem = None
            if not parameter.takes_path:
                problem = f"{parameter.name} is written in single quotes, never read from a payload"
        case nodes.Text(value=text) if parameter.kind not in ("country", "table"):
            problem = parameter.problem(text)
        case nodes.Number(value=number):
            problem = parameter.problem(number)
        case _:
            problem = None
    if problem is None:
        return None
    code = "E302"
    message = f"wrong argument for `{item.name}`: {problem}"
    if parameter.kind == "date format" and isinstance(argument, nodes.Text):
        code, message = "E305", f"unusable date format: {problem}"
    help, fix = _rewrite(context, item, parameter, argument)
    return context.report(code, message, argument, "cannot be used", help=help, fix=fix)


def _rewrite(
    context: Context, item: nodes.Filter, parameter: Parameter, argument: nodes.Argument
) -> tuple[str, list[Edit]]:
    """The argument in the quotes it needs, or without those it must not have."""
    if isinstance(argument, nodes.Text) and parameter.kind == "number":
        digits = argument.value.strip()
        if digits.removeprefix("-").replace(".", "", 1).isdecimal() and digits.isascii():
            return f"write `{digits}` without quotes", [Edit(argument.span, digits)]
    elif parameter.kind not in ("number", "value") and isinstance(
        argument, nodes.Number | nodes.Path
    ):
        quoted = f"'{context.text(argument)}'"
        return f"write `{quoted}`", [Edit(argument.span, quoted)]
    return f"`leadlark explain` and the filter reference tell what `{item.name}` takes", []


def _kind(parameter: Parameter) -> str:
    words = {
        "text": "a text in single quotes",
        "number": "a number",
        "value": "a value",
        "pattern": "a pattern in single quotes",
        "template": "a template in single quotes",
        "table": "the name of a table",
        "country": "a country in single quotes",
        "date format": "a date format in single quotes",
    }
    return words[parameter.kind]


def _written(item: nodes.Filter, spec: FilterSpec) -> str:
    """How the filter is used, with an example of each argument that it must have."""
    samples = {
        "text": "', '",
        "number": "2",
        "value": "'none'",
        "pattern": r"'\d+'",
        "template": "'<name>'",
        "table": "sources",
        "country": "'RU'",
        "date format": "'DD.MM.YYYY'",
    }
    words = [samples[each.kind] for each in spec.parameters if each.required]
    return " ".join(("|", item.name, *words))


def filters_are_fed(context: Context) -> Iterator[Diagnostic]:
    """E301, E302, E303, E305: what filters are given, as input and as arguments."""
    yield from infer(context).found


def patterns_are_supported(context: Context) -> Iterator[Diagnostic]:
    """E303: a pattern behind `matches` that RE2 cannot run."""
    for node in walk.descend(context.channel):
        if isinstance(node, nodes.Matches):
            found = pattern(context, node.pattern)
            if found is not None:
                yield found


def pattern(context: Context, node: nodes.Pattern) -> Diagnostic | None:
    """What is wrong with a pattern; one that is too long is the parser's to report."""
    if len(node.text) > MAX_PATTERN:
        return None
    problem = pattern_problem(node.text)
    if problem is None:
        return None
    return context.report(
        "E303",
        f"unsupported pattern: {problem}",
        node,
        "not a pattern in RE2 syntax",
        help="say it without, with several conditions if need be"
        if "not supported" in problem
        else "put a backslash before a character that stands for itself: `\\(`, `\\.`, `\\+`",
    )
