"""A unit of work as a conversation: what is asked is locked until the unit ends.

Units of work run as if one after the other, at READ COMMITTED, because each holds until its end:

- the claim of every key that it searches by, whether or not a record has it, and of every key
  that it writes to a field that anybody searches by;
- the row of every record that it finds or writes, and of every contact that it links;
- the rows of the contacts of a lead or deal whose status it changes, because contacts lead to
  their records by status.

Claims and rows are taken contacts first, each in order. Where units of work still wait for one
another in a circle, the server ends one of them, which is carried out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable

from ...decision import Decision
from ...store import Found, Key, Plan, RecordType, Search, Work
from ..statements import RECORD_TYPES
from .asking import arrays, finding, keys_asked
from .draft import Draft
from .rows import Row, record_of, row_id, row_ids
from .sql import BEGIN, COMMIT, END, Batch, Call, Conversation, Rows, call

Place = tuple[RecordType, int]


class UnsearchedError(Exception):
    """A unit of work searches by fields of which the database does not know it yet."""

    def __init__(self, type: RecordType, fields: tuple[str, ...]) -> None:
        self.type = type
        self.fields = fields
        super().__init__(f"{type} {fields}")


def unit(
    work: Work, searched: Container[tuple[RecordType, str]], claims: set[tuple[RecordType, Key]]
) -> Conversation[Decision]:
    """One attempt at a unit of work.

    ``searched`` are the fields, by type, that the database knows to be searched by. ``claims``
    are the keys that an earlier attempt claimed or was about to; they are claimed at once, in
    order, and what this attempt claims is added.

    Raises `UnsearchedError` for a search by other fields, `StoreError` for a plan that cannot be
    carried out, and what ``work`` raises.
    """
    return _Unit(work, searched, claims).run()


class _Unit:
    """What a unit of work holds."""

    def __init__(
        self,
        work: Work,
        searched: Container[tuple[RecordType, str]],
        claims: set[tuple[RecordType, Key]],
    ) -> None:
        self._work = work
        self._searched = searched
        self._claims = claims
        self._claimed: set[tuple[RecordType, Key]] = set()
        self._rows: dict[Place, Row] = {}
        self._ahead: list[Call] = []

    def run(self) -> Conversation[Decision]:
        """Decide, carry the plan out and end the transaction."""
        self._ahead = [BEGIN]
        for type in RECORD_TYPES:
            known = [key for of, key in self._claims if of == type]
            self._ahead += self._claim(type, known, "claim_searched")
        deciding = self._work()
        try:
            search = next(deciding)
            while True:
                search = deciding.send((yield from self._find(search)))
        except StopIteration as done:
            plan: Plan = done.value
        finally:
            deciding.close()
        return (yield from self._apply(plan))

    def _ask(self, batch: Batch) -> Conversation[list[Rows]]:
        """The answers to a batch, which is sent together with what has to go ahead of it."""
        ahead, self._ahead = self._ahead, []
        answers = yield [*ahead, *batch]
        return list(answers[len(ahead) :])

    def _claim(self, type: RecordType, keys: Iterable[Key], name: str = "claim") -> list[Call]:
        """The call that claims those of the keys that this unit has not claimed yet."""
        new = sorted(key for key in set(keys) if (type, key) not in self._claimed)
        self._claims.update((type, key) for key in new)
        self._claimed.update((type, key) for key in new)
        return [call(type, name, **arrays(new))] if new else []

    def _find(self, search: Search) -> Conversation[Found]:
        type = search.type
        if search.keys:
            new = {key.field for key in keys_asked(search)}
            unknown = tuple(sorted(name for name in new if (type, name) not in self._searched))
            if unknown:
                raise UnsearchedError(type, unknown)
            self._ahead += self._claim(type, keys_asked(search))
        else:
            yield from self._lock("contact", row_ids(search.contacts))
        asked = finding(search)
        if asked is None:
            return ()
        lock, find = asked
        while True:
            ids, rows = yield from self._ask([lock, find])
            locked = {id for (id,) in ids}
            if all(row[0] in locked or (type, row[0]) in self._rows for row in rows):
                break  # else a record came between both statements, and is locked now
        self._rows.update(((type, row[0]), row) for row in rows)
        return tuple(record_of(type, row) for row in rows)

    def _lock(self, type: RecordType, ids: Iterable[int]) -> Conversation[None]:
        """Lock and read the records that this unit has not locked yet."""
        new = [id for id in ids if (type, id) not in self._rows]
        if new:
            batch = [call(type, "lock", ids=new), call(type, "read", ids=new)]
            _, rows = yield from self._ask(batch)
            self._rows.update(((type, row[0]), row) for row in rows)

    def _apply(self, plan: Plan) -> Conversation[Decision]:
        if plan.contact is None and not plan.entities:
            if not self._ahead or self._ahead[0] is not BEGIN:
                yield [END]
            return plan.decision
        draft = Draft(self._rows, (yield from self._prepare(plan)))
        draft.apply(plan)
        for type in RECORD_TYPES:
            self._ahead += self._claim(type, draft.keys[type], "claim_searched")
        answers = yield from self._ask([*draft.calls, COMMIT])
        ids = [str(id) for ((id,),) in answers[:-1]]
        created = None
        if plan.contact is not None:
            first = ids.pop(0)
            created = first if plan.contact.id is None else None
        return plan.decision.applied(created, ids)

    def _prepare(self, plan: Plan) -> Conversation[dict[Place, set[Key]]]:
        """Lock and read what the plan writes or links; the keys of the records that it changes."""
        changed: dict[RecordType, list[int]] = {type: [] for type in RECORD_TYPES}
        for write in [plan.contact, *plan.entities] if plan.contact else plan.entities:
            if write.id is not None:
                changed[write.type] += row_ids([write.id])
        yield from self._lock("contact", row_ids([*map(str, changed["contact"]), *plan.links]))
        for type in RECORD_TYPES:
            yield from self._lock(type, sorted({*changed[type]}))
        yield from self._lock("contact", self._contacts_by_status(plan))
        keys: dict[Place, set[Key]] = defaultdict(set)
        asked = [type for type in RECORD_TYPES if changed[type]]
        if asked:
            batch = [call(type, "read_keys", ids=changed[type]) for type in asked]
            for type, rows in zip(asked, (yield from self._ask(batch)), strict=True):
                for id, field, value in rows:
                    keys[type, id].add(Key(field, value))
        return keys

    def _contacts_by_status(self, plan: Plan) -> list[int]:
        """The contacts of the records whose status the plan changes."""
        contacts: set[int] = set()
        for write in plan.entities:
            row = self._rows.get((write.type, -1 if write.id is None else row_id(write.id) or -1))
            if row is not None and write.status not in (None, row[1]):
                contacts.update(row[5])
        return sorted(contacts)
