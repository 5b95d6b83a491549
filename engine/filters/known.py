"""All filters by name; a module of them is imported when one of its filters is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from .spec import FilterSpec

_HOMES: Final[Mapping[str, str]] = {
    name: home
    for home, names in {
        "text": "trim lower upper title digits text replace truncate before after extract",
        "kinds": "bool phone email date",
        "data": "default lookup json parse_json",
        "lists": "join split first last at count unique map",
        "numbers": "integer decimal sum divide round",
    }.items()
    for name in names.split()
}


class _Filters(Mapping[str, FilterSpec]):
    """Filters by name, in the order of the documentation."""

    def __init__(self) -> None:
        self._known: dict[str, FilterSpec] = {}

    def __getitem__(self, name: str) -> FilterSpec:
        if name not in self._known:
            module = import_module(f".{_HOMES[name]}", __package__)
            self._known |= {spec.name: spec for spec in module.FILTERS}
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)

    def __contains__(self, name: object) -> bool:
        return name in _HOMES


FILTERS: Final[Mapping[str, FilterSpec]] = _Filters()
