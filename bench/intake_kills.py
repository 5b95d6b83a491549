"""Kills the intake service amid requests, again and again, and looks what is left.

    python bench/intake_kills.py --cycles 200 --store sqlite:////tmp/kills.db
    python bench/intake_kills.py --cycles 200 --store postgresql://…

The store is empty at first. Senders send orders all the time, half of those that get no answer a
second time; the service is killed at a random moment, now and then while it starts, and started
again on the same port. At the end every answer of success has its row and its records, each
request id and each order had one effect, and journal and records agree (see `intake_load`).

With ``--workers 4`` there is one service, of which one process is killed at a time while the others
go on; it starts another one by itself.

A start costs half a second of imports. So most services are children of a process that has
imported what they need and has done nothing else; one in twenty is started as users start it.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from subprocess import run as run_process
from tempfile import TemporaryDirectory
from typing import Final

TESTS: Final = Path(__file__).parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from intake_load import RULES, Book, Senders, faults, kept  # noqa: E402 (after the path)
from service import RunningService  # noqa: E402 (found above)

COLD: Final = 20
"""One service of so many is a process of its own."""

EARLY: Final = 0.15
"""The share of services that are killed while they start or right after."""

START: Final = 0.15  # seconds
LOAD: Final = (0.02, 0.3)  # seconds
PATIENCE: Final = 60.0  # seconds


@dataclass
class Counts:
    """What a run did."""

    kills: int = 0
    early: int = 0
    amid: int = 0
    seconds: float = 0.0


class Nursery:
    """A process whose children are services, each ready at once."""

    def __init__(self, options: list[str], log: Path) -> None:
        command = [sys.executable, __file__, "--nursery", str(log), *options]
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, text=True)
        self._read()

    def start(self) -> int:
        """A service's process id."""
        self._write("start")
        return int(self._read())

    def wait(self) -> int:
        """The exit status of the service that was started."""
        self._write("wait")
        return int(self._read())

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def nurse(log: str, options: list[str]) -> None:
    """Start services as the lines of the standard input ask for them."""
    import psycopg  # noqa: F401, PLC0415 (what services import)
    import uvicorn.lifespan.on  # noqa: F401, PLC0415
    import uvloop  # noqa: F401, PLC0415

    import leadlark.adapters.postgres  # noqa: PLC0415
    import leadlark.adapters.sqlite  # noqa: PLC0415
    import leadlark.http.serving  # noqa: PLC0415
    from leadlark.cli import main as leadlark  # noqa: PLC0415

    child = 0
    print("ready", flush=True)
    for line in sys.stdin:
        if line == "wait\n":
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        child = os.fork()
        if not child:
            os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            sys.argv = ["leadlark", "serve", *options]
            try:
                os._exit(leadlark())
            except SystemExit as end:
                os._exit(end.code if isinstance(end.code, int) else 1)
        print(child, flush=True)


def run(store: str, cycles: int, seed: int, folder: Path) -> tuple[Counts, Book]:
    """Kill services; when it ends the last one has been stopped in good order."""
    chance = random.Random(seed)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    options = ["--rules", str(RULES), "--store", store, "--port", str(port)]
    options += ["--source-rate", "off", "--log-level", "warning"]
    log = folder / "serve.log"
    nursery = Nursery(options, log)
    counts, book = Counts(), Book()
    begin = time.monotonic()
    try:
        with Senders(port, book, seed=seed) as senders:
            for cycle in range(cycles + 1):
                wait: Callable[[], int] = nursery.wait
                before = senders.answers
                if cycle % COLD == COLD - 1:
                    with log.open("ab") as out:
                        process = Popen([sys.executable, "-m", "leadlark", "serve", *options],
                                        stderr=out)  # fmt: skip
                    wait, child = process.wait, process.pid
                else:
                    child = nursery.start()
                if cycle == cycles:
                    break
                if chance.random() < EARLY:
                    counts.early += 1
                    time.sleep(chance.random() * START)
                else:
                    up(senders, before, log)
                    time.sleep(chance.uniform(*LOAD))
                counts.amid += senders.answers > before
                os.kill(child, signal.SIGKILL)
                if (status := wait()) != -signal.SIGKILL:
                    book.strange.append(f"a service ended with status {status}: {ending(log)}")
                counts.kills += 1
            up(senders, before, log)
        os.kill(child, signal.SIGTERM)
        if (status := wait()) != 0:
            book.strange.append(f"a service that was stopped ended with status {status}")
    finally:
        nursery.close()
    counts.seconds = time.monotonic() - begin
    return counts, book


def run_workers(
    store: str, cycles: int, seed: int, workers: int, folder: Path
) -> tuple[Counts, Book]:
    """Kill one process of several, again and again."""
    chance = random.Random(seed)
    options = {"workers": workers}
    counts, book = Counts(), Book()
    begin = time.monotonic()
    with RunningService(folder, RULES, store, **options) as service:
        with Senders(service.port, book, count=4 * workers, seed=seed) as senders:
            for _ in range(cycles):
                before = senders.answers
                up(senders, before, service.log)
                time.sleep(chance.uniform(*LOAD))
                listed = run_process(["pgrep", "-f", "-P", str(service.process.pid), "spawn_main"],
                                     capture_output=True, text=True, check=False)  # fmt: skip
                counts.amid += senders.answers > before
                counts.kills += 1
                os.kill(int(chance.choice(listed.stdout.split())), signal.SIGKILL)
            up(senders, senders.answers, service.log)
        if (status := service.stop()) != 0:
            book.strange.append(f"a service that was stopped ended with status {status}")
    counts.seconds = time.monotonic() - begin
    return counts, book


def up(senders: Senders, before: int, log: Path) -> None:
    """Wait until a service answers."""
    deadline = time.monotonic() + PATIENCE
    while senders.answers == before:
        if time.monotonic() > deadline:
            sys.exit(f"the service does not answer: {ending(log)}")
        time.sleep(0.002)


def ending(log: Path) -> str:
    """The end of a log."""
    return log.read_text()[-2000:] if log.exists() else ""


def main() -> None:
    if sys.argv[1:2] == ["--nursery"]:
        return nurse(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", required=True, help="sqlite:///FILE or postgresql://…, empty")
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    given = options.store, options.cycles, options.seed
    with TemporaryDirectory() as folder:
        if options.workers > 1:
            counts, book = run_workers(*given, options.workers, Path(folder))
        else:
            counts, book = run(*given, Path(folder))
    held = kept(options.store)
    wrong = faults(held, book)
    answers = sum(map(len, book.told.values()))
    print(
        f"{counts.kills:,} kills ({counts.amid:,} amid answers, {counts.early:,} at the start) in "
        f"{counts.seconds:.0f} s; {answers:,} decisions answered, {book.broken:,} requests broken "
        f"off, {book.repeated:,} of them sent again, {book.statuses[503]:,} answered 503; "
        f"{len(held.rows):,} rows, {len(held.deals):,} deals, {len(held.contacts):,} contacts; "
        f"{len(wrong)} faults",
        *wrong[:20],
        sep="\n  ",
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
