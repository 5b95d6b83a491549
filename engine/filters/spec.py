"""What a filter is: its declaration as data, and what it may ask of the evaluation.

The checker reads parameters and types here, the evaluator applies, the documentation renders;
none of them knows a single filter by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, Protocol, TypeAlias

from ..language.nodes import ParamType, Template
from ..late_dataclass import dataclass, field
from ..values.patterns import Pattern
from ..values.value import ABSENT, Absent, Json, Value

ParameterKind: TypeAlias = Literal[
    "text", "number", "value", "pattern", "template", "table", "country", "date format"
]
Returns: TypeAlias = ParamType | Literal["same"]

# An argument as it reaches `apply_filter`: evaluated, but not yet read as its parameter's kind.
Argument: TypeAlias = "Value | Template | Pattern"

# Arguments as a filter's function gets them, by kind: text and country ``str``, number ``int`` or
# ``Decimal``, value any `Value`, pattern `Pattern`, template `Template`, table and date format
# ``str``. Optional ones that are not written are not there.
Arguments: TypeAlias = tuple[Any, ...]

SCALARS: Final[frozenset[ParamType]] = frozenset(
    {"text", "integer", "decimal", "bool", "date", "phone", "email", "any", "list"}
)
NUMBERS: Final[frozenset[ParamType]] = frozenset({"text", "integer", "decimal", "any", "list"})
EVERYTHING: Final[frozenset[ParamType]] = SCALARS | {"object"}

# Longer integers are not written out: writing digits takes more than linear time.
_SHOWN_BITS: Final = 1024

_LITERAL: Final[frozenset[ParameterKind]] = frozenset(
    {"pattern", "template", "table", "date format"}
)


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A rule file's table: ``rows`` by `row_key`, ``otherwise`` the value of its ``else`` line.

    No value is never looked up: ``otherwise`` is for values that have no row.
    """

    rows: Mapping[str, Json]
    otherwise: Json | Absent = ABSENT


class Context(Protocol):
    """What filters ask of the evaluation that applies them."""

    @property
    def region(self) -> str | None:
        """The channel's ISO 3166 country for phone numbers, if it names one."""
        ...

    def note(self, code: str, message: str) -> None:
        """Add a warning to the decision: a code of `codes.NOTES` and a sentence."""
        ...

    def table(self, name: str) -> LookupTable:
        """The table of that name, which the checker has found to exist."""
        ...

    def render(self, template: Template, element: Value) -> Value:
        """The value of a template whose params are read from ``element``."""
        ...


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a filter.

    ``rule`` says in a sentence why a value of the right kind cannot be used, else None.
    """

    name: str
    kind: ParameterKind
    required: bool = True
    rule: Callable[[Any], str | None] | None = None

    @property
    def takes_path(self) -> bool:
        """Whether the argument may be read from the payload instead of being written out."""
        return self.kind not in _LITERAL

    def problem(self, literal: str | int | Decimal) -> str | None:
        """Why a literal cannot be this argument, in a sentence without a full stop, else None."""
        is_text = isinstance(literal, str)
        if self.kind == "number" and is_text:
            return f"{self.name} is a number, written without quotes"
        if self.kind not in ("number", "value") and not is_text:
            return f"{self.name} is text, written in single quotes"
        return None if self.rule is None else self.rule(literal)


@dataclass(frozen=True, slots=True)
class States:
    """What a filter gives for each state of its input that is no single value: sentences."""

    absent: str = "Stays without a value."
    null: str = "Stays without a value."
    empty: str = "Stays without a value."
    list: str = "Applies to each element; what gives no value becomes null."


@dataclass(frozen=True, slots=True)
class Example:
    """A use of a filter: ``value | name arguments`` gives ``result`` and, if set, the ``note``.

    ``arguments`` is written as in a rule file.
    """

    value: Value
    arguments: str
    result: Value
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSpec:
    """A filter: its function and everything that is to be known about it.

    ``accepts`` are the declared types that it can be fed; at run time a value whose kind is not
    among them gives no value and a note. ``whole`` filters get a list as it is, the others each
    of its elements. Filters that ``take_nothing`` are also applied where there is no value; all
    others leave it as it is. ``plain`` says that its function never asks its context about a text.
    """

    name: str
    doc: str
    apply: Callable[[Any, Arguments, Context], Value]
    accepts: frozenset[ParamType]
    returns: Returns
    examples: tuple[Example, ...]
    parameters: tuple[Parameter, ...] = ()
    states: States = field(default_factory=States)
    whole: bool = False
    take_nothing: bool = False
    plain: bool = False

    @property
    def required(self) -> int:
        """How many arguments have to be written."""
        return sum(parameter.required for parameter in self.parameters)

    @property
    def signature(self) -> str:
        """The filter with its parameters as documentation shows it: ``date FORMAT [INPUT]``."""
        words = [each.name if each.required else f"[{each.name}]" for each in self.parameters]
        return " ".join((self.name, *words))

    def result_type(self, given: ParamType, arguments: Sequence[ParamType] = ()) -> ParamType:
        """The declared type of the result for an input of type ``given``.

        ``arguments`` are the types of the arguments of kind value: a filter that returns the
        ``same`` type does so only where they are of it too.
        """
        if not self.whole and given == "list":
            return "list"
        if self.returns != "same":
            return self.returns
        return given if all(each == given for each in arguments) else "any"


def kind_of(value: Json) -> ParamType:
    """The declared type that a value is of without any conversion; null is ``any``."""
    match value:
        case bool():
            return "bool"
        case int():
            return "integer"
        case Decimal():
            return "decimal"
        case str():
            return "text"
        case list():
            return "list"
        case dict():
            return "object"
        case None:
            return "any"


def shown(value: Value) -> str:
    """A value as a note names it: short, on one line, in quotes where it is text."""
    if isinstance(value, str):
        head = "".join(each if each.isprintable() else " " for each in value[:40])
        return f'"{head}…"' if len(value) > 40 else f'"{head}"'
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value is ABSENT:
        return "no value"
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        return "a very large number"
    return f"the number {str(value)[:40]}"
