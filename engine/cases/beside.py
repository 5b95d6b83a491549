"""The file that was probably meant by the name of one that is not there."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Final

from ..messages.suggest import closest

_MOST: Final = 500
_SHOWN: Final = 3


def meant(missing: Path, suffixes: Collection[str]) -> str:
    """The end of a sentence about a missing file: which of its folder was probably meant.

    Only names with one of the suffixes count; it is empty where none is like the missing one.
    """
    names = _names(missing, suffixes)
    stems: dict[str, str] = {}
    for name in names:
        stems.setdefault(Path(name).stem, name)
    near = closest(missing.name, names) or stems.get(missing.name)
    near = near or stems.get(closest(missing.stem, stems) or "")
    return f"; did you mean `{near}`?" if near else ""


def meant_or_listed(missing: Path, suffixes: Collection[str]) -> str:
    """The same, or else the first names that there are."""
    names = _names(missing, suffixes)
    near = meant(missing, suffixes)
    if near or not names:
        return near
    listed = ", ".join(f"`{name}`" for name in names[:_SHOWN])
    more = " and others" if len(names) > _SHOWN else ""
    return f"; in its folder {'is' if len(names) == 1 else 'are'} {listed}{more}"


def _names(missing: Path, suffixes: Collection[str]) -> list[str]:
    try:
        return sorted(
            each.name
            for each in islice(missing.parent.iterdir(), _MOST)
            if each.suffix in suffixes and each.name != missing.name and each.is_file()
        )
    except (OSError, ValueError):
        return []
