"""Sends one person's requests at the same moment, and the same request many times.

    python bench/intake_races.py --rounds 20 --store postgresql://… --workers 4
    python bench/intake_races.py --rounds 20 --store sqlite:////tmp/races.db

Every round has a person that nobody knows yet. First 50 connections send an order of theirs each,
all let go at once: it must be one contact, 50 deals, 50 rows and no answer but success. Then one
order of another person goes over 50 connections under one request id: one row, 50 equal answers.
Connections are made before, so that all workers have some.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any, Final

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from intake_load import RULES, Asked, Wire, kept, posted  # noqa: E402 (after the path)
from service import RunningService  # noqa: E402 (found above)

TOGETHER: Final = 50

Answers = list[tuple[int, dict[str, Any]]]


def order(person: int, number: int, token: str, id: str | None) -> bytes:
    """An order as it goes over the wire."""
    payload = {"phone": f"+7903{person:07}", "name": "New", "order": number, "token": token}
    body = json.dumps(payload).encode()
    return posted(Asked("/in/orders", body, id, (token,), identified=id is not None))


def at_once(port: int, requests: list[bytes]) -> Answers:
    """The answers to requests that are all let go at the same moment, a connection for each."""
    gate = Barrier(len(requests))

    def send(request: bytes) -> tuple[int, dict[str, Any]]:
        wire = Wire(port)
        wire.connect()
        gate.wait()
        status, body = wire.ask(request)
        wire.close()
        return status, json.loads(body)

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def run(store: str, rounds: int, workers: int, folder: Path) -> list[str]:
    """What is wrong after so many rounds."""
    wrong: list[str] = []
    with RunningService(folder, RULES, store, workers=workers, log_level="info") as service:
        for index in range(rounds):
            first = index * 1000
            several = [order(first, first + n, f"new-{first + n}", None) for n in range(TOGETHER)]
            wrong += new_person(index, at_once(service.port, several))
            one = order(first + 1, first + 999, f"same-{index}", f"same-{index}")
            wrong += same_id(index, at_once(service.port, [one] * TOGETHER))
    held = kept(store)
    rows = Counter(row.request_id for row in held.rows)
    if rows[None] != rounds * TOGETHER:
        wrong.append(f"{rows[None]} rows without an id, not {rounds * TOGETHER}")
    for index in range(rounds):
        row = [each for each in held.rows if each.request_id == f"same-{index}"]
        if [each.attempts for each in row] != [TOGETHER]:
            wrong.append(f"round {index}: {[each.attempts for each in row]} attempts of one id")
    if len(held.contacts) != rounds * 2 or len(held.deals) != rounds * (TOGETHER + 1):
        wrong.append(f"{len(held.contacts)} contacts, {len(held.deals)} deals")
    return wrong + held.damage


def new_person(index: int, answers: Answers) -> list[str]:
    """What is wrong with the answers to the orders of one person."""
    statuses = Counter(status for status, _ in answers)
    contacts = {tuple(body.get("contact", {}).get("ids", ())) for _, body in answers}
    deals = {tuple(body.get("entity", {}).get("ids", ())) for _, body in answers}
    if statuses == {200: TOGETHER} and len(contacts) == 1 and len(deals) == TOGETHER:
        return []
    return [f"round {index}: {dict(statuses)}, contacts {contacts}, {len(deals)} deals"]


def same_id(index: int, answers: Answers) -> list[str]:
    """What is wrong with the answers to one request that is sent many times."""
    told = {json.dumps(each) for each in answers}
    return [] if len(told) == 1 and answers[0][0] == 200 else [f"round {index}: {sorted(told)}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", required=True, help="sqlite:///FILE or postgresql://…, empty")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    begin = time.monotonic()
    with TemporaryDirectory() as folder:
        wrong = run(options.store, options.rounds, options.workers, Path(folder))
    print(
        f"{options.rounds} rounds of {TOGETHER} orders of a new person and {TOGETHER} times one "
        f"request, {options.workers} workers, {time.monotonic() - begin:.0f} s: "
        f"{len(wrong)} faults",
        *wrong[:20],
        sep="\n  ",
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
