"""Field blocks: what is assigned in them, and with which flags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Span
from . import walk
from .context import Context

_EXCLUDED_BY_CLEAR: Final[dict[str, str]] = {
    "required": "rejects when there is no value",
    "fill": "never touches a field that has one",
}
_OWN_STATEMENT: Final = {
    "statusid": "status",
    "stageid": "status",
    "assignedbyid": "responsible",
}


def fields_are_assigned_once(context: Context) -> Iterator[Diagnostic]:
    """E205: a field assigned twice in one block, `when` blocks not counted."""
    for level in context.levels:
        for block in level:
            if not isinstance(block, nodes.Fields):
                continue
            for items in walk.item_levels(block):
                yield from _twice(context, items)


def _twice(context: Context, items: tuple[nodes.FieldItem, ...]) -> Iterator[Diagnostic]:
    seen: dict[str, nodes.Assign] = {}
    for item in items:
        if not isinstance(item, nodes.Assign):
            continue
        first = seen.setdefault(item.field.name, item)
        if first is item or walk.is_multiple(item.field.name):
            continue
        yield context.report(
            "E205",
            f"field `{item.field.name}` is assigned twice",
            item.field,
            "assigned again",
            related=[Label(first.field.span, "first assigned here")],
            help=_one_line(context, first, item),
        )


def _one_line(context: Context, first: nodes.Assign, second: nodes.Assign) -> str:
    """How the two become one: by `default` where both are nothing but a param."""
    params = [
        each.value.only if isinstance(each.value, nodes.Template) else None
        for each in (first, second)
    ]
    if first.value != second.value and params[0] and params[1] and not params[1].filters:
        wanted, other = context.text(params[0])[:-1], context.text(params[1].path)
        return f'if one stands in for the other, write `"{wanted} | default {other}>"`'
    return "leave out one of the two, or put one into `when … { }`"


def blocks_fit_the_entity(context: Context) -> Iterator[Diagnostic]:
    """E402: `lead {…}` in a channel for deals, or the other way round."""
    entity = context.entity
    if entity is None:
        return
    for block in context.of(nodes.Fields):
        if block.target in ("lead", "deal") and block.target != entity.type:
            start = block.span.start
            yield context.report(
                "E402",
                f"`{block.target}` block in a channel that creates a {entity.type}",
                Span(start, start + len(block.target)),
                f"these fields would go to no {block.target}",
                related=[Label(entity.span, f"the channel creates a {entity.type}")],
                help=f"write `{entity.type} {{` here, or `entity {block.target}` above",
            )


def flags_agree(context: Context) -> Iterator[Diagnostic]:
    """E405: flags that exclude each other, and one written twice."""
    for placed in context.placed:
        assign = placed.assign
        seen: dict[str, nodes.Flag] = {}
        for flag in assign.flags:
            first = seen.setdefault(flag.name, flag)
            if first is not flag:
                yield context.report(
                    "E405",
                    f"flag `{flag.name}` is written twice",
                    flag,
                    "again",
                    related=[Label(first.span, "first written here")],
                    help="leave out one of the two",
                    fix=[without(context, flag)],
                )
        clear = seen.get("clear")
        if clear is None:
            continue
        for other, does in _EXCLUDED_BY_CLEAR.items():
            if other in seen:
                yield context.report(
                    "E405",
                    f"`clear` and `{other}` exclude each other",
                    clear,
                    "empties the field when there is no value",
                    related=[Label(seen[other].span, does)],
                    help="leave out one of the two",
                )
        if placed.multiple:
            name = assign.field.name
            yield context.report(
                "E405",
                f"`clear` on `{name}`, which takes several values",
                clear,
                "would empty the field",
                related=[Label(assign.field.span, "values are only ever added here")],
                help="leave out `clear`",
                fix=[without(context, clear)],
            )


def without(context: Context, flag: nodes.Flag) -> Edit:
    """The edit that takes out a flag and the blanks before it."""
    start = flag.span.start
    while context.source.text[start - 1] in " \t":
        start -= 1
    return Edit(Span(start, flag.span.end), "")


def statements_are_no_fields(context: Context) -> Iterator[Diagnostic]:
    """E406: the status or the responsible person written as a field."""
    for placed in context.placed:
        assign, target = placed.assign, placed.block.target
        name = assign.field.name
        keyword = _OWN_STATEMENT.get(name.replace("_", "").lower())
        if keyword is None or (keyword == "status" and target == "contact"):
            continue
        yield context.report(
            "E406",
            f"`{name}` is set by the `{keyword}` statement",
            assign.field,
            "not a field",
            help=f"leave out this line and write `{_statement(context, assign, keyword)}` "
            f"above the `{target}` block",
        )


def _statement(context: Context, assign: nodes.Assign, keyword: str) -> str:
    """The assignment as the statement that does it."""
    value = assign.value
    constant = value.constant if isinstance(value, nodes.Template) else None
    if keyword == "status" and constant is not None and constant.isidentifier():
        return f"status {constant}"
    if keyword == "responsible" and constant is not None and constant.isdecimal():
        return f"responsible {constant}"
    if keyword == "status" and not isinstance(value, nodes.Template):
        return f'status "{context.text(value)}"'
    return f"{keyword} {context.text(value)}"


def types_fit_the_field(context: Context) -> Iterator[Diagnostic]:
    """E407: a value type on a field that takes a single value."""
    for placed in context.placed:
        field = placed.assign.field
        if field.type is not None and not placed.multiple:
            written = context.text(field)
            dot = field.span.start + written.rfind(".")
            yield context.report(
                "E407",
                f"value type `{field.type}` on `{field.name}`, which takes one value",
                Span(dot, field.span.end),
                "only PHONE, EMAIL, WEB and IM have value types",
                help=f'write `{field.name}`, or `"{field.name}.{field.type}"` if the field '
                "is called so",
            )
