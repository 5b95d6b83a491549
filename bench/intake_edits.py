"""Edits a rule file of the intake service while requests come, and looks which version decided.

    python bench/intake_edits.py --edits 200 --store sqlite:////tmp/edits.db

Every version of the file writes its number into two fields of a deal. Half of the edits replace the
file at once; the others write it in two pieces, with a pause in which it is broken or without its
second field's line. Whatever is decided, both fields of a deal must have one number, and the row of
the journal must name the SHA-256 of the file of that number.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Final

TESTS = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from intake_load import Asked, Wire, kept, posted  # noqa: E402 (after the path)
from service import RunningService  # noqa: E402 (found above)

THREADS: Final = 4
PAUSES: Final = (0.0, 0.6)  # seconds between two edits; files have to rest 0.3 to be taken
RESTED: Final = 2.0  # seconds after which an edit has been taken

_RULES: Final = """\
channel orders "Orders" {{
    entity deal
    deal {{
        ONE   = "{number}"
{padding}
        ORDER = "<order>"  search required
        TWO   = "{number}"
    }}
}}
"""


def rules(number: int) -> str:
    """The text of a version."""
    return _RULES.format(number=number, padding="\n".join(["        # ."] * 200))


def edit(file: Path, number: int, chance: random.Random) -> None:
    """Write a version."""
    text = rules(number)
    if chance.random() < 0.5:
        new = file.with_suffix(".new")
        new.write_text(text)
        new.replace(file)
        return
    cut = chance.randrange(len(text))
    with file.open("w") as out:
        out.write(text[:cut])
        out.flush()
        time.sleep(chance.random() * 0.2)
        out.write(text[cut:])


def send(port: int, thread: int, stop: Event, statuses: list[int]) -> None:
    """Send orders, one after the other."""
    wire, number = Wire(port), 0
    while not stop.is_set():
        number += 1
        body = json.dumps({"order": f"{thread}-{number}"}).encode()
        status, _ = wire.ask(posted(Asked("/in/orders", body, None, (), identified=False)))
        statuses.append(status)
    wire.close()


def run(store: str, edits: int, seed: int, folder: Path) -> tuple[int, int, list[str]]:
    """How many requests were answered, by how many versions, and what is wrong."""
    chance = random.Random(seed)
    file = folder / "orders.channel"
    file.write_text(rules(0))
    stop, statuses = Event(), list[int]()
    wrong: list[str] = []
    with RunningService(folder, file, store, log_level="info") as service:
        senders = [
            Thread(target=send, args=(service.port, thread, stop, statuses))
            for thread in range(THREADS)
        ]
        for each in senders:
            each.start()
        for number in range(1, edits + 1):
            time.sleep(chance.uniform(*PAUSES))
            edit(file, number, chance)
        time.sleep(RESTED)
        stop.set()
        for each in senders:
            each.join()
    hashes = {sha256(rules(number).encode()).hexdigest(): number for number in range(edits + 1)}
    held = kept(store)
    seen: set[int] = set()
    for row in held.rows:
        fields = row.decision["entity"]["fields"]
        numbers = {int(fields["ONE"]), int(fields["TWO"]), hashes.get(row.rules, -1)}
        seen |= numbers
        if len(numbers) > 1:
            wrong.append(f"row {row.number} mixes versions {sorted(numbers)}")
    for id, record in held.fields.items():
        if record["ONE"] != record["TWO"]:
            wrong.append(f"deal {id} mixes versions {record['ONE']} and {record['TWO']}")
    if (
        set(statuses) != {200}
        or len(statuses) != len(held.rows)
        or len(held.deals) != len(held.rows)
    ):
        wrong.append(f"{len(statuses)} answers, {len(held.rows)} rows, {len(held.deals)} deals")
    if edits not in seen:
        wrong.append("the last version has not come into use")
    return len(statuses), len(seen), wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", required=True, help="sqlite:///FILE or postgresql://…, empty")
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        answers, seen, wrong = run(options.store, options.edits, options.seed, Path(folder))
    print(
        f"{options.edits} edits: {answers:,} requests decided by {seen} versions, "
        f"{len(wrong)} faults",
        *wrong[:20],
        sep="\n  ",
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
