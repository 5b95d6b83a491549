"""``leadlark run``: decide each payload and apply the decision."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from typing import TypeAlias

from ..adapters.opening import open_store
from ..messages.snippet import visible
from ..request.place import Place
from ..values.value import write_json
from . import terminal
from .outcomes import Decider, Mapper, Outcome, Shown, Unread
from .payloads import STDIN, Piece, documents_of, moment, size_of, surroundings
from .progress import progress
from .rules import rules_at
from .status import Status
from .stores import store_to_read

Told: TypeAlias = tuple[str, bool, Iterable[Outcome]]
"""A file, whether its payloads are numbered, and what becomes of those of one document."""


def run(options: Namespace) -> Status:
    """Print the decision on each payload; one that cannot be read does not stop the others."""
    now = moment(options)
    base = surroundings(options)
    rules = rules_at(options.rules, cache=options.cache)
    if rules is None:
        return Status.INPUT
    channel = rules.only(options.channel)
    mapper = Mapper(channel, base, now)
    printer = _Printer(json=options.format == "json", files=len(options.payloads))
    with (store_to_read if options.dry_run else open_store)(options.store) as store:
        decider = Decider(channel, store, options.dry_run, printer.json)
        if not options.payloads:
            return printer.all([("--query", False, [decider.outcome(mapper.payload(base))])])
        with progress(size_of(options.payloads)) as seen:
            pieces = documents_of(options.payloads, seen)
            if options.jobs == 1:
                return printer.all(_one_by_one(mapper, decider, pieces))
            return _together(options, mapper, decider, pieces, printer)


def _one_by_one(mapper: Mapper, decider: Decider, pieces: Iterable[Piece]) -> Iterator[Told]:
    for piece in pieces:
        reads = mapper.document(piece.document)
        yield piece.file, piece.several or len(reads) > 1, map(decider.outcome, reads)


def _together(
    options: Namespace, mapper: Mapper, decider: Decider, pieces: Iterable[Piece], printer: _Printer
) -> Status:
    """The same by several processes, unless there is too little for them."""
    from .workers import Job, LostWorkerError, by_workers, chunked  # noqa: PLC0415 (needed now)

    chunks = chunked(pieces)
    first = list(next(chunks, ()))
    second = next(chunks, None)
    if second is None:
        return printer.all(_one_by_one(mapper, decider, first))
    job = Job(
        options.rules,
        options.cache,
        mapper.channel.address,
        mapper.channel.program.rules,
        mapper.base,
        mapper.now,
        options.store if decider.dry else None,
        decider.json,
    )
    results = by_workers(job, chain((first, second), chunks), options.jobs)
    try:
        with closing(results):
            return printer.all(
                (piece.file, piece.several or len(reads) > 1, map(decider.outcome, reads))
                for chunk, of_chunk in results
                for piece, reads in zip(chunk, of_chunk, strict=True)
            )
    except LostWorkerError:
        terminal.note(
            "leadlark: a worker process ended before its work was done, perhaps for want of "
            f"memory; the first {printer.count:,} payloads are done, try the others with "
            "fewer --jobs"
        )
        return Status.ENVIRONMENT


class _Printer:
    """Prints what becomes of payloads, each with its place where there are several."""

    def __init__(self, *, json: bool, files: int) -> None:
        self.json = json
        self.files = files
        self.numbers: Counter[str] = Counter()
        self.blank = False

    @property
    def count(self) -> int:
        """How many payloads are done."""
        return self.numbers.total()

    def all(self, told: Iterable[Told]) -> Status:
        """Print everything; the status of the worst."""
        worst = Status.FINE
        for file, numbered, outcomes in told:
            for outcome in outcomes:
                self.numbers[file] += 1
                place = Place(file, self.numbers[file])
                label = place.text({} if numbered else {file: 1})
                if isinstance(outcome, Unread):
                    terminal.note(f"{visible(label)}: {outcome.code}: {visible(outcome.message)}")
                    worst = Status.INPUT
                    continue
                for index, shown in enumerate(outcome):
                    where = place.inside(index, len(outcome))
                    self._show(shown, where, label if numbered or self.files > 1 else "")
                    if shown.rejected:
                        worst = Status.INPUT
            if file == STDIN:
                sys.stdout.flush()  # whoever sends payloads one by one waits for the decisions
        return worst

    def _show(self, shown: Shown, place: Place, label: str) -> None:
        if isinstance(shown.text, str):
            terminal.write_json(f'{{"place": {write_json(place.to_dict())}, {shown.text[1:]}')
            return
        head = [("place", visible(label)), ("plain", "\n")] if label else []
        if self.blank:
            head.insert(0, ("plain", "\n"))
        self.blank = True
        terminal.write([*head, *shown.text])
