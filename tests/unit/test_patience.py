"""A request does not wait for ever for a store that says nothing."""

from __future__ import annotations

import asyncio
import json
from unittest.mock import patch

from leadlark import loads
from leadlark.decision import Decision
from leadlark.intake import receiving
from leadlark.intake.readers import Readers
from leadlark.journal import Recorded
from leadlark.proof.received import Received
from leadlark.store import Unit

RULES = """
channel shop {
    entity deal
    deal {
        TITLE = "<title>"
    }
}
"""


class Silent:
    """A store that never answers."""

    async def run(self, unit: Unit, within: float | None = None) -> Decision | Recorded:
        await asyncio.Event().wait()
        raise AssertionError(unit, within)


def test_a_request_that_waits_too_long_gets_503() -> None:
    """It is told to come again."""
    intake = receiving.Intake(
        Silent(), lambda _: (), lambda: "1", most=1, readers=Readers(1, 1), limited=lambda _: None
    )
    received = Received(
        method="POST",
        query=b"",
        headers=((b"content-type", b"application/json"),),
        body=b'{"title": "x"}',
        url="http://localhost/in/shop",
    )
    with patch.object(receiving, "_HANGS", 0.01):
        answer = asyncio.run(intake.answer(loads(RULES).only(), "shop", received))
    assert (503, "5") == (answer.status, answer.headers["retry-after"])
    assert "send it again" in json.loads(answer.body)["detail"]
