"""``leadlark run``: decide each payload and apply the decision."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ..adapters.opening import open_store
from ..channel import Channel
from ..decision import Decision
from ..errors import PayloadError
from ..messages.snippet import visible
from ..request.payload import Request
from ..store import Store
from . import terminal
from .decision_text import segments
from .payloads import moment, requests
from .rules import rules_at
from .status import Status


@dataclass(frozen=True, slots=True)
class _Call:
    """What holds for every payload of a call; ``now`` is None where the clock counts."""

    channel: Channel
    store: Store
    now: datetime | None
    dry: bool
    json: bool

    def decide(self, request: Request) -> Sequence[Decision]:
        now = self.now or datetime.now(UTC)
        decide = self.channel.decide_all if self.dry else self.channel.process_all
        return decide(request, self.store, now)


def run(options: Namespace) -> Status:
    """Print the decision on each payload; one that cannot be read does not stop the others."""
    now = moment(options)
    sent = requests(options)
    rules = rules_at(options.rules)
    if rules is None:
        return Status.INPUT
    channel = rules.only(options.channel)
    with open_store(options.store, create=not options.dry_run) as store:
        return _all(_Call(channel, store, now, options.dry_run, options.format == "json"), sent)


def _all(call: _Call, sent: Iterable[tuple[str, Request | PayloadError]]) -> Status:
    worst = Status.FINE
    count = 0
    for name, request in sent:
        try:
            if isinstance(request, PayloadError):
                raise request
            decisions = call.decide(request)
        except PayloadError as error:
            terminal.note(f"{visible(name)}: {error.code}: {visible(str(error))}")
            worst = max(worst, Status.INPUT)
            continue
        for decision in decisions:
            _show(call, decision, first=count == 0)
            count += 1
            if decision.action == "reject":
                worst = max(worst, Status.INPUT)
    return worst


def _show(call: _Call, decision: Decision, *, first: bool) -> None:
    if call.json:
        terminal.write_json(decision.to_json())
        return
    if not first:
        terminal.write([])
    terminal.write(segments(decision, dry=call.dry))
