"""The intake service as a process of its own, as its users start it."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from signal import SIGKILL, SIGTERM
from subprocess import Popen
from types import TracebackType
from typing import Any, Final

import httpx

START: Final = 60.0  # seconds, for a machine that does much else
STOP: Final = 60.0

_RUNNING: Final = re.compile(r"running on http://127\.0\.0\.1:(\d+)")


class RunningService:
    """``leadlark serve`` on a free port of loopback; its log is in ``log``.

    ``settings`` are options by name, as in ``source_rate="off"``.
    """

    def __init__(self, folder: Path, rules: Path, store: str, **settings: object) -> None:
        self.log: Final = folder / "serve.log"
        self.rules: Final = rules
        options = {"source-rate": "off", "port": 0, "rules": rules, "store": store}
        options |= {name.replace("_", "-"): value for name, value in settings.items()}
        self._command = [sys.executable, "-m", "leadlark", "serve"]
        for name, value in options.items():
            self._command += [f"--{name}", str(value)]
        self._folder = folder
        self.process: Popen[bytes]
        self.start()

    def start(self, **environment: str) -> None:
        """Start it, or start it again after its end, on another port."""
        known = self.log.read_text() if self.log.exists() else ""
        with self.log.open("ab") as log:
            self.process = Popen(
                self._command, stderr=log, cwd=self._folder, env={**os.environ, **environment}
            )
        deadline = time.monotonic() + START
        while True:
            text = self.log.read_text()[len(known) :]
            found = _RUNNING.search(text)
            if found and self._is_up(int(found[1])):
                break
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                raise AssertionError(f"the service does not start:\n{text}")
            time.sleep(0.05)

    def _is_up(self, port: int) -> bool:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        try:
            return httpx.get(f"{self.url}/health/live", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def client(self, **options: Any) -> httpx.Client:
        """A client with the service's address."""
        return httpx.Client(base_url=self.url, **{"timeout": 30.0, **options})

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the log; all are JSON objects."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def kill(self) -> None:
        """End it as a machine does that loses its power, but for the disk's cache."""
        self.process.send_signal(SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """Stop it as an operator does; its exit status."""
        self.process.send_signal(SIGTERM)
        return self.process.wait(STOP)

    def __enter__(self) -> RunningService:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.stop()
