"""`leadlark test --watch`: a process that runs the cases again as files change."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from typing import IO, Final

import pytest

LIMIT: Final = 60
"""Seconds after which a process that says nothing has hung."""


class Watching:
    """A process that watches; its lines are read as they come."""

    def __init__(self, folder: Path, arguments: tuple[str, ...], out: int | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "leadlark", "test", "--watch", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE if out is None else out,
            stderr=subprocess.STDOUT if out is None else subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "TERM": "xterm"},
            # A shell in the background hands on that SIGINT is to be ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
        self._lines: Queue[str] = Queue()
        stream = self._process.stdout or self._process.stderr
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: IO[bytes]) -> None:
        for line in stream:
            self._lines.put(line.decode("utf-8"))
        stream.close()

    def until(self, wanted: str) -> None:
        """Read lines up to the first that contains the text."""
        while wanted not in self._lines.get(timeout=LIMIT):
            pass

    def interrupt(self) -> int:
        """Press Ctrl-C; the exit status."""
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(LIMIT)

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(LIMIT)


Watch = Callable[..., Watching]


@pytest.fixture
def watch(folder: Path) -> Iterator[Watch]:
    running: list[Watching] = []

    def start(*arguments: str, out: int | None = None) -> Watching:
        running.append(Watching(folder, arguments, out))
        return running[-1]

    yield start
    for each in running:
        each.end()


def test_runs_again_when_a_file_changes(watch: Watch, folder: Path) -> None:
    """A case file, a rule file and a new case file are run as soon as they are written."""
    watching = watch(".")
    watching.until("2 passed")
    watching.until("watching 2 files")

    cases = folder / "shop.test.yaml"
    cases.write_text(cases.read_text().replace("Order #6510", "Order #1"))
    watching.until("1 passed, 1 failed")

    rules = folder / "shop.channel"
    rules.write_text(rules.read_text().replace("Order #<order_id>", "Order #1"))
    watching.until("2 passed")

    (folder / "new").mkdir()
    watching.until("watching 2 files")
    (folder / "new" / "a.test.yaml").write_text(
        "rules: ../shop.channel\ncases: [{name: a, form: test=1, expect: {action: ignore}}]\n"
    )
    watching.until("3 passed")
    watching.until("watching 3 files")

    assert 0 == watching.interrupt()


def test_payload_file_outside_of_the_paths(watch: Watch, folder: Path) -> None:
    """The rule file and the payloads of a single case file are watched; others are not."""
    (folder / "shop.test.yaml").write_text(
        "rules: shop.channel\n"
        "cases: [{name: a, file: order.json, expect: {entity: {fields: {OPPORTUNITY: 3500}}}}]\n"
    )
    watching = watch("shop.test.yaml")
    watching.until("1 passed")
    watching.until("watching 3 files")

    (folder / "other.json").write_text("{}")
    order = folder / "order.json"
    order.write_text(order.read_text().replace("3500", "3501"))
    watching.until("1 failed")
    watching.until("watching")

    assert 1 == watching.interrupt()


def test_mistake_does_not_end_it(watch: Watch, folder: Path) -> None:
    """A file that is broken for a moment is told of, and run when it is whole again."""
    watching = watch(".")
    watching.until("watching")

    cases = folder / "shop.test.yaml"
    text = cases.read_text()
    cases.write_text(text + "  - [\n")
    watching.until("broken YAML")
    cases.unlink()
    watching.until("no case found")
    watching.until("watching 1 file;")
    cases.write_text(text)
    watching.until("2 passed")
    watching.until("watching")

    assert 0 == watching.interrupt()


def test_screen_is_cleared_on_a_terminal_only(watch: Watch) -> None:
    """Each run begins on an empty screen where there is one."""
    main, side = pty.openpty()
    try:
        watching = watch(".", out=side)
        watching.until("watching 2 files")
        shown = os.read(main, 1 << 16).decode("utf-8")
        assert 0 == watching.interrupt()
    finally:
        os.close(main)
        os.close(side)

    assert "\x1b[2J" in shown
    assert "2 passed" in shown


def test_without_the_extra(leadlark, folder: Path) -> None:
    """Where watchfiles is not installed, it is said how to install it."""
    (folder / "absent").mkdir()
    (folder / "absent" / "watchfiles.py").write_text("raise ImportError\n")

    ran = leadlark("test", ".", "--watch", env={"PYTHONPATH": str(folder / "absent")})

    assert (3, "") == (ran.status, ran.out)
    assert (
        "leadlark: --watch needs the package watchfiles; "
        "install it with `pip install watchfiles`\n" == ran.err
    )
