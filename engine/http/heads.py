"""What is looked at in the head of a request before anything else: its framing and its wishes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

Header: TypeAlias = tuple[bytes, bytes]
"""A name in lower case, and its value."""

_VERSIONS: Final = ("1.0", "1.1")


def wrong_with(version: str, method: bytes, headers: Iterable[Header]) -> tuple[int, str] | None:
    """The status and the sentence for a head whose body nobody could tell the end of, or None.

    What the parser refuses by itself (two lengths, a length beside chunks) does not come here. An
    encoding of the transfer beside chunks would have to be undone first (RFC 9112, section 6.1),
    and where HTTP/1.0 names one its framing is faulty.
    """
    if method == b"CONNECT":
        return 405, "LeadLark is no proxy"
    if version not in _VERSIONS:
        return 400, "The request is not HTTP/1.1"
    encodings = [value.strip().lower() for name, value in headers if name == b"transfer-encoding"]
    if encodings and (encodings != [b"chunked"] or version == "1.0"):
        return 400, "Of the transfer encodings, LeadLark takes chunked alone, and in HTTP/1.1"
    return None


def without_upgrade(method: bytes, url: bytes, version: str, headers: Sequence[Header]) -> bytes:
    """A head without the wish for another protocol, which a server may ignore.

    RFC 9110, section 7.8. Java's client wishes for HTTP/2 in every request.
    """
    lines = [b"%b %b HTTP/%b" % (method, url, version.encode())]
    for name, value in headers:
        if name == b"connection":
            kept = [each for each in value.split(b",") if each.strip().lower() != b"upgrade"]
            lines.append(b"connection: " + b",".join(kept).strip())
        elif name != b"upgrade":
            lines.append(name + b": " + value)
    return b"\r\n".join([*lines, b"", b""])
