"""Static types: what each param is, and what its filters are fed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, cast

from ..filters import FILTERS
from ..filters.spec import FilterSpec
from ..language import nodes
from ..language.nodes import ParamType
from ..late_dataclass import dataclass
from .reads import Lets, Read
from .shape import TYPES, Gap

_SURROUNDING: Final[dict[str, ParamType]] = {
    "@header": "text",
    "@id": "text",
    "@now": "date",
    "@channel": "text",
    "@address": "text",
    "@payload": "text",
}


@dataclass(frozen=True, slots=True)
class Fed:
    """A filter and the type that it is fed by ``origin``: a path, or the filter before it.

    ``fits`` is set where it takes that type. ``gives`` is the type of its result.
    """

    item: nodes.Filter
    type: ParamType
    origin: nodes.Path | nodes.Filter
    fits: bool
    gives: ParamType


class Typing:
    """The types of what a channel reads, as far as they are known; ``any`` where they are not."""

    def __init__(self, lets: Lets, reads: Sequence[Read]) -> None:
        self._reads = {id(read.path): read for read in reads}
        self._lets: dict[str, ParamType] = {}
        for name, (_, let) in lets.items():  # in order of writing: typed before it is read
            self._lets[name] = self._of_value(let.value)

    def of(self, param: nodes.Param) -> ParamType:
        """The type of a param after its filters."""
        type = self._of_path(param.path)
        for fed in self.feeding(param):
            type = fed.gives
        return type

    def feeding(self, param: nodes.Param) -> Iterator[Fed]:
        """What each filter of a param is fed; an unknown one takes anything."""
        type = self._of_path(param.path)
        origin: nodes.Path | nodes.Filter = param.path
        for item in param.filters:
            spec = FILTERS.get(item.name)
            fits = spec is None or type == "any" or type in spec.accepts
            gives = "any" if spec is None else self._given(item, spec, type, fits=fits)
            yield Fed(item, type, origin, fits, gives)
            type, origin = gives, item

    def _given(
        self, item: nodes.Filter, spec: FilterSpec, type: ParamType, *, fits: bool
    ) -> ParamType:
        if spec.returns != "same":
            return spec.result_type(type) if fits else spec.returns
        return spec.result_type(type, self._of_values(item, spec)) if fits else "any"

    def _of_path(self, path: nodes.Path) -> ParamType:
        read = self._reads.get(id(path))
        if read is None:
            return "any"
        for step in path.steps:
            if isinstance(step, nodes.Every):
                return "list"
        if read.let is not None:
            return self._lets.get(read.name or "", "any") if len(path.steps) == 1 else "any"
        if path.root in _SURROUNDING:
            return _SURROUNDING[path.root]
        place = read.place
        if isinstance(place, Gap) or place.type not in TYPES or not path.steps:
            return "any"
        return cast("ParamType", place.type)

    def _of_value(self, value: nodes.Value) -> ParamType:
        """The type of a value: that of its only param, else what is written."""
        match value:
            case nodes.Template(only=nodes.Param() as param):
                return self.of(param)
            case nodes.Template():
                return "text"
            case nodes.Boolean():
                return "bool"
            case nodes.Number(value=number):
                return "decimal" if isinstance(number, Decimal) else "integer"

    def _of_values(self, item: nodes.Filter, spec: FilterSpec) -> list[ParamType]:
        """The types of the arguments that are values."""
        types: list[ParamType] = []
        for parameter, argument in zip(spec.parameters, item.arguments, strict=False):
            if parameter.kind != "value":
                continue
            match argument:
                case nodes.Path():
                    types.append(self._of_path(argument))
                case nodes.Number(value=number):
                    types.append("decimal" if isinstance(number, Decimal) else "integer")
                case _:
                    types.append("text")
        return types


def article(type: str) -> str:
    """A type in a sentence."""
    return f"{'an' if type[0] in 'aeiou' else 'a'} {type}"
