"""Text encodings that a sender may declare, and strict decoding.

Only the names listed here reach Python's codec registry: a charset comes from a request, and the
registry imports modules by name and knows codecs that are no text encodings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from ..errors import PayloadError

UTF_8: Final = "utf-8"

_DECLARE: Final = re.compile(r"declare (charset=\S+), or send UTF-8$")

_SAMPLE: Final = 64 * 1024
_WORD: Final = r"[^\W\d_]+"
_CYRILLIC_WORD: Final = "[А-ЯЁІЇЄҐЎ]?[а-яёіїєґў]+"

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


def decode(data: bytes, codec: str, place: str | None = None, *, declarable: bool = True) -> str:
    """The text of ``data``, nothing replaced.

    Args:
        data: The bytes as received.
        codec: What `find_codec` gives.
        place: What an error names as its place; without it the byte, counted from 1.
        declarable: Whether another encoding could have been declared; not that of a query string.

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
        probable = probable_encoding(data) if codec == UTF_8 else None
        if probable is not None:
            declare = f"declare charset={probable.lower()}, or " if declarable else ""
            sentence += f"; they look like {probable}: {declare}send UTF-8"
        raise PayloadError("P103", sentence, place or where) from None


def of_a_file(error: PayloadError, media_type: str) -> PayloadError:
    """The same P103, told of a payload file: what no sender declares a header of the call does."""
    return PayloadError(
        error.code, _DECLARE.sub(partial(_header, media_type), error.message), error.place
    )


def _header(media_type: str, found: re.Match[str]) -> str:
    option = f"--header 'Content-Type: {media_type}; {found[1]}'"
    return f"name that with {option} (`headers` in a case file), or make it UTF-8"


def probable_encoding(data: bytes) -> str | None:
    """In what the bytes are probably encoded, that are no UTF-8; None where nothing tells.

    UTF-16 by its byte order mark; Windows-1251 where most words of other than ASCII letters are
    Cyrillic in it, and in small letters behind the first: texts in other encodings turn into
    capitals, signs, and words of two alphabets.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    try:
        text = data[:_SAMPLE].decode("windows-1251")
    except UnicodeDecodeError:
        return None
    words = [word for word in re.findall(_WORD, text) if not word.isascii()]
    cyrillic = sum(re.fullmatch(_CYRILLIC_WORD, word) is not None for word in words)
    return "Windows-1251" if cyrillic * 2 > len(words) else None
