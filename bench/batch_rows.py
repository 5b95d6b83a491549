"""Batches: the command's work on each line, and its memory; orders and loop are of `batches`."""

from __future__ import annotations

import json
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

CHUNK: Final = 50
FEW: Final = 10_000
MANY: Final = 50_000
MOST_MEMORY: Final = 30.0


def replay() -> Ratio:
    """Lines read, mapped, decided and shown, in one process."""
    channel = leadlark.load(batches.WIDE).only()
    items = list(batches.lines(batches.wide_orders(1), 80 * CHUNK))
    chunks = [b"".join(items[start : start + CHUNK]) for start in range(0, len(items), CHUNK)]
    hand = batches.by_hand(orjson.loads, batches.map_wide, channel)
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
