"""Batches: the command's work on each line, and its memory; orders and loop are of `batches`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import batches
import orjson
from measure import Ratio, in_slices, ratio_of
from rows import BATCHES, Row

import leadlark
from leadlark.cli.outcomes import Decider, Mapper
from leadlark.request.documents import documents
from leadlark.request.payload import read_document

CHUNK: Final = 50
FEW: Final = 10_000
MANY: Final = 50_000
MOST_MEMORY: Final = 30.0


def replay() -> Ratio:
    """Lines read, mapped, decided and shown, in one process."""
    channel, chunks, hand = _lines()
    mapper = Mapper(channel, leadlark.Request(payload={}), batches.NOW)
    with leadlark.open_store("memory:") as store:
        decider = Decider(channel, store, dry=True, json=True)

        def shown(chunk: bytes) -> list[Any]:
            return [
                one.text
                for document in documents("a.ndjson", BytesIO(chunk))
                for each in mapper.document(document)
                for one in decider.outcome(each)
            ]

        for chunk in chunks[:20]:
            assert [*map(json.loads, hand(chunk))] == [*map(json.loads, shown(chunk))]
        return in_slices(shown, hand, [[chunk] for chunk in chunks])


def reading() -> Ratio:
    """The lines read, against the whole loop by hand."""
    _, chunks, hand = _lines()
    base = leadlark.Request(payload={})
    return in_slices(lambda chunk: list(_requests(base, chunk)), hand, [[each] for each in chunks])


def mapping() -> Ratio:
    """The payloads mapped, against the whole loop by hand."""
    channel, chunks, hand = _lines()
    base = leadlark.Request(payload={})
    mapper = Mapper(channel, base, batches.NOW)
    requests = {chunk: list(_requests(base, chunk)) for chunk in chunks}
    return in_slices(
        lambda chunk: [mapper.payload(each) for each in requests[chunk]],
        hand,
        [[each] for each in chunks],
    )


def deciding() -> Ratio:
    """The mapped payloads decided and printed, against the whole loop by hand."""
    channel, chunks, hand = _lines()
    base = leadlark.Request(payload={})
    mapper = Mapper(channel, base, batches.NOW)
    mapped = {chunk: [mapper.payload(each) for each in _requests(base, chunk)] for chunk in chunks}
    with leadlark.open_store("memory:") as store:
        decider = Decider(channel, store, dry=True, json=True)
        return in_slices(
            lambda chunk: [decider.outcome(each) for each in mapped[chunk]],
            hand,
            [[each] for each in chunks],
        )


def _lines() -> tuple[leadlark.Channel, list[bytes], Callable[[bytes], object]]:
    """The channel, orders in pieces of lines, and the loop written by hand."""
    channel = leadlark.load(batches.WIDE).only()
    items = list(batches.lines(batches.wide_orders(1), 80 * CHUNK))
    chunks = [b"".join(items[start : start + CHUNK]) for start in range(0, len(items), CHUNK)]
    return channel, chunks, batches.by_hand(orjson.loads, batches.map_wide, channel)


def _requests(
    base: leadlark.Request, chunk: bytes
) -> Iterator[leadlark.Request | leadlark.PayloadError]:
    for document in documents("a.ndjson", BytesIO(chunk)):
        yield from read_document(base, document)


def growth() -> Ratio:
    """The memory of many lines over that of few."""
    return ratio_of([many / few for few, many in _peaks()])


def memory() -> Ratio:
    """The memory of many lines over what is allowed."""
    return ratio_of([many / MOST_MEMORY for _, many in _peaks()])


@cache
def _peaks() -> list[tuple[float, float]]:
    """MiB of the command for few and for many lines, above a bare interpreter; taken twice."""
    return [(_above(FEW), _above(MANY)) for _ in range(2)]


def _above(count: int) -> float:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "orders.ndjson"
        batches.written(file, batches.lines(batches.wide_orders(1), count))
        return batches.command(batches.WIDE, file, "--dry-run").peak - batches.ran().peak


ROWS: Final = (
    Row(
        BATCHES,
        "a wide order replayed: read, mapped, decided, shown",
        "hand-written loop with orjson",
        "the decision printed",
        1.15,
        replay,
    ),
    Row(BATCHES, "its reading alone", "the same loop", "", None, reading),
    Row(BATCHES, "its mapping alone", "the same loop", "", None, mapping),
    Row(BATCHES, "its deciding and printing alone", "the same loop", "", None, deciding),
    Row(
        BATCHES,
        f"memory of {MANY:,} wide orders",
        f"memory of {FEW:,}, above a bare interpreter",
        "the exit status",
        1.1,
        growth,
    ),
    Row(
        BATCHES,
        f"memory of {MANY:,} wide orders, above a bare interpreter",
        f"{MOST_MEMORY:.0f} MiB",
        "the exit status",
        1,
        memory,
    ),
)
