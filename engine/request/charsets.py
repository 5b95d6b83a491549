"""Text encodings that a sender may declare, and strict decoding.

Only the names listed here reach Python's codec registry: a charset comes from a request, and the
registry imports modules by name and knows codecs that are no text encodings.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..errors import PayloadError

UTF_8: Final = "utf-8"

_SINGLE_BYTE = (
    *(f"iso-8859-{part}" for part in range(1, 17) if part != 12),  # there is no part 12
    *(f"windows-{page}" for page in range(1250, 1259)),
    *(f"cp{page}" for page in range(1250, 1259)),
    "koi8-r",
    "koi8-u",
    "cp866",
)
_WIDE = ("utf-16", "utf-16le", "utf-16be")
_CODECS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name: name for name in (UTF_8, *_SINGLE_BYTE, *_WIDE)},
        "utf8": UTF_8,
        "us-ascii": "ascii",
        "ascii": "ascii",
        "latin1": "iso-8859-1",
        "latin-1": "iso-8859-1",
        "ibm866": "cp866",
        "utf-16-le": "utf-16le",
        "utf-16-be": "utf-16be",
        "shift-jis": "cp932",
        "euc-jp": "euc_jp",
        "euc-kr": "cp949",
        "big5": "big5",
        "gb2312": "gb18030",  # senders that declare it use its extensions
        "gbk": "gb18030",
        "gb18030": "gb18030",
    }
)


def find_codec(charset: str) -> str:
    """Python's name of the codec for a charset as it stands in a Content-Type header.

    Raises:
        PayloadError: P103 if the charset is none of the text encodings known here.
    """
    codec = _CODECS.get(charset.strip().lower().replace("_", "-"))
    if codec is None:
        raise PayloadError(
            "P103",
            "The declared character encoding is not known; send UTF-8",
            f"charset {charset[:40]!a}",
        )
    return codec


def is_wide(codec: str) -> bool:
    """Whether the codec writes ASCII characters in more than one byte."""
    return codec in _WIDE


def decode(data: bytes, codec: str, place: str | None = None) -> str:
    """The text of ``data``, nothing replaced.

    Args:
        data: The bytes as received.
        codec: What `find_codec` gives.
        place: What an error names as its place; without it the byte, counted from 1.

    Raises:
        PayloadError: P103 if the bytes are no text in that encoding.
    """
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1}"
        sentence = f"The bytes are no {codec.upper()} text"
        if place is not None:
            sentence = f"{sentence} from {where} on"
        raise PayloadError("P103", sentence, place or where) from None
