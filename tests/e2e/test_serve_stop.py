"""The service stops in good order: what it has accepted is answered, and it ends in time."""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from signal import SIGCONT, SIGINT, SIGSTOP, SIGTERM, Signals
from subprocess import run

import httpx
import pytest
from postgres_server import PostgresServer, programs
from service import STOP, RunningService

RULES = Path(__file__).parents[2] / "bench" / "data" / "intake.channel"
POST = b"POST /in/orders HTTP/1.1\r\ncontent-length: 50\r\n\r\n"
MANY = 20


def order(number: int) -> dict[str, object]:
    return {"phone": f"8903{number:07}", "order": number, "token": str(number)}


def queued(service: RunningService) -> float:
    """How many requests wait for a call of the store."""
    with service.client() as client:
        lines = client.get("/metrics").text.splitlines()
    return float(next(line for line in lines if line.startswith("leadlark_waiting")).split()[1])


def is_refused(port: int) -> bool:
    """Whether nothing takes a connection any more, sooner or later."""
    deadline = time.monotonic() + STOP
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_what_is_accepted_is_answered(tmp_path: Path) -> None:
    """Twenty requests that wait for the store at SIGTERM are carried out; new ones are refused."""
    store = tmp_path / "crm.db"
    with RunningService(tmp_path, RULES, f"sqlite:///{store}") as service:
        url, port = f"{service.url}/in/orders", service.port
        httpx.post(url, json=order(0))
        with (
            ThreadPoolExecutor(MANY) as pool,
            closing(sqlite3.connect(store, isolation_level=None)) as file,
        ):
            file.execute("BEGIN IMMEDIATE")  # holds the units of work up
            asked = [
                pool.submit(httpx.post, url, json=order(number), timeout=STOP)
                for number in range(1, MANY + 1)
            ]
            deadline = time.monotonic() + STOP
            while queued(service) < MANY - 1:  # one is in its call, the others wait for the next
                assert time.monotonic() < deadline
                time.sleep(0.02)
            service.process.send_signal(SIGTERM)
            assert is_refused(port)
            file.execute("COMMIT")
            answers = [each.result() for each in asked]
        assert 0 == service.process.wait(STOP)
    assert [200] * MANY == [each.status_code for each in answers]
    with closing(sqlite3.connect(store)) as file:
        kept = {row for (row,) in file.execute("SELECT delivery FROM journal")}
        assert {each.json()["request"] for each in answers} < kept
        assert [(MANY + 1, MANY + 1)] == file.execute(
            "SELECT count(*), (SELECT count(*) FROM deal) FROM journal"
        ).fetchall()
    assert "Traceback" not in service.log.read_text()


def test_half_a_request_does_not_hold_it_up(tmp_path: Path) -> None:
    """Halves of heads and bodies that may take an hour end with the time that a stop may take."""
    times = {"stop_seconds": 1, "head_seconds": 3600, "body_seconds": 3600, "idle_seconds": 3600}
    with RunningService(tmp_path, RULES, f"sqlite:///{tmp_path / 'crm.db'}", **times) as service:
        here = ("127.0.0.1", service.port)
        with (
            socket.create_connection(here, STOP) as body,
            socket.create_connection(here, STOP) as head,
            socket.create_connection(here, STOP) as nothing,
        ):
            body.sendall(POST + b"{")
            head.sendall(POST[:20])
            assert b"HTTP/1.1 200" in _asked(here)  # so the others are taken too
            assert 0 == service.stop()
            heard = [each.recv(65536) for each in (body, head, nothing)]
    assert [b"HTTP/1.1 503", b"", b""] == [each[:12] for each in heard]
    assert b"retry-after" in heard[0]
    assert "Traceback" not in service.log.read_text()


def _asked(here: tuple[str, int]) -> bytes:
    with socket.create_connection(here, STOP) as asking:
        asking.sendall(b"GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n")
        return asking.recv(65536)


@pytest.mark.parametrize("signal", [SIGINT, SIGTERM])
def test_one_process_ends_well(tmp_path: Path, signal: Signals) -> None:
    """Ctrl-C and SIGTERM end it with status 0 and without a traceback."""
    with RunningService(tmp_path, RULES, f"sqlite:///{tmp_path / 'crm.db'}") as service:
        service.process.send_signal(signal)
        assert 0 == service.process.wait(STOP)
    assert {"INFO"} == {line["level"] for line in service.logged()}


def test_several_processes_end_well(tmp_path: Path, postgres: PostgresServer) -> None:
    """Ctrl-C reaches the workers as well: status 0, no traceback."""
    with RunningService(tmp_path, RULES, postgres.empty(), workers=2) as service:
        deadline = time.monotonic() + STOP
        while service.log.read_text().count("Application startup complete") < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        for process in (*children(service.process.pid), service.process.pid):
            os.kill(process, SIGINT)
        assert 0 == service.process.wait(STOP)
    assert "Traceback" not in service.log.read_text()


def test_workers_end_with_their_parent(tmp_path: Path, postgres: PostgresServer) -> None:
    """Workers whose parent is killed give its port back, so that it can be started again."""
    with RunningService(tmp_path, RULES, postgres.empty(), workers=2) as service:
        service.kill()
        assert is_refused(service.port)


def children(parent: int) -> list[int]:
    """The processes that a process has started."""
    listed = run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(process) for process, of in pairs if int(of) == parent]


def test_a_store_that_hangs_does_not_hold_it_up(tmp_path: Path) -> None:
    """Where the store says nothing, a stop takes its time twice, and says that it gave up."""
    found = programs()
    assert found is not None
    with (
        PostgresServer(found) as server,
        RunningService(tmp_path, RULES, server.empty(), stop_seconds=1) as service,
        ThreadPoolExecutor(MANY) as pool,
    ):
        url = f"{service.url}/in/orders"
        httpx.post(url, json=order(0))
        assert server._process is not None
        halted = [server._process.pid, *children(server._process.pid)]
        for each in halted:
            os.kill(each, SIGSTOP)
        try:
            asked = []
            while not queued(service) and len(asked) < MANY:  # the first ones are in calls
                asked.append(pool.submit(httpx.post, url, json=order(1), timeout=STOP))
                time.sleep(0.1)
            assert 1 == service.stop()
            assert {503} == {each.result().status_code for each in asked}
        finally:
            for each in halted:
                os.kill(each, SIGCONT)
    assert "the store does not answer" in service.log.read_text()
