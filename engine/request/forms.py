"""Forms to values: url-encoded text, query strings and multipart; every value is text.

Names are read as PHP reads them: ``a[b][0]`` leads into objects and lists, ``a[]`` appends. Other
than in PHP a repeated name gives a list, dots and blanks stay in names, and a name whose brackets
do not match is a name like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import unquote_to_bytes

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from ..decision import Note
from ..errors import PayloadError
from ..limits import MAX_DEPTH, MAX_PAYLOAD_BYTES, MAX_VALUES
from ..values.value import Json
from .charsets import UTF_8, decode, find_codec, is_wide
from .json_tree import copy_tree, show_path, too_large

Form: TypeAlias = tuple[dict[str, Json], tuple[Note, ...]]

_BRACKETED: Final = re.compile(r"([^\[\]]++)((?:\[[^\[\]]*+\])++)", re.DOTALL)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_APPEND: Final = ""


def read_content_type(header: str) -> tuple[str, dict[str, str]]:
    """The media type in lower case and its parameters, of a Content-Type header's value."""
    media_type, parameters = parse_options_header(header)
    return media_type, parameters


def read_form(data: bytes, *, codec: str = UTF_8, root: str = "") -> Form:
    """Read a url-encoded body or a query string.

    ``+`` is a blank; an escape that is none (``%zz``) stays as it is, as browsers leave it.

    Args:
        data: The bytes as received.
        codec: The encoding of the text behind the escapes, as `charsets.find_codec` gives it.
        root: What paths in messages begin at: ``@query`` for a query beside a body.

    Returns:
        The object that the names build, and a note (N101) for every name that is sent both as
        a value and with brackets, of which the later counts.

    Raises:
        PayloadError: P103 and P105 naming the key, P501 to P504 where a limit is exceeded.
    """
    if len(data) > MAX_PAYLOAD_BYTES:
        raise too_large()
    if is_wide(codec):
        # Escapes stand for bytes of UTF-8 where the text around them has no bytes of ASCII.
        data, codec = decode(data, codec).encode(), UTF_8
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.count(b"&") >= MAX_VALUES:
        raise _too_many()
    return _build(_pairs(data, codec, root), root)


def _pairs(data: bytes, codec: str, root: str) -> Iterator[tuple[str, Json]]:
    for number, pair in enumerate(data.replace(b"+", b" ").split(b"&"), start=1):
        if pair:
            name_bytes, _, value = pair.partition(b"=")
            name = decode(unquote_to_bytes(name_bytes), codec, f"{root or 'form'} field {number}")
            yield name, _text(unquote_to_bytes(value), codec, name, root)


def _text(value: bytes, codec: str, name: str, root: str) -> str:
    try:
        return value.decode(codec)
    except UnicodeDecodeError:
        return decode(value, codec, show_path((name,), root))  # raises, naming the key


def read_multipart(data: bytes, *, boundary: str, codec: str = UTF_8) -> Form:
    """Read a multipart form; a file becomes its name, its type and its size in bytes.

    Args:
        data: The bytes as received.
        boundary: The text between the parts, as the Content-Type header declares it.
        codec: The encoding of texts whose part does not declare its own.

    Returns:
        As `read_form`; a file is ``{"filename": …, "content_type": …, "size": …}``, and a file
        input left empty is empty text.

    Raises:
        PayloadError: P102 naming the part where the body is no multipart form; else as
            `read_form`.
    """
    if len(data) > MAX_PAYLOAD_BYTES:
        raise too_large()
    return _build(_parts(data, boundary, codec), "")


@dataclass(slots=True)
class _Part:
    segment: MultipartSegment
    content: bytearray = field(default_factory=bytearray)

    def value(self, codec: str) -> Json:
        segment = self.segment
        if segment.filename is None or (not segment.filename and not self.content):
            if segment.charset is not None:
                codec = find_codec(segment.charset)
            return _text(bytes(self.content), codec, segment.name, "")
        return {
            "filename": segment.filename,
            "content_type": segment.content_type or "application/octet-stream",
            "size": len(self.content),
        }


def _parts(data: bytes, boundary: str, codec: str) -> Iterator[tuple[str, Json]]:
    count = 0
    part: _Part | None = None
    try:
        parser = PushMultipartParser(
            boundary,
            max_segment_count=MAX_VALUES,
            header_charset=UTF_8 if is_wide(codec) else codec,
        )
        for event in parser.parse(data):
            if isinstance(event, MultipartSegment):
                count += 1
                part = _Part(event)
            elif part is not None and event is not None:
                part.content += event
            elif part is not None:
                yield part.segment.name, part.value(codec)
                part = None
        parser.close()
    except ParserLimitReached as error:
        if count >= MAX_VALUES:
            raise _too_many() from None
        raise _broken(str(error), count + (part is None)) from None
    except MultipartError as error:
        raise _broken(str(error.args[0]), count + (part is None)) from None
    except UnicodeError:
        raise _broken("a header is no text", count + (part is None)) from None


def _broken(reason: str, number: int) -> PayloadError:
    reason = reason[:1].lower() + reason[1:]
    return PayloadError("P102", f"Broken multipart form: {reason}", f"part {number}")


def _too_many() -> PayloadError:
    return PayloadError("P502", f"The payload has over {MAX_VALUES:,} values")


@dataclass(slots=True)
class _Leaf:
    """The values sent under one name."""

    values: list[Json]


@dataclass(slots=True)
class _Branch:
    """What is sent with brackets under one name; ``next`` is the index that ``[]`` takes."""

    entries: dict[str, _Leaf | _Branch] = field(default_factory=dict)
    next: int = 0

    def key(self, step: str) -> str:
        key = str(self.next) if step == _APPEND else step
        if _INDEX.fullmatch(key):
            self.next = max(self.next, int(key) + 1)
        return key


def _build(pairs: Iterable[tuple[str, Json]], root: str) -> Form:
    top = _Branch()
    notes: dict[str, Note] = {}
    branches = 0
    for name, value in pairs:
        made, clash = _insert(top, _steps(name, root), value)
        branches += made
        if branches >= MAX_VALUES:
            raise _too_many()
        if clash:
            path = show_path(clash, root)
            notes[path] = Note(
                "N101", "The name is sent both as a value and with brackets; the last counts", path
            )
    entries: dict[str, Json] = {key: _finish(entry) for key, entry in top.entries.items()}
    checked, _ = copy_tree(entries, root=root, sized=False)
    return checked, tuple(notes.values())


def _steps(name: str, root: str) -> tuple[str, ...]:
    match = _BRACKETED.fullmatch(name)
    if match is None:
        return (name,)
    if name.count("[") >= MAX_DEPTH:
        message = f"The payload is nested more than {MAX_DEPTH} deep"
        raise PayloadError("P503", message, show_path((match[1],), root))
    return (match[1], *match[2][1:-1].split("]["))


def _insert(top: _Branch, steps: Sequence[str], value: Json) -> tuple[int, tuple[str, ...]]:
    """Put a value into the tree.

    Gives how many branches that made, and the path at which it replaced another kind of entry.
    """
    branch = top
    made = 0
    clash: tuple[str, ...] = ()
    path: list[str] = []
    for step in steps[:-1]:
        path.append(branch.key(step) if path else step)
        entry = branch.entries.get(path[-1])
        if not isinstance(entry, _Branch):
            if entry is not None:
                clash = tuple(path)
            branch.entries[path[-1]] = entry = _Branch()
            made += 1
        branch = entry
    key = branch.key(steps[-1]) if path else steps[-1]
    entry = branch.entries.get(key)
    if isinstance(entry, _Leaf):
        entry.values.append(value)
    else:
        if entry is not None:
            clash = (*path, key)
        branch.entries[key] = _Leaf([value])
    return made, clash


def _finish(entry: _Leaf | _Branch) -> Json:
    if isinstance(entry, _Leaf):
        return entry.values[0] if len(entry.values) == 1 else entry.values
    entries = entry.entries
    indexes = [str(index) for index in range(len(entries))]
    if all(index in entries for index in indexes):
        return [_finish(entries[index]) for index in indexes]
    return {key: _finish(item) for key, item in entries.items()}
