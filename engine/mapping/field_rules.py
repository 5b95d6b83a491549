"""What is known of each assignment before any payload: a channel's field rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..decision import Origin
from ..language.nodes import (
    Assign,
    Declared,
    Each,
    FieldItem,
    Fields,
    Key,
    Let,
    Path,
    Statement,
    Template,
    Value,
    When,
)
from ..late_dataclass import dataclass
from ..messages.source import Source
from ..values.keys import is_email_field, is_multi, is_phone_field
from .mapped import DEFAULT_VALUE_TYPE, FieldRule, Kind, Target
from .scope import path_text


def field_rules(
    source: Source,
    before: Iterable[Statement],
    after: Iterable[Statement],
    declared: Iterable[Declared],
    each: Each | None,
) -> Mapping[int, FieldRule]:
    """The rules of a channel's assignments, by the offset at which each is written.

    ``before`` and ``after`` are the statements above and below ``each``.
    """
    halves: tuple[tuple[Iterable[Statement], Each | None], ...] = ((before, None), (after, each))
    lets = {
        let.name.text: (let, below)
        for statements, below in halves
        for let in statements
        if isinstance(let, Let)
    }
    kinds = _Kinds(tuple(declared), lets)
    return {
        assign.span.start: _rule(source, assign, target, kinds.of(assign.value, below))
        for statements, below in halves
        for assign, target in _assignments(statements)
    }


def _rule(source: Source, assign: Assign, target: Target, of_value: Kind | None) -> FieldRule:
    name, span = assign.field.name, assign.value.span
    kind = _field_kind(name) or of_value
    only = assign.value.only if isinstance(assign.value, Template) else None
    return FieldRule(
        target=target,
        name=name,
        multi=is_multi(name),
        kind=kind,
        told=kind == of_value,
        path=name if only is None else path_text(only.path),
        type=assign.field.type or DEFAULT_VALUE_TYPE,
        flags=frozenset(flag.name for flag in assign.flags),
        searched=assign.has("search"),
        required=assign.has("required"),
        origin=Origin(
            target,
            name,
            source.position(assign.span.start).line,
            source.text[span.start : span.end],
        ),
    )


def _assignments(statements: Iterable[Statement]) -> Iterator[tuple[Assign, Target]]:
    """Every assignment, those in branches too, with what it fills."""
    for each in statements:
        match each:
            case When():
                for branch in each.branches:
                    yield from _assignments(branch.items)
            case Fields(target=target, items=items):
                yield from ((assign, target) for assign in _in_block(items))
            case _:
                pass


def _in_block(items: Iterable[FieldItem]) -> Iterator[Assign]:
    for each in items:
        if isinstance(each, When):
            for branch in each.branches:
                yield from _in_block(branch.items)
        else:
            yield each


def _field_kind(name: str) -> Kind | None:
    if is_phone_field(name):
        return "phone"
    return "email" if is_email_field(name) else None


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What values are by their last filter or their declared param.

    ``lets`` are the channel's, each with the ``each`` that it is written below, if it is.
    """

    declared: tuple[Declared, ...]
    lets: Mapping[str, tuple[Let, Each | None]]

    def of(self, node: Value, each: Each | None) -> Kind | None:
        """The kind of a value written below ``each``, or above it where that is None."""
        return self._of(node, each, len(self.lets))

    def _of(self, node: Value, each: Each | None, hops: int) -> Kind | None:
        only = node.only if isinstance(node, Template) else None
        if only is None:
            return None
        if only.filters:
            return _as_kind(only.filters[-1].name)
        path = only.path
        first = path.steps[0] if path.steps else None
        if not path.root and isinstance(first, Key) and first.name in self.lets:
            if len(path.steps) > 1 or hops == 0:
                return None
            let, below = self.lets[first.name]
            return self._of(let.value, below, hops - 1)
        return declared_kind(path, self.declared, each)


def _as_kind(name: str) -> Kind | None:
    match name:
        case "phone":
            return "phone"
        case "email":
            return "email"
        case _:
            return None


def declared_kind(path: Path, declared: Iterable[Declared], each: Each | None) -> Kind | None:
    """The kind that a path's param is declared as.

    Below ``each`` a bare path and ``<@item>`` lead into an element, ``<@root…>`` does not.
    """
    if path.root not in ("", "@item", "@root"):
        return None
    inside = each is not None and path.root != "@root" and not each.path.root
    wanted = (*(_keys(each.path) if inside and each is not None else ()), *_keys(path))
    for param in declared:
        if _keys(param.path) == wanted:
            return _as_kind(param.type.text)
    return None


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(step.name.casefold() for step in path.steps if isinstance(step, Key))
