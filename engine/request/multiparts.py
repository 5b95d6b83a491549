"""Multipart forms to values; `multipart` is the library that knows them and their headers."""

from __future__ import annotations

from collections.abc import Iterator

from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from ..errors import PayloadError
from ..late_dataclass import dataclass, field
from ..limits import MAX_PAYLOAD_BYTES, MAX_VALUES
from ..values.value import Json
from .charsets import UTF_8, find_codec, is_wide
from .forms import Form, build, text_of, too_many
from .json_tree import too_large


def read_content_type(header: str) -> tuple[str, dict[str, str]]:
    """The media type in lower case and its parameters, of a Content-Type header's value."""
    media_type, parameters = parse_options_header(header)
    return media_type, parameters


def read_multipart(data: bytes, *, boundary: str, codec: str = UTF_8) -> Form:
    """Read a multipart form; a file becomes its name, its type and its size in bytes.

    Args:
        data: The bytes as received.
        boundary: The text between the parts, as the Content-Type header declares it.
        codec: The encoding of texts whose part does not declare its own.

    Returns:
        As `read_form`; a file is ``{"filename": …, "content_type": …, "size": …}``, and a file
        input left empty is empty text.

    Raises:
        PayloadError: P102 naming the part where the body is no multipart form; else as
            `read_form`.
    """
    if len(data) > MAX_PAYLOAD_BYTES:
        raise too_large()
    return build(_parts(data, boundary, codec), "")


@dataclass(slots=True)
class _Part:
    segment: MultipartSegment
    content: bytearray = field(default_factory=bytearray)

    def value(self, codec: str) -> Json:
        segment = self.segment
        if segment.filename is None or (not segment.filename and not self.content):
            if segment.charset is not None:
                codec = find_codec(segment.charset)
            return text_of(bytes(self.content), codec, segment.name, "")
        return {
            "filename": segment.filename,
            "content_type": segment.content_type or "application/octet-stream",
            "size": len(self.content),
        }


def _parts(data: bytes, boundary: str, codec: str) -> Iterator[tuple[str, Json]]:
    count = 0
    part: _Part | None = None
    try:
        parser = PushMultipartParser(
            boundary,
            max_segment_count=MAX_VALUES,
            header_charset=UTF_8 if is_wide(codec) else codec,
        )
        for event in parser.parse(data):
            if isinstance(event, MultipartSegment):
                count += 1
                part = _Part(event)
            elif part is not None and event is not None:
                part.content += event
            elif part is not None:
                yield part.segment.name, part.value(codec)
                part = None
        parser.close()
    except ParserLimitReached as error:
        if count >= MAX_VALUES:
            raise too_many() from None
        raise _broken(str(error), count + (part is None)) from None
    except MultipartError as error:
        raise _broken(str(error.args[0]), count + (part is None)) from None
    except UnicodeError:
        raise _broken("a header is no text", count + (part is None)) from None


def _broken(reason: str, number: int) -> PayloadError:
    reason = reason[:1].lower() + reason[1:]
    return PayloadError("P102", f"Broken multipart form: {reason}", f"part {number}")
