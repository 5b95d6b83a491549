"""A channel's schema file as a part of the document.

Its rules are kept, and beside the values of its types stands what LeadLark reads as one. A schema
file that leads elsewhere by its references, or is of another draft than the document's own, is
described by the params that it declares.
"""

from __future__ import annotations

from typing import Any, Final

from ..mapping.schema import PayloadCheck
from .kinds import PREFIX, Schema, any_of, besides, ref
from .payloads import Place

_DEPTH: Final = 32
_MAPS: Final = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_VALUES: Final = ("const", "enum", "required", "dependentRequired", "type", "pattern")
_PRIVATE: Final = ("$schema", "$comment", "default", "example", "examples")
"""What tells nothing of what is taken and may hold what somebody once sent."""

_LEADING: Final = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor")


class _Elsewhere(Exception):  # noqa: N818 (it ends a walk, it is no error)
    """The schema cannot be moved to another place in a document."""


def of_schema_file(check: PayloadCheck, root: Place, name: str) -> Schema | None:
    """The schema file as the document's schema ``name``; None where it cannot stand there."""
    schema = check.validator.schema
    if "2020-12" not in str(check.validator.META_SCHEMA.get("$schema")):
        return None
    try:
        moved = _moved(schema, PREFIX + name, 0)
    except _Elsewhere:
        return None
    relaxed: Schema = _relaxed(moved, root, 0, outermost=True)
    return relaxed


def _moved(schema: Any, base: str, depth: int) -> Any:
    """The schema with its references leading to ``base``, without what is private."""
    if depth > _DEPTH:
        raise _Elsewhere
    if isinstance(schema, list):
        return [_moved(each, base, depth + 1) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made: Schema = {}
    for key, each in schema.items():
        if key in _PRIVATE:
            continue
        if key in _LEADING:
            raise _Elsewhere
        if key == "$ref":
            made[key] = base + _local(each)
        elif key in _MAPS and isinstance(each, dict):
            made[key] = {name: _moved(inner, base, depth + 1) for name, inner in each.items()}
        else:
            made[key] = each if key in _VALUES else _moved(each, base, depth + 1)
    return made


def _local(reference: str) -> str:
    if reference == "#" or reference.startswith(("#/$defs/", "#/definitions/")):
        return reference[1:]
    raise _Elsewhere


def _relaxed(schema: Any, place: Place, depth: int, *, outermost: bool = False) -> Any:
    """The schema with what is read as its types, at every place that it declares."""
    if not isinstance(schema, dict) or depth > _DEPTH:
        return schema
    made = dict(schema)
    if isinstance(schema.get("properties"), dict):
        made["properties"] = {
            name: _relaxed(each, place.members[name], depth + 1) if name in place.members else each
            for name, each in schema["properties"].items()
        }
        if not {"additionalProperties", "unevaluatedProperties"} & made.keys():
            made |= {"propertyNames": ref("Chars"), "additionalProperties": ref("Value")}
    if isinstance(schema.get("items"), dict) and place.element is not None:
        made["items"] = _relaxed(schema["items"], place.element, depth + 1)
    if made.get("type") == "string" and not {"pattern", "enum", "const"} & made.keys():
        made["pattern"] = "^[^\\u0000]*$"
    if outermost:
        return made
    more = besides(place.kind or "object", required=place.required)
    return any_of(made, *more) if more else made
