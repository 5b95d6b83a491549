"""Filters about values as such: their default, their row in a table, their JSON."""

from __future__ import annotations

from typing import Final

from ..errors import PayloadError
from ..language.nodes import ParamType
from ..request.json_text import read_json
from ..values.value import ABSENT, Json, Value, has_value, nfc, to_text, trim, write_json
from .spec import (
    EVERYTHING,
    SCALARS,
    Arguments,
    Context,
    Example,
    FilterSpec,
    Parameter,
    States,
    shown,
)


def row_key(text: str) -> str:
    """What a text is looked up by, and a table's row stored by: trimmed, in NFC."""
    return nfc(trim(text))


def _default(value: Value, arguments: Arguments, context: Context) -> Value:
    default: Value = arguments[0]
    return value if has_value(value) else default


_DEFAULTED: Final = "Becomes VALUE."

DEFAULT: Final = FilterSpec(
    name="default",
    doc="Gives VALUE where there is no value.",
    apply=_default,
    accepts=EVERYTHING,
    plain=True,
    returns="same",
    whole=True,
    take_nothing=True,
    parameters=(Parameter("VALUE", "value"),),
    states=States(
        absent=_DEFAULTED,
        null=_DEFAULTED,
        empty=_DEFAULTED,
        list="Becomes VALUE where none of its elements has a value, else stays as it is.",
    ),
    examples=(
        Example(ABSENT, "'none'", "none"),
        Example("  ", "0", 0),
        Example([], "'none'", "none"),
        Example(0, "5", 0),
        Example(False, "'yes'", False),
    ),
)


def _lookup(value: Json, arguments: Arguments, context: Context) -> Value:
    text = to_text(value)
    table = context.table(arguments[0])
    found = table.rows.get(row_key(text), table.otherwise)
    if found is ABSENT:
        context.note("N204", f"{shown(text)} has no row in the table {arguments[0]}")
    return found


LOOKUP: Final = FilterSpec(
    name="lookup",
    doc="Gives the value of the TABLE's row for that trimmed text, else of its `else` line.",
    apply=_lookup,
    accepts=SCALARS,
    returns="any",
    parameters=(Parameter("TABLE", "table"),),
    examples=(
        Example("google", "sources", "ADWORDS"),
        Example(" ya ", "sources", "YANDEX_DIRECT"),
        Example("Google", "sources", "WEB"),
        Example("", "sources", ""),
        Example("7", "stages", ABSENT, note="N204"),
    ),
)


def _json(value: Json, arguments: Arguments, context: Context) -> Value:
    return write_json(value)


JSON: Final = FilterSpec(
    name="json",
    doc="Writes the value as JSON text.",
    apply=_json,
    accepts=EVERYTHING,
    returns="text",
    whole=True,
    states=States(list="Becomes one text, a JSON array."),
    examples=(
        Example({"имя": "Мария", "n": 1}, "", '{"имя": "Мария", "n": 1}'),
        Example(["a", True], "", '["a", true]'),
        Example("a", "", '"a"'),
    ),
)


def _parse_json(value: Json, arguments: Arguments, context: Context) -> Value:
    if not isinstance(value, str):
        return value
    try:
        parsed, notes = read_json(value)
    except PayloadError as error:
        context.note("N203", f"{shown(value)} cannot be read. {error}")
        return ABSENT
    for note in notes:
        context.note(note.code, note.message)
    return parsed


_PARSED: Final[frozenset[ParamType]] = EVERYTHING - {"date", "phone", "email"}

PARSE_JSON: Final = FilterSpec(
    name="parse_json",
    doc="Reads JSON text; what is no text is parsed already and stays as it is.",
    apply=_parse_json,
    accepts=_PARSED,
    returns="any",
    whole=True,
    states=States(list="Stays as it is."),
    examples=(
        Example('{"a": [1, 2]}', "", {"a": [1, 2]}),
        Example({"a": 1}, "", {"a": 1}),
        Example("{broken", "", ABSENT, note="N203"),
        Example("null", "", None),
    ),
)

FILTERS: Final = (DEFAULT, LOOKUP, JSON, PARSE_JSON)
