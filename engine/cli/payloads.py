"""The requests that a call names: payload files, or a query string, with headers and a time."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from ..errors import PayloadError
from ..loader import SUFFIX
from ..request.payload import Request, payloads_from_file
from ..values.dates import parse_iso
from .paths import existing
from .status import CallError

MAX_FILE: Final = 64 * 1024 * 1024
"""The most bytes of a payload file; a single payload has limits of its own."""

STDIN: Final = "-"


def requests(options: Namespace) -> Iterator[tuple[str, Request | PayloadError]]:
    """Every request of a call with the name of the file that it comes from.

    What cannot be read is given as its error, so that the others go on. ``options`` has
    ``payloads``, ``query`` and ``header``.

    Raises `CallError`, before anything is read, where the call names nothing or something that
    is not there.
    """
    payloads: Sequence[str] = options.payloads
    if not payloads and options.query is None:
        raise CallError("there is nothing to decide: name a payload file, - or --query")
    for each in payloads:
        if Path(each).suffix == SUFFIX:
            raise CallError(f"{each} is a rule file; RULES comes first, then the payloads")
    existing(Path(each) for each in payloads if each != STDIN)
    headers = [_header(each) for each in options.header]
    return _requests(payloads, options.query or "", headers)


def sample_requests(samples: Sequence[str]) -> Iterator[tuple[str, Request | PayloadError]]:
    """The same for files alone."""
    existing(Path(each) for each in samples if each != STDIN)
    return _requests(samples, "", [])


def moment(options: Namespace) -> datetime | None:
    """The time that ``--now`` names, None where the clock counts."""
    text: str | None = options.now
    if text is None:
        return None
    now = parse_iso(text)
    if now is None:
        raise CallError(f"--now {text!r} is no ISO 8601 time, such as 2026-01-01T00:00:00Z")
    return now


def _requests(
    payloads: Sequence[str], query: str, headers: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, Request | PayloadError]]:
    if not payloads:
        try:
            yield "--query", Request.from_http(method="GET", query=query, headers=headers)
        except PayloadError as error:
            yield "--query", error
    for name in payloads:
        data = _read(name)
        if len(data) > MAX_FILE:
            message = f"The file is larger than {MAX_FILE // 1024 // 1024} MiB; split it"
            yield name, PayloadError("P501", message)
            continue
        for request in payloads_from_file(name, data, query=query, headers=headers):
            yield name, request


def _read(name: str) -> bytes:
    if name == STDIN:
        return sys.stdin.buffer.read(MAX_FILE + 1)
    try:
        with Path(name).open("rb") as stream:
            return stream.read(MAX_FILE + 1)
    except OSError as error:
        raise CallError(f"{name}: {error.strerror}") from error


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise CallError(f"--header {text!r} is not of the form 'NAME: VALUE'")
    return name.strip(), value.strip()
