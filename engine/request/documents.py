"""Payload files of any size, taken apart: one document, or one a line, each within its limit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO, Final

from ..errors import PayloadError
from ..late_dataclass import dataclass
from ..limits import MAX_PAYLOAD_BYTES
from .bodies import FORM, JSON
from .json_text import read_json

_BOM: Final = b"\xef\xbb\xbf"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_ROOM: Final = MAX_PAYLOAD_BYTES + 64 * 1024
"""How much is read of a file that is no file of lines; line breaks may stand behind a payload."""


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a payload file, or one line of it: an object, or a list of them.

    ``type`` is the content type that the file's name tells, empty for none; ``line`` the number
    of the line, from 1, None where the file is read as a whole. A text over the limit of a payload
    is cut behind it, which `read_document` reports.
    """

    data: bytes
    type: str
    line: int | None = None


def documents(name: str, stream: BinaryIO) -> Iterator[Document]:
    """What a payload file holds, in order; its ``name`` says what it is.

    Lines of blanks alone are left out.
    """
    kind = PurePath(name).suffix.lower()
    head: list[bytes] = []
    lines = _lines(stream)
    if kind in (".ndjson", ".jsonl") or (kind not in (".json", ".form") and _begin(lines, head)):
        for number, line in enumerate(chain(head, lines), start=1):
            if line.strip() not in (b"", _BOM):
                yield Document(line.rstrip(b"\r\n"), JSON, number)
        return
    data = b"".join(head)
    data += stream.read(max(_ROOM - len(data), 0))
    # What fills all of the room is too large, whatever comes behind it.
    if len(data) >= _ROOM:
        data = data[: MAX_PAYLOAD_BYTES + 1]
    elif not data.startswith(_WIDE):  # where a line break is two bytes
        data = data.rstrip(b"\r\n")
    yield Document(data, {".json": JSON, ".form": FORM}.get(kind, ""))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; one over the limit of a payload is cut behind it."""
    room = MAX_PAYLOAD_BYTES + len(b"\r\n") + 1
    while line := stream.readline(room):
        if len(line) == room and not line.endswith(b"\n"):
            while (rest := stream.readline(_ROOM)) and not rest.endswith(b"\n"):
                pass
        yield line


def _begin(lines: Iterator[bytes], head: list[bytes]) -> bool:
    """Whether the first line is a JSON object by itself, and others follow.

    ``head`` takes the lines that are read to find that out.
    """
    first = b""
    read = 0
    for line in lines:
        head.append(line)
        read += len(line)
        text = line.strip()
        if first and text:
            return True
        if read > _ROOM:
            return False
        if not first and text not in (b"", _BOM):
            first = text.removeprefix(_BOM).strip()
            if not _is_object(first):
                return False
    return False


def _is_object(text: bytes) -> bool:
    if not (text.startswith(b"{") and text.endswith(b"}")):
        return False
    try:
        read_json(text)
    except PayloadError as error:
        return error.code != "P101"
    return True
