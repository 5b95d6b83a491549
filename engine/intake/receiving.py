"""One request to a channel's address, from its bytes to its answer.

The order is that of rising cost: the sender's proof, reading, mapping, and last the store, which
decides, writes and records in one unit of work. An answer of success goes out only after that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Protocol

from ..channel import Channel
from ..channel import Part as Asked
from ..decision import Decision
from ..errors import PayloadError, StoreError, UnknownCommitError
from ..journal import Delivery, Entry, Recorded, time_text
from ..late_dataclass import dataclass, field
from ..proof.check import Refusal, check
from ..proof.greeting import greeting
from ..proof.received import Received
from ..proof.strength import Secret
from ..request.payload import Request
from ..store import Deciding, Plan, Unit
from ..values.plain_json import read_own
from ..values.value import write_json
from .answers import (
    STATUSES,
    UNREADABLE,
    Answer,
    Part,
    answer_of,
    document_answer,
    problem,
    problem_document,
    unavailable,
)
from .keeping import entry_of, identity_of, kept_headers, kept_query
from .readers import BusyError, Readers

PATIENCE: Final = 15.0
"""Seconds in which the store has to begin with a payload; after that it is not carried out."""

MOST: Final = 1000
"""Decisions that one request may ask for: each is a commit of its own."""

_HANGS: Final = 60.0
"""Seconds after which nothing is known of a store: a server that hangs says nothing at all."""

log = logging.getLogger(__name__)

_LARGE: Final = 4 * 1024
_MANY: Final = 64
"""Bytes, and signs that begin objects and lists, from which a request is read in a thread."""


class Carrying(Protocol):
    """What carries units of work out, as `adapters.gathering.Gathered` does."""

    async def run(self, unit: Unit, within: float | None = None) -> Decision | Recorded:
        """What became of a unit that had to begin in some seconds; raises what it raises."""
        ...


@dataclass(frozen=True, slots=True)
class Intake:
    """Answers requests.

    ``secrets`` gives the secrets of a name, several while one is replaced; ``new_id`` the id of a
    delivery; ``most`` is how many decisions one request may ask for; ``readers`` are the threads
    for what takes long to read; ``limited`` gives the answer to one request too many of a channel
    whose sender is proven; ``clock`` the time.
    """

    store: Carrying
    secrets: Callable[[str], Sequence[Secret]]
    new_id: Callable[[], str]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    most: int = MOST
    readers: Readers = field(default_factory=Readers)
    limited: Callable[[Channel], Answer | None] = lambda _: None

    async def answer(self, channel: Channel, address: str, received: Received) -> Answer:
        """The answer to a request to ``address``, which ``channel`` decides.

        What it answers with success is in the store and in the journal. Raises nothing but for
        mistakes of LeadLark itself.
        """
        now = self.clock()
        auth = channel.program.auth
        secrets = () if auth is None else self.secrets(auth.secret.text)
        greeted = greeting(auth, secrets, received)
        if greeted is not None:
            return Answer(greeted.status, greeted.body, greeted.media_type, action="greeting")
        look = partial(_look, channel, address, received, secrets, now)
        try:
            asked = await self.readers.run(look) if _is_heavy(received) else look()
        except BusyError:
            return unavailable("The request is not taken: too many others wait to be read")
        except PayloadError as error:
            return await self._safely(self._refuse(channel, address, received, now, error))
        if isinstance(asked, Refusal):
            log.warning("refused: %s", asked.reason, extra={"channel": channel.address})
            return problem(401, "The proof of the sender is missing or wrong")
        if (limited := self.limited(channel)) is not None:
            return limited
        _, parts = asked
        if len(parts) > self.most:
            detail = f"The request asks for {len(parts)} decisions; send {self.most} at a time"
            return problem(413, detail)
        return await self._safely(self._decide(channel, address, received, now, asked))

    async def _safely(self, answering: Awaitable[Answer]) -> Answer:
        try:
            return await answering
        except (UnknownCommitError, TimeoutError) as error:
            log.warning("it is not known whether a request was carried out: %s", error)
            return unavailable(
                "The store was lost meanwhile, and it is not known whether the request was carried "
                "out; send it again, under the same request id if it has one"
            )
        except StoreError as error:
            log.warning("the store cannot be used: %s", error)
            return unavailable(
                "The request is not taken: the store cannot be reached now; send it again"
            )

    async def _decide(
        self,
        channel: Channel,
        address: str,
        received: Received,
        now: datetime,
        asked: tuple[Request, Sequence[Asked]],
    ) -> Answer:
        """Carry out one payload after the other: a later one finds what an earlier one made."""
        request, several = asked
        delivery = self._delivery(channel, address, received, now, request.headers)
        parts: list[Part] = []
        first = True
        for index, each in enumerate(several):
            identity = identity_of(channel, each.id, each.payload)
            entry = entry_of(delivery, index, identity, first=first)
            work = channel.work(each.mapped, now)
            async with asyncio.timeout(_HANGS):
                done = await self.store.run(Unit(work, entry, identity), PATIENCE)
            if isinstance(done, Decision):
                first = False
                parts.append(Part(delivery.id, STATUSES[done.action], done.to_dict()))
            else:
                assert identity is not None
                parts.append(_recorded(done, identity.digest))
        return answer_of(parts, delivery.id)

    async def _refuse(
        self,
        channel: Channel,
        address: str,
        received: Received,
        now: datetime,
        error: PayloadError,
    ) -> Answer:
        """Keep a request that cannot be read, and say where it cannot."""
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in received.headers
        }
        delivery = self._delivery(channel, address, received, now, headers)
        status = UNREADABLE.get(error.code, STATUSES["unreadable"])
        document = problem_document(
            status,
            error.message,
            code=error.code,
            place=error.place,
            request=delivery.id,
        )
        kept = Entry(
            delivery,
            0,
            first=True,
            identity=None,
            action="unreadable",
            status=status,
            decision=write_json(document),
            text=error.message,
        )
        nothing = Decision(channel.address, "reject", error.message, delivery.rules, 1)
        unit = Unit(lambda: _planned(Plan(nothing)), lambda _: kept)
        async with asyncio.timeout(_HANGS):
            await self.store.run(unit, PATIENCE)
        return document_answer(document, "unreadable")

    def _delivery(
        self,
        channel: Channel,
        address: str,
        received: Received,
        now: datetime,
        headers: dict[str, str],
    ) -> Delivery:
        return Delivery(
            id=self.new_id(),
            received=time_text(now),
            address=address,
            channel=channel.address,
            method=received.method,
            query=kept_query(received.query.decode("latin-1"), channel),
            headers=kept_headers(headers, channel),
            body=received.body or None,
            rules=channel.program.rules,
        )


def _is_heavy(received: Received) -> bool:
    """Whether reading and mapping may take so long that others would wait for it."""
    body, query = received.body, received.query
    if len(body) + len(query) > _LARGE:
        return True
    return body.count(b"{") + body.count(b"[") + query.count(b"[") > _MANY


def _look(
    channel: Channel,
    address: str,
    received: Received,
    secrets: Sequence[Secret],
    now: datetime,
) -> tuple[Request, tuple[Asked, ...]] | Refusal:
    """The request and the payloads that it asks a decision for; raises `PayloadError`."""
    auth = channel.program.auth
    if auth is not None and (refused := check(auth, secrets, received, now)) is not None:
        return refused
    request = Request.from_http(
        method=received.method,
        query=received.query,
        headers=received.headers,
        body=received.body,
        address=address,
    )
    return request, channel.parts(request, now)


def _recorded(earlier: Recorded, digest: str) -> Part:
    """What a repeated request is told: what was recorded, if it is the same request."""
    if earlier.digest != digest:
        conflict = "Another request has come under the same id before, with another payload"
        return Part(earlier.delivery, 409, {}, conflict)
    decision: Any = read_own(earlier.decision)
    return Part(earlier.delivery, earlier.status, decision)


def _planned(plan: Plan) -> Deciding:
    """Deciding that asks nothing."""
    yield from ()
    return plan
