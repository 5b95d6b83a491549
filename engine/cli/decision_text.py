"""A decision as text for people: what becomes of the payload, why, and every field written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..decision import ContactPart, Decision, EntityPart
from ..messages.snippet import cells, visible
from ..values.value import Json, to_text

_STYLES: Final = {"create": "good", "update": "good", "ignore": "warning", "reject": "bad"}
_WIDEST: Final = 32
_LONGEST: Final = 200

Row = tuple[str, str]
"""A field's name and its value."""


def segments(decision: Decision, *, dry: bool = False) -> Iterator[tuple[str, str]]:
    """Pieces of text with their styles, lines separated; ``dry`` if nothing was written."""
    action = f"would {decision.action}" if dry and decision.writes else decision.action
    yield _STYLES[decision.action], action
    yield "plain", f": {_short(decision.reason)}"
    blocks = list(_blocks(decision))
    width = min(max((_width(name) for _, rows in blocks for name, _ in rows), default=0), _WIDEST)
    for title, rows in blocks:
        yield "plain", "\n\n  "
        yield "message", title
        for name, value in rows:
            yield "plain", "\n    "
            yield "name", name
            yield "plain", " " * (max(width - _width(name), 0) + 2) + value
    yield from _closing(decision)


def _blocks(decision: Decision) -> Iterator[tuple[str, list[Row]]]:
    if decision.contact is not None and decision.contact.action != "none":
        yield _contact_title(decision.contact), _rows(decision.contact)
    entity = decision.entity
    if entity is None:
        return
    if entity.records is None:
        said = _said(entity.status, entity.responsible)
        rows = _rows(entity)
        done = "created" if decision.action == "create" else _updated(said, rows)
        yield f"{_named(entity.type, entity.ids)}: {', '.join([done, *said])}", rows
        return
    for record in entity.records:
        said = _said(record.status, None)
        rows = _field_rows(record.fields, {})
        done = _updated(said, rows)
        yield f"{_named(entity.type, [record.id])}: {', '.join([done, *said])}", rows


def _updated(said: Sequence[str], rows: Sequence[Row]) -> str:
    return "updated" if said or rows else "found, nothing to write"


def _contact_title(contact: ContactPart) -> str:
    words = {"keep": "found, nothing to write", "complete": "completed"}
    said = words.get(contact.action, f"{contact.action}d")
    primary, others = contact.ids[:1], contact.ids[1:]
    linked = f"; {_named('contact', others)}: linked" if others else ""
    return f"{_named('contact', primary)}: {said}{linked}"


def _named(type: str, ids: Sequence[str]) -> str:
    """A record's type and ids; without ids, which a dry run has none of, the type alone."""
    plural = "s" if len(ids) > 1 else ""
    return f"{type}{plural} {', '.join(map(visible, ids))}".rstrip()


def _said(status: str | None, responsible: str | None) -> list[str]:
    named = (("status", status), ("responsible", responsible))
    return [f"{name} {_short(value)}" for name, value in named if value is not None]


def _rows(part: ContactPart | EntityPart) -> list[Row]:
    return _field_rows(part.fields or {}, part.types)


def _field_rows(fields: Mapping[str, Json], types: Mapping[str, Sequence[str]]) -> list[Row]:
    return [(visible(name), _value(value, types.get(name, ()))) for name, value in fields.items()]


def _value(value: Json, types: Sequence[str]) -> str:
    if value is None:
        return "(emptied)"
    if isinstance(value, list) and len(types) == len(value):
        pairs = zip(value, types, strict=True)
        return ", ".join(f"{_short(to_text(each))} ({visible(type)})" for each, type in pairs)
    return _short(to_text(value))


def _closing(decision: Decision) -> Iterator[tuple[str, str]]:
    """Problems, comment, activity and warnings, a line each."""
    lines = [("bad", "problem", _placed(each.path, each.message)) for each in decision.problems]
    if decision.comment is not None:
        lines.append(("message", "comment", decision.comment))
    if decision.activity is not None:
        activity = decision.activity
        whose = f", responsible {activity.responsible}" if activity.responsible else ""
        lines.append(("message", "activity", f"{activity.subject}, due {activity.due}{whose}"))
    lines += [
        ("warning", "warning", f"{_placed(note.path, note.message)} ({note.code})")
        for note in decision.warnings
    ]
    for index, (style, title, text) in enumerate(lines):
        yield "plain", "\n\n  " if index == 0 else "\n  "
        yield style, title
        yield "plain", " " * (10 - len(title)) + _short(text)


def _placed(path: str | None, message: str) -> str:
    """The message, after the path it is about unless it names that itself."""
    return message if path is None or path in message else f"{path}: {message}"


def _short(text: str) -> str:
    """The text on one line that carries nothing out on a terminal, cut where it is long."""
    shown = visible(text.replace("\r\n", "\n").replace("\n", " ⏎ "))
    if len(shown) <= _LONGEST:
        return shown
    return f"{shown[:_LONGEST]}… ({len(text):,} characters)"


def _width(text: str) -> int:
    return sum(map(cells, text))
