"""Durable requests a second over HTTP, against the same Starlette that echoes.

The reference is a Starlette route on uvicorn, set up as the service is, that reads a JSON body and
answers with it. Server and client have a processor each where there are two. Slices of both take
turns, and the median of their ratios is the result; every order is of another person, so each makes
a contact and a deal.

On a machine where others work at the same time the processor time of the servers tells more than
the clock: requests a second of processor time are given too.

    python bench/serving.py
    python bench/serving.py --store postgresql://HOST/DATABASE
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from signal import SIGTERM
from subprocess import STDOUT, Popen
from tempfile import TemporaryDirectory
from typing import Final, cast

import uvloop

RULES: Final = Path(__file__).parents[1] / "rules" / "reference" / "order.channel"
RUNNING: Final = re.compile(r"running on http://127\.0\.0\.1:(\d+)")
ECHO: Final = """
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def echo(request):
    return JSONResponse(await request.json())

app = Starlette(routes=[Route("/in/{address}", echo, methods=["POST"])])
uvicorn.run(app, port=0, access_log=False, ws="none", server_header=False, http="httptools")
"""

_numbers = count(1)


class Sender(asyncio.Protocol):
    """One connection that sends a request as soon as it has the answer to the last."""

    def __init__(self, until: float, times: list[float], failed: list[bytes]) -> None:
        self.until = until
        self.times = times
        self.failed = failed
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self.send()

    def send(self) -> None:
        """Send the next order."""
        number = next(_numbers)
        order = {
            "client_phone": 79000000000 + number,
            "client_name": "Мария",
            "order_id": number,
            "order_amount": 3500,
        }
        body = json.dumps(order).encode()
        self.received = b""
        self.began = time.perf_counter()
        self.transport.write(
            b"POST /in/shop-orders HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n\r\n%s" % (len(body), body)
        )

    def data_received(self, data: bytes) -> None:
        """Note the answer once it is whole."""
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        now = time.perf_counter()
        self.times.append(now - self.began)
        if not head.startswith(b"HTTP/1.1 200"):
            self.failed.append(self.received)
        if now < self.until and not self.transport.is_closing():
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        """The end."""
        if not self.done.done():
            self.done.set_result(None)


async def slice_of(port: int, connections: int, seconds: float) -> tuple[float, list[float]]:
    """Requests a second, and the times of all."""
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    times: list[float] = []
    failed: list[bytes] = []
    senders = []
    for _ in range(connections):
        _, sender = await loop.create_connection(
            lambda: Sender(began + seconds, times, failed), "127.0.0.1", port
        )
        senders.append(sender)
    await asyncio.gather(*(sender.done for sender in senders))
    if failed:
        raise SystemExit(f"{len(failed)} of {len(times)} requests failed: {failed[0]!r}")
    return len(times) / (time.perf_counter() - began), times


def processor_seconds(process: int) -> float:
    """What a process has used of processors so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def server(command: list[str], log: Path, processor: int | None) -> Iterator[tuple[int, int]]:
    """The port and the process id of a server while it runs; what it says goes to a file."""
    with log.open("w") as out, Popen(command, stdout=out, stderr=STDOUT) as process:
        if processor is not None:
            os.sched_setaffinity(process.pid, {processor})
        try:
            while not (found := RUNNING.search(log.read_text())):
                if process.poll() is not None:
                    raise SystemExit(log.read_text())
                time.sleep(0.05)
            yield int(found[1]), process.pid
        finally:
            process.send_signal(SIGTERM)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", default="", help="else an SQLite file in a temporary folder")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--slices", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of one slice")
    options = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    own = processors[0] if len(processors) > 1 else None
    if own is not None:
        os.sched_setaffinity(0, set(processors[1:]))
    with TemporaryDirectory() as name:
        folder = Path(name)
        store = options.store or f"sqlite:///{folder / 'bench.db'}"
        serve = [sys.executable, "-m", "leadlark", "serve", "--rules", str(RULES), "--port", "0"]
        serve += ["--store", store, "--source-rate", "off", "--log-level", "info"]
        rates: dict[str, list[float]] = {"echo": [], "leadlark": []}
        costs: dict[str, list[float]] = {"echo": [], "leadlark": []}
        times: dict[str, list[float]] = {"echo": [], "leadlark": []}
        with (
            server([sys.executable, "-c", ECHO], folder / "echo.log", own) as echo,
            server(serve, folder / "serve.log", own) as leadlark,
        ):
            servers = {"echo": echo, "leadlark": leadlark}
            for round in range(options.slices + 1):
                for each, (port, process) in servers.items():
                    used = processor_seconds(process)
                    rate, took = uvloop.run(slice_of(port, options.connections, options.seconds))
                    used = processor_seconds(process) - used
                    if round:  # the first warms up
                        rates[each].append(rate)
                        costs[each].append(len(took) / used)
                        times[each] += took
    for each in servers:
        took = statistics.quantiles(times[each], n=100)
        rate, cost = statistics.median(rates[each]), statistics.median(costs[each])
        print(
            f"{each:9} {rate:7,.0f}/s  {cost:7,.0f} a processor second  "
            f"p50 {took[49] * 1e3:.1f} ms  p99 {took[98] * 1e3:.1f} ms"
        )
    for name, of in (("clock", rates), ("processor", costs)):
        ratios = [own / other for own, other in zip(of["leadlark"], of["echo"], strict=True)]
        print(f"{name}: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


if __name__ == "__main__":
    main()
