"""Going over the nodes of a channel in order of writing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast, get_args, get_origin

from ..language import nodes
from ..language.nodes import Node
from ..messages.source import Span

Scope: TypeAlias = Literal["payload", "element", "map"]
Kinds: TypeAlias = dict[type[Node], list[Node]]
Leaf: TypeAlias = nodes.Compare | nodes.Among | nodes.Matches | nodes.Presence

NodeT = TypeVar("NodeT", bound=Node)

_WORD: Final = re.compile(r"\w+")


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
def _holding(kind: Any) -> tuple[str, ...]:
    """The attributes of a kind of nodes that may hold nodes, in order of writing."""
    return tuple(
        each.name
        for each in fields(kind)
        if any(_is_of_nodes(getattr(nodes, word, None)) for word in _WORD.findall(str(each.type)))
    )


def _is_of_nodes(named: object) -> bool:
    """Whether what an annotation names is a kind of nodes, or has one among its parts.

    Names that stand for text are those of kinds that hold one another.
    """
    if isinstance(named, type):
        return issubclass(named, Node)
    if get_origin(named) is Literal:
        return False
    return isinstance(named, str | TypeVar) or any(map(_is_of_nodes, get_args(named)))


def children(node: Node) -> list[Node]:
    """The nodes directly below a node, in order of writing."""
    found: list[Node] = []
    kind: Any = type(node)
    for name in _holding(kind):
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


def survey(channel: nodes.Channel) -> tuple[Kinds, list[Read]]:
    """All nodes of a channel's statements by kind, and every path that it reads."""
    kinds: Kinds = defaultdict(list)
    found: list[Read] = []
    below_each = False
    for index, statement in enumerate(channel.statements):
        own: Kinds = defaultdict(list)
        for node in descend(statement):
            own[type(node)].append(node)
        if not isinstance(statement, nodes.Payload | nodes.PayloadSchema):
            found += _reads(own, "element" if below_each else "payload", index)
        below_each = below_each or isinstance(statement, nodes.Each)
        for kind, several in own.items():
            kinds[kind] += several
    return kinds, found


def _reads(kinds: Kinds, scope: Scope, index: int) -> Iterator[Read]:
    """The paths that one statement reads; ``kinds`` are its nodes."""
    owners = {id(param.path): param for param in _of(kinds, nodes.Param)}
    names: set[int] = set()  # what stands behind `lookup` names tables
    mapped: set[int] = set()  # what is read inside of the text of a `map`
    for each in _of(kinds, nodes.Filter):
        if each.name == "lookup":
            names.update(map(id, each.arguments))
        for argument in each.arguments:
            if isinstance(argument, nodes.Template):
                mapped.update(map(id, descend(argument)))
    for path in _of(kinds, nodes.Path):
        if id(path) not in names:
            yield Read(path, "map" if id(path) in mapped else scope, index, owners.get(id(path)))


def _of(kinds: Kinds, kind: type[NodeT]) -> list[NodeT]:
    return cast("list[NodeT]", kinds.get(kind, []))


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
