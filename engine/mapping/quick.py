"""Filters as compiled rules call them: what is regular at once, the rest by the evaluator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from ..filters import FILTERS, literal_arguments, row_key
from ..language.nodes import Filter, Path
from ..limits import MAX_TEXT_BYTES
from ..values.value import ABSENT, Value, has_value
from .frame import Frame
from .program import Program
from .scope import path_text

QUICK: Final = MAX_TEXT_BYTES // 4
"""Texts of so many characters fit into the limit of a text whatever characters they have."""

FilterFunction: TypeAlias = Callable[[Any, Frame], Value]


def filter_function(node: Filter, path: Path, program: Program) -> FilterFunction:
    """The function of a filter, for values of the param that reads ``path``."""
    spec = FILTERS[node.name]
    shown = path_text(path)

    def evaluated(value: Value, frame: Frame) -> Value:
        return frame.evaluator.filtered(node, value, shown)

    if node.name == "lookup" and isinstance(node.arguments[0], Path):
        rows = program.tables[path_text(node.arguments[0])].rows

        def found(value: Value, frame: Frame) -> Value:
            if type(value) is str:
                row = rows.get(row_key(value), ABSENT)
                if row is not ABSENT and has_value(value) and _fits(row):
                    return row
            return evaluated(value, frame)

        return found

    arguments = literal_arguments(spec, node.arguments)
    if not spec.plain or arguments is None:
        return evaluated
    apply = spec.apply

    def applied(value: Value, frame: Frame) -> Value:
        if type(value) is str and (value[:1].isalnum() or has_value(value)):
            result = apply(value, arguments, None)  # type: ignore[arg-type]
            if type(result) is not str:
                return result
            if 0 < len(result) <= QUICK:
                return result
        return evaluated(value, frame)

    return applied


def _fits(value: Value) -> bool:
    return type(value) is not str or 0 < len(value) <= QUICK
