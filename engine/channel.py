"""Channels and rules as programs use them: the language and the decision behind one face."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from typing import TypeVar

from .deciding.decide import decide
from .decision import Decision
from .errors import SeveralPayloadsError, UnknownChannelError
from .language.nodes import EntityType
from .late_dataclass import dataclass
from .mapping.events import Watch
from .mapping.interpret import identities, interpret
from .mapping.mapped import MappedPayload
from .mapping.program import Program
from .messages.diagnostics import Diagnostic
from .messages.suggest import closest
from .request.payload import Request
from .store import AsyncStore, Store, Work, settle, settle_async
from .values.value import Json

OneT = TypeVar("OneT")


@dataclass(frozen=True, slots=True)
class Part:
    """One payload of a request, or an element under ``each``: mapped, under its request id."""

    mapped: MappedPayload
    id: str | None
    payload: Json


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel, checked and ready.

    Times are aware; ``now`` is the present where it is left out, and the only thing that is not
    an argument: the same request, store and time give the same decision.
    """

    program: Program

    @property
    def address(self) -> str:
        """The address that its requests are sent to."""
        return self.program.address

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.program.title

    @property
    def type(self) -> EntityType:
        """What its requests become: ``lead`` or ``deal``."""
        return self.program.type

    @property
    def region(self) -> str | None:
        """The ISO 3166 country of phones without a country code, if it names one."""
        return self.program.region

    def map(self, request: Request, now: datetime | None = None) -> MappedPayload:
        """What the channel makes of the request's payload without looking into a store.

        Raises `SeveralPayloadsError` for a request of several payloads; see `map_all`.
        """
        return self._only(self.map_all(request, now))

    def map_all(
        self, request: Request, now: datetime | None = None, *, watch: Watch | None = None
    ) -> tuple[MappedPayload, ...]:
        """`map` for every payload of the request, and every element under ``each``, in order.

        ``watch`` is told what happens on the way; see `mapping.events`.
        """
        moment = _moment(now)
        singles = request.split()
        if len(singles) == 1:
            return interpret(self.program, singles[0], moment, watch)
        several = [interpret(self.program, each, moment, watch) for each in singles]
        return tuple(chain.from_iterable(several))

    def parts(self, request: Request, now: datetime | None = None) -> tuple[Part, ...]:
        """The decisions that a request asks for, with what makes each the same as another one.

        A request id is what `request id` gives, else what a header names: with the decision's
        index behind a colon for all but the first of several.
        """
        moment = _moment(now)
        mapped = self.map_all(request, moment) or (_EMPTY,)
        found = [identities(self.program, each, moment) for each in request.split()]
        flat = tuple(chain.from_iterable(found)) or ((request.id, request.payload),)
        if len(flat) > 1 and request.id is not None:
            flat = tuple(
                (f"{id}:{index}" if index and id == request.id else id, payload)
                for index, (id, payload) in enumerate(flat)
            )
        pairs = zip(mapped, flat, strict=True)
        return tuple(Part(each, id, payload) for each, (id, payload) in pairs)

    def work(self, mapped: MappedPayload, now: datetime) -> Work:
        """The unit of work that decides on a payload of `map_all`."""
        return partial(decide, self.program, mapped, now)

    def decide(self, request: Request, store: Store, now: datetime | None = None) -> Decision:
        """What would become of the request: reads the store, writes nothing.

        Raises `SeveralPayloadsError` for a request of several payloads (see `decide_all`) and
        `StoreError` where the store is out of reach.
        """
        return self._only(self.decide_all(request, store, now))

    def decide_all(
        self, request: Request, store: Store, now: datetime | None = None
    ) -> tuple[Decision, ...]:
        """`decide` for every payload of the request, in order, on the store as it is."""
        moment = _moment(now)
        mapped = self.map_all(request, moment) or (_EMPTY,)
        return tuple(
            settle(decide(self.program, each, moment), store.search).decision for each in mapped
        )

    def process(self, request: Request, store: Store, now: datetime | None = None) -> Decision:
        """Decide and carry out in one unit of work; the decision has the ids of what was made.

        Raises as `decide` does; nothing is written then.
        """
        if len(request.payloads) > 1:
            raise _several(len(request.payloads))
        return self._only(self.process_all(request, store, now))

    def process_all(
        self,
        request: Request,
        store: Store,
        now: datetime | None = None,
        *,
        watch: Watch | None = None,
    ) -> tuple[Decision, ...]:
        """`process` for every payload of the request, in order, each a unit of work of its own.

        A later payload finds what an earlier one made. ``watch`` is told what happens in mapping.
        """
        moment = _moment(now)
        mapped = self.map_all(request, moment, watch=watch) or (_EMPTY,)
        return tuple(store.transact(self.work(each, moment)) for each in mapped)

    async def decide_async(
        self, request: Request, store: AsyncStore, now: datetime | None = None
    ) -> Decision:
        """`decide` on a store that is awaited."""
        return self._only(await self.decide_all_async(request, store, now))

    async def decide_all_async(
        self, request: Request, store: AsyncStore, now: datetime | None = None
    ) -> tuple[Decision, ...]:
        """`decide_all` on a store that is awaited."""
        moment = _moment(now)
        mapped = self.map_all(request, moment) or (_EMPTY,)
        plans = [
            await settle_async(decide(self.program, each, moment), store.search) for each in mapped
        ]
        return tuple(plan.decision for plan in plans)

    async def process_async(
        self, request: Request, store: AsyncStore, now: datetime | None = None
    ) -> Decision:
        """`process` on a store that is awaited."""
        if len(request.payloads) > 1:
            raise _several(len(request.payloads))
        return self._only(await self.process_all_async(request, store, now))

    async def process_all_async(
        self, request: Request, store: AsyncStore, now: datetime | None = None
    ) -> tuple[Decision, ...]:
        """`process_all` on a store that is awaited: one payload after the other."""
        moment = _moment(now)
        mapped = self.map_all(request, moment) or (_EMPTY,)
        return tuple([await store.transact(self.work(each, moment)) for each in mapped])

    @staticmethod
    def _only(several: tuple[OneT, ...]) -> OneT:
        if len(several) != 1:
            raise _several(len(several))
        return several[0]


_EMPTY = MappedPayload("ignore", "the payload is an empty list")


def _several(count: int) -> SeveralPayloadsError:
    return SeveralPayloadsError(
        f"the request gives {count} decisions: use decide_all, process_all or map_all"
    )


def _moment(now: datetime | None) -> datetime:
    moment = datetime.now(UTC) if now is None else now
    if moment.tzinfo is None:
        raise ValueError("now is a time with an offset, such as datetime.now(UTC)")
    return moment


@dataclass(frozen=True)
class Rules(Mapping[str, Channel]):
    """The channels of one or several rule files by address; ``warnings`` of their checks."""

    channels: Mapping[str, Channel]
    warnings: tuple[Diagnostic, ...] = ()

    def __getitem__(self, address: str) -> Channel:
        try:
            return self.channels[address]
        except KeyError:
            meant = closest(address, self.channels)
            known = f"did you mean `{meant}`?" if meant else f"known: {self._addresses()}"
            raise UnknownChannelError(f"no channel `{address}`; {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.channels)

    def __len__(self) -> int:
        return len(self.channels)

    def only(self, address: str | None = None) -> Channel:
        """The channel of an address, or the only one there is where none is named."""
        if address is not None:
            return self[address]
        if len(self.channels) == 1:
            return next(iter(self.channels.values()))
        if not self.channels:
            raise UnknownChannelError("there is no channel")
        raise UnknownChannelError(f"there are several channels: name one of {self._addresses()}")

    def _addresses(self) -> str:
        addresses = sorted(self.channels)
        more = f" and {len(addresses) - 10} more" if len(addresses) > 10 else ""
        return ", ".join(addresses[:10]) + more
