"""One walk over JSON values, wherever they come from: copied, checked, counted.

Bodies and values passed from Python obey the same limits because they take the same walk.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import inf
from typing import Any, Final, TypeAlias, overload

from ..decision import Note
from ..errors import PayloadError
from ..late_dataclass import dataclass
from ..limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_PAYLOAD_BYTES,
    MAX_TEXT_BYTES,
    MAX_VALUES,
)
from ..values.value import Json

Step: TypeAlias = str | int
Pairs: TypeAlias = Sequence[tuple[str, object]]

_PLAIN_KEY: Final = re.compile(r"[^\W\d][\w-]*|[0-9]+")
_SHOWN_KEY: Final = 60
_SHOWN_PATH: Final = 200
_TOO_LARGE_INTEGER: Final = 10**MAX_DIGITS


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a tree for what a reader cannot read, until the walk can name its path."""

    code: str
    message: str


NO_NUMBER: Final = Unreadable("P104", "NaN and Infinity are no JSON numbers; send null")
LONG_NUMBER: Final = Unreadable(
    "P107",
    f"The number has over {MAX_DIGITS:,} digits or an exponent beyond {MAX_EXPONENT}; "
    "send it as text",
)


def show_key(key: str) -> str:
    """A key as a path of the channel language writes it; long ones are cut for messages."""
    shown = key if len(key) <= _SHOWN_KEY else key[:_SHOWN_KEY] + "…"
    if _PLAIN_KEY.fullmatch(shown):
        return shown
    shown = shown.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in shown) + "'"


def show_path(steps: Iterable[Step], root: str = "") -> str:
    """A path for messages: ``items[3].'First Name'``, cut where it is long.

    Args:
        steps: Keys as text, indexes as numbers.
        root: What the path begins at, if not the payload: ``@query``.
    """
    shown = root
    for step in steps:
        if isinstance(step, int):
            shown += f"[{step}]"
        else:
            shown += ("." if shown else "") + show_key(step)
        if len(shown) > _SHOWN_PATH:
            return shown[:_SHOWN_PATH] + "…"
    return shown


class _Walk:
    """The state of one walk: where it is, what it has counted, what it has noticed."""

    __slots__ = ("notes", "repeated", "room", "root", "steps", "values")

    def __init__(self, root: str, repeated: Mapping[int, Pairs], room: float) -> None:
        self.root = root
        self.repeated = repeated
        self.room = room
        self.steps: list[Step] = []
        self.values = 0
        self.notes: list[Note] = []

    def fault(self, code: str, message: str) -> PayloadError:
        return PayloadError(code, message, show_path(self.steps, self.root) or None)

    def copy(self, value: object) -> Json:
        self.values += 1
        if self.values > MAX_VALUES:
            raise PayloadError("P502", f"The payload has over {MAX_VALUES:,} values")
        match value:
            case None | bool():
                return value
            case str():
                return self.copy_text(value)
            case dict():
                return self.copy_object(value)
            case list() | tuple():
                return self.copy_list(value)
            case int() | float() | Decimal():
                return self.copy_number(value)
            case Unreadable(code, message):
                raise self.fault(code, message)
            case _:
                name = type(value).__name__
                raise self.fault(
                    "P109", f"A Python value of type {name} is no JSON value; pass text"
                )

    def copy_text(self, value: str) -> str:
        if "\0" in value:
            raise self.fault("P105", "The text has a NUL character in it")
        try:
            size = len(value) if value.isascii() else len(value.encode())
        except UnicodeEncodeError:
            raise self.fault("P106", "The text has half of a surrogate pair in it") from None
        if size > MAX_TEXT_BYTES:
            raise self.fault("P504", f"The text is over {MAX_TEXT_BYTES // 1024} KiB")
        self.spend(size)
        return value if type(value) is str else str.__str__(value)

    def copy_number(self, value: float | Decimal) -> int | Decimal:
        if isinstance(value, int):
            if abs(value) >= _TOO_LARGE_INTEGER:
                raise self.fault(LONG_NUMBER.code, LONG_NUMBER.message)
            self.spend(value.bit_length() // 4)
            return int(value)
        if isinstance(value, float):
            value = Decimal(float.__repr__(value))
        if not value.is_finite():
            raise self.fault(NO_NUMBER.code, NO_NUMBER.message)
        _, digits, exponent = value.as_tuple()
        # A fraction of MAX_DIGITS digits is fine, so the lower bound has room for it.
        lowest = -MAX_EXPONENT - MAX_DIGITS
        if len(digits) > MAX_DIGITS or not lowest <= int(exponent) <= MAX_EXPONENT:
            raise self.fault(LONG_NUMBER.code, LONG_NUMBER.message)
        self.spend(len(digits))
        return value

    def copy_object(self, value: dict[Any, object]) -> dict[str, Json]:
        self.enter()
        copied: dict[str, Json] = {}
        pairs = self.repeated.get(id(value))
        for key, item in value.items() if pairs is None else pairs:
            self.steps.append(key if isinstance(key, str) else repr(key)[:_SHOWN_KEY])
            if not isinstance(key, str):
                raise self.fault("P109", "A key of an object is no text")
            copied[self.copy_text(key)] = self.copy(item)
            self.steps.pop()
        if pairs is not None:
            self.note_repeated(pairs)
        return copied

    def copy_list(self, value: Sequence[object]) -> list[Json]:
        self.enter()
        copied: list[Json] = []
        for index, item in enumerate(value):
            self.steps.append(index)
            copied.append(self.copy(item))
            self.steps.pop()
        return copied

    def enter(self) -> None:
        if len(self.steps) >= MAX_DEPTH:
            raise self.fault("P503", f"The payload is nested more than {MAX_DEPTH} deep")

    def spend(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise too_large()

    def note_repeated(self, pairs: Pairs) -> None:
        seen: set[str] = set()
        twice: dict[str, None] = {}
        for key, _ in pairs:
            if key in seen:
                twice[key] = None
            seen.add(key)
        for key in twice:
            path = show_path((*self.steps, key), self.root)
            self.notes.append(Note("N101", "The key is sent more than once; the last counts", path))


def too_large() -> PayloadError:
    """The error of a payload over its size limit."""
    limit = MAX_PAYLOAD_BYTES // (1024 * 1024)
    return PayloadError("P501", f"The payload is over {limit} MiB")


@overload
def copy_tree(
    value: dict[str, Any],
    *,
    root: str = ...,
    repeated: Mapping[int, Pairs] | None = ...,
    sized: bool = ...,
) -> tuple[dict[str, Json], tuple[Note, ...]]: ...
@overload
def copy_tree(
    value: object,
    *,
    root: str = ...,
    repeated: Mapping[int, Pairs] | None = ...,
    sized: bool = ...,
) -> tuple[Json, tuple[Note, ...]]: ...
def copy_tree(
    value: object,
    *,
    root: str = "",
    repeated: Mapping[int, Pairs] | None = None,
    sized: bool = True,
) -> tuple[Any, tuple[Note, ...]]:
    """A checked copy of a tree of Python values as JSON values, with what was noticed.

    Dicts with text keys, lists, tuples, texts, numbers, booleans and None are taken; a float
    becomes the Decimal of its ``repr``. A structure that contains itself is too deep.

    Args:
        value: The tree.
        root: What paths in messages begin at, if not the payload.
        repeated: For objects that were read with a key sent twice, by their ``id``, all pairs.
        sized: Whether the texts together are held to the size of a payload; a reader that has
            measured the bytes leaves that out.

    Raises:
        PayloadError: P104 to P107, P109 or a limit's code (P501 to P504), with the path.
    """
    walk = _Walk(root, repeated or {}, MAX_PAYLOAD_BYTES if sized else inf)
    return walk.copy(value), tuple(walk.notes)
