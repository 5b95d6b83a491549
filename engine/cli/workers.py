"""The documents of a batch given to several processes, and what becomes of them in order.

Workers read and map. Where nothing is applied, no decision depends on another one, so workers
decide and show, too; else that is left to the process that has the store.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from functools import cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Final, TypeAlias

from ..adapters.opening import open_store
from ..errors import RuleError, UnknownChannelError
from ..late_dataclass import dataclass
from ..loader import load
from ..request.documents import Document
from ..request.payload import Request
from .outcomes import Decider, Mapper, Outcome, Read
from .payloads import Piece
from .status import CallError

CHUNK: Final = 200
"""The most documents that a worker is given at a time."""

CHUNK_BYTES: Final = 256 * 1024
"""The bytes of documents after which no more are put to a chunk."""

Chunk: TypeAlias = Sequence[Piece]
Results: TypeAlias = "Sequence[Sequence[Read | Outcome]]"
"""For each document of a chunk what has become of its payloads."""


@dataclass(frozen=True, slots=True)
class Job:
    """What workers are told once. ``rules`` and ``sha256`` name the rule file and its content.

    ``store`` is the URL of the store to decide on; None where workers only read and map.
    """

    rules: Path
    cache: bool
    channel: str
    sha256: str
    base: Request
    now: datetime | None
    store: str | None
    json: bool


class LostWorkerError(Exception):
    """A worker has ended before its work was done."""


def by_workers(
    job: Job, chunks: Iterable[Chunk], workers: int
) -> Generator[tuple[Chunk, Results], None, None]:
    """Each chunk with what becomes of its payloads, in order.

    No more chunks are held than keep the workers busy. The workers end where the iterator does,
    whatever ends it, and where this process does.

    Raises `LostWorkerError`, and whatever a worker raises.
    """
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(job,)
    )
    held: deque[tuple[Chunk, Future[Results]]] = deque()
    try:
        for chunk in chunks:
            held.append((chunk, pool.submit(_results, [piece.document for piece in chunk])))
            if len(held) > 2 * workers:
                done, future = held.popleft()
                yield done, future.result()
        for done, future in held:
            yield done, future.result()
    except BrokenProcessPool as error:
        raise LostWorkerError from error
    finally:
        pool.shutdown(cancel_futures=True)


def chunked(pieces: Iterable[Piece]) -> Iterator[Chunk]:
    """Documents in chunks, in order."""
    chunk: list[Piece] = []
    size = 0
    for piece in pieces:
        chunk.append(piece)
        size += len(piece.document.data)
        if len(chunk) == CHUNK or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


_JOB: Final[list[Job]] = []
"""What this process, a worker, was told."""


def _begin(job: Job) -> None:
    """Begin as a worker; whatever can go wrong is left to the first chunk, which can tell it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that shows the results is asked
    Thread(target=_end_with_parent, daemon=True).start()
    _JOB.append(job)


def _end_with_parent() -> None:
    """Leave no worker behind where the process that waits for it is killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _results(documents: Sequence[Document]) -> Results:
    """What becomes of each payload of each document, as far as a worker may know it."""
    mapper, decider = _tools()
    if decider is None:
        return [mapper.document(each) for each in documents]
    return [[decider.outcome(read) for read in mapper.document(each)] for each in documents]


@cache
def _tools() -> tuple[Mapper, Decider | None]:
    (job,) = _JOB
    changed = CallError(f"{job.rules} was changed meanwhile; run again")
    try:
        channel = load(job.rules, cache=job.cache).only(job.channel)
    except (RuleError, UnknownChannelError):
        raise changed from None
    if channel.program.rules != job.sha256:
        raise changed
    mapper = Mapper(channel, job.base, job.now)
    if job.store is None:
        return mapper, None
    store = open_store(job.store, create=False)  # open as long as the worker is there
    return mapper, Decider(channel, store, dry=True, json=job.json)
