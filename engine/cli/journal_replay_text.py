"""Replays as text for people: what would be decided otherwise now, and what cannot be replayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..comparing.difference import Difference
from ..explaining.masking import Mask
from ..journaling.counting import LISTED, Counted
from ..journaling.replaying import Replayed, State
from . import diff_text

Segment = tuple[str, str]

_WHY: Final[dict[State, tuple[str, str]]] = {
    "purged": ("cannot be replayed, the journal does not keep", "any more"),
    "no channel": ("cannot be replayed, the rules have no channel for", ""),
    "erased": ("cannot be replayed, a person was erased and is named by", ""),
}


def segments(
    counted: Counted, differences: Sequence[Difference], mask: Mask | None
) -> Iterator[Segment]:
    """Pieces of text with their styles, lines separated."""
    yield ("good" if counted.is_same else "message"), _summary(counted)
    for state, (why, end) in _WHY.items():
        if count := counted.states[state]:
            yield "warning", f"\n{count:,} {why} {'it' if count == 1 else 'them'} {end}".rstrip()
            listed = counted.listed[state]
            more = f" and {count - len(listed):,} more" if count > len(listed) else ""
            yield "plain", f": {', '.join(listed)}{more}"
    if counted.differing > 1:  # of one alone all stands below
        yield "plain", "\n"
        for each in counted.changed:
            yield from _line(each, mask)
    if counted.differing > LISTED:
        yield "plain", f"\n  and {counted.differing - LISTED:,} more"
    told = [each for each in differences if each.groups]
    if told:
        yield "dim", "\n\nold: as recorded; new: as decided now, on what the store holds now"
    for difference in told:
        # The first piece is a sentence about two versions of rules.
        _, *rest = diff_text.segments(difference)
        if len(differences) > 1:
            yield "message", f"\n\n{difference.channel}"
        yield from rest


def _summary(counted: Counted) -> str:
    total = counted.total
    if not total:
        return "no request fits"
    of = f"{total:,} request{'' if total == 1 else 's'}"
    if counted.is_same:
        return f"{of}: all would be decided as recorded" if total > 1 else f"{of}: as recorded"
    said = []
    if counted.differing:
        said.append(f"{counted.differing:,} would be decided otherwise now")
    if counted.same:
        said.append(f"{counted.same:,} as recorded")
    if lost := total - counted.same - counted.differing:
        said.append(f"{lost:,} cannot be replayed")
    return f"{of}: {', '.join(said)}"


def _line(replayed: Replayed, mask: Mask | None) -> Iterator[Segment]:
    """A delivery, and each of its decisions that differs, then and now."""
    delivery = replayed.kept.delivery
    yield "place", f"\n  {delivery.id}"
    yield "plain", f"  {delivery.received[:19].replace('T', ' ')}"
    for each in replayed.parts:
        if not each.changes:
            continue
        sides = []
        for made in (each.old, each.new):
            if made is None:
                sides.append("nothing")
                continue
            reason = made.decision.reason
            shown = reason if mask is None else mask.sentence(reason)
            sides.append(f"{made.decision.action} ({diff_text.short(shown)})")
        before, after = sides
        told = f"{before} -> {after}" if before != after else f"{after}, with other values"
        yield "plain", f"\n    {told}"
