"""Values as YAML 1.2 that case files read as the same values, in the layout of our case files.

A map whose lines are short stands on one line in braces, else key below key. Text is quoted as
JSON does it wherever it could be read as anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..values.value import Json, write_json

WIDTH: Final = 100
"""Characters of a line that is not one long text."""

_PLAIN: Final = re.compile(r"[^\W\d_][\w.@/+№-]*(?: [\w№][\w.@/+№-]*)*")
_WORDS: Final = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_KEY: Final = re.compile(r"[^\W\d_][\w-]*|_[\w-]+")
_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202f"
    "\u2060-\u206f\u3000\ufeff\ufff0-\ufffb\ufffe\uffff]"
)


def scalar(value: Json, quote: str = "") -> str:
    """A single value, an empty list or an empty map; a text between the signs it had, if any."""
    if value is None:
        return "~"
    if isinstance(value, str):
        if not quote and _PLAIN.fullmatch(value) and value.casefold() not in _WORDS:
            return value
        if not quote and '"' in value and "'" not in value:
            quote = "'"
        if quote == "'" and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04X}", write_json(value))


def key(name: str) -> str:
    """A key of a map."""
    plain = _KEY.fullmatch(name) and name.casefold() not in _WORDS
    return name if plain else scalar(name, '"')


def flow(value: Json, quote: str = "") -> str:
    """A value on one line; ``quote`` is the sign that a text was quoted with before."""
    match value:
        case dict() if value:
            return f"{{{', '.join(f'{key(name)}: {flow(each)}' for name, each in value.items())}}}"
        case list() if value:
            return f"[{', '.join(map(flow, value))}]"
        case _:
            return scalar(value, quote)


def entry(name: str, value: Json, indent: int, mark: str = "") -> Iterator[str]:
    """The lines of a key and its value; ``mark`` stands before the value, such as an anchor."""
    start = f"{' ' * indent}{name}:{f' {mark}' if mark else ''}"
    flat = isinstance(value, dict | list) and bool(value)
    if not flat or len(start) + 1 + _size(value, WIDTH) <= WIDTH:
        yield f"{start} {flow(value)}"
        return
    yield start
    yield from block(value, indent + 2)


def block(value: Json, indent: int) -> Iterator[str]:
    """The lines of a map, or of a list, one entry below the other."""
    match value:
        case dict():
            for name, each in value.items():
                yield from entry(key(name), each, indent)
        case list():
            for each in value:
                start = f"{' ' * indent}- "
                if not isinstance(each, dict) or len(start) + _size(each, WIDTH) <= WIDTH:
                    yield start + flow(each)
                    continue
                lines = list(block(each, indent + 2))
                yield start + lines[0].lstrip(" ")
                yield from lines[1:]
        case _:
            yield f"{' ' * indent}{scalar(value)}"


def _size(value: Json, most: int) -> int:
    """How long a value is on one line, or more than ``most``; nothing longer is written out."""
    if isinstance(value, str) and len(value) > most:
        return len(value)
    if not isinstance(value, dict | list):
        return len(flow(value))
    size = 2
    for each in value.items() if isinstance(value, dict) else ((None, each) for each in value):
        size += 2 + _size(each[1], most) + (len(key(each[0])) + 2 if each[0] is not None else 0)
        if size > most + 4:
            break
    return size
