"""What comparing two versions of rules on many payloads gives: counts, and an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..decision import Origin
from ..request.place import Place, Unreadable
from ..store import Key
from ..values.value import Json
from .changes import How, Kind

MAX_GROUPS: Final = 300
"""The most kinds of change that are told apart; paths of problems can come from payloads."""

MAX_UNREADABLE: Final = 5
"""How many payloads that cannot be read are shown."""


@dataclass(frozen=True, slots=True)
class Example:
    """The first payload that shows a change: the values, and why each version decides as it does.

    ``old_rule`` and ``new_rule`` tell where a field's value comes from; ``keys`` are the search
    keys that the reasons may name, and no part of the JSON.
    """

    place: Place
    old: Json
    new: Json
    old_decision: str
    new_decision: str
    old_rule: Origin | None = None
    new_rule: Origin | None = None
    keys: tuple[Key, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The example as it stands in JSON."""
        return {
            "place": self.place.to_dict(),
            "old": self.old,
            "new": self.new,
            "old_decision": self.old_decision,
            "new_decision": self.new_decision,
            "old_rule": _rule(self.old_rule),
            "new_rule": _rule(self.new_rule),
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one kind: ``old`` and ``new`` are set where they tell the kind."""

    kind: Kind
    how: How
    target: str | None
    name: str | None
    old: str | None
    new: str | None
    count: int
    example: Example

    def to_dict(self) -> dict[str, Any]:
        """The group as it stands in JSON."""
        return {
            "kind": self.kind,
            "how": self.how,
            "target": self.target,
            "name": self.name,
            "old": self.old,
            "new": self.new,
            "count": self.count,
            "example": self.example.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Addresses:
    """The channel addresses that only one of the versions has."""

    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What two versions of a channel decide differently.

    ``channel`` is None where no address is in both versions. ``same_text`` says whether the rule
    files hold the same bytes. ``payloads`` are those of each file, ``same`` and ``changed``
    decisions; ``groups_left_out`` changes are of kinds beyond `MAX_GROUPS`.
    """

    channel: str | None
    addresses: Addresses = field(default_factory=Addresses)
    same_text: bool = False
    payloads: Mapping[str, int] = field(default_factory=dict)
    unreadable: int = 0
    unreadable_examples: tuple[Unreadable, ...] = ()
    same: int = 0
    changed: int = 0
    groups: tuple[Group, ...] = ()
    groups_left_out: int = 0

    @property
    def is_same(self) -> bool:
        """Whether both versions have the same channels and decide everything alike."""
        return self.addresses == Addresses() and self.same > 0 and self.changed == 0

    def to_dict(self) -> dict[str, Any]:
        """The difference as JSON values; its shape is ``leadlark/schemas/difference.json``."""
        return {
            "same": self.is_same,
            "channel": self.channel,
            "only_old": list(self.addresses.only_old),
            "only_new": list(self.addresses.only_new),
            "same_text": self.same_text,
            "payloads": sum(self.payloads.values()),
            "unreadable": {
                "count": self.unreadable,
                "examples": [each.to_dict() for each in self.unreadable_examples],
            },
            "decisions": {"same": self.same, "changed": self.changed},
            "changes": [each.to_dict() for each in self.groups],
            "changes_left_out": self.groups_left_out,
        }


def _rule(origin: Origin | None) -> dict[str, Any] | None:
    return None if origin is None else {"line": origin.line, "text": origin.rule}
