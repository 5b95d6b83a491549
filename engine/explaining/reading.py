"""What the other tellers share: rule text with its line, values as told, params as read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..check.walk import descend
from ..language.nodes import Key, Let, Node, Param, Path, Template
from ..language.spelling import param as spelled_param
from ..language.spelling import path as spelled_path
from ..mapping.program import Program
from ..mapping.scope import Notes, Scope, Surroundings, elements
from ..store import Key as SearchKey
from ..values.value import Json, Value
from .explanation import ReadParam, Step, Told
from .masking import Mask, Personal
from .watching import Watched


@dataclass(frozen=True)
class Reader:
    """Tells the values of one decision; with a ``mask`` as they can be shared."""

    program: Program
    around: Surroundings
    seen: Watched
    mask: Mask | None = None

    def told(self, value: Value, personal: Personal | None = None) -> Told:
        """A value in its state."""
        return Told.of(value if self.mask is None else self.mask.value(value, personal))

    def json(self, value: Json, personal: Personal | None = None) -> Json:
        """A value that is there."""
        return value if self.mask is None else self.mask.json(value, personal)

    def sentence(self, text: str, keys: tuple[SearchKey, ...] = ()) -> str:
        """A sentence of LeadLark's own about values."""
        return text if self.mask is None else self.mask.sentence(text, keys)

    def key(self, key: SearchKey) -> str:
        """The value of a search key."""
        return key.value if self.mask is None else self.mask.key(key).value

    def line(self, node: Node) -> int:
        """The line on which a node begins."""
        return self.line_of(node.span.start)

    def line_of(self, offset: int) -> int:
        """The line of an offset of the rule file."""
        return self.program.source.position(offset).line

    def written(self, node: Node) -> str:
        """The text of a node on one line, as it stands in the rule file."""
        return " ".join(self.program.source.text[node.span.start : node.span.end].split())

    def params(self, node: Node, *, above: bool = False) -> tuple[ReadParam, ...]:
        """The params of a node that were read; ``above`` for a node above ``each``."""
        found = (self.param(each, above=above) for each in outer_params(node))
        return tuple(each for each in found if each is not None)

    def param(self, node: Param, *, above: bool = False) -> ReadParam | None:
        """A param as it was read, None if it was not."""
        read = self.seen.read(node)
        if read is None:
            return None
        steps = zip(node.filters, read.steps, strict=False)
        return ReadParam(
            spelled_param(node),
            spelled_path(node.path),
            self.declared(node.path, above=above),
            self.told(self.sent(node.path, read.raw, above=above)),
            self.told(read.raw),
            tuple(Step(self.written(each), self.told(value)) for each, value in steps),
            self.told(read.value),
        )

    def filled(self, template: Template, result: Value) -> Value:
        """What a template became, its own text as written."""
        if self.mask is None:
            return result
        return self.mask.filled(template, result, self._value)

    def declared(self, path: Path, *, above: bool = False) -> str | None:
        """The type that a path's param is declared as, if it is."""
        if path.root not in ("", "@item", "@root"):
            return None
        each = self.program.each
        if path.root == "" and self._is_let(path):
            return None
        inside = each is not None and not above and path.root != "@root"
        if inside and each is not None and (each.path.root or self._is_let(each.path)):
            return None
        before = _keys(each.path) if inside and each is not None else ()
        return self._types.get((*before, *_keys(path)))

    def sent(self, path: Path, read: Value, *, above: bool = False) -> Value:
        """The value at a path as it was sent, before it took its declared type."""
        if self.declared(path, above=above) is None:
            return read
        scope = self.payload_scope if above else self._scope
        return read if scope is None else scope.read(path)

    def _value(self, node: Param) -> Value:
        read = self.seen.read(node)
        return None if read is None else read.value

    def _is_let(self, path: Path) -> bool:
        first = path.steps[0] if path.steps else None
        return not path.root and isinstance(first, Key) and first.name in self._lets

    @cached_property
    def _lets(self) -> frozenset[str]:
        statements = (*self.program.before, *self.program.after)
        return frozenset(each.name.text for each in statements if isinstance(each, Let))

    @cached_property
    def _types(self) -> dict[tuple[str, ...], str]:
        return {_keys(each.path): each.type.text for each in reversed(self.program.declared)}

    @cached_property
    def payload_scope(self) -> Scope:
        """Where the payload is read as it was sent."""
        payload = self.around.request.payload
        return Scope(payload, self.around, Notes(), root=payload)

    @cached_property
    def _scope(self) -> Scope | None:
        """Where what is below ``each`` reads what was sent; None where that cannot be said."""
        each, index = self.program.each, self.seen.index
        if each is None:
            return self.payload_scope
        found = elements(self.payload_scope.read(each.path))
        if index is None or index >= len(found):
            return None
        payload, element = self.around.request.payload, found[index]
        return Scope(element, self.around, Notes(), root=payload, item=element)


def outer_params(node: Node) -> Iterator[Param]:
    """The params of a node in order of writing, without those in the templates of `map`."""
    if isinstance(node, Param):
        yield node
        return
    hidden: set[int] = set()
    for each in descend(node):
        if isinstance(each, Param) and id(each) not in hidden:
            yield each
            hidden.update(id(below) for below in descend(each))


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(step.name.casefold() for step in path.steps if isinstance(step, Key))
