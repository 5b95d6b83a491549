"""From one assignment to the values of a field, as they are stored and searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..decision import Origin
from ..language.nodes import Assign, Declared, Each, Key, Let, Path, Template
from ..language.nodes import Value as ValueNode
from ..store import Key as SearchKey
from ..values.emails import parse_email
from ..values.keys import is_email_field, is_multi, is_phone_field
from ..values.phones import phone_text, split_phones
from ..values.value import ABSENT, Json, Value, has_value, key_text, to_text, trim
from .evaluate import Evaluator
from .mapped import DEFAULT_VALUE_TYPE, FieldValue, Kind, MappedField, Target
from .program import Program
from .scope import path_text


@dataclass(frozen=True, slots=True)
class FieldMapper:
    """Maps the assignments of one channel; ``lets`` are its let statements by name."""

    program: Program
    lets: Mapping[str, Let]

    def map(self, assign: Assign, target: Target, evaluator: Evaluator) -> MappedField:
        """The field of an assignment, its value taken in one scope."""
        name = assign.field.name
        of_value = self._value_kind(assign.value, len(self.lets), self.program.each)
        kind = _field_kind(name) or of_value
        value = evaluator.value(assign.value)
        # A declared param or a filter of the kind tells itself of what it cannot read.
        noting = _Noting(evaluator, _note_path(assign), told=kind == of_value)
        flags = frozenset(flag.name for flag in assign.flags)
        type = assign.field.type or DEFAULT_VALUE_TYPE
        values = tuple(
            FieldValue(each, tuple(SearchKey(name, key) for key in keys), type, flags)
            for each, keys in _stored(value, name, kind, self.program.region, noting)
        )
        searched = assign.has("search")
        return MappedField(
            name,
            values,
            flags,
            tuple(dict.fromkeys(key for each in values for key in each.keys)) if searched else (),
            (self._origin(assign, target),),
            kind,
        )

    def _origin(self, assign: Assign, target: Target) -> Origin:
        source, span = self.program.source, assign.value.span
        line = source.position(assign.span.start).line
        return Origin(target, assign.field.name, line, source.text[span.start : span.end])

    def _value_kind(self, node: ValueNode, hops: int, each: Each | None) -> Kind | None:
        """The kind that a value has by its last filter or its declared param.

        ``each`` is None for a value written above it.
        """
        only = node.only if isinstance(node, Template) else None
        if only is None:
            return None
        if only.filters:
            return _as_kind(only.filters[-1].name)
        path = only.path
        first = path.steps[0] if path.steps else None
        if not path.root and isinstance(first, Key) and first.name in self.lets:
            if len(path.steps) > 1 or hops == 0:
                return None
            let = self.lets[first.name]
            above = let in self.program.before
            return self._value_kind(let.value, hops - 1, None if above else each)
        return declared_kind(path, self.program.declared, each)


def _field_kind(name: str) -> Kind | None:
    if is_phone_field(name):
        return "phone"
    return "email" if is_email_field(name) else None


def _as_kind(name: str) -> Kind | None:
    match name:
        case "phone":
            return "phone"
        case "email":
            return "email"
        case _:
            return None


def declared_kind(path: Path, declared: Iterable[Declared], each: Each | None) -> Kind | None:
    """The kind that a path's param is declared as.

    Below ``each`` a bare path and ``<@item>`` lead into an element, ``<@root…>`` does not.
    """
    if path.root not in ("", "@item", "@root"):
        return None
    inside = each is not None and path.root != "@root" and not each.path.root
    wanted = (*(_keys(each.path) if inside and each is not None else ()), *_keys(path))
    for param in declared:
        if _keys(param.path) == wanted:
            return _as_kind(param.type.text)
    return None


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(step.name.casefold() for step in path.steps if isinstance(step, Key))


def _note_path(assign: Assign) -> str:
    only = assign.value.only if isinstance(assign.value, Template) else None
    return assign.field.name if only is None else path_text(only.path)


@dataclass(frozen=True, slots=True)
class _Noting:
    """Notes about one field's value."""

    evaluator: Evaluator
    path: str
    told: bool

    def __call__(self, code: str, message: str) -> None:
        if not self.told:
            self.evaluator.scope.notes.add(code, message, self.path)


Stored: TypeAlias = tuple[Json, tuple[str, ...]]


def _stored(
    value: Value, name: str, kind: Kind | None, region: str | None, note: _Noting
) -> Iterator[Stored]:
    """Each value as it is stored, with its search keys; equal ones of a field once."""
    if value is ABSENT or not has_value(value):
        return
    if not is_multi(name):
        yield _single(value, kind, region, note)
        return
    seen: set[str] = set()
    for element in value if isinstance(value, list) else [value]:
        if not has_value(element):
            continue
        for stored, keys in _several(element, kind, region, note):
            identity = keys[0] if keys else f" {stored}"
            if identity not in seen:
                seen.add(identity)
                yield stored, keys


def _several(value: Json, kind: Kind | None, region: str | None, note: _Noting) -> Iterator[Stored]:
    """The values that one text for a multi-value field holds."""
    if kind == "phone":
        phones = split_phones(phone_text(value), region)
        if phones is not None:
            for phone in phones:
                yield phone.text, (phone.key,)
            return
    stored, keys = _single(value, kind, region, note)
    yield trim(to_text(stored)), keys


def _single(value: Json, kind: Kind | None, region: str | None, note: _Noting) -> Stored:
    """One value for a field that takes one: a phone or e-mail is normalised where it is one."""
    if kind == "phone":
        phones = split_phones(phone_text(value), region)
        if phones is not None:
            return ", ".join(phone.text for phone in phones), tuple(each.key for each in phones)
        note("N201", f"{_shown(value)} is no phone number and is stored as sent")
        return value, ()
    if kind == "email":
        email = parse_email(to_text(value))
        if email is not None:
            return email.text, (email.key,)
        note("N202", f"{_shown(value)} is no e-mail address and is stored as sent")
        return value, ()
    texts = [key_text(each) for each in (value if isinstance(value, list) else [value])]
    return value, tuple(text for text in texts if text is not None)


def _shown(value: Json) -> str:
    text = to_text(value)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'
