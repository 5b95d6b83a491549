"""Values as YAML text, as a person would write them into a case file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from ..values.value import Json, write_json

WIDTH: Final = 100
"""How long a line may get before a map or list takes a line for each of its values."""

_WORDS: Final = re.compile(r"[^\W\d_]\w*(?:[ -]\w+)*")
_KEY: Final = re.compile(r"[^\W\d]\w*")
_MEANT: Final = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
"""Words that some reader of YAML takes for something else than text."""

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def flow(value: Json, quote: str = "") -> str:
    """A value on one line; ``quote`` is the sign that a text was quoted with before."""
    match value:
        case None:
            return "~"
        case bool() | int() | Decimal():
            return write_json(value)
        case str():
            return _text(value, quote)
        case list():
            return "[" + ", ".join(flow(each) for each in value) + "]"
        case dict():
            return (
                "{" + ", ".join(f"{_key(key)}: {flow(each)}" for key, each in value.items()) + "}"
            )


def block(value: Mapping[str, Json], indent: int) -> Iterator[str]:
    """The lines of a map whose keys stand in column ``indent``, from 0."""
    for key, each in value.items():
        start = " " * indent + _key(key) + ":"
        line = f"{start} {flow(each)}"
        if len(line) <= WIDTH or not isinstance(each, dict | list) or not each:
            yield line
        elif isinstance(each, dict):
            yield start
            yield from block(each, indent + 2)
        else:
            yield start
            yield from items(each, indent + 2)


def items(values: Sequence[Json], indent: int) -> Iterator[str]:
    """The lines of a list whose dashes stand in column ``indent``."""
    for each in values:
        line = " " * indent + f"- {flow(each)}"
        if len(line) <= WIDTH or not isinstance(each, dict) or not each:
            yield line
        else:
            first, *rest = block(each, indent + 2)
            yield " " * indent + "- " + first.lstrip(" ")
            yield from rest


def _key(text: str) -> str:
    return text if _KEY.fullmatch(text) and text.casefold() not in _MEANT else _text(text, '"')


def _text(text: str, quote: str) -> str:
    if not quote and _WORDS.fullmatch(text) and text.casefold() not in _MEANT:
        return text
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_ESCAPES.get(each) or _printed(each) for each in text) + '"'


def _printed(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
