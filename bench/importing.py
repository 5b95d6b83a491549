"""Imports many contacts into an SQLite file: time, memory, and what a second import takes.

    python bench/importing.py --contacts 1000000

Makes a CSV file of contacts with a name, a phone in one of several spellings, an e-mail and a code;
one in a hundred repeats the phone of another. Prints the time of ``leadlark import``, its CPU time
and its peak of memory above that of an interpreter that does nothing, for a tenth of the contacts
and for all; then for the same file again, of which everything is there already.
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

COMMAND: Final = """\
import resource, sys
from leadlark.cli import main
status = main(sys.argv[1:]) if sys.argv[1:] else 0
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.exit(status)
"""
SPELLINGS: Final = ("+7 ({0}) {1}-{2}-{3}", "8{0}{1}{2}{3}", "7{0}{1}{2}{3}", "8-{0}-{1}-{2}{3}")
NAMES: Final = ("Мария", "Иван", "Пётр", "Анна", "Maria", "Ольга")


@dataclass(frozen=True)
class Used:
    """Seconds of wall and CPU time, and MiB at the peak."""

    wall: float
    cpu: float
    peak: float


def contacts(file: Path, count: int, seed: int = 1) -> None:
    """Write a CSV file of contacts."""
    chance = random.Random(seed)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["id", "type", "NAME", "LAST_NAME", "PHONE.MOBILE", "EMAIL", "UF_CODE"])
        for id in range(1, count + 1):
            # A permutation of the numbers: keys come in no order, as they do from a CRM.
            whose = chance.randrange(1, id) if id % 100 == 0 else id
            digits = f"{whose * 7_368_787 % 10_000_000:07}"
            phone = chance.choice(SPELLINGS).format("903", digits[:3], digits[3:5], digits[5:])
            email = f"user{whose * 48_271 % 999_983}.{id}@example.com"
            name = chance.choice(NAMES)
            writer.writerow([id, "contact", name, f"Иванов{id % 997}", phone, email, f"C-{id}"])


def ran(*arguments: str) -> Used:
    """Run the command, or with no arguments an interpreter that imports it."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    wall = time.monotonic() - begun
    cpu, peak = map(float, done.stderr.splitlines()[-1].split())
    return Used(wall, cpu, peak / 1024)


def imported(file: Path, database: Path) -> Used:
    """``leadlark import``."""
    store = f"sqlite:///{database}"
    return ran("import", str(file), "--store", store, "--region", "RU", "--format", "json")


def main() -> None:
    """Print what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="else a temporary one")
    options = parser.parse_args()
    most: int = options.contacts
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        bare = ran().peak
        for count in (most // 10, most):
            file, database = Path(folder) / f"{count}.csv", Path(folder) / f"{count}.db"
            contacts(file, count)
            for what in ("imported", "there already"):
                used = imported(file, database)
                print(
                    f"{count:10,} contacts {what:14} {used.wall:8.1f} s  "
                    f"(CPU {used.cpu:.1f} s, {used.cpu / count * 1e6:.0f} us a contact), "
                    f"{used.peak - bare:.0f} MiB above an interpreter, "
                    f"{database.stat().st_size / 2**20:,.0f} MiB of database",
                    flush=True,
                )


if __name__ == "__main__":
    main()
