"""From statements that stand on one line to their words, in cells that line up with others."""

from __future__ import annotations

import re
from typing import Final, TypeAlias, assert_never

from . import spelling
from .columns import Kind
from .nodes import (
    Activity,
    Assign,
    Auth,
    Comment,
    Declared,
    Default,
    Each,
    Entity,
    Find,
    Let,
    ManyContacts,
    Name,
    OnFound,
    OnMissing,
    PayloadSchema,
    Region,
    RequestId,
    Responsible,
    Row,
    Status,
    Value,
)

_NEWEST: Final = re.compile(r"find[ \t]+newest\b")
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR

Simple: TypeAlias = (
    Entity
    | Region
    | PayloadSchema
    | Let
    | Each
    | Find
    | OnFound
    | OnMissing
    | ManyContacts
    | Status
    | Responsible
    | Comment
    | Activity
    | RequestId
    | Auth
    | Default
    | Assign
    | Declared
    | Row
)
"""What always stands on one line."""

Cells: TypeAlias = tuple[Kind, tuple[str, ...]]
"""The kind of a line and its cells."""


def cells(node: Simple, text: str) -> Cells:
    """The cells of a statement; ``text`` is the source, which knows what was left out in it."""
    match node:
        case Assign():
            flags = " ".join(flag.name for flag in node.flags)
            value = f"= {spelling.value(node.value)}"
            return "assign", (spelling.field_name(node.field), value, *([flags] if flags else ()))
        case Let():
            return "let", (f"let {node.name.text}", f"= {spelling.value(node.value)}")
        case Declared():
            required = ("required",) if node.required else ()
            return "declared", (spelling.path(node.path, "[]"), node.type.text, *required)
        case Row():
            keys = ", ".join(spelling.quoted(key.text) for key in node.keys)
            return "row", (keys, f"-> {spelling.value(node.value)}")
        case OnFound():
            return "on", ("on found", _on_found(node))
        case OnMissing():
            return "on", ("on missing", "create" if node.create else "ignore")
        case Status() | Responsible() | Comment() | Activity() | RequestId() | Auth():
            return "statement", (_filled(node, text),)
        case _:
            return "statement", (_fixed(node, text),)


def otherwise(value: Value) -> Cells:
    """The `else` line of a table: its value below those of the rows."""
    return "row", ("else", f"   {spelling.value(value)}")


_Fixed: TypeAlias = Entity | Region | PayloadSchema | Each | Find | ManyContacts | Default
_Filled: TypeAlias = Status | Responsible | Comment | Activity | RequestId | Auth


def _fixed(node: _Fixed, text: str) -> str:
    """The words of a statement that says how requests are handled."""
    match node:
        case Entity():
            return f"entity {node.type}"
        case Region():
            return f"region {node.country.text}"
        case PayloadSchema():
            strict = " strict" if node.strict else ""
            return f"payload schema {spelling.quoted(node.file.text)}{strict}"
        case Each():
            return f"each <{spelling.path(node.path)}>"
        case Find():
            return _find(node, text)
        case ManyContacts():
            return f"many contacts {node.policy}"
        case Default():
            return "default"
        case _:
            assert_never(node)


def _filled(node: _Filled, text: str) -> str:
    """The words of a statement that carries a value, a name or a secret."""
    match node:
        case Status(value=value):
            named = spelling.status(value) if isinstance(value, Name) else spelling.value(value)
            return f"status {named}"
        case Responsible():
            return f"responsible {spelling.value(node.value)}"
        case Comment(template=template):
            return f"comment {'payload' if template is None else spelling.value(template)}"
        case Activity():
            return _activity(node, text)
        case RequestId():
            return f"request id {spelling.value(node.template)}"
        case Auth():
            return _auth(node)
        case _:
            assert_never(node)


def _find(node: Find, text: str) -> str:
    words = ["find"]
    if node.pick != "newest" or _NEWEST.match(text, node.span.start):
        words.append(node.pick)
    if node.only:
        words.append("only")
    if node.statuses:
        words.append(f"in {', '.join(map(spelling.status, node.statuses))}")
    return " ".join(words)


def _on_found(node: OnFound) -> str:
    if node.ignore:
        return "ignore"
    parts = [word for word, named in (("status", node.status), ("fields", node.fields)) if named]
    return f"update {', '.join(parts)}".rstrip()


def _activity(node: Activity, text: str) -> str:
    """What is the same left out is printed where it was written."""
    written = text[node.template.span.end : node.span.end].split()
    words = [f"activity {spelling.value(node.template)}"]
    if node.within != _HOUR or "within" in written:
        words.append(f"within {_duration(node.within)}")
    if node.events != ("create", "update") or "on" in written:
        words.append(f"on {', '.join(node.events)}")
    return " ".join(words)


def _duration(minutes: int) -> str:
    for unit, sign in ((_DAY, "d"), (_HOUR, "h")):
        if minutes and minutes % unit == 0:
            return f"{minutes // unit}{sign}"
    return f"{minutes}m"


def _auth(node: Auth) -> str:
    words = ["auth", node.scheme.text]
    words += [word for word in (node.algorithm, node.encoding, node.place) if word]
    if node.key is not None:
        words.append(spelling.quoted(node.key.text))
    if node.prefix:
        words.append(f"prefix {spelling.quoted(node.prefix)}")
    return " ".join([*words, "secret", node.secret.text])
