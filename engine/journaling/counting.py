"""Many replays counted up, channel by channel, in the form of `leadlark diff`."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from ..comparing.difference import Difference
from ..comparing.tally import Tally
from ..late_dataclass import dataclass, field
from ..request.place import Place
from .replaying import Replayed, State

LISTED: Final = 20
"""Deliveries that are listed one by one; all are counted."""


@dataclass()
class Counted:
    """What became of replays: how many of each state, the first of them, and what differs."""

    states: Counter[State] = field(default_factory=Counter)
    listed: dict[State, list[str]] = field(default_factory=dict)
    changed: list[Replayed] = field(default_factory=list)
    same: int = 0
    differing: int = 0
    _tallies: dict[str, Tally] = field(default_factory=dict)
    _decisions: dict[str, list[int]] = field(default_factory=dict)

    def add(self, replayed: Replayed) -> None:
        """Count one delivery."""
        self.states[replayed.state] += 1
        id = replayed.kept.delivery.id
        if replayed.state != "compared":
            listed = self.listed.setdefault(replayed.state, [])
            if len(listed) < LISTED:
                listed.append(id)
            return
        if replayed.is_same:
            self.same += 1
        else:
            self.differing += 1
            if len(self.changed) < LISTED:
                self.changed.append(replayed)
        channel = replayed.channel or ""
        tally = self._tallies.setdefault(channel, Tally())
        counts = self._decisions.setdefault(channel, [0, 0])
        for each in replayed.parts:
            counts[bool(each.changes)] += 1
            where = Place(id, 1).inside(each.part, len(replayed.parts))
            for change in each.changes:
                tally.add(change, where, each.old, each.new)

    @property
    def total(self) -> int:
        """How many deliveries were looked at."""
        return self.states.total()

    @property
    def is_same(self) -> bool:
        """Whether everything could be decided, and would be as it was."""
        return self.total == self.same

    def differences(self) -> tuple[Difference, ...]:
        """What differs in each channel."""
        return tuple(
            Difference(
                channel,
                payloads={group.example.place.file: 1 for group in tally.groups()},
                same=self._decisions[channel][0],
                changed=self._decisions[channel][1],
                groups=tally.groups(),
                groups_left_out=tally.left_out,
            )
            for channel, tally in sorted(self._tallies.items())
        )

    def to_dict(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {
            "deliveries": self.total,
            "same": self.same,
            "differing": self.differing,
            "purged": self.states["purged"],
            "no_channel": self.states["no channel"],
            "erased": self.states["erased"],
        }
