"""Nodes of drafts: values of fields, conditions, declarations."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.nodes import (
    And,
    Argument,
    Assign,
    Boolean,
    Compare,
    Condition,
    Every,
    FieldName,
    Filter,
    Flag,
    FlagName,
    Name,
    Param,
    Path,
    Presence,
    Step,
    Template,
    Text,
    Value,
    Where,
)
from ..messages.source import Span
from .fields import NOWHERE, Field, key_of


def text(value: str) -> Text:
    """Literal text."""
    return Text(value, span=NOWHERE)


def template(*parts: Text | Param) -> Template:
    """A template of these parts."""
    return Template(parts, span=NOWHERE)


def path(steps: Sequence[Step], root: str = "") -> Path:
    """A path of these steps."""
    return Path(root, tuple(steps), span=NOWHERE)


def filter(name: str, *arguments: Argument) -> Filter:
    """A filter with its arguments."""
    return Filter(name, arguments, span=NOWHERE, name_span=NOWHERE)


def param(read: Path, *filters: Filter) -> Param:
    """A param with its filters."""
    return Param(read, filters, span=NOWHERE)


def first_of(fields: Sequence[Field], *filters: Filter, single: bool = False) -> Param:
    """The value of the first field that has one; with ``single``, one element of a list."""
    head, *others = fields
    assert all(each.plain for each in others), "an argument in quotes would be text"
    chain = [filter("first")] if single and head.listed else []
    chain += [filter("default", each.path) for each in others]
    if single and any(each.listed for each in others):
        chain.append(filter("first"))
    return param(head.path, *chain, *filters)


def lines_of(list: Sequence[Step], *parts: Text | Param) -> Param:
    """The elements of a list as text, one a line."""
    return param(path(list), filter("map", template(*parts)), filter("join", text("\n")))


def key_param(name: str) -> Param:
    """The value of a key of what a path starts in."""
    return param(path((key_of(name),)))


def assign(field: str, value: Value, span: Span, *flags: FlagName) -> Assign:
    """``FIELD = VALUE flags`` on a line."""
    marks = tuple(Flag(each, span=span) for each in flags)
    return Assign(FieldName(field, span=span), value, marks, span=span)


def absent(fields: Sequence[Field], span: Span) -> Condition:
    """None of these fields has a value."""
    terms = tuple(Presence(param(each.path), False, span=span) for each in fields)
    return terms[0] if len(terms) == 1 else And(terms, span=span)


def present(field: Field, span: Span) -> Condition:
    """The field has a value."""
    return Presence(param(field.path), True, span=span)


def is_true(field: Field, span: Span) -> Condition:
    """The field is true."""
    return Compare(param(field.path), "==", Boolean(True, span=NOWHERE), span=span)


def declared_steps(prefix: Sequence[Step], steps: Sequence[Step]) -> Path:
    """The path that a declaration has, ``prefix`` being that of `each`."""
    every = Every(span=NOWHERE)
    return path([*prefix, *(every if isinstance(step, Where) else step for step in steps)])


def word(value: str) -> Name:
    """A word that names something."""
    return Name(value, span=NOWHERE)
