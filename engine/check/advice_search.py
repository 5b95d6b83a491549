"""Warnings about searching: W201-W204, W215 and W217."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Label
from . import walk
from .context import Context
from .placeholders import has_placeholder
from .shape import Gap

# Filters that make a value of every value.
_KEEPING: Final = frozenset({"trim", "lower", "upper", "title", "text", "default"})
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
        if not isinstance(value, nodes.Template) or (
            value.constant is not None and not has_placeholder(context, value)
        ):
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
        and not placed.conditional
        and (placed.assign.has("required") or _is_required(context, placed.assign.value))
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


def _is_required(context: Context, value: nodes.Value) -> bool:
    """Whether a value reads a param that is declared `required`, and so is always there."""
    parts = value.parts if isinstance(value, nodes.Template) else ()
    params = [part for part in parts if isinstance(part, nodes.Param)]
    sure = {id(each) for each in params if all(item.name in _KEEPING for item in each.filters)}
    for read in context.reads if sure else ():
        if id(read.param) not in sure:
            continue
        shape = None if isinstance(read.place, Gap) else read.place.shape
        if shape is not None and shape.declared is not None and shape.declared.required:
            return True
    return False


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


def what_is_created_is_found(context: Context) -> Iterator[Diagnostic]:
    """W217: `find only in` without the status that the channel's own records begin in."""
    find = context.find
    if find is None or not find.only or not find.statuses or context.broken:
        return
    if any(isinstance(each, nodes.OnMissing) and not each.create for each in context.levels[0]):
        return
    listed = {name.text for name in find.statuses}
    given = [_status(each) for each in context.of(nodes.Status)]
    first = next(iter(context.of(nodes.Status)), None)
    if first is None or None in given or listed & set(given):
        return
    entity = context.entity.type if context.entity is not None else "record"
    status = given[0]
    yield context.report(
        "W217",
        f"a new {entity} begins in status `{status}`, in which `find` takes none",
        first,
        "not among the statuses behind `find only in`",
        related=[Label(find.span, "only these are found")],
        help=f"list `{status}` behind `find only in`, or a request that is sent again creates "
        f"another {entity}",
    )


def _status(statement: nodes.Status) -> str | None:
    """The status that a statement names, or nothing where it depends on the payload."""
    value = statement.value
    return value.text if isinstance(value, nodes.Name) else value.constant


def _flagged(context: Context, name: nodes.FlagName) -> Iterator[tuple[nodes.Flag, walk.Placed]]:
    for placed in context.placed:
        for flag in placed.assign.flags:
            if flag.name == name:
                yield flag, placed
                break
