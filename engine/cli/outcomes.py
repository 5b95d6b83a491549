"""What becomes of the payloads of a batch: read, mapped, decided, shown.

Outcomes can be sent from process to process.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

from ..channel import Channel
from ..deciding.decide import decide
from ..decision import Decision
from ..errors import PayloadError
from ..late_dataclass import dataclass
from ..mapping.mapped import MappedPayload
from ..request.documents import Document
from ..request.payload import Request, read_document
from ..store import Deciding, Store, settle
from .decision_text import segments


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a payload cannot be read."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a channel makes of a payload at a time, before any store is asked."""

    now: datetime
    several: tuple[MappedPayload, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision as it is printed: its JSON, or pieces of text with their styles."""

    text: str | tuple[tuple[str, str], ...]
    rejected: bool


Read: TypeAlias = "Unread | Mapped"
Outcome: TypeAlias = "Unread | tuple[Shown, ...]"


@dataclass(frozen=True, slots=True)
class Mapper:
    """Reads and maps; ``now`` is None where the clock counts, ``base`` surrounds every payload."""

    channel: Channel
    base: Request
    now: datetime | None

    def document(self, document: Document) -> list[Read]:
        """What the channel makes of each payload of a document, in order."""
        return [self.payload(each) for each in read_document(self.base, document)]

    def payload(self, request: Request | PayloadError) -> Read:
        """What the channel makes of a payload."""
        try:
            if isinstance(request, PayloadError):
                raise request
            now = self.now or datetime.now(UTC)
            return Mapped(now, self.channel.map_all(request, now))
        except PayloadError as error:
            return Unread(error.code, str(error))


@dataclass(frozen=True, slots=True)
class Decider:
    """Decides on a store, applies unless ``dry``, and shows decisions as JSON or as text."""

    channel: Channel
    store: Store
    dry: bool
    json: bool

    def outcome(self, read: Read | Outcome) -> Outcome:
        """The decisions on a payload, in order, unless another process has made them.

        What one applies the next one finds.
        """
        if not isinstance(read, Mapped):
            return read
        return tuple(self._shown(self._decision(each, read.now)) for each in read.several)

    def _decision(self, mapped: MappedPayload, now: datetime) -> Decision:
        def work() -> Deciding:
            return decide(self.channel.program, mapped, now)

        if self.dry:
            return settle(work(), self.store.search).decision
        return self.store.transact(work)

    def _shown(self, decision: Decision) -> Shown:
        text = decision.to_json() if self.json else tuple(segments(decision, dry=self.dry))
        return Shown(text, decision.action == "reject")
