"""What is taken as a value of a declared type, as JSON Schema that all channels share.

A sender's form has no types, so numbers, truth values and dates are taken as text too, and where
a param is optional, what has no value is as good as nothing. The schemas take everything that
LeadLark takes. Where its own reading is stricter than a schema can say (a phone that is one), a
request that fits the schema is answered 422, never 400.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ..filters.kinds import TRUTH_WORDS
from ..limits import MAX_TEXT_BYTES
from ..values.value import INVISIBLE

Schema: TypeAlias = "dict[str, Any]"

PREFIX: Final = "#/components/schemas/"


def ref(name: str) -> Schema:
    """A reference to a schema of the document."""
    return {"$ref": PREFIX + name}


def any_of(*schemas: Schema) -> Schema:
    """What fits one of several schemas."""
    return {"anyOf": list(schemas)}


def _blanks() -> str:
    """The characters that take no room, as a class of a pattern in its ECMA and Python syntax."""
    codes = [0x85, *range(0x1C, 0x20), *map(ord, INVISIBLE)]
    return "\\s" + "".join(f"\\u{code:04x}" for code in codes)


_B: Final = _blanks()


def _padded(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^[{_B}]*(?:{pattern})[{_B}]*$"}


def _in_any_case(word: str) -> str:
    return "".join(f"[{c.upper()}{c}]" if c.upper() != c else c for c in word)


_TEXT: Final[Schema] = {
    "description": "Text without NUL characters.",
    "type": "string",
    "maxLength": MAX_TEXT_BYTES,
    "pattern": "^[^\\u0000]*$",
}
_SOME_TEXT: Final[Schema] = {
    "type": "string",
    "maxLength": MAX_TEXT_BYTES,
    "pattern": f"^[{_B}]*[^{_B}\\u0000][^\\u0000]*$",
}
_SCALAR: Final[Schema] = any_of(ref("Chars"), {"type": ["number", "boolean", "null"]})
_WORDS: Final = "|".join(map(_in_any_case, sorted(TRUTH_WORDS)))

SHARED: Final[Mapping[str, Schema]] = {
    "Chars": _TEXT,
    "Value": {
        "description": "Any value.",
        **any_of(ref("Scalar"), ref("Members"), {"type": "array", "items": ref("Value")}),
    },
    "Members": {
        "type": "object",
        "propertyNames": ref("Chars"),
        "additionalProperties": ref("Value"),
    },
    "Scalar": {"description": "Text, a number, true, false or null.", **_SCALAR},
    "Single": any_of(ref("Scalar"), {"type": "array", "items": ref("Value")}),
    "Nothing": {
        "description": "No value: it counts as a param that is left out.",
        **any_of(
            {"type": "null"},
            {"type": "string", "pattern": f"^[{_B}]*$"},
            {"type": "object", "maxProperties": 0},
            {"type": "array", "items": ref("Nothing")},
        ),
    },
    "Text": {
        "description": "Text; numbers and truth values are taken as text.",
        **any_of(_SOME_TEXT, {"type": ["number", "boolean"]}),
    },
    "IntegerText": _padded("[+-]?(?:[0-9]+(?:\\.0*)?|\\.0+)"),
    "Integer": {
        "description": "A whole number, or the text of one.",
        **any_of({"type": "integer"}, ref("IntegerText")),
    },
    "DecimalText": _padded("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)"),
    "Decimal": {
        "description": "A number, or the text of one, without an exponent.",
        **any_of({"type": "number"}, ref("DecimalText")),
    },
    "BoolText": any_of({"enum": [0, 1]}, _padded(_WORDS)),
    "Bool": {
        "description": "true or false, 1 or 0, or a word for one of them: yes, no, on, off.",
        **any_of({"type": "boolean"}, ref("BoolText")),
    },
    "Date": {
        "description": "A date, with or without a time of day: ISO 8601.",
        **_padded("[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:]+)?)?"),
    },
    "Phone": {
        "description": "A phone number, as people write it, or as digits.",
        **any_of(_SOME_TEXT, {"type": "number"}),
    },
    "Email": {"description": "An e-mail address.", **_SOME_TEXT},
    "List": {
        "description": "A list; a single value is a list of one.",
        **any_of(
            {"type": "array", "items": ref("Value"), "minItems": 1},
            ref("Text"),
            ref("Object"),
        ),
    },
    "Object": {**ref("Members"), "minProperties": 1},
    "Any": any_of(
        ref("Text"), ref("Object"), {"type": "array", "items": ref("Value"), "minItems": 1}
    ),
    "Blank": {"description": "No value.", "type": "string", "pattern": f"^[{_B}]*$"},
    "FormValue": any_of(ref("Chars"), {"type": "array", "items": ref("Chars")}),
    "Form": {
        "type": "object",
        "propertyNames": ref("Chars"),
        "additionalProperties": ref("FormValue"),
    },
}
"""The schemas by their names in the document: those of declared types stand for a value."""

_NAMES: Final[Mapping[str, str]] = {
    "text": "Text",
    "integer": "Integer",
    "decimal": "Decimal",
    "bool": "Bool",
    "date": "Date",
    "phone": "Phone",
    "email": "Email",
    "list": "List",
    "object": "Object",
    "any": "Any",
}
_KEPT: Final = ("phone", "email")
_NESTED: Final = ("list", "object", "any")
_OF_TYPE: Final[Mapping[str, Schema]] = {
    "text": {"type": ["number", "boolean"]},
    "integer": ref("IntegerText"),
    "decimal": ref("DecimalText"),
    "bool": ref("BoolText"),
    "list": ref("List"),
}


def value_of(kind: str, *, required: bool) -> Schema:
    """What is taken for a param of a declared type."""
    name = _NAMES.get(kind, "Any")
    if required:
        return ref(name)
    if kind in _KEPT:  # what cannot be read as one is kept as text
        return any_of(ref(name), ref("Text"), ref("Nothing"))
    return any_of(ref(name), ref("Nothing"))


def form_value_of(kind: str, *, required: bool) -> Schema:
    """What is taken for a param of a declared type in a form or a query string."""
    if kind in _NESTED or kind not in _NAMES:
        return ref("FormValue")
    if required:
        return ref(_NAMES[kind])
    return any_of(ref(_NAMES[kind]), ref("Chars" if kind in _KEPT else "Blank"))


def besides(kind: str, *, required: bool) -> list[Schema]:
    """What is taken beside the values of a schema file's own type, for a param of a kind."""
    found = [_OF_TYPE[kind]] if kind in _OF_TYPE else []
    if kind in _KEPT:
        found.append(ref("Text"))
    return found if required else [*found, ref("Nothing")]
