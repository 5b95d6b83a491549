"""CSV files (RFC 4180, with other delimiters): a header that names fields, then a record a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Final, TypeAlias

from ..late_dataclass import dataclass
from ..limits import MAX_PAYLOAD_BYTES
from ..request.charsets import is_wide, probable_encoding
from ..store import Record
from ..values.emails import parse_email
from ..values.keys import is_email_field, is_multi, is_phone_field
from ..values.phones import split_phones
from ..values.value import Json, trim
from .entry import OWN, Entry, FileError, LineError, Mistake, Reading, entry, record_id, record_type

DELIMITERS: Final = {",": ",", ";": ";", "tab": "\t"}
"""What may stand between cells, by the names that they have on a command line."""

_ROOM: Final = MAX_PAYLOAD_BYTES  # bytes of a line
_QUOTED: Final = re.compile(r'"[^"]*+"?')
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_SEPARATOR: Final = re.compile(r"[,;\r\n]")
_IDS: Final = re.compile(r"[\s,;]+")
_DEFAULT_TYPE: Final = "WORK"

Seen: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Column:
    """What the cells of a column are: a part of the record, or a field with a value type."""

    at: int
    name: str
    type: str = _DEFAULT_TYPE
    multi: bool = False


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns of a file; those without a name hold nothing."""

    width: int
    own: dict[str, int]
    fields: tuple[_Column, ...]
    nameless: tuple[int, ...]


def read_csv(stream: BinaryIO, reading: Reading, seen: Seen) -> Iterator[Entry | Mistake]:
    """The rows of a file; ``seen`` is told how many more bytes are read.

    A row is read as the header says: `OWN` columns are the record's own, all others fields. A
    field that holds several values may have several columns, and a value type behind a dot, as in
    ``PHONE.MOBILE``. Cells of phones and of e-mails are split where all their parts are some.

    Raises `FileError` where the header cannot be used or the text is no text in its encoding.
    """
    lines = _Lines(stream, reading.codec, seen)
    first = next(lines, "")
    if not trim(first):
        raise FileError("the file is empty; its first line names the columns")
    delimiter = reading.delimiter or _delimiter(first)
    rows = csv.reader(_chained(first, lines), delimiter=delimiter, strict=True)
    header = None
    while True:
        line = rows.line_num + 1
        try:
            cells = lines.whole(next(rows))
            if header is None:
                header = _header(cells, reading)
            elif cells:
                yield _entry(line, cells, header, reading)
        except StopIteration:
            return
        except csv.Error as error:
            if header is None:
                raise FileError(f"the header cannot be read: {_sentence(error)}") from error
            yield Mistake(line, _sentence(error))
        except LineError as error:
            if header is None:
                raise FileError(f"the header: {error}") from error
            yield Mistake(line, str(error))


class _Lines:
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

    def __iter__(self) -> _Lines:
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


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _delimiter(header: str) -> str:
    """The delimiter that a header has most of, outside of quotes."""
    plain = _QUOTED.sub("", header)
    return max(DELIMITERS.values(), key=plain.count)


def _header(cells: Sequence[str], reading: Reading) -> _Header:
    own: dict[str, int] = {}
    fields: list[_Column] = []
    names: set[str] = set()
    nameless: list[int] = []
    for at, cell in enumerate(cells):
        name = reading.renamed.get(trim(cell), trim(cell))
        if not name:
            nameless.append(at)
            continue
        if name in names and not is_multi(name.partition(".")[0]):
            raise FileError(f"the header has two columns {name!r}; leave one of them out")
        names.add(name)
        field, _, type = name.partition(".")
        if name in OWN:
            own[name] = at
        elif is_multi(field):
            fields.append(_Column(at, field, type or _DEFAULT_TYPE, multi=True))
        else:
            fields.append(_Column(at, name))
    _own_columns(own, names, cells, reading)
    return _Header(len(cells), own, tuple(fields), tuple(nameless))


def _own_columns(
    own: dict[str, int], names: set[str], cells: Sequence[str], reading: Reading
) -> None:
    """Raise `FileError` where the record's own columns do not tell all that is needed."""
    unknown = sorted(reading.renamed.keys() - set(map(trim, cells)))
    if unknown:
        raise FileError(f"--column {unknown[0]!r}: the header has no such column")
    if "id" not in own:
        near = next((name for name in sorted(names) if name.lower() == "id"), None)
        way = f"if {near!r} holds it, add --column {near}=id" if near else "import needs it"
        raise FileError(
            f"the header has no column id; {way}: without the CRM's ids a repeated import would "
            "add every record again"
        )
    if "type" not in own and reading.type is None:
        raise FileError(
            "the header has no column type; say what the rows are, as in --type contact"
        )


def _entry(line: int, cells: Sequence[str], header: _Header, reading: Reading) -> Entry:
    if len(cells) != header.width:
        raise LineError(f"the row has {len(cells)} cells and the header {header.width}")
    if any(trim(cells[at]) for at in header.nameless):
        raise LineError("a cell stands in a column without a name; name it in the header")
    own = {name: trim(cells[at]) for name, at in header.own.items()}
    type = record_type(own.get("type", ""), reading)
    id = record_id(own["id"], "id")
    contacts = own.get("contacts", "")
    ids = [record_id(each, "id of a contact") for each in _IDS.split(contacts) if each]
    if ids and type == "contact":
        raise LineError("a contact is linked to contacts; only leads and deals are")
    fields: dict[str, Json] = {}
    several: dict[str, list[Json]] = {}
    types: dict[str, list[str]] = {}
    for column in header.fields:
        cell = cells[column.at]
        if not column.multi:
            if cell:
                fields[column.name] = cell
            continue
        for value in _values(column.name, cell, reading.region):
            if column.name not in several:
                fields[column.name] = several[column.name] = []
                types[column.name] = []
            several[column.name].append(value)
            types[column.name].append(column.type)
    record = Record(
        type,
        id,
        fields,
        types,
        own.get("status") or None,
        own.get("responsible") or None,
        tuple(dict.fromkeys(ids)),
    )
    return entry(line, record, reading.region)


def _values(name: str, cell: str, region: str | None) -> Sequence[str]:
    """The values of one cell of a field that holds any number of them."""
    text = trim(cell)
    if not text:
        return ()
    if is_phone_field(name):
        phones = split_phones(text, region)
        return (text,) if phones is None else [phone.text for phone in phones]
    if is_email_field(name):
        parts = [part for part in map(trim, _SEPARATOR.split(text)) if part]
        emails = [email.text for email in map(parse_email, parts) if email is not None]
        return list(dict.fromkeys(emails)) if len(emails) == len(parts) else (text,)
    return (text,)


def _sentence(error: csv.Error) -> str:
    if "new-line" in str(error):
        return "a lone carriage return stands outside of quotes; end lines with LF or CRLF"
    if "limit" in str(error):
        limit = f"{csv.field_size_limit():,}"
        return f"a cell has more than {limit} characters; perhaps its quote is not closed"
    return "the quotes of a cell are not closed where it ends; write a quote in a cell twice"
