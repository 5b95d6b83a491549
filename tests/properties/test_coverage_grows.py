"""Coverage over the file with every construct: a share, and one that only grows."""

from __future__ import annotations

from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NOW, Payload, orders, payloads

from leadlark import Request, Rules
from leadlark.cases.coverage import file_coverage, reached
from leadlark.cases.points import Key, rule_file
from leadlark.mapping.events import Event

ADDRESSES: Final = st.sampled_from(("everything", "each-item", "oldest-one", "shop"))


@given(sent=st.lists(st.tuples(ADDRESSES, payloads | orders), max_size=6))
@settings(max_examples=60)
def test_coverage_only_grows(everything: Rules, sent: list[tuple[str, Payload]]) -> None:
    """A case more never lowers it; it is among what there is; 100 % is where nothing is missing."""
    file = rule_file(everything["everything"].program.source)
    points = {point.key for point in file.points}
    keys: set[Key] = set()
    before = file_coverage(file, "x", keys)
    assert 0 == before.share.reached
    for address, payload in sent:
        events: list[Event] = []
        mapped = everything[address].map_all(Request(payload), NOW, watch=events.append)
        keys |= reached(file, mapped, events)
        after = file_coverage(file, "x", keys)

        assert len(points & keys) == after.share.reached
        assert before.share.reached <= after.share.reached <= after.share.total == len(points)
        assert before.share.percent <= after.share.percent <= 100
        assert (after.share.percent == 100) == (not after.missing)
        before = after
