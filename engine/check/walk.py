"""Going over the nodes of a channel in order of writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, TypeAlias

from ..language import nodes
from ..language.nodes import Node
from ..messages.source import Span

Scope: TypeAlias = Literal["payload", "element", "map"]
Leaf: TypeAlias = nodes.Compare | nodes.Among | nodes.Matches | nodes.Presence


@dataclass(frozen=True, slots=True)
class Read:
    """A path that is read: ``scope`` tells in what, ``index`` is that of the statement.

    ``param`` is the ``<…>`` whose path it is; the path of `each`, of `auth` or of a filter's
    argument has none.
    """

    path: nodes.Path
    scope: Scope
    index: int
    param: nodes.Param | None

    @property
    def name(self) -> str | None:
        """The first key of a path into the payload, which a `let` may have named."""
        first = self.path.steps[0] if self.path.steps and not self.path.root else None
        return first.name if isinstance(first, nodes.Key) else None


@dataclass(frozen=True, slots=True)
class Placed:
    """An assignment, the field block it is in, and whether a `when` decides on it."""

    assign: nodes.Assign
    block: nodes.Fields
    conditional: bool

    @property
    def multiple(self) -> bool:
        """Whether the field takes several values."""
        return is_multiple(self.assign.field.name)


def is_multiple(field: str) -> bool:
    """Whether a CRM field takes several values, each with a value type."""
    return field.upper() in ("PHONE", "EMAIL", "WEB", "IM")


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name != "span")


def _names_of(node: Node) -> tuple[str, ...]:
    kind: Any = type(node)
    return _names(kind)


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in order of writing."""
    found: list[Node] = []
    for name in _names_of(node):
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found += [each for each in value if isinstance(each, Node)]
    return found


def descend(node: Node) -> Iterator[Node]:
    """The node and all below it, in order of writing."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += reversed(children(current))


def leaves(condition: nodes.Condition) -> Iterator[Leaf]:
    """The comparisons and tests that a condition is made of."""
    for each in descend(condition):
        if isinstance(each, nodes.Compare | nodes.Among | nodes.Matches | nodes.Presence):
            yield each


def reads(channel: nodes.Channel) -> Iterator[Read]:
    """Every path that a channel reads."""
    below_each = False
    for index, statement in enumerate(channel.statements):
        if isinstance(statement, nodes.Payload | nodes.PayloadSchema):
            continue
        scope: Scope = "element" if below_each else "payload"
        waiting: list[tuple[Node, Scope, nodes.Param | None]] = [(statement, scope, None)]
        while waiting:
            node, scope, owner = waiting.pop()
            if isinstance(node, nodes.Path):
                yield Read(node, scope, index, owner)
                continue
            below: list[tuple[Node, Scope, nodes.Param | None]] = []
            for child in children(node):
                inside: Scope = scope
                if isinstance(node, nodes.Filter) and isinstance(child, nodes.Template):
                    inside = "map"
                own = node if isinstance(node, nodes.Param) and child is node.path else None
                below.append((child, inside, own))
            if isinstance(node, nodes.Filter) and node.name == "lookup":
                below = []
            waiting += reversed(below)
        below_each = below_each or isinstance(statement, nodes.Each)


def levels(channel: nodes.Channel) -> list[tuple[nodes.Statement, ...]]:
    """The channel's statements and those of each branch of its `when` blocks."""
    found = [channel.statements]
    for level in found:
        for statement in level:
            if isinstance(statement, nodes.When):
                found += [branch.items for branch in statement.branches]
    return found


def placed(block: nodes.Fields, conditional: bool) -> Iterator[Placed]:
    """The assignments of a field block, those of its `when` blocks too."""
    waiting = [(item, conditional) for item in reversed(block.items)]
    while waiting:
        item, inside = waiting.pop()
        if isinstance(item, nodes.Assign):
            yield Placed(item, block, inside)
        else:
            branches = item.branches
            for branch in reversed(branches):
                waiting += [(below, True) for below in reversed(branch.items)]


def item_levels(block: nodes.Fields) -> list[tuple[nodes.FieldItem, ...]]:
    """The items of a field block and those of each branch of its `when` blocks."""
    found = [block.items]
    for level in found:
        for item in level:
            if isinstance(item, nodes.When):
                found += [branch.items for branch in item.branches]
    return found


def lookup_name(item: nodes.Filter) -> tuple[str, Span] | None:
    """The table that a `lookup` names, and where; nothing if it names none."""
    if item.name != "lookup" or not item.arguments:
        return None
    argument = item.arguments[0]
    if isinstance(argument, nodes.Text):
        return argument.value, argument.span
    if isinstance(argument, nodes.Path) and not argument.root and len(argument.steps) == 1:
        step = argument.steps[0]
        if isinstance(step, nodes.Key):
            return step.name, argument.span
    return None
