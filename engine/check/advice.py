"""Warnings about searching, updating and flags: W201-W205, W208, W209, W215."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .. import nodes
from ..diagnostics import Diagnostic, Edit, Label
from ..source import Span
from . import walk
from .context import Context

_NOBODY: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("name", "lastname", "secondname", "firstname", "middlename", "fullname"),
        "many people share a name",
    ),
    **dict.fromkeys(("honorific", "gender", "sex"), "half of all people share it"),
    **dict.fromkeys(("birthdate", "birthday"), "many people share a birthday"),
    **dict.fromkeys(("category", "categoryid", "typeid", "sourceid"), "many records share it"),
    **dict.fromkeys(("currency", "currencyid"), "nearly all records share it"),
    **dict.fromkeys(("opportunity", "amount", "price", "sum"), "many records share an amount"),
}
_WITHOUT_UPDATE: Final = ("once", "fill", "clear")


def keys_identify(context: Context) -> Iterator[Diagnostic]:
    """W201: `search` on a field that many records share, or on a constant."""
    for flag, placed in _flagged(context, "search"):
        assign = placed.assign
        name = assign.field.name
        why = _NOBODY.get(name.replace("_", "").replace(" ", "").lower())
        value = assign.value
        if not isinstance(value, nodes.Template) or value.constant is not None:
            why = "every request has the same value"
        if why is not None:
            whom = "nobody" if placed.block.target == "contact" else "no record"
            yield context.report(
                "W201",
                f"search by `{name}` identifies {whom}",
                flag,
                why,
                related=[Label(assign.field.span, "this field")],
                help="search by a phone, an e-mail or a number that only one record has",
                fix=[_dropped(context, flag)],
            )


def find_has_keys(context: Context) -> Iterator[Diagnostic]:
    """W202: `find` in a channel without any search key."""
    if context.find is None or context.broken:
        return
    if any(True for _ in _flagged(context, "search")):
        return
    yield context.report(
        "W202",
        "`find` has nothing to find by",
        context.find,
        "no field has the flag `search`",
        help="add `search` to a field of the contact or of the entity, as in "
        '`PHONE = "<phone>" search`',
    )


def statuses_are_named(context: Context) -> Iterator[Diagnostic]:
    """W203: a search by contact that finds closed leads and deals too."""
    find = context.find
    if find is None or find.statuses or context.broken:
        return
    keys = list(_flagged(context, "search"))
    contact = [flag for flag, placed in keys if placed.block.target == "contact"]
    always = any(
        placed.block.target != "contact"
        and placed.assign.has("required")
        and not placed.conditional
        for _, placed in keys
    )
    if contact and not always:
        what = context.entity.type if context.entity is not None else "record"
        yield context.report(
            "W203",
            f"`find` takes any {what} of the contact, closed ones too",
            find,
            "no statuses are listed",
            related=[Label(contact[0].span, "the contact is found by this")],
            help="list the open statuses: `find newest in NEW, IN_PROCESS`",
        )


def keys_are_searched(context: Context) -> Iterator[Diagnostic]:
    """W204: `search` on a lead's or deal's field where nothing is ever looked for."""
    if context.find is not None or context.broken:
        return
    for flag, placed in _flagged(context, "search"):
        if placed.block.target != "contact":
            yield context.report(
                "W204",
                f"`{placed.assign.field.name}` is a search key, but the channel never searches",
                flag,
                f"a new {placed.block.target} is created for every request",
                help="add the statement `find`, or leave out `search`",
            )


def flags_have_effect(context: Context) -> Iterator[Diagnostic]:
    """W205: `once`, `fill` or `clear` where the record is never updated."""
    if context.broken:
        return
    for placed in context.placed:
        contact = placed.block.target == "contact"
        idle = not placed.block.update if contact else not _updates_fields(context)
        for flag in placed.assign.flags if idle else ():
            if flag.name not in _WITHOUT_UPDATE:
                continue
            start = placed.block.span.start
            head = Span(start, start + len(placed.block.target))
            if contact:
                label = Label(head, "a found contact is only completed")
                help = "write `contact update {`, or leave out the flag"
                fix = [Edit(Span(head.end, head.end), " update")]
            else:
                reason = _no_update(context)
                label = Label(head if reason is None else reason.span, _never(reason))
                help, fix = "leave out the flag", [_dropped(context, flag)]
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


def _updates_fields(context: Context) -> bool:
    return context.find is not None and _no_update(context) is None


def _never(reason: nodes.OnFound | None) -> str:
    return "without `find` it is never updated" if reason is None else "fields are not updated"


def phones_have_a_region(context: Context) -> Iterator[Diagnostic]:
    """W208: phones in a channel without `region`; the first of them is reported."""
    if context.first(nodes.Region) is not None or "region" in context.lost:
        return
    places: list[tuple[Span, str]] = []
    for statement in context.statements(nodes.Payload):
        assert isinstance(statement, nodes.Payload)
        places += [
            (each.span, context.text(each.path))
            for each in statement.params
            if each.type.text == "phone"
        ]
    for placed in context.placed:
        if placed.assign.field.name.upper() == "PHONE" and not _own_region(placed.assign.value):
            places.append((placed.assign.field.span, placed.assign.field.name))
    for node in walk.descend(context.channel):
        if isinstance(node, nodes.Filter) and node.name == "phone" and not node.arguments:
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
    if context.broken or context.statements(nodes.Status):
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


def policies_have_a_find(context: Context) -> Iterator[Diagnostic]:
    """W215: `on found` or `on missing` in a channel that never searches."""
    if context.find is not None or context.broken:
        return
    for statement in context.channel.statements:
        if isinstance(statement, nodes.OnFound | nodes.OnMissing):
            words = "on found" if isinstance(statement, nodes.OnFound) else "on missing"
            yield context.report(
                "W215",
                f"`{words}` without `find`",
                statement,
                "nothing is searched, so this never counts",
                help="add the statement `find`, or leave this one out",
            )


def _flagged(context: Context, name: nodes.FlagName) -> Iterator[tuple[nodes.Flag, walk.Placed]]:
    for placed in context.placed:
        for flag in placed.assign.flags:
            if flag.name == name:
                yield flag, placed
                break


def _dropped(context: Context, flag: nodes.Flag) -> Edit:
    """The flag and the blanks before it, left out."""
    start = flag.span.start
    while context.source.text[start - 1] in " \t":
        start -= 1
    return Edit(Span(start, flag.span.end), "")
