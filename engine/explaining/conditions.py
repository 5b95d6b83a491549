"""The conditions of a decision and its lets, told in order of writing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..check.walk import leaves
from ..language.nodes import Condition, Fields, Ignore, Let, Node, Reject, Template, When
from .explanation import BoundLet, Comparison, ConditionKind, TestedCondition, Told
from .reading import Reader


def bound_lets(reader: Reader) -> Iterator[BoundLet]:
    """Every let that got its value."""
    for statements, above in _halves(reader):
        for each in statements:
            if not isinstance(each, Let) or not reader.seen.is_bound(each):
                continue
            value = reader.seen.bound(each)
            if isinstance(each.value, Template):
                value = reader.filled(each.value, value)
            yield BoundLet(
                each.name.text,
                reader.line(each),
                reader.written(each.value),
                reader.params(each.value, above=above),
                Told.of(value),
            )


def tested_conditions(reader: Reader) -> Iterator[TestedCondition]:
    """Every condition that was tested, and every `else` that was taken."""
    for statements, above in _halves(reader):
        yield from _Telling(reader, above).of(statements)


def _halves(reader: Reader) -> tuple[tuple[Sequence[Node], bool], ...]:
    return (reader.program.before, True), (reader.program.after, False)


class _Telling:
    """Tells what is above ``each``, or what is not."""

    def __init__(self, reader: Reader, above: bool) -> None:
        self.reader = reader
        self.above = above

    def of(self, statements: Sequence[Node]) -> Iterator[TestedCondition]:
        for each in statements:
            match each:
                case Ignore(condition=condition) | Reject(condition=condition):
                    kind: ConditionKind = (
                        "ignore when" if isinstance(each, Ignore) else "reject when"
                    )
                    if condition is not None:
                        decides = each is self.reader.seen.verdict
                        yield from self._tested(kind, condition, decides)
                case When():
                    yield from self._when(each)
                case Fields(items=items):
                    yield from self.of(items)

    def _when(self, node: When[Node]) -> Iterator[TestedCondition]:
        for index, branch in enumerate(node.branches):
            condition = branch.condition
            if condition is None:
                line = self.reader.line_of(node.branches[index - 1].span.end)
                decides = self._decides(branch.items)
                yield TestedCondition("else", line, "", holds=True, decides=decides, comparisons=())
                yield from self.of(branch.items)
                return
            decides = self._decides(branch.items)
            yield from self._tested("when" if index == 0 else "else when", condition, decides)
            holds = self.reader.seen.holds(condition)
            if holds is None:  # it was never reached
                return
            if holds:
                yield from self.of(branch.items)
                return

    def _decides(self, items: Sequence[Node]) -> bool:
        """Whether the verdict stands in a branch without a condition of its own."""
        verdict = self.reader.seen.verdict
        alone = verdict is not None and verdict.condition is None
        return alone and any(each is verdict for each in items)

    def _tested(
        self, kind: ConditionKind, condition: Condition, decides: bool
    ) -> Iterator[TestedCondition]:
        holds = self.reader.seen.holds(condition)
        if holds is None:
            return
        yield TestedCondition(
            kind,
            self.reader.line(condition),
            self.reader.written(condition),
            holds,
            decides and holds,
            tuple(self._comparison(each) for each in leaves(condition)),
        )

    def _comparison(self, leaf: Condition) -> Comparison:
        holds = self.reader.seen.holds(leaf)
        params = self.reader.params(leaf, above=self.above) if holds is not None else ()
        return Comparison(self.reader.written(leaf), holds, params)
