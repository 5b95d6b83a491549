"""Payloads declared by a JSON Schema file (drafts that jsonschema knows; 2020-12 unless named).

The params that the schema names, their types and which are required serve as a declaration in
the rule file would; its other rules are checked by jsonschema. References lead only to places
in the same file, and patterns run in linear time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from ..errors import PayloadError
from ..language.nodes import Declared, Every, Key, Name, Path, Step
from ..late_dataclass import dataclass
from ..messages.source import Span
from ..request.json_text import read_json
from ..values.patterns import compile_pattern, pattern_problem
from ..values.value import Json, has_value
from .declared import Place, Violation, place_text
from .scope import member_key

_MAX_PROBLEMS: Final = 100
_MAX_DEPTH: Final = 32
_TYPES: Final[Mapping[str, str]] = {
    "integer": "integer",
    "number": "decimal",
    "boolean": "bool",
    "array": "list",
    "object": "object",
    "string": "text",
}
_FORMATS: Final[Mapping[str, str]] = {
    "email": "email",
    "idn-email": "email",
    "phone": "phone",
    "date": "date",
    "date-time": "date",
}
_NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True)
class PayloadCheck:
    """A schema file, ready: the params it declares and the validator for all it says."""

    declared: tuple[Declared, ...]
    validator: Any

    def violations(self, payload: Json, known: Sequence[Violation]) -> tuple[Violation, ...]:
        """What the schema does not allow in a payload beside the ``known`` violations.

        In order of places, 100 at most.
        """
        told = {_folded(violation.place) for violation in known}
        found: list[Violation] = []
        for error in self.validator.iter_errors(_as_declared(payload, self.validator.schema)):
            place: Place = tuple(error.absolute_path)
            if _folded(place) not in told:
                found.append(Violation(place, _sentence(error, place)))
            if len(found) == _MAX_PROBLEMS:
                break
        return tuple(sorted(found, key=lambda violation: [str(each) for each in violation.place]))


def load_schema(data: bytes, *, strict: bool = False) -> PayloadCheck:
    """Read a schema file.

    With ``strict`` a payload's undeclared keys are violations, as if every object of the schema
    said ``additionalProperties: false``.

    Raises:
        ValueError: it is no JSON or no schema; the message is a sentence.
    """
    from jsonschema import exceptions, validators  # noqa: PLC0415 (imported when first needed)
    from referencing import Registry  # noqa: PLC0415 (comes with jsonschema)

    try:
        schema, _ = read_json(data)
    except PayloadError as error:
        raise ValueError(f"the schema file cannot be read: {error}") from error
    if not isinstance(schema, dict):
        raise ValueError("the schema file holds no object")  # noqa: TRY004 (a mistake in a file)
    plain = json.loads(json.dumps(schema, default=_plain))
    base = validators.validator_for(plain, default=validators.Draft202012Validator)
    try:
        base.check_schema(plain)
    except exceptions.SchemaError as error:
        raise ValueError(f"the schema file is no JSON Schema: {error.message}") from error
    for pattern in _patterns(plain, 0):
        problem = pattern_problem(pattern)
        if problem is not None:
            raise ValueError(f"the pattern {pattern!r} is unsupported: {problem}")
    words = json.dumps(plain)
    if '"unevaluatedProperties"' in words and '"patternProperties"' in words:
        # jsonschema would search the keys with these patterns itself, in exponential time.
        raise ValueError("unevaluatedProperties cannot be used together with patternProperties")
    checker = base.TYPE_CHECKER.redefine("number", _is_number).redefine("integer", _is_integer)
    extend: Any = validators.extend
    kind = extend(base, validators=_KEYWORDS, type_checker=checker)
    if strict:
        plain = _closed(plain, 0)
    declared = tuple(_declared(plain, (), False, 0))
    return PayloadCheck(declared, kind(plain, registry=Registry()))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _is_number(_: object, value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_integer(_: object, value: object) -> bool:
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def _match_pattern(_: object, pattern: str, value: object, __: object) -> Iterator[Exception]:
    if isinstance(value, str) and not compile_pattern(pattern).search(value):
        yield _error(f"does not match {pattern!r}")


def _match_keys(
    validator: Any, patterns: Mapping[str, Any], value: object, _: object
) -> Iterator[Exception]:
    if isinstance(value, dict):
        for pattern, inner in patterns.items():
            compiled = compile_pattern(pattern)
            for key, each in value.items():
                if compiled.search(key):
                    yield from validator.descend(each, inner, path=key, schema_path=pattern)


def _other_keys(
    validator: Any, inner: Any, value: object, schema: Mapping[str, Any]
) -> Iterator[Exception]:
    if not isinstance(value, dict):
        return
    named = schema.get("properties", {})
    patterns = [compile_pattern(each) for each in schema.get("patternProperties", ())]
    for key, each in value.items():
        if key in named or any(pattern.search(key) for pattern in patterns):
            continue
        if inner is False:
            yield _error("is not declared", key)
        else:
            yield from validator.descend(each, inner, path=key)


def _required(_: object, names: Sequence[str], value: object, __: object) -> Iterator[Exception]:
    if isinstance(value, dict):
        yield from (_error("is missing", name) for name in names if name not in value)


def _error(message: str, *place: str) -> Exception:
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 (imported when first needed)

    return ValidationError(message, path=place)


# jsonschema's own search patterns in exponential time and tell of a key at its object's place.
_KEYWORDS: Final[Mapping[str, Any]] = {
    "pattern": _match_pattern,
    "patternProperties": _match_keys,
    "additionalProperties": _other_keys,
    "required": _required,
}


def _patterns(schema: object, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(schema, dict):
        for key, each in schema.items():
            if key == "pattern" and isinstance(each, str):
                yield each
            if key == "patternProperties" and isinstance(each, dict):
                yield from each
            yield from _patterns(each, depth + 1)
    elif isinstance(schema, list):
        for each in schema:
            yield from _patterns(each, depth + 1)


def _closed(schema: Any, depth: int) -> Any:
    """The schema with every object that names properties closed to others."""
    if depth > _MAX_DEPTH:
        return schema
    if isinstance(schema, list):
        return [_closed(each, depth + 1) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(each, depth + 1) for key, each in schema.items()}
    if isinstance(schema.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


def _declared(
    schema: Any, steps: tuple[Step, ...], required: bool, depth: int
) -> Iterator[Declared]:
    """The params that a schema names, from the outside in."""
    if not isinstance(schema, dict) or depth > _MAX_DEPTH:
        return
    named = schema.get("type")
    kind = _TYPES.get(named, "any") if isinstance(named, str) else "any"
    if kind == "text":
        kind = _FORMATS.get(str(schema.get("format")), "text")
    properties, items = schema.get("properties"), schema.get("items")
    if steps and (required or not (properties or items)):
        path = Path("", steps, span=_NOWHERE)
        shown = "any" if properties and kind == "object" else kind
        yield Declared(path, Name(shown, span=_NOWHERE), required, span=_NOWHERE)
    if isinstance(properties, dict):
        # What an object needs that itself may be left out is for the validator to say.
        is_there = required or not steps or isinstance(steps[-1], Every)
        needed = schema.get("required")
        needed = needed if isinstance(needed, list) and is_there else []
        for name, each in properties.items():
            inner = (*steps, Key(name, span=_NOWHERE))
            yield from _declared(each, inner, name in needed, depth + 1)
    if isinstance(items, dict):
        yield from _declared(items, (*steps, Every(span=_NOWHERE)), False, depth + 1)


def _as_declared(value: Json, schema: Any) -> Json:
    """The payload as the rule file's params read it.

    Keys are those of the schema whatever their case, and where a declared param has no value,
    its key is absent: a schema file declares what a declaration in the rule file would.
    """
    if not isinstance(schema, dict):
        return value
    if isinstance(value, list):
        return [_as_declared(each, schema.get("items")) for each in value]
    properties = schema.get("properties")
    if not isinstance(value, dict) or not isinstance(properties, dict):
        return value
    names = {member_key(value, name): name for name in properties}
    read: dict[str, Json] = {}
    for key, each in value.items():
        name = names.get(key)
        if name is None:
            read[key] = each
        elif isinstance(each, list | dict) or has_value(each):
            read[name] = _as_declared(each, properties[name])
    return read


def _folded(place: Place) -> Place:
    return tuple(each.casefold() if isinstance(each, str) else each for each in place)


def _sentence(error: Any, place: Place) -> str:
    shown = f"`{place_text(place)}`" if place else "the payload"
    if error.validator in ("required", "additionalProperties"):
        return f"{shown} {error.message}"
    message = error.message if len(error.message) <= 200 else error.message[:200] + "…"
    return f"{shown}: {message}"
