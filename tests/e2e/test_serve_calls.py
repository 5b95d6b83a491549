"""Connections on which a great deal comes at once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from service import RunningService

RULES = Path(__file__).parents[2] / "rules" / "reference" / "order.channel"
UPGRADE = b"GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: a\r\n\r\n"
LAST = b"GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    with RunningService(tmp_path, RULES, "memory:") as running:
        yield running


@pytest.mark.parametrize("count", [1, 3_000])
def test_many_wishes_for_another_protocol_are_ignored(service: RunningService, count: int) -> None:
    """Every request of a pipeline is answered, however many wish for another protocol."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=30) as connection:
        connection.sendall(UPGRADE * count + LAST)
        with connection.makefile("rb") as answers:
            answered = answers.read().count(b"HTTP/1.1 200 OK")
    assert count + 1 == answered
    assert [] == [line for line in service.logged() if line["level"] == "ERROR"]
