"""Checks of a file's tables, whichever channel uses them."""

from __future__ import annotations

from collections.abc import Iterator

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Label
from ..messages.source import Source, Span
from ..messages.suggest import Suggester
from . import walk
from .advice_text import mixed
from .context import FileContext


def tables_are_unique(context: FileContext) -> Iterator[Diagnostic]:
    """E208: two tables of one name."""
    seen: dict[str, nodes.Name] = {}
    for table in context.file.tables:
        first = seen.setdefault(table.name.text, table.name)
        if first is not table.name:
            yield Diagnostic(
                "E208",
                f"`table {first.text}` is written twice",
                context.source,
                table.name.span,
                "the second one",
                (Label(first.span, "the first one"),),
                "give one of them another name, or put all rows into one",
            )


def table_keys_are_unique(context: FileContext) -> Iterator[Diagnostic]:
    """E214: two equal keys of one table, or two `else` lines."""
    for table in context.file.tables:
        yield from _repeated_else(context.source, table)
        seen: dict[str, nodes.Name] = {}
        for row in table.rows:
            for key in row.keys:
                first = seen.setdefault(key.text, key)
                if first is not key:
                    yield Diagnostic(
                        "E214",
                        f'key "{key.text}" is used twice in table `{table.name.text}`',
                        context.source,
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


def tables_are_used(context: FileContext) -> Iterator[Diagnostic]:
    """W210: a table that no channel of the file looks anything up in.

    A name that is no table's is told by itself; the table that it may have meant counts as used.
    """
    used = set(context.lost)
    known = {table.name.text: table for table in context.file.tables}
    suggester = Suggester()
    for channel in context.channels:
        for node in channel.of(nodes.Filter):
            named = walk.lookup_name(node)
            if named is not None and named[0] in known:
                used.add(named[0])
            elif named is not None:
                used.update(filter(None, [suggester.closest(named[0], known)]))
    for table in context.file.tables:
        name = table.name
        if name.text and name.text not in used:
            yield Diagnostic(
                "W210",
                f"table `{name.text}` is never used",
                context.source,
                name.span,
                "no `lookup` names it",
                (),
                f"use it as `<param | lookup {name.text}>`, or leave it out",
            )


def channel_is_there(context: FileContext) -> Iterator[Diagnostic]:
    """W216: a file without a channel; of one that holds tables W210 says that they are unused."""
    file, source = context.file, context.source
    if file.channels or file.tables or file.broken:
        return
    start = len(source.text) - len(source.text.lstrip())
    at = start if start < len(source.text) else 0
    end = min(at + len(source.line(source.position(at).line).strip()), len(source.text))
    held = "nothing but comments" if file.comments else "nothing"
    yield Diagnostic(
        "W216",
        "there is no channel in this file",
        source,
        Span(at, end),
        f"the file holds {held}",
        (),
        "write `channel ADDRESS {` and what it does, or leave the file out",
    )


def tables_are_of_one_script(context: FileContext) -> Iterator[Diagnostic]:
    """W213: a table whose name mixes alphabets."""
    for table in context.file.tables:
        found = mixed(context.source, table.name.text, table.name.span)
        if found is not None:
            yield found
