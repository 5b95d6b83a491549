"""Requests as channels see them: what a sender sent, read and held to the limits.

The payload is the body, or the query string of a request without one. What stands in it is data:
it is never read again as anything else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, Final, TypeAlias

from ..decision import Note
from ..errors import PayloadError
from ..late_dataclass import dataclass, field
from ..values.value import Json
from .bodies import JSON, UNTYPED, read_body
from .charsets import UTF_8, find_codec, of_a_file
from .documents import Document, documents
from .forms import read_form
from .json_text import read_json
from .json_tree import copy_tree

Pairs: TypeAlias = Iterable[tuple[str | bytes, str | bytes]]
Headers: TypeAlias = Mapping[str, str] | Pairs

_ID_HEADERS: Final = ("webhook-id", "idempotency-key")
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n"
_ELEMENT: Final = re.compile(r"\[([0-9]+)\]\.?")


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a channel's address, read.

    Attributes:
        payload: The payload, an object, or a list of objects: that many payloads.
        query: The query string as an object.
        headers: Values by name, names in lower case; of a repeated header all, joined by ``, ``.
        method: The HTTP method in upper case.
        address: The channel address requested, if it is known.
        id: What makes two deliveries the same request: the ``webhook-id`` or
            ``Idempotency-Key`` header unless given.
        body: The body as received, if there is one.
        notes: What was noticed while reading, such as a key sent twice.
    """

    payload: Json
    query: dict[str, Json]
    headers: dict[str, str]
    method: str
    address: str | None
    id: str | None
    body: bytes | None = field(repr=False)
    notes: tuple[Note, ...]

    def __init__(
        self,
        payload: object,
        query: Mapping[str, object] | None = None,
        headers: Headers | None = None,
        method: str = "POST",
        address: str | None = None,
        id: str | None = None,
        body: bytes | None = None,
        notes: Iterable[Note] = (),
    ) -> None:
        """Take Python values as a payload; they are copied, so later changes do not show.

        Dicts with text keys, lists, tuples, texts, numbers, booleans and None are taken; a float
        becomes the Decimal that its ``repr`` shows.

        Raises:
            PayloadError: A limit is exceeded, a text or a number cannot be taken, or the payload
                is neither an object nor a list of objects; as for a request from the network.
        """
        copied, _ = copy_tree(payload)
        _check_root(copied)
        asked, _ = copy_tree(dict(query or {}), root="@query")
        named = _read_headers(headers or {})
        _fill(self, copied, asked, named, method, address, id, body, tuple(notes))

    @classmethod
    def from_http(
        cls,
        *,
        method: str = "POST",
        query: bytes | str = b"",
        headers: Headers | None = None,
        body: bytes = b"",
        address: str | None = None,
    ) -> Request:
        """Read a request as it arrives by HTTP.

        A declared JSON, form or multipart type is obeyed; a missing type, ``text/plain`` and
        ``application/octet-stream`` say nothing, and the body itself tells what it is.

        Args:
            method: The HTTP method.
            query: The query string, without ``?``.
            headers: By name, in any case, or as pairs of text or of bytes.
            body: The body as received; one of blanks alone is none.
            address: The channel address requested.

        Raises:
            PayloadError: The request cannot be read; its code, sentence and place say why.
        """
        named = _read_headers(headers or {})
        asked_bytes = _query_bytes(query)
        payload: Json
        if body and not body.isspace():
            asked, notes = read_form(asked_bytes, root="@query", declarable=False)
            payload, noticed = read_body(body, named.get("content-type", ""))
            _check_root(payload)
            notes = (*noticed, *notes)
        else:
            asked, notes = read_form(asked_bytes, declarable=False)
            payload = asked
        request = cls.__new__(cls)
        _fill(request, payload, asked, named, method, address, None, body or None, notes)
        return request

    @property
    def payloads(self) -> tuple[dict[str, Json], ...]:
        """Every payload of the request, in order."""
        several = self.payload if isinstance(self.payload, list) else [self.payload]
        return tuple(each for each in several if isinstance(each, dict))

    def split(self) -> tuple[Request, ...]:
        """One request for every payload, in order, each with its own notes."""
        if not isinstance(self.payload, list):
            return (self,)
        own, shared = _notes_by_element(self.notes)
        return tuple(
            _with_payload(self, payload, (*own.get(index, ()), *shared))
            for index, payload in enumerate(self.payloads)
        )

    def under(self, id: str | None) -> Request:
        """The same request under another id."""
        if id == self.id:
            return self
        made = _with_payload(self, self.payload, self.notes)
        _set(made, "id", id)
        return made

    def header(self, name: str) -> str | None:
        """The value of a header, its name in any case."""
        return self.headers.get(name.lower())


def _fill(
    request: Request,
    payload: Json,
    query: dict[str, Json],
    headers: dict[str, str],
    method: str,
    address: str | None,
    id: str | None,
    body: bytes | None,
    notes: tuple[Note, ...],
) -> None:
    """Set the fields of a request to values that are checked already."""
    named = (id, *(headers.get(name) for name in _ID_HEADERS))
    identity = next((text.strip() for text in named if text and text.strip()), None)
    values = (payload, query, headers, method.upper(), address, identity, body, notes)
    for name, value in zip(Request.__slots__, values, strict=True):
        object.__setattr__(request, name, value)


def _with_payload(base: Request, payload: Json, notes: Iterable[Note]) -> Request:
    made = Request.__new__(Request)
    for name in _SURROUNDINGS:
        _set(made, name, getattr(base, name))
    _set(made, "payload", payload)
    _set(made, "notes", tuple(notes))
    return made


_set: Final = object.__setattr__
_SURROUNDINGS: Final = ("query", "headers", "method", "address", "id", "body")


def payloads_from_file(
    name: str, data: bytes, *, query: bytes | str = b"", headers: Headers | None = None
) -> Iterator[Request | PayloadError]:
    """Read the requests of a payload file, those that cannot be read as errors among them.

    Args:
        name: The file's name: ``.json`` holds one object or a list of them, ``.ndjson`` and
            ``.jsonl`` one a line, ``.form`` a url-encoded body; any other (``-``) is told by its
            content.
        data: The file's bytes.
        query: The query string of every request.
        headers: The headers of every request.
    """
    yield from payloads_from_stream(name, BytesIO(data), query=query, headers=headers)


def payloads_from_stream(
    name: str, stream: BinaryIO, *, query: bytes | str = b"", headers: Headers | None = None
) -> Iterator[Request | PayloadError]:
    """The same for a file of any size, which is read as the requests are taken.

    Of a file of lines no more than one line is held at a time.
    """
    try:
        base = Request.from_http(method="POST", query=query, headers=headers)
    except PayloadError as error:
        yield error
        return
    for document in documents(name, stream):
        yield from read_document(base, document)


def read_document(base: Request, document: Document) -> list[Request | PayloadError]:
    """The requests of a document; what surrounds its payloads is that of ``base``.

    The file says what a document is; the Content-Type of ``base`` names no more than its charset.
    """
    line = document.line
    try:
        charset, codec = _charset(base.headers.get("content-type", ""))
        if document.type == JSON:
            value, notes = read_json(document.data, codec=codec)
        else:
            type = f"{document.type or UNTYPED}; charset={charset}" if charset else document.type
            value, notes = read_body(document.data, type)
    except PayloadError as error:
        return [_of_a_file(error, document)]
    if isinstance(value, dict):
        return [_with_payload(base, value, notes)]
    if not isinstance(value, list):
        return [_not_an_object("" if line is None else f"line {line}")]
    own, _ = _notes_by_element(notes)
    where = "" if line is None else f"line {line}, "
    return [
        _with_payload(base, each, own.get(index, ()))
        if isinstance(each, dict)
        else _not_an_object(f"{where}[{index}]")
        for index, each in enumerate(value)
    ]


@lru_cache(8)
def _charset(header: str) -> tuple[str, str]:
    """The charset that a Content-Type header names, else empty, and its codec.

    Raises P103 for an unknown one, and then the name has nothing in it but what is known.
    """
    if not header:
        return "", UTF_8
    from .multiparts import read_content_type  # noqa: PLC0415 (imported when first needed)

    charset = read_content_type(header)[1].get("charset", "").strip()
    return charset, find_codec(charset) if charset else UTF_8


def _of_a_file(error: PayloadError, document: Document) -> PayloadError:
    """The error as it is told of a payload file, with the way out that a file has."""
    line = document.line
    if error.code == "P103":
        error = of_a_file(error, document.type or UNTYPED)
    if error.code == "P501" and line is None and document.data.lstrip(_BLANKS)[:1] == b"[":
        message = (
            f"{error.message}, the limit of one request; many payloads can be of any size in "
            "an .ndjson file, each on a line of its own"
        )
        error = PayloadError(error.code, message, error.place)
    return error if line is None else _on_line(error, line)


def _on_line(error: PayloadError, number: int) -> PayloadError:
    """The error of one line, told as of the whole file."""
    place = (error.place or "").removeprefix("line 1, ")
    return PayloadError(error.code, error.message, f"line {number}{place and f', {place}'}")


def _check_root(payload: Json) -> None:
    if isinstance(payload, list):
        for index, each in enumerate(payload):
            if not isinstance(each, dict):
                raise _not_an_object(f"[{index}]")
    elif not isinstance(payload, dict):
        raise _not_an_object("")


def _not_an_object(place: str) -> PayloadError:
    message = "The payload is neither an object nor a list of objects"
    return PayloadError("P108", message, place or None)


def _notes_by_element(notes: Iterable[Note]) -> tuple[dict[int, list[Note]], list[Note]]:
    """Notes by the element of a root list, their paths beginning there; and all others."""
    own: defaultdict[int, list[Note]] = defaultdict(list)
    shared: list[Note] = []
    for note in notes:
        path = note.path or ""
        match = _ELEMENT.match(path)
        if match is None:
            shared.append(note)
        else:
            own[int(match[1])].append(Note(note.code, note.message, path[match.end() :]))
    return own, shared


def _query_bytes(query: bytes | str) -> bytes:
    try:
        return query if isinstance(query, bytes) else query.encode()
    except UnicodeEncodeError:
        message = "The query string has half of a surrogate pair in it"
        raise PayloadError("P106", message, "@query") from None


def _read_headers(headers: Headers) -> dict[str, str]:
    collected: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in headers.items() if isinstance(headers, Mapping) else headers:
        collected[_header_text(name).lower()].append(_header_text(value))
    joined = {name: ", ".join(values) for name, values in collected.items()}
    copy_tree(joined, root="@header")  # what rules can read obeys the limits of a payload
    return joined


def _header_text(value: str | bytes) -> str:
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")  # what HTTP/1.1 calls opaque bytes
