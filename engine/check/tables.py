"""Checks of a file's tables, whichever channel uses them."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Label
from ..messages.source import Source
from . import walk
from .advice_text import mixed


def tables_are_unique(source: Source, file: nodes.File, _: frozenset[str]) -> Iterator[Diagnostic]:
    """E208: two tables of one name."""
    seen: dict[str, nodes.Name] = {}
    for table in file.tables:
        first = seen.setdefault(table.name.text, table.name)
        if first is not table.name:
            yield Diagnostic(
                "E208",
                f"`table {first.text}` is written twice",
                source,
                table.name.span,
                "the second one",
                (Label(first.span, "the first one"),),
                "give one of them another name, or put all rows into one",
            )


def table_keys_are_unique(
    source: Source, file: nodes.File, _: frozenset[str]
) -> Iterator[Diagnostic]:
    """E214: two equal keys of one table, or two `else` lines."""
    for table in file.tables:
        yield from _repeated_else(source, table)
        seen: dict[str, nodes.Name] = {}
        for row in table.rows:
            for key in row.keys:
                first = seen.setdefault(key.text, key)
                if first is not key:
                    yield Diagnostic(
                        "E214",
                        f'key "{key.text}" is used twice in table `{table.name.text}`',
                        source,
                        key.span,
                        "this row would never be reached",
                        (Label(first.span, "the first one"),),
                        "leave out one of the two",
                    )


def _repeated_else(source: Source, table: nodes.Table) -> Iterator[Diagnostic]:
    for value in table.repeated:
        related = () if table.otherwise is None else (Label(table.otherwise.span, "the first one"),)
        yield Diagnostic(
            "E214",
            f"`else` is written twice in table `{table.name.text}`",
            source,
            value.span,
            "this row would never be reached",
            related,
            "leave out one of the two",
        )


def tables_are_used(source: Source, file: nodes.File, lost: frozenset[str]) -> Iterator[Diagnostic]:
    """W210: a table that no channel of the file looks anything up in."""
    used = set(lost)
    for channel in file.channels:
        for node in walk.descend(channel):
            named = walk.lookup_name(node) if isinstance(node, nodes.Filter) else None
            if named is not None:
                used.add(named[0])
    for table in file.tables:
        name = table.name
        if name.text not in used:
            yield Diagnostic(
                "W210",
                f"table `{name.text}` is never used",
                source,
                name.span,
                "no `lookup` names it",
                (),
                f"use it as `<param | lookup {name.text}>`, or leave it out",
            )


def tables_are_of_one_script(
    source: Source, file: nodes.File, _: frozenset[str]
) -> Iterator[Diagnostic]:
    """W213: a table whose name mixes alphabets."""
    for table in file.tables:
        found = mixed(source, table.name.text, table.name.span)
        if found is not None:
            yield found
