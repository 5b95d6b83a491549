"""Request bodies to values: which reader a body needs, by its declared type or by itself."""

from __future__ import annotations

import re
from typing import Final

from ..decision import Note
from ..errors import PayloadError
from ..values.value import Json
from .charsets import UTF_8, find_codec
from .forms import read_form
from .json_text import read_json

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
UNTYPED: Final = "text/plain"

_UNTYPED: Final = ("", UNTYPED, "application/octet-stream")
_UNDERSTOOD: Final = f"{JSON}, {FORM} or {MULTIPART}"
_BOM: Final = b"\xef\xbb\xbf"
_MULTIPART_START: Final = re.compile(
    rb"--([!-~]{1,70})\r\n(?:[a-z-]{1,40}:[ -~]*+\r\n){0,3}?content-disposition: *form-data",
    re.IGNORECASE,
)
_FIRST_HEADERS: Final = 2048


def read_body(body: bytes, content_type: str) -> tuple[Json, tuple[Note, ...]]:
    """Read a body that has something in it.

    JSON, form and multipart types are obeyed. A missing type, ``text/plain`` and
    ``application/octet-stream`` say nothing: then a body that begins with ``{`` or ``[`` is JSON,
    one that begins with a part of a multipart form is that, and one with ``=`` in it is a form.

    Args:
        body: The body as received.
        content_type: The value of the Content-Type header, empty if there is none.

    Raises:
        PayloadError: P109 where the type or the body is none of these, P103 for an unknown
            charset, else what the reader raises.
    """
    media_type, parameters = "", dict[str, str]()
    if content_type:
        from .multiparts import read_content_type  # noqa: PLC0415 (imported when first needed)

        media_type, parameters = read_content_type(content_type)
    codec = find_codec(parameters.get("charset") or UTF_8)
    if media_type in _UNTYPED:
        media_type = _sniff(body)
    if media_type in (JSON, "text/json") or media_type.endswith("+json"):
        return read_json(body, codec=codec)
    if media_type == FORM:
        if _looks_like_json(body):
            message = f"The body is JSON but declared as a form; send it as {JSON}"
            raise PayloadError("P102", message, "content-type")
        return read_form(body, codec=codec)
    if media_type == MULTIPART:
        from .multiparts import read_multipart  # noqa: PLC0415 (imported when first needed)

        boundary = parameters.get("boundary") or _boundary(body)
        if not boundary:
            raise PayloadError("P102", "The multipart form declares no boundary", "content-type")
        return read_multipart(body, boundary=boundary, codec=codec)
    raise PayloadError(
        "P109",
        f"The content type {media_type[:60]!a} is not understood; send {_UNDERSTOOD}",
        "content-type",
    )


def _sniff(body: bytes) -> str:
    start = _start(body)
    if not start:
        raise PayloadError("P109", f"The payload is empty; send {_UNDERSTOOD}, declared")
    if start in (b"{", b"["):
        return JSON
    if _boundary(body):
        return MULTIPART
    if b"=" in body and start != b"<":  # markup has = in it too
        return FORM
    raise PayloadError("P109", f"The body cannot be told apart; send {_UNDERSTOOD}, declared")


def _looks_like_json(body: bytes) -> bool:
    """Whether a form cannot be meant: an encoder of forms escapes quotes and braces."""
    ends = (_start(body), body[-64:].rstrip()[-1:])
    return ends in ((b"{", b"}"), (b"[", b"]")) and b'"' in body


def _start(body: bytes) -> bytes:
    return body.removeprefix(_BOM).lstrip()[:1]


def _boundary(body: bytes) -> str:
    """The boundary of a multipart form, read off its first line."""
    match = _MULTIPART_START.match(body[:_FIRST_HEADERS])
    return match[1].decode("ascii") if match else ""
