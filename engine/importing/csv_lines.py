"""The lines of a CSV file as text, so that one that is no text spoils no other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO, Final, TypeAlias

from ..limits import MAX_PAYLOAD_BYTES
from ..request.charsets import is_wide, probable_encoding
from .entry import FileError, LineError

Seen: TypeAlias = Callable[[int], None]
"""What is told how many more bytes are read."""

_ROOM: Final = MAX_PAYLOAD_BYTES  # bytes of a line
_UNDECODED: Final = re.compile("[\udc80-\udcff]")


class Lines:
    """The lines of a file as text; bytes that are none in its encoding become surrogates."""

    def __init__(self, stream: BinaryIO, codec: str, seen: Seen) -> None:
        if is_wide(codec):
            raise FileError("CSV is read in encodings that ASCII is a part of; save it as UTF-8")
        self._codec = codec
        self._cut = False
        self._broken = b""
        self._stream = stream
        self._seen = seen
        self._begin = True

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_ROOM)
        if not line:
            raise StopIteration
        self._seen(len(line))
        if len(line) == _ROOM and not line.endswith(b"\n"):
            self._cut = True
            while (rest := self._stream.readline(_ROOM)) and not rest.endswith(b"\n"):
                self._seen(len(rest))
        text = line.decode(self._codec, "surrogateescape")
        if self._begin:
            text = text.removeprefix("\ufeff")
            self._begin = False
        if not text.isascii() and _UNDECODED.search(text):
            self._broken = line
        return text

    def whole(self, cells: list[str]) -> list[str]:
        """The cells of the lines read last; raises `LineError` where something is lacking."""
        if self._cut:
            self._cut = False
            raise LineError(f"the row has a line of more than {_ROOM:,} bytes")
        if self._broken and any(map(_UNDECODED.search, cells)):
            probable = probable_encoding(self._broken)
            self._broken = b""
            sentence = f"the bytes are no {self._codec.upper()} text"
            if probable is not None:
                sentence += f"; they look like {probable}: add --encoding {probable.lower()}"
            raise LineError(sentence)
        return cells
