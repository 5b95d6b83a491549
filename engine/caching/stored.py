"""Checked nodes and warnings as JSON text, and back.

A node is ``["Assign", start, end, field, …]``, its fields in order of declaration; a tuple is
``["", item, …]``, a decimal ``[".", "1.50"]`` with its digits, a span ``["Span", start, end]``. A
warning is an array too, numbering plans are as they come. Text, numbers, true, false and null
stand for themselves. What is read can be nothing but nodes and values: no name in it leads
outside `language.nodes`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

from ..language import nodes
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Source, Span

_PLAIN: Final = frozenset((str, int, bool, type(None)))
_TUPLE: Final = ""
_DECIMAL: Final = "."
_SPAN: Final = "Span"
_KINDS: Final = {
    name: each
    for name, each in vars(nodes).items()
    if isinstance(each, type) and issubclass(each, nodes.Node) and each is not nodes.Node
}


class UnreadableError(Exception):
    """A text is no stored rule file; or a rule file holds what cannot be stored."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule file without errors, and the warnings about it alone.

    ``plans`` are those of its countries' phone numbers, as `values.numbering` gives them.
    """

    file: nodes.File
    warnings: tuple[Diagnostic, ...]
    plans: Mapping[str, Any]


def store(checked: Checked) -> str:
    """The text of a checked file; raises `UnreadableError` where it could not be read again."""
    try:
        rows = [_row(each) for each in checked.warnings]
        parts = [_write(checked.file), rows, checked.plans]
        return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    except RecursionError as error:
        raise UnreadableError("nested too deeply") from error


def restore(text: str, source: Source) -> Checked:
    """The checked file that a text was made of; its warnings are about ``source``.

    Raises `UnreadableError` for every other text.
    """
    try:
        stored, rows, plans = json.loads(text)
        file = _read(stored)
        warnings = tuple(_warning(row, source) for row in rows)
    except (ValueError, TypeError, LookupError, InvalidOperation, RecursionError) as error:
        raise UnreadableError("no stored rule file") from error
    if not isinstance(file, nodes.File) or not isinstance(plans, dict):
        raise UnreadableError("no stored rule file")
    return Checked(file, warnings, plans)


# Nodes


def _write(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [_TUPLE, *map(_write, value)]
    if kind is Decimal:
        return [_DECIMAL, str(value)]
    if kind is Span:
        return [_SPAN, value.start, value.end]
    if _KINDS.get(kind.__name__) is not kind:
        raise UnreadableError(f"{kind.__name__} is no node")
    inner = (_write(getattr(value, name)) for name in _names(kind)[1:])
    return [kind.__name__, value.span.start, value.span.end, *inner]


def _read(part: Any) -> Any:
    if type(part) is not list:
        if type(part) not in _PLAIN:
            raise TypeError(type(part).__name__)
        return part
    head = part[0]
    if head == _TUPLE:
        return tuple(map(_read, part[1:]))
    if head == _DECIMAL:
        _, digits = part
        return Decimal(digits)
    if head == _SPAN:
        return _span(*part[1:])
    kind = _KINDS[head]
    # What is stored was made by a constructor once, so that none has to be compiled here.
    node = object.__new__(kind)
    values = (_span(part[1], part[2]), *map(_read, part[3:]))
    for put, value in zip(_setters(kind.__name__), values, strict=True):
        put(node, value)
    return node


def _span(start: int, end: int) -> Span:
    if type(start) is not int or type(end) is not int:
        raise TypeError("a span has two offsets")
    return Span(start, end)


def _names(kind: type) -> tuple[str, ...]:
    """The fields of a kind of node, ``span`` first: every one is a slot."""
    return tuple(
        name for each in reversed(kind.__mro__) for name in each.__dict__.get("__slots__", ())
    )


@cache
def _setters(name: str) -> tuple[Callable[[object, object], None], ...]:
    kind = _KINDS[name]
    return tuple(getattr(kind, field).__set__ for field in _names(kind))


# Warnings


def _row(warning: Diagnostic) -> list[Any]:
    if warning.severity == "error" or any(
        each.source not in (None, warning.source) for each in warning.related
    ):
        raise UnreadableError("more than a warning about one file")
    related = [
        [each.span.start, each.span.end, each.text, each.source is None] for each in warning.related
    ]
    fix = [[each.span.start, each.span.end, each.text] for each in warning.fix]
    place = [warning.span.start, warning.span.end]
    return [warning.code, warning.message, *place, warning.label, related, warning.help, fix]


def _warning(row: Any, source: Source) -> Diagnostic:
    code, message, start, end, label, related, help, fix = row
    if not all(isinstance(each, str) for each in (code, message, label, help or "")):
        raise TypeError("a warning is told in text")
    labels = (
        Label(_span(begin, stop), text, None if own else source)
        for begin, stop, text, own in related
    )
    edits = (Edit(_span(begin, stop), text) for begin, stop, text in fix)
    return Diagnostic(
        code, message, source, _span(start, end), label, tuple(labels), help, tuple(edits)
    )
