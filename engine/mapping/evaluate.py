"""Evaluating templates and conditions against a scope: the meaning of rules, step by step.

Text that comes from a payload is data here: it is put into the result and never read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar, assert_never

from ..filters import FILTERS, Argument, LookupTable, apply_filter, fit
from ..language.nodes import (
    Among,
    And,
    Boolean,
    Compare,
    Condition,
    Filter,
    Matches,
    Not,
    Number,
    Or,
    Param,
    Path,
    Pattern,
    Presence,
    Template,
    Text,
    When,
)
from ..language.nodes import Argument as ArgumentNode
from ..language.nodes import Value as ValueNode
from ..late_dataclass import dataclass, replace
from ..limits import MAX_TEXT_BYTES
from ..values.patterns import compile_pattern
from ..values.value import ABSENT, Value, has_value, to_text
from .compare import among, compare, is_present, matches
from .events import Event, Read, Tested, Watch
from .scope import Scope, path_text

ItemT = TypeVar("ItemT")

_CUT: Final = f"the text is cut at its limit of {MAX_TEXT_BYTES // 1024} KiB"


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates nodes in one scope; ``region`` and ``tables`` are the channel's.

    ``watch`` is told every event, if there is one.
    """

    scope: Scope
    region: str | None
    tables: Mapping[str, LookupTable]
    watch: Watch | None = None

    def tell(self, event: Event) -> None:
        """Tell an event to who watches."""
        if self.watch is not None:
            self.watch(event)

    def value(self, node: ValueNode) -> Value:
        """The value of what stands behind ``=``."""
        match node:
            case Template():
                return self.template(node)
            case Number(value=number):
                return number
            case Boolean(value=truth):
                return truth
            case _:
                assert_never(node)

    def template(self, node: Template) -> Value:
        """The value of a template: that of its only param, or text.

        Where all params are without a value, so is the template; where some are, they become
        empty text, with a note.
        """
        only = node.only
        if only is not None:
            return self.param(only)
        texts: list[str] = []
        empty: list[Param] = []
        filled = 0
        for part in node.parts:
            if isinstance(part, Text):
                texts.append(part.value)
                continue
            value = self.param(part)
            if has_value(value):
                filled += 1
                texts.append(to_text(value))
            else:
                empty.append(part)
        if empty and not filled:
            return ABSENT
        for param in empty:
            path = path_text(param.path)
            self.scope.notes.add("N205", f"`{path}` has no value and is left out of a text", path)
        return self._fitting("".join(texts), node)

    def _fitting(self, text: str, node: Template) -> str:
        fitting = fit(text)
        if len(fitting) < len(text):
            paths = [path_text(part.path) for part in node.parts if isinstance(part, Param)]
            self.scope.notes.add("N207", _CUT, paths[0] if paths else None)
        return fitting

    def param(self, node: Param) -> Value:
        """The value of a param behind its filters."""
        raw = value = self.scope.read(node.path)
        steps: list[Value] = []
        if node.filters:
            path = path_text(node.path)
            for each in node.filters:
                value = self.filtered(each, value, path)
                steps.append(value)
        if self.watch is not None:
            self.watch(Read(node, raw, tuple(steps)))
        return value

    def filtered(self, node: Filter, value: Value, path: str) -> Value:
        """What a filter makes of a value; notes about it name ``path``."""
        arguments = [self._argument(argument, node) for argument in node.arguments]
        return apply_filter(FILTERS[node.name], value, arguments, _FilterContext(self, path))

    def _argument(self, node: ArgumentNode, used_by: Filter) -> Argument:
        match node:
            case Text(value=text):
                return text
            case Number(value=number):
                return number
            case Pattern(text=text):
                return compile_pattern(text)
            case Template():
                return node
            case Path():
                if used_by.name == "lookup":
                    return path_text(node)
                return self.scope.read(node)
            case _:
                assert_never(node)

    def holds(self, node: Condition) -> bool:
        """Whether a condition holds."""
        holds = self._holds(node)
        if self.watch is not None:
            self.watch(Tested(node, holds))
        return holds

    def _holds(self, node: Condition) -> bool:
        match node:
            case And(terms=terms):
                return all(self.holds(term) for term in terms)
            case Or(terms=terms):
                return any(self.holds(term) for term in terms)
            case Not(term=term):
                return not self.holds(term)
            case Presence(param=param, present=present):
                return is_present(self.param(param)) == present
            case Compare(param=param, operator=operator, value=right):
                return compare(
                    self.param(param),
                    operator,
                    self.value(right),
                    right_is_number=isinstance(right, Number),
                    note=self._noting(param),
                )
            case Among(param=param, values=values):
                rights = [(self.value(each), isinstance(each, Number)) for each in values]
                return among(self.param(param), rights, note=self._noting(param))
            case Matches(param=param, pattern=pattern):
                compiled = compile_pattern(pattern.text)
                return matches(self.param(param), compiled, note=self._noting(param))
            case _:
                assert_never(node)

    def _noting(self, param: Param) -> _Noting:
        return _Noting(self, path_text(param.path))


@dataclass(frozen=True, slots=True)
class _Noting:
    """Notes about one param."""

    evaluator: Evaluator
    path: str

    def __call__(self, code: str, message: str) -> None:
        self.evaluator.scope.notes.add(code, message, self.path)


@dataclass(frozen=True, slots=True)
class _FilterContext:
    """What filters ask of the evaluation; see `filters.Context`."""

    evaluator: Evaluator
    path: str

    @property
    def region(self) -> str | None:
        return self.evaluator.region

    def note(self, code: str, message: str) -> None:
        self.evaluator.scope.notes.add(code, message, self.path)

    def table(self, name: str) -> LookupTable:
        return self.evaluator.tables[name]

    def render(self, template: Template, element: Value) -> Value:
        scope = self.evaluator.scope
        root = scope.payload if scope.root is ABSENT else scope.root
        inner = replace(scope, payload=element, item=element, root=root)
        return replace(self.evaluator, scope=inner).template(template)


def chosen(when: When[ItemT], evaluator: Evaluator) -> tuple[ItemT, ...]:
    """The items of the first branch that applies, none where no branch does."""
    for branch in when.branches:
        if branch.condition is None or evaluator.holds(branch.condition):
            return branch.items
    return ()
