"""Payload files as streams: what is read of them, and how much."""

from __future__ import annotations

from io import BytesIO

import pytest

from leadlark.errors import PayloadError
from leadlark.limits import MAX_PAYLOAD_BYTES
from leadlark.request.documents import documents
from leadlark.request.payload import payloads_from_file, payloads_from_stream

LARGE = b'{"a": "' + b"x" * MAX_PAYLOAD_BYTES + b'"}'


class Counted(BytesIO):
    """A stream that knows how far it was read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.done = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.done += len(line)
        return line


def told(name: str, data: bytes) -> list[object]:
    """Payloads, and the codes and places of what cannot be read."""
    return [
        (each.code, each.place) if isinstance(each, PayloadError) else each.payload
        for each in payloads_from_file(name, data)
    ]


@pytest.mark.parametrize("name", ["a.ndjson", "-"])
def test_lines_are_read_one_by_one(name: str) -> None:
    """Of a file of lines no more is read than was asked for, and the one that tells its kind."""
    stream = Counted(b'{"a": 1}\n' * 1000)
    requests = payloads_from_stream(name, stream)

    for _ in range(10):
        next(requests)

    assert stream.done <= 11 * len(b'{"a": 1}\n')


def test_line_over_the_limit() -> None:
    """A line over the limit of a payload is told by its number; the lines behind it are read."""
    data = b'{"a": 1}\n' + LARGE + b'\n{"a": 2}\r\n' + LARGE

    assert [{"a": 1}, ("P501", "line 2"), {"a": 2}, ("P501", "line 4")] == told("a.ndjson", data)


def test_line_at_the_limit() -> None:
    """A line of exactly the limit is read, whatever ends it."""
    line = b'{"a": 1' + b" " * (MAX_PAYLOAD_BYTES - 8) + b"}"

    assert MAX_PAYLOAD_BYTES == len(line)
    for end in (b"", b"\n", b"\r\n"):
        assert [{"a": 1}, {"a": 2}] == told("a.ndjson", line + (end or b"\n") + b'{"a": 2}' + end)
    assert [("P501", "line 1")] == told("a.ndjson", b" " + line)


def test_line_over_the_limit_is_not_held() -> None:
    """Of a line without an end no more is kept than shows that it is too long."""
    (document,) = documents("a.ndjson", BytesIO(b'{"a": "' + b"x" * 20 * MAX_PAYLOAD_BYTES))

    assert len(document.data) < MAX_PAYLOAD_BYTES + 10


@pytest.mark.parametrize("name", ["a.json", "a.form", "-"])
def test_document_over_the_limit(name: str) -> None:
    """What is read as a whole is cut behind the limit, and refused for its size."""
    prefix = b"a=" if name == "a.form" else b"{\n"
    data = prefix + b"x" * 3 * MAX_PAYLOAD_BYTES

    assert ["P501"] == [each[0] for each in told(name, data) if isinstance(each, tuple)]


def test_line_breaks_behind_a_document() -> None:
    """Line breaks behind a payload of the limit's size do not make it too large."""
    data = b'{"a": 1' + b" " * (MAX_PAYLOAD_BYTES - 8) + b"}" + b"\r\n" * 100

    assert [{"a": 1}] == told("a.json", data)
    assert [{"a": 1}] == told("-", data)


def test_blank_lines_do_not_count_as_a_first_line() -> None:
    """Standard input is lines where an object, and later another, stands between blank lines."""
    assert [{"a": 1}, {"a": 2}] == told("-", b'\n\n{"a": 1}\n\n\n{"a": 2}\n')
    assert [{"a": 1}] == told("-", b'\n\n{"a": 1}\n\n\n')
    assert [("P109", None)] == told("-", b"\n" * 3 * 1000)
