"""Comparisons that cannot hold, whatever the payload is: E304."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..language.nodes import ParamType
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic, Edit
from ..messages.source import Span
from ..values.dates import parse_iso
from ..values.value import number_of
from .context import Context
from .types import article

_ORDERINGS: Final = ("<", "<=", ">", ">=")
_MEANS_TRUE: Final = ("1", "yes", "y", "on", "да")
_MEANS_FALSE: Final = ("0", "no", "n", "off", "нет")


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a comparison cannot hold, what to do, and the edits that do it."""

    why: str
    help: str
    fix: tuple[Edit, ...] = ()


def comparisons_can_hold(context: Context) -> Iterator[Diagnostic]:
    """E304: a comparison that is false for every value of the param's type."""
    found: list[tuple[Span, _Fault | None]]
    compared: list[nodes.Compare | nodes.Among | nodes.Matches] = [
        *context.of(nodes.Compare),
        *context.of(nodes.Among),
        *context.of(nodes.Matches),
    ]
    for node in compared:
        type = context.typing.of(node.param)
        fault: _Fault | None
        if type == "list":
            found = [(node.span, _of_list(context, node))]
        elif isinstance(node, nodes.Compare):
            found = [(node.span, _of_value(context, type, node.operator, node.param, node.value))]
        elif isinstance(node, nodes.Among):
            found = [
                (value.span, _of_value(context, type, "==", None, value)) for value in node.values
            ]
        else:
            continue
        for span, fault in found:
            if fault is not None:
                yield context.report(
                    "E304",
                    f"`{_short(context, node, span)}` can never hold",
                    span,
                    fault.why,
                    help=fault.help,
                    fix=fault.fix,
                )


def _short(context: Context, node: nodes.Node, span: Span) -> str:
    """The comparison as written, on one line and not too long."""
    text = " ".join(context.source.text[span.start : span.end][:80].split())
    if span != node.span and isinstance(node, nodes.Among):
        text = f"{context.text(node.param)} in ({text})"
    return text if len(text) <= 60 else text[:59] + "…"


def _of_list(context: Context, node: nodes.Compare | nodes.Among | nodes.Matches) -> _Fault | None:
    param = context.text(node.param)
    counted = f"{param[:-1].rstrip()} | count>"
    joined = f"{param[:-1].rstrip()} | join ', '>"
    if isinstance(node, nodes.Matches):
        return _Fault("a list knows `contains` only", f"search its text: `{joined} matches …`")
    if isinstance(node, nodes.Among):
        help = f"write one `{param} contains …` for each value, with `or` between them"
        return _Fault("a list knows `contains` only", help)
    if node.operator == "contains":
        return None
    if node.operator in _ORDERINGS:
        help = f"compare how many there are: `{counted} {node.operator} {context.text(node.value)}`"
        return _Fault("a list knows `contains` only", help)
    if node.operator == "!=":
        help = f"write `not {param} contains {context.text(node.value)}`"
        return _Fault("a list knows `contains` only", help)
    if node.operator != "==":
        return _Fault("a list knows `contains` only", f"take an element: `{param[:-1]} | first>`")
    between = Span(node.param.span.end, node.value.span.start)
    return _Fault(
        "a list knows `contains` only",
        f"write `{param} contains {context.text(node.value)}`",
        (Edit(between, " contains "),),
    )


def _of_value(
    context: Context,
    type: ParamType,
    operator: str,
    param: nodes.Param | None,
    value: nodes.Value,
) -> _Fault | None:
    if operator in _ORDERINGS:
        return _ordering(context, type, operator, param, value)
    if operator == "==":
        return _equality(type, value)
    return None


def _ordering(
    context: Context,
    type: ParamType,
    operator: str,
    param: nodes.Param | None,
    value: nodes.Value,
) -> _Fault | None:
    what = article(type)
    if type in ("bool", "object"):
        return _Fault(f"{what} is neither more nor less", _instead(context, type, param))
    if isinstance(value, nodes.Boolean):
        return _Fault("true and false are neither more nor less", "compare them with `==`")
    constant = value.constant if isinstance(value, nodes.Template) else None
    if constant is None:
        return None
    numeric, date = number_of(constant) is not None, parse_iso(constant) is not None
    if type == "date" and not date:
        return _Fault("not an ISO date", 'write the date as "2026-01-31"')
    if type in ("integer", "decimal") and not numeric:
        return _Fault(f'{what} is never compared with "{constant}"', "write a number")
    if type in ("text", "phone", "email") and numeric:
        plain = constant.strip().removeprefix("+")
        return _Fault(
            "text against text in quotes has no order",
            f"write the number without quotes: `{operator} {plain}`",
            (Edit(value.span, plain),),
        )
    if not numeric and not date:
        return _Fault("texts have no order", "compare with a number or an ISO date, or use `==`")
    return None


def _instead(context: Context, type: ParamType, param: nodes.Param | None) -> str:
    if type == "bool" and param is not None:
        return f"write `{context.text(param)} == true`, or `== false`"
    return "compare one of its keys"


def _equality(type: ParamType, value: nodes.Value) -> _Fault | None:
    if isinstance(value, nodes.Template):
        constant = value.constant
        if constant is None or not constant.strip():
            return None
    else:
        constant = None
    plain = str(value.value) if isinstance(value, nodes.Number) else constant
    if type == "bool" and not isinstance(value, nodes.Boolean) and plain not in ("true", "false"):
        word = (plain or "").strip().casefold()
        meant = "true" if word in _MEANS_TRUE or word == "true" else None
        meant = "false" if word in _MEANS_FALSE or word == "false" else meant
        fix = (Edit(value.span, meant),) if meant else ()
        return _Fault(
            "a bool is `true` or `false`",
            f"write `{meant}`" if meant else "write `true` or `false`",
            fix,
        )
    if type in ("integer", "decimal"):
        if isinstance(value, nodes.Boolean):
            return _Fault(f"{article(type)} is never `true` or `false`", "compare it with a number")
        if constant is not None and number_of(constant) is None:
            return _Fault(f'{article(type)} is never "{constant}"', "compare it with a number")
    if type == "date":
        if not isinstance(value, nodes.Template):
            return _Fault("a date is text", 'write the date as "2026-01-31"')
        if constant is not None and parse_iso(constant) is None:
            return _Fault("a date arrives as an ISO date", 'write it as "2026-01-31"')
    return None
