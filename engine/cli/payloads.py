"""The requests that a call names: payload files, or a query string, with headers and a time."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, Final, TypeAlias

from ..errors import PayloadError
from ..late_dataclass import dataclass
from ..loader import SUFFIX
from ..request.documents import Document, documents
from ..request.payload import Request, read_document
from ..values.dates import parse_iso
from .paths import existing
from .status import CallError

STDIN: Final = "-"

Pairs: TypeAlias = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Piece:
    """A document of a payload file; ``several`` where the file has others."""

    file: str
    document: Document
    several: bool


def requests(
    options: Namespace, seen: Callable[[int], None] | None = None
) -> Iterator[tuple[str, Request | PayloadError]]:
    """Every request of a call with the name of the file that it comes from.

    Files are read as the requests are taken, those of lines line by line. What cannot be read is
    given as its error, so that the others go on. ``options`` has ``payloads``, ``query`` and
    ``header``. ``seen`` is told how many bytes are read, as `documents_of` tells it.

    Raises `CallError`, before anything is read, where the call names nothing or something that
    is not there.
    """
    headers = _checked(options)
    if options.payloads:
        return _requests(options.payloads, _base(options, headers), seen or _nobody)
    _surrounded(headers)
    return iter([("--query", _query_alone(options.query, headers))])


def surroundings(options: Namespace) -> Request:
    """What surrounds every payload of a call's files: its query string and its headers.

    Without payload files it is the one request of the call. Raises as `requests` does, and
    `PayloadError` where the query string is that request and cannot be read.
    """
    return _base(options, _checked(options))


def documents_of(names: Sequence[str], seen: Callable[[int], None]) -> Iterator[Piece]:
    """The documents of payload files.

    ``seen`` is told how many bytes of all files are read, whenever it is more.
    """
    before = 0
    for name in names:
        with _opened(name) as stream:
            for piece in _pieces(name, documents(name, stream)):
                before += len(piece.document.data) + 1
                seen(before)
                yield piece


def _pieces(name: str, several: Iterator[Document]) -> Iterator[Piece]:
    if name == STDIN:  # whoever sends lines one by one does not wait for the next one
        for document in several:
            yield Piece(name, document, document.line is not None)
        return
    first = held = next(several, None)
    for following in several:
        if held is not None:
            yield Piece(name, held, several=True)
        held = following
    if held is not None:
        yield Piece(name, held, several=held is not first)


def size_of(names: Sequence[str]) -> int | None:
    """How many bytes payload files have together; None where that cannot be told."""
    try:
        sizes = [Path(name).stat() for name in names if name != STDIN]
    except (OSError, ValueError):  # whoever opens the file says what is wrong with it
        return None
    known = len(sizes) == len(names) and all(S_ISREG(each.st_mode) for each in sizes)
    return sum(each.st_size for each in sizes) if known else None


def sample_requests(samples: Sequence[str]) -> Iterator[tuple[str, Request | PayloadError]]:
    """The same for files alone."""
    existing(Path(each) for each in samples if each != STDIN)
    return _requests(samples, Request.from_http(), _nobody)


def moment(options: Namespace) -> datetime | None:
    """The time that ``--now`` names, None where the clock counts."""
    text: str | None = options.now
    if text is None:
        return None
    now = parse_iso(text)
    if now is None:
        raise CallError(f"--now {text!r} is no ISO 8601 time, such as 2026-01-01T00:00:00Z")
    return now


def _checked(options: Namespace) -> list[tuple[str, str]]:
    """The headers of a call whose payloads are there."""
    payloads: Sequence[str] = options.payloads
    if not payloads and options.query is None:
        raise CallError("there is nothing to decide: name a payload file, - or --query")
    for each in payloads:
        if Path(each).suffix == SUFFIX:
            raise CallError(f"{each} is a rule file; RULES comes first, then the payloads")
    existing(Path(each) for each in payloads if each != STDIN)
    return [_header(each) for each in options.header]


def _nobody(_: int) -> None:
    """What is told to nobody."""


def _surrounded(headers: Pairs) -> None:
    """Raise `CallError` for headers that no request can have."""
    try:
        Request.from_http(headers=headers)
    except PayloadError as error:
        raise CallError(f"--header: {error}") from error


def _query_alone(query: str, headers: Pairs) -> Request | PayloadError:
    """The request of a call without payload files."""
    try:
        return Request.from_http(method="GET", query=query, headers=headers)
    except PayloadError as error:
        return error


def _base(options: Namespace, headers: Pairs) -> Request:
    """The query string and the headers of a call, read; what is wrong with them is its fault."""
    _surrounded(headers)
    if not options.payloads:
        alone = _query_alone(options.query, headers)
        if isinstance(alone, Request):
            return alone
        raise PayloadError(alone.code, f"--query: {alone.code}: {alone.message}", alone.place)
    try:
        return Request.from_http(query=options.query or "", headers=headers)
    except PayloadError as error:
        raise CallError(f"--query: {error}") from error


def _requests(
    payloads: Sequence[str], base: Request, seen: Callable[[int], None]
) -> Iterator[tuple[str, Request | PayloadError]]:
    for piece in documents_of(payloads, seen):
        yield from ((piece.file, each) for each in read_document(base, piece.document))


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    with ExitStack() as opened:
        try:
            stream = opened.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise CallError(f"{name}: {error.strerror}") from error
        yield stream


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise CallError(f"--header {text!r} is not of the form 'NAME: VALUE'")
    return name.strip(), value.strip()
