"""CSV files (RFC 4180, with other delimiters): a header that names fields, then a record a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from ..store import Record
from ..values.emails import parse_email
from ..values.keys import is_email_field, is_phone_field
from ..values.phones import split_phones
from ..values.value import Json, trim
from .csv_header import Header, delimiter_of, header_of
from .csv_lines import Lines, Seen
from .entry import Entry, FileError, LineError, Mistake, Reading, entry, record_id, record_type

_SEPARATOR: Final = re.compile(r"[,;\r\n]")
_IDS: Final = re.compile(r"[\s,;]+")


def read_csv(stream: BinaryIO, reading: Reading, seen: Seen) -> Iterator[Entry | Mistake]:
    """The rows of a file; ``seen`` is told how many more bytes are read.

    A row is read as the header says: `OWN` columns are the record's own, all others fields. A
    field that holds several values may have several columns, and a value type behind a dot, as in
    ``PHONE.MOBILE``. Cells of phones and of e-mails are split where all their parts are some.

    Raises `FileError` where the header cannot be used or the text is no text in its encoding.
    """
    lines = Lines(stream, reading.codec, seen)
    first = next(lines, "")
    if not trim(first):
        raise FileError("the file is empty; its first line names the columns")
    delimiter = reading.delimiter or delimiter_of(first)
    rows = csv.reader(_chained(first, lines), delimiter=delimiter, strict=True)
    header = None
    while True:
        line = rows.line_num + 1
        try:
            cells = lines.whole(next(rows))
            if header is None:
                header = header_of(cells, reading)
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


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _entry(line: int, cells: Sequence[str], header: Header, reading: Reading) -> Entry:
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
