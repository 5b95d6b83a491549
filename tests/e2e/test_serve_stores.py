"""The store is out of reach for a while: 503, nothing half done, and all is fine afterwards."""

from __future__ import annotations

import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from postgres_server import PostgresServer, programs
from service import RunningService

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

from intake_load import RULES, Book, Senders, faults, kept  # noqa: E402 (found above)

PATIENCE = 60.0
PROBLEM = "application/problem+json"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    found = programs()
    assert found is not None
    with PostgresServer(found) as made:
        yield made


def ask(client: httpx.Client, number: int, **more: object) -> httpx.Response:
    """Send an order with a request id."""
    order = {"phone": f"8903{number:07}", "order": number, "token": f"t{number}", **more}
    return client.post("/in/orders", json=order, headers={"idempotency-key": f"id-{number}"})


def refused(answer: httpx.Response) -> None:
    """Hold an answer to what the contract says of a store that is out of reach."""
    assert (503, PROBLEM) == (answer.status_code, answer.headers["content-type"])
    assert 0 < int(answer.headers["retry-after"])


def until_ready(client: httpx.Client) -> None:
    """Wait until the service says that it can take requests."""
    deadline = time.monotonic() + PATIENCE
    while client.get("/health/ready").status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_server_goes_and_comes_back(
    tmp_path: Path, server: PostgresServer, workers: int
) -> None:
    """While it is gone requests get 503 and readiness says so; then it goes on by itself."""
    store = server.empty()
    with (
        RunningService(tmp_path, RULES, store, workers=workers) as service,
        service.client() as client,
    ):
        first = ask(client, 1)
        server.stop()
        refused(ask(client, 2))
        ready, live = client.get("/health/ready"), client.get("/health/live")
        assert (503, 200) == (ready.status_code, live.status_code)
        server.start()
        until_ready(client)
        again = [ask(client, number) for number in (1, 2, 2)]
    assert [200] * 4 == [each.status_code for each in (first, *again)]
    assert first.json() == again[0].json()
    assert again[1].json() == again[2].json()
    held = kept(store)
    assert (2, 2, 2) == (len(held.rows), len(held.deals), len(held.contacts))


def test_the_server_goes_amid_requests(tmp_path: Path, server: PostgresServer) -> None:
    """Each answer of success is kept, and journal and records agree, whenever it went."""
    store, book = server.empty(), Book()
    with RunningService(tmp_path, RULES, store) as service:
        with Senders(service.port, book) as senders:
            for _ in range(3):
                before, deadline = senders.answers, time.monotonic() + PATIENCE
                while senders.answers < before + 20:
                    assert time.monotonic() < deadline
                    time.sleep(0.01)
                server.restart()
            with service.client() as client:
                until_ready(client)
        assert {200, 503} >= set(book.statuses)
    assert [] == faults(kept(store), book)


def test_the_file_is_locked(tmp_path: Path) -> None:
    """A file that another process writes to for too long is a store out of reach."""
    path = tmp_path / "crm.db"
    with (
        RunningService(tmp_path, RULES, f"sqlite:///{path}") as service,
        service.client(timeout=PATIENCE) as client,
    ):
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            refused(ask(client, 1))
        assert [200, 200] == [ask(client, number).status_code for number in (1, 1)]
    held = kept(f"sqlite:///{path}")
    assert ([2], 1) == ([row.attempts for row in held.rows], len(held.deals))


def test_the_disk_is_full(tmp_path: Path) -> None:
    """A file that cannot grow is a store out of reach; it goes on once there is room."""
    path = tmp_path / "crm.db"
    with (
        RunningService(tmp_path, RULES, f"sqlite:///{path}") as service,
        service.client() as client,
    ):
        assert 200 == ask(client, 1).status_code
        room = (tmp_path / "crm.db-wal").stat().st_size + 4096
        process, no_limit = service.process.pid, resource.RLIM_INFINITY
        resource.prlimit(process, resource.RLIMIT_FSIZE, (room, no_limit))
        refused(ask(client, 2, name="x" * 30_000))
        resource.prlimit(process, resource.RLIMIT_FSIZE, (no_limit, no_limit))
        assert [200, 200] == [ask(client, number).status_code for number in (2, 1)]
    held = kept(f"sqlite:///{path}")
    assert ([], 1, 1) == (held.damage, len(held.rows) - 1, len(held.deals) - 1)
