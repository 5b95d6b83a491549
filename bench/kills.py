"""Kills a process that writes to an SQLite store, again and again, and looks what is left.

    python bench/kills.py             # 1,000 cycles
    python bench/kills.py 50 --seed 7

In every cycle a process opens the store, writes from several threads, so that units of work share
transactions, and tells the numbers whose unit has returned. It is killed at a random moment. Then
the file must be whole, no unit half there, and each one that was told there once. A kill proves
nothing about the loss of power: the store waits for the disk, which is tested apart.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Final

from units import Ids, faults, ids_of, unit

from leadlark.adapters.sqlite import SqliteStore

THREADS: Final = 4
PEOPLE: Final = 40
CYCLES_A_FILE: Final = 20
"""A new file is begun after so many: kills also come while its tables are made."""

EARLY: Final = 0.2
"""The share of writers that are killed while they open the file, the others when they write."""

SECONDS: Final = 0.02
"""How long a writer lives at most, from its start or from the first unit it has told."""


def write(file: Path, cycle: int, pipe: int) -> None:
    """Write until killed, a line for every unit that has returned."""
    store = SqliteStore(file, wait=60)

    def client(thread: int) -> None:
        for step in count():
            number = (cycle * 1_000_000 + step) * THREADS + thread
            contact, deal = ids_of(store.transact(unit(number, number % PEOPLE)))
            os.write(pipe, f"{number} {contact} {deal}\n".encode())

    threads = [Thread(target=client, args=(thread,)) for thread in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def killed(file: Path, cycle: int, seconds: float, *, early: bool) -> dict[int, Ids]:
    """What a writer has told until it was killed, so many seconds after its start or first unit."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            write(file, cycle, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        begun = b"" if early else pipe.read(1)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        lines = (begun + pipe.readall()).decode().split("\n")
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise SystemExit("the writer ended by itself")
    told: dict[int, Ids] = {}
    for line in lines[:-1]:  # what stands behind the last line feed is nothing, or half a line
        number, contact, deal = line.split()
        told[int(number)] = (contact, deal)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("cycles", nargs="?", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    told: dict[int, Ids] = {}
    units = busy = 0
    with TemporaryDirectory() as folder:
        for cycle in range(options.cycles):
            file = Path(folder) / f"{cycle // CYCLES_A_FILE}.db"
            if cycle % CYCLES_A_FILE == 0:
                told = {}
            seconds, early = chance.random() * SECONDS, chance.random() < EARLY
            new = killed(file, cycle, seconds, early=early)
            told |= new
            units, busy = units + len(new), busy + bool(new)
            SqliteStore(file).close()  # takes up what the killed process has left
            wrong = faults(file, told)
            if wrong:
                print(f"after cycle {cycle} of seed {options.seed}:", *wrong, sep="\n  ")
                return 1
    print(f"{options.cycles} kills, {busy} amid writing, {units} units told, nothing wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main())
