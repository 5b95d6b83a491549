"""Going over nodes in order of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, Literal, TypeAlias, TypeVar, get_args, get_origin

from ..language import nodes
from ..language.nodes import Node
from ..late_dataclass import dataclass
from ..messages.source import Span

Leaf: TypeAlias = nodes.Compare | nodes.Among | nodes.Matches | nodes.Presence

_WORD: Final = re.compile(r"\w+")


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
def holding(kind: Any) -> tuple[str, ...]:
    """The attributes of a kind of nodes that may hold nodes, in order of writing."""
    return tuple(name for name, said in _attributes(kind) if _names(said, lambda _: True))


@cache
def branching(kind: Any) -> tuple[str, ...]:
    """Those of them that may hold nodes which hold nodes themselves, the last one first."""
    names = [name for name, said in _attributes(kind) if _names(said, holding)]
    return tuple(reversed(names))


def _attributes(kind: type[Node]) -> Iterator[tuple[str, str]]:
    """The attributes of a kind of nodes, and what their annotations say."""
    for each in reversed(kind.__mro__):
        yield from vars(each).get("__annotations__", {}).items()


def _names(said: str, wanted: Callable[[Any], object]) -> bool:
    """Whether an annotation names a kind of nodes that is wanted."""
    return any(_stands_for(getattr(nodes, word, None), wanted) for word in _WORD.findall(said))


def _stands_for(named: object, wanted: Callable[[Any], object]) -> bool:
    """Whether what an annotation names is such a kind, or has one among its parts.

    Names that stand for text are those of kinds that hold one another.
    """
    if isinstance(named, type):
        return issubclass(named, Node) and bool(wanted(named))
    if get_origin(named) is Literal:
        return False
    if isinstance(named, str | TypeVar):
        return True
    return any(_stands_for(each, wanted) for each in get_args(named))


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in order of writing."""
    found: list[Node] = []
    kind: Any = type(node)
    for name in holding(kind):
        value = getattr(node, name)
        if type(value) is tuple:
            found += value
        elif isinstance(value, Node):
            found.append(value)
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
