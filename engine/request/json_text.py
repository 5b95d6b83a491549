"""JSON text to values: numbers keep their digits, limits hold, errors name their place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Final

from ..decision import Note
from ..errors import PayloadError
from ..limits import (
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_PAYLOAD_BYTES,
    MAX_TEXT_BYTES,
    MAX_VALUES,
)
from ..values.value import Json
from .charsets import UTF_8, decode
from .json_tree import LONG_NUMBER, NO_NUMBER, Pairs, Unreadable, copy_tree, too_large

# The closing quote is optional: text without one is taken to the end, so that no place of the
# input is looked at twice.
_BRACKETS: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_RISKY_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")

_SENTENCES: Final = (
    ("Extra data", "the JSON value is complete, but more text follows"),
    ("Unterminated string", "a text that begins here has no closing quote"),
    ("Invalid control", "a control character stands in a text; write a line break as \\n"),
    ("Invalid \\u", "\\u needs four hexadecimal digits"),
    ("Invalid \\", "this character cannot follow a backslash; write a backslash as \\\\"),
    ("Expecting ':'", "a colon is expected after the key"),
    ("Expecting ','", "a comma or a closing bracket is expected"),
    ("Expecting property", "a key in double quotes is expected"),
    ("Expecting value", "a value is expected"),
)
_HINTS: Final[tuple[tuple[str | tuple[str, ...], str], ...]] = (
    ("'", "JSON text and keys stand in double quotes, not in single ones"),
    (("“", "”", "„", "«", "‘", "’"), "the quotes of JSON are straight double quotes"),
    (("None", "True", "False"), "JSON writes null, true and false"),
)


_BY_LIBRARY: Final = iter(range(100))
"""Counts the first texts of a process, which json reads: so many take as long as importing
msgspec, which `plain_json` knows."""


def read_json(data: str | bytes, *, codec: str = UTF_8) -> tuple[Json, tuple[Note, ...]]:
    """Read one JSON text.

    Args:
        data: The text, or its bytes; a leading byte order mark is skipped.
        codec: How bytes are encoded, as `charsets.find_codec` gives it.

    Returns:
        The value, and a note (N101) for every key that is sent twice. Numbers with a decimal
        point or an exponent are ``Decimal``, all others ``int``.

    Raises:
        PayloadError: P101 with line and column where the text is no JSON; P103 with the byte
            where the bytes are no text; P104 to P107 with the path of the value; P501 to P504
            where a limit is exceeded.
    """
    if codec == UTF_8 and next(_BY_LIBRARY, None) is None:
        read_plain = _plain_reader()
        read = read_plain(data if isinstance(data, bytes) else data.encode(UTF_8, "surrogatepass"))
        if read is not None:
            return read[0], ()
    return read_any_json(data, codec=codec)


@cache
def _plain_reader() -> Callable[[bytes], tuple[Json] | None]:
    from ..values.plain_json import read_plain  # noqa: PLC0415 (imported when it saves time)

    return read_plain


def read_any_json(data: str | bytes, *, codec: str = UTF_8) -> tuple[Json, tuple[Note, ...]]:
    """The same by json and a walk over its values, whatever the text is."""
    text = _to_text(data, codec)
    _check_depth(text)
    unreadable: list[Unreadable] = []
    repeated: dict[int, tuple[dict[str, object], Pairs]] = {}

    def refuse(what: Unreadable) -> Unreadable:
        unreadable.append(what)
        return what

    def read_integer(digits: str) -> int | Unreadable:
        if len(digits) - digits.startswith("-") > MAX_DIGITS:
            return refuse(LONG_NUMBER)
        return int(digits)

    def read_decimal(digits: str) -> Decimal | Unreadable:
        return Decimal(digits) if _fits(digits) else refuse(LONG_NUMBER)

    def read_object(pairs: Pairs) -> dict[str, object]:
        made = dict(pairs)
        if len(made) != len(pairs):
            # The object is kept beside its pairs: its id stays its own as long as it lives.
            repeated[id(made)] = (made, pairs)
        return made

    try:
        value = json.loads(
            text,
            parse_int=read_integer,
            parse_float=read_decimal,
            parse_constant=lambda _: refuse(NO_NUMBER),
            object_pairs_hook=read_object,
        )
    except json.JSONDecodeError as error:
        raise _explain(text, error) from None
    if unreadable or repeated or _may_exceed(text):
        return copy_tree(
            value, repeated={each: pairs for each, (_, pairs) in repeated.items()}, sized=False
        )
    plain: Json = value
    return plain, ()


def _to_text(data: str | bytes, codec: str) -> str:
    if len(data) > MAX_PAYLOAD_BYTES:
        raise too_large()
    if isinstance(data, bytes):
        return decode(data, codec).removeprefix("\ufeff")
    try:
        if not data.isascii() and len(data.encode()) > MAX_PAYLOAD_BYTES:
            raise too_large()
    except UnicodeEncodeError as error:
        raise PayloadError(
            "P106", "The text has half of a surrogate pair in it", _place(data, error.start)
        ) from None
    return data.removeprefix("\ufeff")


def _check_depth(text: str) -> None:
    """Refuse what json cannot read without exhausting Python's stack."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for token in _BRACKETS.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                message = f"The payload is nested more than {MAX_DEPTH} deep"
                raise PayloadError("P503", message, _place(text, token.start()))
        elif token[0] in "]}":
            depth -= 1


def _may_exceed(text: str) -> bool:
    """Whether a value may be over a limit or hold a character that has to be found."""
    return (
        len(text) * 4 > MAX_TEXT_BYTES
        or text.count(",") + text.count("[") + text.count("{") >= MAX_VALUES
        or _RISKY_ESCAPE.search(text) is not None
    )


def _fits(digits: str) -> bool:
    if len(digits) <= MAX_DIGITS and "e" not in digits and "E" not in digits:
        return True
    mantissa, _, exponent = digits.lower().partition("e")
    if len(mantissa) - mantissa.count("-") - mantissa.count(".") > MAX_DIGITS:
        return False
    exponent = exponent.lstrip("+-").lstrip("0")
    return len(exponent) <= len(str(MAX_EXPONENT)) and int(exponent or 0) <= MAX_EXPONENT


def _place(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"line {line}, column {offset - text.rfind(chr(10), 0, offset)}"


def _explain(text: str, error: json.JSONDecodeError) -> PayloadError:
    """The error as one plain sentence, the same on every version of Python."""
    offset = error.pos
    before = text[:offset].rstrip(" \t\r\n")
    found = text[offset : offset + 1]
    if found == "\0":
        return PayloadError("P105", "The body has a NUL character in it", _place(text, offset))
    if not text.strip(" \t\r\n"):
        return PayloadError("P101", "Broken JSON: the text is empty", _place(text, 0))
    sentence = "it cannot be read from here on"
    for start, known in _SENTENCES:
        if error.msg.startswith(start):
            sentence = known
            break
    if error.msg.startswith("Expecting") and not text[offset:].strip(" \t\r\n"):
        sentence = "the text ends before the JSON value is complete"
    elif found and found in "]}" and before.endswith(","):
        sentence, offset = "no comma can stand before a closing bracket", len(before) - 1
    elif error.msg.startswith("Illegal trailing comma"):
        sentence = "no comma can stand before a closing bracket"
    for starts, hint in _HINTS:
        if text.startswith(starts, offset):
            sentence = f"{sentence}; {hint}"
            break
    return PayloadError("P101", f"Broken JSON: {sentence}", _place(text, offset))
