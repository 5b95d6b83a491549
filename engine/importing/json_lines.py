"""NDJSON: a JSON object a line, a record each; read by import, written by export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

from ..adapters.bulk import Held
from ..errors import PayloadError
from ..messages.suggest import closest
from ..request.charsets import decode
from ..request.json_text import read_json
from ..store import Record, Task
from ..values.plain_json import read_own
from ..values.value import Json, to_text, write_json
from .entry import OWN, Entry, LineError, Mistake, Reading, entry, record_id, record_type

_ROOM: Final = 64 * 1024 * 1024  # bytes of a line
_BLANK: Final = (b"", b"\xef\xbb\xbf")
_LIMITS: Final = ("P501", "P502", "P503", "P504")
_BESIDE: Final = ("fields", "types", "comments", "activities")
_KNOWN: Final = frozenset((*OWN, *_BESIDE))
_ACTIVITY: Final = frozenset(("subject", "due", "responsible"))


def read_json_lines(
    stream: BinaryIO, reading: Reading, seen: Callable[[int], None]
) -> Iterator[Entry | Mistake]:
    """The lines of a file; ``seen`` is told how many more bytes are read.

    An object has the keys of a record in a case file, its ``type`` beside them, and it may have
    ``comments`` and ``activities``. What an export has written is read whatever its size.
    """
    for line, data in enumerate(_lines(stream, seen), start=1):
        if data.strip() in _BLANK:
            continue
        try:
            yield _entry(line, _value(data, reading.codec), reading)
        except PayloadError as error:
            place = (error.place or "").removeprefix("line 1, ")
            yield Mistake(line, f"{error.message} (at {place})" if place else error.message)
        except LineError as error:
            yield Mistake(line, str(error))


def _lines(stream: BinaryIO, seen: Callable[[int], None]) -> Iterator[bytes]:
    """The lines of a file; one over the limit is cut behind it."""
    while line := stream.readline(_ROOM + 1):
        seen(len(line))
        if len(line) > _ROOM and not line.endswith(b"\n"):
            while (rest := stream.readline(_ROOM)) and not rest.endswith(b"\n"):
                seen(len(rest))
        yield line


def _value(data: bytes, codec: str) -> Json:
    """The value of a line; raises `PayloadError` or `LineError` where there is none."""
    if len(data) > _ROOM:
        raise LineError(f"the line has more than {_ROOM:,} bytes")
    data = data.rstrip(b"\r\n")
    try:
        value, notes = read_json(data, codec=codec)
    except PayloadError as error:
        if error.code not in _LIMITS:
            raise
        # Records grow by what requests append; only what arrives in one is bounded.
        try:
            return read_own(decode(data, codec).removeprefix("\ufeff"))
        except ValueError:
            raise error from None
    if notes:
        raise LineError(notes[0].message)
    return value


def line_of(held: Held) -> str:
    """A record as a line that reads back as the same; what it does not have is left out."""
    record = held.stored.record
    line: dict[str, Any] = {"type": record.type, "id": record.id, "fields": dict(record.fields)}
    if record.types:
        line["types"] = {name: list(types) for name, types in record.types.items()}
    if record.status is not None:
        line["status"] = record.status
    if record.responsible is not None:
        line["responsible"] = record.responsible
    if record.contacts:
        line["contacts"] = list(record.contacts)
    if held.comments:
        line["comments"] = list(held.comments)
    if held.tasks:
        line["activities"] = [_activity(task) for task in held.tasks]
    return write_json(line)


def _activity(task: Task) -> dict[str, Json]:
    return {"subject": task.subject, "due": task.due, "responsible": task.responsible}


def _entry(line: int, value: Json, reading: Reading) -> Entry:
    if not isinstance(value, dict):
        raise LineError("the line is no JSON object; write one record a line")
    unknown = next((key for key in value if key not in _KNOWN), None)
    if unknown is not None:
        near = closest(unknown, _KNOWN)
        raise LineError(
            f"unknown key {unknown[:40]!r}" + (f"; did you mean {near!r}?" if near else "")
        )
    type = record_type(_text(value, "type"), reading)
    id = record_id(_text(value, "id"), "id")
    contacts = [record_id(_plain(each, "contacts"), "id of a contact") for each in _list(value)]
    if contacts and type == "contact":
        raise LineError("a contact is linked to contacts; only leads and deals are")
    record = Record(
        type,
        id,
        _object(value, "fields"),
        {name: _texts(each, "types") for name, each in _object(value, "types").items()},
        _text(value, "status") or None,
        _text(value, "responsible") or None,
        tuple(dict.fromkeys(contacts)),
    )
    tasks = [_task(each) for each in _list(value, "activities")]
    return entry(line, record, reading.region, _texts(_list(value, "comments"), "comments"), tasks)


def _task(value: Json) -> Task:
    if not isinstance(value, dict) or not _ACTIVITY.issuperset(value):
        raise LineError("an activity is an object of `subject`, `due` and `responsible`")
    return Task(_text(value, "subject"), _text(value, "due"), _text(value, "responsible") or None)


def _object(value: dict[str, Json], key: str) -> dict[str, Json]:
    found = value.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise LineError(f"`{key}` is no object")
    return found


def _list(value: dict[str, Json], key: str = "contacts") -> list[Json]:
    found = value.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise LineError(f"`{key}` is no list")
    return found


def _texts(value: Json, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise LineError(f"`{key}` is no list of texts")
    return tuple(_plain(each, key) for each in value)


def _text(value: dict[str, Json], key: str) -> str:
    found = value.get(key)
    return "" if found is None else _plain(found, key)


def _plain(value: Json, key: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return to_text(value)
    raise LineError(f"`{key}` holds what is no text")
