"""One pass over the nodes of a channel, for all its checks."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeAlias

from ..language.nodes import Channel, Each, Filter, Node, Param, Path, Payload, Template
from .reads import Known, Read, Scope
from .walk import branching

Kinds: TypeAlias = dict[type[Node], list[Node]]


class Survey:
    """The nodes of a channel's statements by ``kinds``, and every path that it ``reads``.

    Both are in order of writing. Nodes that hold no others are left to those that hold them, and
    so are params, each of which is in a read.
    """

    def __init__(self, channel: Channel, known: Known) -> None:
        self.kinds: Kinds = defaultdict(list)
        self.reads: list[Read] = []
        self._known = known
        scope: Scope = "payload"
        for index, statement in enumerate(channel.statements):
            if isinstance(statement, Payload):  # what it declares is not read
                self.kinds[Payload].append(statement)
                self.kinds[Path] += [each.path for each in statement.params]
            else:
                self._statement(statement, scope, index)
            if isinstance(statement, Each):
                scope = "element"

    def _statement(self, statement: Node, scope: Scope, index: int) -> None:
        kinds = self.kinds
        waiting: list[Any] = [statement]
        while waiting:
            node = waiting.pop()
            kind: Any = type(node)
            if kind is Param:
                self._param(node, scope, index)
                continue
            kinds[kind].append(node)
            if kind is Template:
                for part in node.parts:
                    if type(part) is Param:
                        self._param(part, scope, index)
            elif kind is Path:
                self.reads.append(self._known.read(node, scope, index))
            else:
                for name in branching(kind):
                    value = getattr(node, name)
                    if type(value) is tuple:
                        waiting += value[::-1]
                    elif value is not None:
                        waiting.append(value)

    def _param(self, param: Param, scope: Scope, index: int) -> None:
        """Go over a param; that of a `map` is inside of a text and nests no deeper than texts."""
        kinds, reads, read = self.kinds, self.reads, self._known.read
        kinds[Path].append(param.path)
        reads.append(read(param.path, scope, index, param))
        for item in param.filters:
            kinds[Filter].append(item)
            for argument in item.arguments:
                if isinstance(argument, Path):
                    kinds[Path].append(argument)
                    if item.name != "lookup":  # what stands behind it names a table
                        reads.append(read(argument, scope, index))
                elif isinstance(argument, Template):
                    kinds[Template].append(argument)
                    for part in argument.parts:
                        if isinstance(part, Param):
                            self._param(part, "map", index)
