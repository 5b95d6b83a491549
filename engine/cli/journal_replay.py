"""``leadlark journal replay``: requests decided again, compared, and with --apply carried out."""

from __future__ import annotations

from argparse import Namespace
from array import array
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

from ..adapters.erasing import open_erasing
from ..channel import Rules
from ..comparing.masking import masked
from ..decision import Decision
from ..errors import PayloadError, StoreError
from ..explaining.masking import Mask
from ..intake.keeping import entry_of
from ..journal import Delivery, Entry, time_text
from ..journaling.counting import Counted
from ..journaling.replaying import ErasedPersonError, Marked, Replayer
from ..journaling.selecting import (
    Kept,
    NotFoundError,
    delivered,
    find,
    row_of,
    rows,
)
from ..messages.snippet import visible
from ..store import JournalStore
from ..values.value import Json, write_json
from . import terminal
from .confirming import confirmed, may_ask
from .journal import FILTERS, opened, wanted
from .journal_replay_text import segments
from .progress import stages
from .rules import rules_at
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Compare; with --apply carry out what is decided now."""
    if options.rules is None:
        raise CallError("journal replay needs --rules PATH: the rules to decide by")
    if options.yes and not options.apply:
        raise CallError("--yes is for journal replay --apply")
    if options.apply and not options.yes and not may_ask():
        raise CallError("--apply asks before it writes, and there is no terminal; add --yes")
    filtered = any(getattr(options, name) for name in (*FILTERS, "limit"))
    if options.deliveries and filtered:
        raise CallError("name deliveries, or choose them by --channel and others, not both")
    if not options.deliveries and not filtered:
        raise CallError(
            "name deliveries, or choose them: --channel, --action, --since, --until, --text, "
            "--limit; --since 2000-01-01 means all"
        )
    rules = rules_at(options.rules, cache=options.cache)
    if rules is None:
        return Status.INPUT
    with opened(options.store) as store, closing(open_erasing(options.store)) as erasing:
        return _Replay(options, rules, store, erasing.marked).run()


class _Replay:
    """One call of the command."""

    def __init__(
        self, options: Namespace, rules: Rules, store: JournalStore, marked: Marked
    ) -> None:
        self._options = options
        self._store = store
        self._replayer = Replayer(rules, store, marked)
        self._mask = Mask() if options.mask else None
        for channel in rules.values():
            if self._mask is not None:
                self._mask.learn(channel.program)
        # Numbers of rows, in eight bytes each: what is applied goes from old to new.
        self._numbers = array("q")

    def run(self) -> Status:
        counted = Counted()
        streams = self._options.format == "json" and not self._options.apply
        with stages(streams=streams) as drawn:
            told = drawn.stage("", None)
            for kept in self._chosen():
                replayed = self._replayer.compare(kept)
                counted.add(replayed)
                told(counted.total)
                # What was decided so once is done; done again it might be doubled.
                if replayed.differing or (self._options.deliveries and replayed.parts):
                    self._numbers.append(kept.number)
                if streams:
                    terminal.write_json(write_json(replayed.to_dict()))
        self._tell(counted)
        if not counted.total:
            return Status.FINE
        status = Status.FINE if counted.is_same else Status.INPUT
        if not self._options.apply:
            return status
        question = f"Carry out what is decided now for {_requests(len(self._numbers))}?"
        if not self._numbers:
            terminal.note("leadlark: there is nothing to carry out")
            return status
        if not confirmed(question, yes=self._options.yes):
            return status
        lost = counted.total - counted.states["compared"]
        return max(self._apply(), Status.INPUT if lost else Status.FINE)

    def _chosen(self) -> Iterator[Kept]:
        """The deliveries that the call means, each once."""
        if self._options.deliveries:
            yield from self._named()
            return
        several: set[str] = set()  # deliveries of more rows than one, of which any may be found
        left: int | None = self._options.limit
        for _, row in rows(self._store, wanted(self._options, self._store)):
            if left == 0:
                return
            id = row.delivery.id
            kept = None if id in several else delivered(self._store, id)
            # A replay is told by what it is a replay of.
            if kept is None or kept.replay_of is not None:
                continue
            if len(kept.rows) > 1:
                several.add(id)
            left = None if left is None else left - 1
            yield kept

    def _named(self) -> Iterator[Kept]:
        seen: set[str] = set()
        for name in self._options.deliveries:
            try:
                kept = find(self._store, name)
            except NotFoundError as error:
                raise CallError(str(error)) from error
            if kept.delivery.id not in seen:
                seen.add(kept.delivery.id)
                yield kept

    def _tell(self, counted: Counted) -> None:
        differences = counted.differences()
        if self._mask is not None:
            differences = tuple(masked(each, self._mask) for each in differences)
        if self._options.format == "text":
            terminal.write(segments(counted, differences, self._mask))
        else:
            count = counted.to_dict()
            terminal.note(
                f"leadlark: {', '.join(f'{name} {each}' for name, each in count.items())}"
            )

    def _apply(self) -> Status:
        try:
            from ..intake.ids import new_id  # noqa: PLC0415 (an extra)
        except ModuleNotFoundError as error:
            raise StoreError(
                "journal replay --apply needs the package uuid-utils; install it with "
                "`pip install uuid-utils`"
            ) from error
        worst = Status.FINE
        done = 0
        for number in sorted(self._numbers):
            row = row_of(self._store, number)
            kept = None if row is None else delivered(self._store, row.delivery.id)
            if kept is None:
                continue
            only = None if self._options.deliveries else self._replayer.compare(kept).differing
            id = new_id()
            try:
                now = time_text(datetime.now(UTC))
                decisions = self._replayer.apply(kept, id, now, _row, only)
            except (PayloadError, ErasedPersonError) as error:
                terminal.note(
                    f"leadlark: {kept.delivery.id}: not carried out: {visible(str(error))}"
                )
                worst = Status.INPUT
                continue
            done += bool(decisions)
            if any(each.action == "reject" for each in decisions):
                worst = Status.INPUT
            if self._options.format == "json":
                told: list[Json] = [each.to_dict() for each in decisions]
                line: dict[str, Json] = {
                    "delivery": id,
                    "replay_of": kept.delivery.id,
                    "decisions": told,
                }
                terminal.write_json(write_json(line))
                continue
            for each in decisions:
                entity = each.entity
                made = "" if entity is None else f" {entity.type} {', '.join(entity.ids)}"
                terminal.write(
                    [("plain", f"{kept.delivery.id} replayed as {id}: {each.action}{made}")]
                )
        terminal.note(f"leadlark: {_requests(done)} carried out")
        return worst


def _row(delivery: Delivery, part: int, first: bool) -> Callable[[Decision], Entry]:
    return entry_of(delivery, part, None, first=first)


def _requests(count: int) -> str:
    return f"{count:,} request{'' if count == 1 else 's'}"
