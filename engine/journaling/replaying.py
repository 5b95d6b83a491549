"""Deliveries of the journal decided again, compared with what was recorded, and carried out.

A delivery is decided as it was received and at the time at which it was: what differs then comes
from the rules and from what the store holds now, not from the clock. A part that was recorded
under an earlier delivery of the same request is not decided again.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal, TypeAlias

from ..channel import Channel, Part, Rules
from ..comparing.changes import Change, changes
from ..comparing.tally import Made
from ..decision import Decision
from ..errors import LeadLarkError, PayloadError
from ..journal import Delivery, Entry
from ..late_dataclass import dataclass, replace
from ..mapping.mapped import FieldMap, MappedPayload
from ..store import Deciding, JournalStore, Key, Unit, Work, settle
from ..values.dates import parse_iso
from ..values.keys import EMAIL, PHONE, is_email_field, is_phone_field
from .recorded import before_ids, decision_of, request_of, unreadable
from .selecting import REPLAY_OF, Kept

State: TypeAlias = Literal["compared", "purged", "no channel", "erased"]
"""What became of a replay: compared, or why it could not be."""

Marked: TypeAlias = Callable[[Sequence[Key]], Mapping[Key, str]]
Written: TypeAlias = Callable[[Delivery, int, bool], Callable[[Decision], Entry]]
"""What makes the row of a part's decision; the flag says that it is the first of the delivery."""


class ErasedPersonError(LeadLarkError):
    """A payload is of a person who was erased, and is not carried out again."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A part's decision as it was recorded and as it would be now; None where there is none."""

    part: int
    old: Made | None
    new: Made | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A delivery decided again; without ``parts`` unless it is compared."""

    kept: Kept
    state: State
    channel: str | None = None
    parts: tuple[Compared, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether everything would be decided as it was."""
        return self.state == "compared" and not self.differing

    @property
    def differing(self) -> frozenset[int]:
        """The parts that would be decided otherwise."""
        return frozenset(each.part for each in self.parts if each.changes)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON values."""
        delivery = self.kept.delivery
        return {
            "delivery": delivery.id,
            "number": self.kept.number,
            "received": delivery.received,
            "address": delivery.address,
            "channel": self.channel,
            "state": self.state,
            "same": self.is_same,
            "decisions": [
                {
                    "part": each.part,
                    "recorded": None if each.old is None else each.old.decision.to_dict(),
                    "now": None if each.new is None else each.new.decision.to_dict(),
                    "changes": [_shown(change) for change in each.changes],
                }
                for each in self.parts
            ],
        }


def channel_of(rules: Rules, delivery: Delivery) -> Channel | None:
    """The channel that requests to a delivery's address reach by some rules."""
    found = rules.channels.get(delivery.address)
    return found or next((each for each in rules.values() if each.program.default), None)


@dataclass(frozen=True, slots=True)
class Replayer:
    """Decides deliveries by rules on a store; ``marked`` gives the marks of people erased."""

    rules: Rules
    store: JournalStore
    marked: Marked

    def compare(self, kept: Kept) -> Replayed:
        """What would be decided now beside what was recorded; writes nothing."""
        delivery = kept.delivery
        channel = channel_of(self.rules, delivery)
        if not kept.has_content:
            return Replayed(kept, "purged")
        if channel is None:
            return Replayed(kept, "no channel")
        old = {row.part: Made(before_ids(decision_of(row)), _UNKNOWN) for _, row in kept.rows}
        new: dict[int, Made] = {}
        try:
            for index, part in _parts(channel, kept):
                if _is_refused(self.marked, person_keys(part.mapped), delivery):
                    return Replayed(kept, "erased", channel.address)
                plan = settle(channel.work(part.mapped, _then(delivery))(), self.store.search)
                new[index] = Made(plan.decision, part.mapped)
        except PayloadError as error:
            told = unreadable(channel.address, channel.program.rules, error)
            new = {0: Made(told, _UNKNOWN)}
        both = [(index, old.get(index), new.get(index)) for index in sorted({*old, *new})]
        compared = tuple(
            Compared(index, before, after, changes(_decision(before), _decision(after)))
            for index, before, after in both
        )
        return Replayed(kept, "compared", channel.address, compared)

    def apply(
        self, kept: Kept, id: str, now: str, written: Written, only: Container[int] | None = None
    ) -> list[Decision]:
        """Carry out what is decided now, as a delivery of its own without a request id.

        ``id`` and ``now`` are its id and its time, ``only`` the parts that are meant. Parts are
        carried out one after the other, each with its row of the journal. Raises `PayloadError`
        where the request cannot be read, `ErasedPersonError` for one of a person who was erased,
        and `StoreError`.
        """
        original = kept.delivery
        channel = channel_of(self.rules, original)
        if channel is None or not kept.has_content:
            return []
        delivery = replace(
            original,
            id=id,
            received=now,
            channel=channel.address,
            headers={**original.headers, REPLAY_OF: kept.replay_of or original.id},
            rules=channel.program.rules,
        )
        done: list[Decision] = []
        for index, part in _parts(channel, kept):
            if only is not None and index not in only:
                continue
            keys = person_keys(part.mapped)
            refused = partial(_is_refused, self.marked, keys, original)
            work = partial(_unmarked, channel.work(part.mapped, _then(original)), refused)
            (outcome,) = self.store.transact_all([Unit(work, written(delivery, index, not done))])
            if isinstance(outcome, Exception):
                raise outcome
            assert isinstance(outcome, Decision)  # a unit without an identity is not recorded
            done.append(outcome)
        return done


def person_keys(mapped: MappedPayload) -> tuple[Key, ...]:
    """The phones and e-mails that a payload is mapped to, as marks have them."""
    return tuple(
        dict.fromkeys((*_keys(mapped.contact_fields), *_keys(mapped.entity_fields))),
    )


_UNKNOWN = MappedPayload()


def _keys(fields: FieldMap) -> list[Key]:
    found = []
    for name, each in fields.items():
        kind = None
        if is_phone_field(name) or each.kind == "phone":
            kind = PHONE
        elif is_email_field(name) or each.kind == "email":
            kind = EMAIL
        if kind is not None:
            found += [Key(kind, key.value) for key in each.keys]
    return found


def _is_refused(marked: Marked, keys: Sequence[Key], delivery: Delivery) -> bool:
    """Whether a person was erased after a delivery; a later one is a new request of theirs."""
    return any(when > delivery.received for when in marked(keys).values())


def _unmarked(work: Work, is_refused: Callable[[], bool]) -> Deciding:
    """Deciding that fails for a person who was erased, at its end: the keys are held by then."""
    plan = yield from work()
    if is_refused():
        raise ErasedPersonError("it is of a person who was erased")
    return plan


def _parts(channel: Channel, kept: Kept) -> list[tuple[int, Part]]:
    """What is to be decided, by its part; what was recorded under an earlier delivery is not."""
    parts = list(enumerate(channel.parts(request_of(kept.delivery), _then(kept.delivery))))
    recorded = {row.part for _, row in kept.rows}
    return [each for each in parts if each[0] in recorded or each[0] > max(recorded)]


def _then(delivery: Delivery) -> datetime:
    return parse_iso(delivery.received) or datetime.fromtimestamp(0, UTC)


def _decision(made: Made | None) -> Decision | None:
    return None if made is None else made.decision


def _shown(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "how": change.how,
        "target": change.target,
        "name": change.name,
        "old": change.old,
        "new": change.new,
    }
