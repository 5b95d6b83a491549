"""Warnings about searching: W201-W204 and W215."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Label
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
                help="search by a phone, an e-mail or a number that only one record has",
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
            help=f"list the open statuses, such as `find {find.pick} in NEW, "
            f"{'IN_PROCESS' if what == 'lead' else 'PREPARATION'}`",
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
