"""Files of existing records into a database, in chunks that are there whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, Final

from ..adapters.bulk import Bulk, Met, Unlinked
from ..late_dataclass import dataclass, field
from ..store import Key
from .csv_file import Seen, read_csv
from .entry import Entry, Mistake, Reading
from .json_lines import read_json_lines

CHUNK: Final = 2000
"""Records of one transaction; while it is written, requests wait."""

MOST_MISTAKES: Final = 100
"""Mistakes that are kept; the others are counted."""

EXAMPLES: Final = 10
"""Shared keys that are told, and contacts of each."""

CSV: Final = (".csv", ".tsv", ".txt")
LINES: Final = (".ndjson", ".jsonl")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line that did not become a record, and why."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A search key that several contacts have: how many, and the lowest ids among them."""

    key: Key
    count: int
    contacts: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What became of all lines.

    ``added`` and ``there`` count records by their type, ``failed`` lines that could not be read,
    ``differing`` records whose ids are taken by others; ``troubles`` are the first of both.
    ``refused`` gives the files of which nothing could be read, and why.
    ``unfound`` counts records with a phone or e-mail field by which nobody finds them.
    """

    added: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    failed: int = 0
    unfound: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    first_unfound: Trouble | None = None

    @property
    def lines(self) -> int:
        """How many records the files hold, mistakes among them."""
        return self.added.total() + self.there.total() + self.differing + self.failed

    @property
    def fine(self) -> bool:
        """Whether every line is a record of the database now."""
        return not (self.differing or self.failed or self.refused)

    def refuse(self, file: str, reason: str) -> None:
        """Keep why a file could not be read."""
        self.refused[file] = reason

    def trouble(self, file: str, line: int, message: str) -> None:
        """Keep a trouble, unless there are many."""
        if len(self.troubles) < MOST_MISTAKES:
            self.troubles.append(Trouble(file, line, message))


@dataclass(slots=True)
class SharedKeys:
    """The keys of phones and e-mails that lead to several contacts of a database.

    ``fields`` counts them by their field; ``examples`` are those of most contacts.
    """

    fields: Counter[str] = field(default_factory=Counter)
    examples: tuple[Shared, ...] = ()


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


def to_dict(report: Report, shared: SharedKeys) -> dict[str, Any]:
    """The report as it stands in JSON."""
    return {
        "lines": report.lines,
        "added": dict(report.added),
        "already_there": dict(report.there),
        "differing": report.differing,
        "failed": report.failed,
        "without_key": report.unfound,
        "refused": [{"file": file, "reason": reason} for file, reason in report.refused.items()],
        "troubles": [
            {"file": each.file, "line": each.line, "message": each.message}
            for each in report.troubles
        ],
        "shared_keys": {
            "count": shared.fields.total(),
            "by_field": dict(shared.fields),
            "examples": [
                {
                    "field": each.key.field,
                    "value": each.key.value,
                    "count": each.count,
                    "contacts": list(each.contacts),
                }
                for each in shared.examples
            ],
        },
    }


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
