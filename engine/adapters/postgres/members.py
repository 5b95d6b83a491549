"""A unit of work in a group: how far it is, and what it comes to hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from ...decision import Decision
from ...store import Key, Outcome, Plan, RecordType, Unit
from .draft import Draft
from .sql import Rows
from .unit import FindByKey, Take, Want, Working, working

Claim: TypeAlias = tuple[RecordType, Key]
Held: TypeAlias = Claim | tuple[RecordType, int]
"""A key or a record, with its type."""


class Member:
    """A unit of work on its way: what it wants next, or its draft, and at last its outcome."""

    __slots__ = ("_draft", "_plan", "_work", "outcome", "unit", "want")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.want: Want | None = None
        self.outcome: Outcome | None = None
        self._work: Working | None = None
        self._plan: Plan | None = None
        self._draft: Draft | None = None

    @property
    def draft(self) -> Draft:
        """What the unit writes, once it wants nothing more."""
        assert self._draft is not None
        return self._draft

    def begin(self) -> None:
        """Run the unit, from its beginning, to what it wants first; raises what its work raises."""
        self._work = working(self.unit.work)
        self._advance(None)

    def answer(self, rows: Rows) -> None:
        """Run the unit to what it wants next, or to its draft; raises what its work raises."""
        self._advance(rows)

    def _advance(self, rows: Rows | None) -> None:
        assert self._work is not None
        self.want = None
        try:
            self.want = self._work.send(rows)  # type: ignore[arg-type]  # None begins it
        except StopIteration as done:
            self._plan, self._draft = done.value

    def close(self) -> None:
        """Forget all that was asked and drafted."""
        if self._work is not None:
            self._work.close()
        self._work = self.want = self._plan = self._draft = None

    def coming_to(self) -> list[Held]:
        """What the unit comes to hold by what it wants, before it is answered."""
        want = self.want
        if isinstance(want, FindByKey):
            return [(want.type, key) for key in want.keys]
        return [(want.type, id) for id in want.ids] if isinstance(want, Take) else []

    def added(self) -> list[Claim]:
        """The search keys that the draft adds to records."""
        return [(type, key) for type, keys in self.draft.keys.items() for key in keys]

    def decided(self, ids: Sequence[int]) -> Decision:
        """The decision, with the ids of what the draft writes."""
        assert self._plan is not None
        decision, contact = self._plan.decision, self._plan.contact
        if not ids:
            return decision
        texts = list(map(str, ids))
        if contact is None:
            return decision.applied(None, texts)
        return decision.applied(texts[0] if contact.id is None else None, texts[1:])

    def told(self) -> Outcome:
        """What became of the unit, once it is done."""
        assert self.outcome is not None
        return self.outcome


class Running:
    """The units of a group that are run at the moment, and what each of them holds."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._members = list(members)
        self._holders: dict[Held, Member] = {}

    def __iter__(self) -> Iterator[Member]:
        """Those that are left now; they may leave on the way."""
        return iter(tuple(self._members))

    def leave(self, member: Member, outcome: Outcome | None = None) -> None:
        """A unit goes, with nothing written: without an outcome it is set aside."""
        member.close()
        member.outcome = outcome
        self._members.remove(member)
        held = [each for each, holder in self._holders.items() if holder is member]
        for each in held:
            del self._holders[each]

    def may_hold(self, member: Member, wanted: Iterable[Held]) -> bool:
        """Whether nothing of what a unit comes to is held by another; else it is set aside."""
        if any(self._holders.get(held, member) is not member for held in wanted):
            self.leave(member)
            return False
        return True

    def hold(self, member: Member, wanted: Sequence[Held]) -> bool:
        """Let a unit hold all that it comes to, if it may."""
        may = self.may_hold(member, wanted)
        if may:
            self._holders.update(dict.fromkeys(wanted, member))
        return may
