"""The filters of params, each a declaration beside its function, and how they are applied."""

from __future__ import annotations

from .apply import apply_filter, literal_arguments
from .bounds import fit, size_of
from .data import row_key
from .known import FILTERS
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
