"""Several units of work as one conversation: they ask in step, and are written and ended together.

Units of work run as if one after the other, at READ COMMITTED, because each holds until its end:

- the claim of the request that it stands for;
- the claim of every key that it searches by, whether or not a record has it, and of every key
  that it writes to a field that anybody searches by;
- the row of every record that it finds or writes, and of every contact that it links;
- the rows of the contacts of a lead or deal whose status it changes, because contacts lead to
  their records by status.

The server keeps apart what other connections hold. Within a group, whose units share a transaction,
it is kept here who holds what: a unit that comes to what another one holds is set aside, and begins
anew once the others are written. It has written nothing then, for all that is not set aside is
written at once.

Requests are claimed before contacts, and these before leads and deals, all in order. Where units
of work still wait for one another in a circle, the server ends one of the transactions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Final

from ...journal import Recorded
from ...store import Key, Outcome, RecordType, Unit
from ..entries import Columns, columns_to_write
from ..statements import RECORD_TYPES
from .asking import arrays
from .journal import Request, claiming, request, writing
from .members import Claim, Member, Running
from .merging import Merged
from .sql import BEGIN, COMMIT, END, IMPATIENT, Batch, Call, Conversation, Rows, call
from .unit import FindByContact, FindByKey
from .writing import Numbered, one_by_one, together

MAX_GROUP: Final = 64
"""Units in one transaction at most: none waits for more than so many others."""


class UnsearchedError(Exception):
    """Units of work search by fields, by type, of which the database does not know it yet."""

    def __init__(self, fields: set[tuple[RecordType, str]]) -> None:
        self.fields = fields
        super().__init__(f"{sorted(fields)}")


def group(
    units: Sequence[Unit],
    searched: Container[tuple[RecordType, str]],
    claims: set[Claim],
    *,
    patient: bool = True,
) -> Conversation[list[Outcome]]:
    """One attempt at some units of work in one transaction: what became of each.

    ``searched`` are the fields, by type, that the database knows to be searched by. ``claims``
    are the keys that an earlier attempt claimed or was about to; they are claimed at once, in
    order, and what this attempt claims is added. Without ``patient`` the server refuses what has to
    wait for others for more than a moment.

    Raises `UnsearchedError` for searches by other fields.
    """
    return _Group(units, searched, claims).run([BEGIN] if patient else [BEGIN, IMPATIENT])


class _Group:
    """What the units of a group hold, and what their transaction has claimed and locked."""

    def __init__(
        self,
        units: Sequence[Unit],
        searched: Container[tuple[RecordType, str]],
        claims: set[Claim],
    ) -> None:
        self._members = [Member(unit) for unit in units]
        self._running = Running(self._members)
        self._searched = searched
        self._claims = claims
        self._claimed: set[Claim] = set()
        self._locked: set[tuple[RecordType, int]] = set()
        self._ahead: list[Call] = []
        self._wrote = False

    def run(self, begin: list[Call]) -> Conversation[list[Outcome]]:
        """Decide, carry the plans out and end the transaction."""
        self._ahead = begin
        earlier = frozenset(self._claims)
        todo = self._members
        try:
            while todo:
                self._running = Running(todo)
                yield from self._identify()
                self._claim_added(earlier)
                yield from self._decide()
                single = self._single()
                if single is not None:
                    yield from self._write_and_end(single)
                    break
                yield from self._write()
                todo = [each for each in todo if each.outcome is None]
            else:
                yield from self._end()
        finally:
            for member in self._members:
                member.close()
        return [member.told() for member in self._members]

    def _ask(self, batch: Batch) -> Conversation[Sequence[Rows]]:
        """The answers to a batch, which is sent together with what has to go ahead of it."""
        ahead, self._ahead = self._ahead, []
        answers = yield [*ahead, *batch]
        return answers[len(ahead) :]

    def _claim(self, type: RecordType, keys: Iterable[Key], name: str = "claim") -> list[Call]:
        """The call that claims those of the keys that are not claimed yet."""
        new = sorted(key for key in set(keys) if (type, key) not in self._claimed)
        self._claims.update((type, key) for key in new)
        self._claimed.update((type, key) for key in new)
        return [call(type, name, **arrays(new))] if new else []

    def _claim_added(self, claims: Collection[Claim]) -> None:
        """Claim those keys that anybody searches by, ahead of what is asked next."""
        for type in RECORD_TYPES:
            keys = (key for of, key in claims if of == type)
            self._ahead += self._claim(type, keys, "claim_searched")

    def _identify(self) -> Conversation[None]:
        """Claim the requests that units stand for, and give what is recorded of them."""
        asking: dict[Request, list[Member]] = {}
        for member in self._running:
            if member.unit.identity is not None:
                asking.setdefault(request(member.unit.identity), []).append(member)
        if not asking:
            return
        several = sorted(asking.items())
        requests = [(each, len(members)) for each, members in several]
        _, rows = yield from self._ask(claiming(requests))
        recorded = {number: Recorded(*row) for number, *row in rows}
        for number, (_, members) in enumerate(several):
            if number in recorded:
                self._wrote = True  # deliveries are counted
                for member in members:
                    self._running.leave(member, recorded[number])
            for member in members[1:] if number not in recorded else ():
                self._running.leave(member)

    def _decide(self) -> Conversation[None]:
        """Run all units to their drafts."""
        for member in self._running:
            self._advance(member, None)
        while any(member.want is not None for member in self._running):
            self._check_searched()
            asking = [
                member
                for member in self._running
                if member.want is not None and self._running.hold(member, member.coming_to())
            ]
            merged = Merged([member.want for member in asking if member.want is not None])
            for type, keys in merged.keys.items():
                self._ahead += self._claim(type, keys)
            if merged.calls:
                answers = merged.told((yield from self._ask(merged.calls)), self._locked)
                for member, told in zip(asking, answers, strict=True):
                    self._answer(member, told)

    def _advance(self, member: Member, rows: Rows | None) -> None:
        """Run a unit to what it wants next; what its work raises is its outcome."""
        try:
            if rows is None:
                member.begin()
            else:
                member.answer(rows)
        except Exception as error:
            self._running.leave(member, error)

    def _answer(self, member: Member, rows: Rows) -> None:
        want = member.want
        if isinstance(want, FindByKey | FindByContact):
            found = [(want.type, row[0]) for row in rows]
            if not self._running.hold(member, found):
                return
            if not self._locked.issuperset(found):
                return  # one came between both statements, and is locked when it is asked again
        self._advance(member, rows)

    def _check_searched(self) -> None:
        asked = {
            (member.want.type, key.field)
            for member in self._running
            if isinstance(member.want, FindByKey)
            for key in member.want.keys
        }
        unknown = {each for each in asked if each not in self._searched}
        if unknown:
            raise UnsearchedError(unknown)

    def _single(self) -> Member | None:
        """The only unit, if it has writes and nobody has to know its ids before."""
        (first, *others) = self._members
        is_plain = not others and first.unit.entry is None and first.unit.identity is None
        return first if is_plain and first.outcome is None and first.draft.writes else None

    def _write_and_end(self, member: Member) -> Conversation[None]:
        """Write a single unit, and end the transaction."""
        self._claim_added(member.added())
        answers = yield from self._ask([*one_by_one(member.draft.writes), COMMIT])
        member.outcome = member.decided([id for ((id,),) in answers[:-1]])

    def _write(self) -> Conversation[None]:
        """Write all that is drafted, ahead of what is asked next, with its rows of the journal."""
        drafted = [each for each in self._running if self._running.may_hold(each, each.added())]
        self._claim_added([claim for member in drafted for claim in member.added()])
        fresh = yield from self._new_ids()
        writes: list[Numbered] = []
        rows: list[Columns] = []
        for member in drafted:
            own = member.draft.writes
            ids = [next(fresh[each.type]) if each.id is None else each.id for each in own]
            try:
                decision = member.decided(ids)
                row = columns_to_write(member.unit, decision)
            except Exception as error:
                self._running.leave(member, error)
                continue
            member.outcome = decision
            rows += [row] if row is not None else []
            created = ids[0] if own and own[0].creates_contact else None
            writes += [Numbered(*each, created) for each in zip(own, ids, strict=True)]
        calls = [*together(writes), *writing(rows)]
        self._wrote = self._wrote or bool(calls)
        self._ahead += calls

    def _end(self) -> Conversation[None]:
        """End the transaction, if there is one."""
        if self._wrote:
            yield from self._ask([COMMIT])
        elif not self._ahead or self._ahead[0] is not BEGIN:
            yield from self._ask([END])

    def _new_ids(self) -> Conversation[dict[RecordType, Iterator[int]]]:
        """As many ids of each type as there are records to create."""
        created = Counter(
            each.type for member in self._running for each in member.draft.writes if each.id is None
        )
        types = [type for type in RECORD_TYPES if created[type]]
        if not types:
            return {}
        batch = [call(type, "next_ids", count=created[type]) for type in types]
        answers = yield from self._ask(batch)
        return {
            type: iter([id for (id,) in rows]) for type, rows in zip(types, answers, strict=True)
        }
