"""The arguments of filters, and patterns: E302, E303 and E305."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..filters import FILTERS
from ..filters.spec import FilterSpec, Parameter
from ..language import nodes
from ..limits import MAX_PATTERN
from ..messages.diagnostics import Diagnostic, Edit
from .context import Context
from .effort import TOO_LARGE

_LETTERS: Final = (
    ("(?:YYYY|yyyy|Y)", "Y"),
    ("(?:YY|yy)", "y"),
    ("(?:MM|m)", "m"),
    ("(?:DD|dd|d)", "d"),
    ("(?:HH|hh|H)", "H"),
    ("(?:mm|MI|i)", "M"),
    ("(?:SS|ss|s)", "S"),
)


def arguments_fit(context: Context) -> Iterator[Diagnostic]:
    """E302 and E305: arguments of filters that are missing, too many, or of no use."""
    for item in context.of(nodes.Filter):
        spec = FILTERS.get(item.name)
        if spec is not None and (item.arguments or spec.parameters):
            yield from _arguments(context, item, spec)


def _arguments(context: Context, item: nodes.Filter, spec: FilterSpec) -> Iterator[Diagnostic]:
    count, most = len(item.arguments), len(spec.parameters)
    if count < most and count < spec.required:
        parameter = spec.parameters[count]
        yield context.report(
            "E302",
            f"filter `{item.name}` needs {_kind(parameter)}",
            item.name_span,
            f"{parameter.name} is missing",
            help=f"write `{_written(item, spec)}`",
        )
    if count > most:
        extra = item.arguments[most]
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
    message, label = f"wrong argument for `{item.name}`: {problem}", "cannot be used"
    if parameter.kind == "date format" and isinstance(argument, nodes.Text):
        code, message = "E305", f"unusable date format '{argument.value[:40]}'"
        label = problem.removeprefix("a date format ")
    help, fix = _rewrite(context, item, parameter, argument)
    return context.report(code, message, argument, label, help=help, fix=fix)


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
    if isinstance(argument, nodes.Text) and parameter.kind == "date format":
        meant = _format(argument.value)
        if parameter.problem(meant) is None:
            return f"write `'{meant}'`", [Edit(argument.span, f"'{meant}'")]
        return "write parts of a date with percent signs, as in `'%d.%m.%Y'`", []
    spec = FILTERS[item.name]
    if parameter.kind in ("number", "value"):
        return f"write another one, as in `{_written(item, spec)}`, or leave the filter out", []
    return f"write it as in `{_written(item, spec)}`", []


def _format(text: str) -> str:
    """A date format of letters, as spreadsheets and other languages have it, in directives."""
    for letters, directive in _LETTERS:
        text = re.sub(rf"(?<![%A-Za-z]){letters}(?![A-Za-z])", f"%{directive}", text)
    return text


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
        "date format": "'%d.%m.%Y'",
    }
    words = [samples[each.kind] for each in spec.parameters if each.required]
    return " ".join(("|", item.name, *words))


def patterns_are_supported(context: Context) -> Iterator[Diagnostic]:
    """E303: a pattern that RE2 cannot run, an argument or behind `matches`."""
    patterns: list[nodes.Argument] = []
    for item in context.of(nodes.Filter):
        spec = FILTERS.get(item.name)
        if item.arguments and spec is not None:
            patterns += item.arguments[: len(spec.parameters)]
    patterns += [node.pattern for node in context.of(nodes.Matches)]
    for node in patterns:
        found = _pattern(context, node) if isinstance(node, nodes.Pattern) else None
        if found is not None:
            yield found


def _pattern(context: Context, node: nodes.Pattern) -> Diagnostic | None:
    """What is wrong with a pattern; one that is too long is the parser's to report."""
    if len(node.text) > MAX_PATTERN:
        return None
    problem = context.effort.pattern_problem(node.text)
    if problem is None:
        return None
    if problem is TOO_LARGE:
        help = "use smaller or fewer repetitions, or put channels into files of their own"
        return context.report("E303", problem, node, "no room is left for this one", help=help)
    if "not supported" in problem:
        help = "leave it out; what must not match is a condition of its own: `not <p> matches …`"
        return context.report("E303", problem, node, "in this pattern", help=help)
    return context.report(
        "E303",
        f"unusable pattern: {problem}",
        node,
        "no pattern in RE2 syntax",
        help="put a backslash before a character that stands for itself: `\\(`, `\\.`, `\\+`",
    )
