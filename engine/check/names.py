"""Filters, tables, types, params and lets that a channel names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from ..filters import FILTERS
from ..language import nodes
from ..language.layout import STATEMENTS
from ..messages.diagnostics import Diagnostic, Edit, Label
from . import walk
from .context import Context
from .shape import TYPES

_TYPE_WORDS: Final = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "number": "decimal",
    "float": "decimal",
    "money": "decimal",
    "boolean": "bool",
    "datetime": "date",
    "mail": "email",
    "tel": "phone",
    "array": "list",
    "map": "object",
}
_FILTER_WORDS: Final = {
    "strip": "trim",
    "lowercase": "lower",
    "downcase": "lower",
    "uppercase": "upper",
    "upcase": "upper",
    "capitalize": "title",
    "int": "integer",
    "number": "decimal",
    "float": "decimal",
    "length": "count",
    "size": "count",
    "regex": "extract",
    "or": "default",
    "concat": "join",
    "from_json": "parse_json",
    "to_json": "json",
    "tel": "phone",
    "string": "text",
}
_MOST_LISTED: Final = 50


def filters_exist(context: Context) -> Iterator[Diagnostic]:
    """E201: a filter that the language does not have."""
    suggester = context.effort.suggester("filters")
    for node in context.of(nodes.Filter):
        if node.name not in FILTERS:
            meant = _FILTER_WORDS.get(node.name.lower()) or suggester.closest(node.name, FILTERS)
            yield context.report(
                "E201",
                f"unknown filter `{node.name}`",
                node.name_span,
                "not a filter",
                help=f"did you mean `{meant}`?" if meant else known(FILTERS),
                fix=[Edit(node.name_span, meant)] if meant else (),
            )


def tables_exist(context: Context) -> Iterator[Diagnostic]:
    """E202: `lookup` in a table that the file does not have."""
    suggester = context.effort.suggester("tables")
    for node in context.of(nodes.Filter):
        named = walk.lookup_name(node)
        if named is None or named[0] in context.tables or named[0] in context.lost:
            continue
        name, span = named
        meant = suggester.closest(name, context.tables)
        way_out = f"did you mean `{meant}`?" if meant else None
        if way_out is None and context.tables:
            way_out = f"the tables of this file are {_listed(context.tables)}"
        yield context.report(
            "E202",
            f"unknown table `{name}`",
            span,
            "not a table of this file",
            related=[Label(context.tables[meant].name.span, "this one?")] if meant else (),
            help=way_out or f"add `table {name} {{ … }}` to this file, outside of the channel",
            fix=[Edit(span, meant)] if meant else (),
        )


def types_exist(context: Context) -> Iterator[Diagnostic]:
    """E203: a declared param of a type that the language does not have."""
    suggester = context.effort.suggester("types")
    for payload in context.of(nodes.Payload):
        for declared in payload.params:
            name = declared.type
            if name.text in TYPES:
                continue
            meant = _TYPE_WORDS.get(name.text.lower()) or suggester.closest(name.text, TYPES)
            if meant is None and context.text(declared.path) in STATEMENTS:
                yield context.report(
                    "E203",
                    f"`{context.text(declared)}` declares no param",
                    declared,
                    "only a path and a type stand here",
                    help="move the statement out of `payload`, into the channel",
                )
                continue
            yield context.report(
                "E203",
                f"unknown type `{name.text}`",
                name,
                "not a type",
                help=f"did you mean `{meant}`?" if meant else known(TYPES),
                fix=[Edit(name.span, meant)] if meant else (),
            )


def names_are_unique(context: Context) -> Iterator[Diagnostic]:
    """E208: a let or a declared param of a name that another one has."""
    for statement in context.channel.statements:
        if isinstance(statement, nodes.Let):
            first = context.lets[statement.name.text][1]
            if first is not statement:
                yield context.report(
                    "E208",
                    f"`let {statement.name.text}` is written twice",
                    statement.name,
                    "the second one",
                    related=[Label(first.name.span, "the first one")],
                    help="give one of them another name",
                )
        elif isinstance(statement, nodes.Payload):
            seen: dict[tuple[object, ...], nodes.Declared] = {}
            for declared in statement.params:
                before = seen.setdefault(_identity(declared.path), declared)
                if before is not declared:
                    yield context.report(
                        "E208",
                        f"param `{context.text(declared.path)}` is declared twice",
                        declared.path,
                        "declared again",
                        related=[Label(before.path.span, "first declared here")],
                        help="leave out one of the two lines",
                    )


def _identity(path: nodes.Path) -> tuple[object, ...]:
    """What is equal for equal paths; comparing nodes themselves takes longer."""
    steps = [each.name if isinstance(each, nodes.Key) else each for each in path.steps]
    return path.root, *steps


def _listed(names: Collection[str]) -> str:
    listed = ", ".join(f"`{name}`" for name in islice(names, _MOST_LISTED))
    more = len(names) - _MOST_LISTED
    return f"{listed} and {more} more" if more > 0 else listed


def known(names: Collection[str]) -> str:
    """What there is, for help where no name is near."""
    return f"known are {_listed(names)}"
