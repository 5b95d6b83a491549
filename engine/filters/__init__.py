"""The filters of params, each a declaration beside its function, and how they are applied."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import data, kinds, lists, numbers, text
from .apply import apply_filter, literal_arguments
from .bounds import fit, size_of
from .data import row_key
from .spec import (
    Argument,
    Context,
    Example,
    FilterSpec,
    LookupTable,
    Parameter,
    ParameterKind,
    States,
)

__all__ = [
    "FILTERS",
    "Argument",
    "Context",
    "Example",
    "FilterSpec",
    "LookupTable",
    "Parameter",
    "ParameterKind",
    "States",
    "apply_filter",
    "fit",
    "literal_arguments",
    "row_key",
    "size_of",
]

FILTERS: Final[Mapping[str, FilterSpec]] = MappingProxyType(
    {spec.name: spec for module in (text, kinds, data, lists, numbers) for spec in module.FILTERS}
)
