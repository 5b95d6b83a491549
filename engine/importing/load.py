"""Files of existing records into a database, in chunks that are there whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import BinaryIO, Final

from ..adapters.bulk import Bulk, Met, Unlinked
from ..store import Key
from .csv_file import read_csv
from .csv_lines import Seen
from .entry import Entry, Mistake, Reading
from .json_lines import read_json_lines
from .report import Report, Shared, SharedKeys, Trouble

CHUNK: Final = 2000
"""Records of one transaction; while it is written, requests wait."""

EXAMPLES: Final = 10
"""Shared keys that are told, and contacts of each."""

CSV: Final = (".csv", ".tsv", ".txt")
LINES: Final = (".ndjson", ".jsonl")


def load(
    bulk: Bulk, file: str, stream: BinaryIO, reading: Reading, seen: Seen, report: Report
) -> None:
    """Add the records of a file that are not there yet; raises `FileError`, `StoreError`."""
    entries = entries_of(file, stream, reading, seen)
    while chunk := list(islice(entries, CHUNK)):
        _add(bulk, file, chunk, report)


def entries_of(
    file: str, stream: BinaryIO, reading: Reading, seen: Seen
) -> Iterator[Entry | Mistake]:
    """What stands in a file; its name says how it is written, or else its first character."""
    name = file.lower()
    if name.endswith(CSV):
        return read_csv(stream, reading, seen)
    if name.endswith(LINES) or _begins_object(stream):
        return read_json_lines(stream, reading, seen)
    return read_csv(stream, reading, seen)


def shared_keys(bulk: Bulk) -> SharedKeys:
    """What of the contacts of a database may be one person several times."""
    fields: Counter[str] = Counter()
    first: list[tuple[Key, int]] = []
    for key, count in bulk.shared():
        fields[key.field] += 1
        first.append((key, count))
        if len(first) > 2 * EXAMPLES:
            first = _most(first)
    examples = (
        Shared(key, count, bulk.led_to(key, EXAMPLES)) for key, count in _most(first)[:EXAMPLES]
    )
    return SharedKeys(fields, tuple(examples))


def _most(keys: Iterable[tuple[Key, int]]) -> list[tuple[Key, int]]:
    """The keys with the most contacts first; of equally many, in their order."""
    return sorted(keys, key=lambda each: -each[1])[:EXAMPLES]


def _begins_object(stream: BinaryIO) -> bool:
    peek = getattr(stream, "peek", None)
    begin: bytes = peek(4096) if peek is not None else b""
    return begin.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _add(bulk: Bulk, file: str, chunk: list[Entry | Mistake], report: Report) -> None:
    entries = [each for each in chunk if isinstance(each, Entry)]
    answers = iter(bulk.add_new([each.held for each in entries]) if entries else ())
    for each in chunk:
        if isinstance(each, Mistake):
            report.failed += 1
            report.trouble(file, each.line, each.message)
            continue
        record = each.held.stored.record
        match next(answers):
            case Met.ADDED:
                report.added[record.type] += 1
            case Met.THERE:
                report.there[record.type] += 1
            case Met.DIFFERS:
                report.differing += 1
                what = f"{record.type} {record.id}"
                message = f"{what} is there already with other content and left as it is"
                report.trouble(file, each.line, message)
            case Unlinked(contact):
                report.failed += 1
                report.trouble(
                    file,
                    each.line,
                    f"there is no contact {contact} to link {record.type} {record.id} to; import "
                    "the contacts, then this file again",
                )
        if each.unfound:
            report.unfound += 1
            if report.first_unfound is None:
                report.first_unfound = Trouble(file, each.line, each.unfound)
