"""The pages of audit findings: their example gives the finding, and tells nothing else of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import pytest

import leadlark
from leadlark.auditing.audit import Audit, audit
from leadlark.codes import AUDIT
from leadlark.pages import page
from leadlark.request.payload import payloads_from_file
from leadlark.request.place import placed

FENCE: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)


def audited(code: str) -> Audit:
    blocks = dict(FENCE.findall(page(code)))
    channel = next(iter(leadlark.loads(blocks["channel"]).values()))
    read = payloads_from_file("shop.ndjson", blocks["ndjson"].encode())
    sent = placed(("shop.ndjson", each) for each in read)
    return audit(channel, sent, leadlark.MemoryStore().search, NOW)


@pytest.mark.parametrize("code", sorted(AUDIT))
def test_example_gives_the_finding(code: str) -> None:
    """The payloads of the page, put to its rules, show the weak point that the page explains."""
    assert code in [each.code for each in audited(code).findings]


@pytest.mark.parametrize("code", sorted(AUDIT))
def test_example_loads_without_errors(code: str) -> None:
    """The title of the page is that of the code, as every finding of it tells it."""
    titles = {each.title for each in audited(code).findings if each.code == code}

    assert {AUDIT[code]} == titles
