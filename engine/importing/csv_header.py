"""The header of a CSV file: what its columns are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..late_dataclass import dataclass
from ..values.keys import is_multi
from ..values.value import trim
from .entry import OWN, FileError, Reading

DELIMITERS: Final = {",": ",", ";": ";", "tab": "\t"}
"""What may stand between cells, by the names that they have on a command line."""

_QUOTED: Final = re.compile(r'"[^"]*+"?')
_DEFAULT_TYPE: Final = "WORK"


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of a column are: a part of the record, or a field with a value type."""

    at: int
    name: str
    type: str = _DEFAULT_TYPE
    multi: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file; those without a name hold nothing."""

    width: int
    own: dict[str, int]
    fields: tuple[Column, ...]
    nameless: tuple[int, ...]


def delimiter_of(header: str) -> str:
    """The delimiter that a header has most of, outside of quotes."""
    plain = _QUOTED.sub("", header)
    return max(DELIMITERS.values(), key=plain.count)


def header_of(cells: Sequence[str], reading: Reading) -> Header:
    """What a first row says; raises `FileError` where it does not tell all that is needed."""
    own: dict[str, int] = {}
    fields: list[Column] = []
    names: set[str] = set()
    nameless: list[int] = []
    for at, cell in enumerate(cells):
        name = reading.renamed.get(trim(cell), trim(cell))
        if not name:
            nameless.append(at)
            continue
        if name in names and not is_multi(name.partition(".")[0]):
            raise FileError(f"the header has two columns {name!r}; leave one of them out")
        names.add(name)
        field, _, type = name.partition(".")
        if name in OWN:
            own[name] = at
        elif is_multi(field):
            fields.append(Column(at, field, type or _DEFAULT_TYPE, multi=True))
        else:
            fields.append(Column(at, name))
    _own_columns(own, names, cells, reading)
    return Header(len(cells), own, tuple(fields), tuple(nameless))


def _own_columns(
    own: dict[str, int], names: set[str], cells: Sequence[str], reading: Reading
) -> None:
    """Raise `FileError` where the record's own columns do not tell all that is needed."""
    unknown = sorted(reading.renamed.keys() - set(map(trim, cells)))
    if unknown:
        raise FileError(f"--column {unknown[0]!r}: the header has no such column")
    if "id" not in own:
        near = next((name for name in sorted(names) if name.lower() == "id"), None)
        way = f"if {near!r} holds it, add --column {near}=id" if near else "import needs it"
        raise FileError(
            f"the header has no column id; {way}: without the CRM's ids a repeated import would "
            "add every record again"
        )
    if "type" not in own and reading.type is None:
        raise FileError(
            "the header has no column type; say what the rows are, as in --type contact"
        )
