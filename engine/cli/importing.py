"""``leadlark import``: load existing contacts, leads and deals into a database."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from ..adapters.bulk import open_bulk
from ..errors import PayloadError
from ..importing.csv_header import DELIMITERS
from ..importing.entry import FileError, Reading
from ..importing.load import load, shared_keys
from ..importing.report import Report, SharedKeys, to_dict
from ..messages.snippet import visible
from ..request.charsets import find_codec
from ..values.phones import is_region
from ..values.value import write_json
from . import terminal
from .paths import existing
from .payloads import STDIN, size_of
from .progress import progress
from .status import CallError, Status

MOST_SHOWN: Final = 20
"""Lines that are told of one by one."""


def run(options: Namespace) -> Status:
    """Add the records that are not there yet; a line that cannot be read does not stop others."""
    reading = _reading(options)
    existing(Path(each) for each in options.files if each != STDIN)
    report = Report()
    with closing(open_bulk(options.store, create=True)) as bulk:
        with progress(size_of(options.files), streams=False) as told:
            done = 0

            def seen(more: int) -> None:
                nonlocal done
                done += more
                told(done)

            for file in options.files:
                with _opened(file) as stream:
                    try:
                        load(bulk, file, stream, reading, seen, report)
                    except FileError as error:
                        report.refuse(file, str(error))
        shared = shared_keys(bulk)
        name = bulk.name
    _tell_troubles(report)
    if options.format == "json":
        terminal.write_json(write_json(to_dict(report, shared)))
    elif report.lines or report.fine:
        for segments in _told(name, report, shared):
            terminal.write(segments)
    return Status.FINE if report.fine else Status.INPUT


def region_of(options: Namespace) -> str | None:
    """The country that ``--region`` names."""
    if options.region is None:
        return None
    region: str = options.region.upper()
    if not is_region(region):
        raise CallError(f"--region {options.region!r} is no ISO 3166 country code, such as RU")
    return region


def _reading(options: Namespace) -> Reading:
    try:
        codec = find_codec(options.encoding)
    except PayloadError as error:
        message = f"--encoding {options.encoding!r} is not known; name one such as windows-1251"
        raise CallError(message) from error
    delimiter = None if options.delimiter is None else DELIMITERS[options.delimiter]
    renamed = dict(_column(each) for each in options.column)
    return Reading(options.type, region_of(options), codec, delimiter, renamed)


def _column(text: str) -> tuple[str, str]:
    header, sign, name = text.rpartition("=")
    if not (sign and header.strip() and name.strip()):
        raise CallError(f"--column {text!r} is not of the form HEADER=NAME, as in ID=id")
    return header.strip(), name.strip()


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == STDIN:
        yield sys.stdin.buffer
        return
    with Path(file).open("rb") as stream:
        yield stream


def _tell_troubles(report: Report) -> None:
    for file, reason in report.refused.items():
        terminal.note(f"leadlark: {visible(file)}: {visible(reason)}")
    for each in report.troubles[:MOST_SHOWN]:
        terminal.note(visible(f"{each.file}:{each.line}: {each.message}"))
    more = report.differing + report.failed - MOST_SHOWN
    if more > 0:
        terminal.note(f"and {more:,} more lines")


def _told(name: str, report: Report, shared: SharedKeys) -> Iterator[list[tuple[str, str]]]:
    good = "good" if report.fine else "bad"
    yield [("name", visible(name)), ("plain", f": {count_of(report.lines, 'record')} read")]
    yield [(good, f"  added          {_by_type(report.added)}")]
    if report.there:
        yield [("plain", f"  already there  {_by_type(report.there)}")]
    if report.differing:
        yield [("bad", f"  differing      {report.differing:,}, left as they are in the store")]
    if report.failed:
        yield [
            ("bad", f"  not added      {report.failed:,}"),
            ("plain", "; correct the lines and import the file again: nothing is added twice"),
        ]
    first = report.first_unfound
    if first is not None:
        example = visible(f"{first.file}:{first.line}: {first.message[:60]}")
        yield [
            ("warning", f"  without key    {report.unfound:,}"),
            ("plain", f", whose phone or e-mail is none, the first {example}"),
        ]
    yield from _shared(shared)


def _shared(shared: SharedKeys) -> Iterator[list[tuple[str, str]]]:
    total = shared.fields.total()
    if not total:
        return
    fields = ", ".join(
        f"{visible(name)} {count:,}" for name, count in sorted(shared.fields.items())
    )
    yield [("plain", "")]
    verb = "values lead" if total > 1 else "value leads"
    yield [("warning", f"{total:,} {verb} to several contacts"), ("plain", f" ({fields}):")]
    for each in shared.examples:
        more = ", …" if each.count > len(each.contacts) else ""
        yield [
            ("plain", f"  {visible(each.key.field)} {visible(each.key.value)}  "),
            ("dim", f"{each.count:,} contacts: {', '.join(each.contacts)}{more}"),
        ]
    if total > len(shared.examples):
        yield [("dim", f"  and {total - len(shared.examples):,} more")]


def _by_type(counts: Counter[str]) -> str:
    return ", ".join(count_of(count, type) for type, count in counts.items()) or "nothing"


def count_of(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
