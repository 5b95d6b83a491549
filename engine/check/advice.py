"""Warnings about updates and phones: W205, W208, W209."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Span
from .context import Context
from .fields import without

_WITHOUT_UPDATE: Final = ("once", "fill", "clear")


def flags_have_effect(context: Context) -> Iterator[Diagnostic]:
    """W205: `once`, `fill` or `clear` where the record is never updated."""
    if context.broken:
        return
    reason = _no_update(context)
    updated = context.find is not None and reason is None
    for placed in context.placed:
        contact = placed.block.target == "contact"
        if placed.block.update if contact else updated:
            continue
        for flag in placed.assign.flags:
            if flag.name not in _WITHOUT_UPDATE:
                continue
            start = placed.block.span.start
            head = Span(start, start + len(placed.block.target))
            if contact:
                label = Label(head, "a found contact is only completed")
                help = "write `contact update {`, or leave out the flag"
                fix: list[Edit] = []  # either may be meant
            else:
                label = Label(head if reason is None else reason.span, _never(reason))
                help, fix = "leave out the flag", [without(context, flag)]
            yield context.report(
                "W205",
                f"flag `{flag.name}` has no effect",
                flag,
                "matters on an update only",
                related=[label],
                help=help,
                fix=fix,
            )


def _no_update(context: Context) -> nodes.OnFound | None:
    """The `on found` that keeps fields as they are."""
    for statement in context.channel.statements:
        if isinstance(statement, nodes.OnFound) and not statement.fields:
            return statement
    return None


def _never(reason: nodes.OnFound | None) -> str:
    return "without `find` it is never updated" if reason is None else "fields are not updated"


def phones_have_a_region(context: Context) -> Iterator[Diagnostic]:
    """W208: phones in a channel without `region`; the first of them is reported."""
    if context.first(nodes.Region) is not None or "region" in context.lost:
        return
    places: list[tuple[Span, str]] = []
    for statement in context.of(nodes.Payload):
        places += [
            (each.span, context.text(each.path))
            for each in statement.params
            if each.type.text == "phone"
        ]
    for placed in context.placed:
        if placed.assign.field.name.upper() == "PHONE" and not _own_region(placed.assign.value):
            places.append((placed.assign.field.span, placed.assign.field.name))
    for node in context.of(nodes.Filter):
        if node.name == "phone" and not node.arguments:
            places.append((node.name_span, "phone"))
    if places:
        span, name = min(places, key=lambda place: place[0].start)
        yield context.report(
            "W208",
            f"`{name}` is a phone, but the channel has no `region`",
            span,
            "8 (471) 277-31-20 would be no phone number here",
            help="add the country of numbers without a country code, such as `region RU`",
        )


def _own_region(value: nodes.Value) -> bool:
    only = value.only if isinstance(value, nodes.Template) else None
    return only is not None and any(
        each.name == "phone" and bool(each.arguments) for each in only.filters
    )


def updated_status_is_known(context: Context) -> Iterator[Diagnostic]:
    """W209: `on found update status` in a channel that names no status."""
    if context.broken or context.of(nodes.Status):
        return
    for statement in context.channel.statements:
        if isinstance(statement, nodes.OnFound) and statement.status:
            yield context.report(
                "W209",
                "`update status` without a `status` statement",
                statement,
                "to which status?",
                help="add `status NEW`, or leave out `status` here",
            )
