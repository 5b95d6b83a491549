"""The service put together: rules, store, secrets, limits, and what runs beside requests."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final

from ..adapters.gathering import Gathered
from ..channel import Channel
from ..errors import SettingsError, StoreError
from ..intake.answers import Answer, problem
from ..intake.ids import new_id
from ..intake.rates import Rates
from ..intake.readers import Readers
from ..intake.receiving import Intake
from ..journal import time_text
from ..live.rules import LiveRules
from ..live.state import Broke, LiveEvent, Mended, NoChannel, Swapped, lookup
from ..proof.problems import problems as secret_problems
from ..release import __version__
from ..secrets import Secrets
from ..settings import Settings
from ..store import JournalStore
from ..values.value import Json, write_json
from .metrics import Metrics

log: Final = logging.getLogger("leadlark.service")

_PURGE_EVERY: Final = 3600.0  # seconds
_AGAIN: Final = 5.0  # seconds
_CALLS: Final = {True: 1, False: 4}  # at once: one writes to a file, several to a server


class Service:
    """What answers requests, from its start to its end.

    ``store`` is open, and closed with the service; ``secrets`` are those that
    channels name.

    Channels whose secret is missing or too weak refuse their requests; the log and the readiness
    say so. Raises `RuleError` for rule files with mistakes, `SettingsError` where there is no
    file or no channel, and `OSError` for files that cannot be read.
    """

    def __init__(
        self,
        settings: Settings,
        store: JournalStore,
        secrets: Secrets,
    ) -> None:
        self.settings = settings
        self.taken = 0  # requests that are being read or carried out
        self.metrics = Metrics()
        if not settings.rules.exists():
            raise SettingsError(
                f"there is no {settings.rules}; name a rule file or a folder of them by --rules"
            )
        self._rules = LiveRules(settings.rules, cache=True, on_change=self._tell)
        if not self._rules.current.channels:
            raise SettingsError(
                f"there is no channel in {settings.rules}; name a rule file (*.channel) or a "
                "folder of them by --rules"
            )
        self.store = store
        calls = _CALLS[settings.store.startswith(("sqlite:", "memory:"))]
        self._gathered = Gathered(store, calls=calls, queue=settings.waiting)
        self._secrets = secrets
        self._readers = Readers()
        self.intake = Intake(
            self._gathered,
            secrets.of,
            new_id,
            most=settings.max_decisions,
            readers=self._readers,
            limited=lambda channel: _refused(self._rates.channel(channel.address)),
        )
        self._rates = Rates(settings.channel_rate, settings.source_rate)
        self._known: frozenset[str] = frozenset()
        self._stop = asyncio.Event()
        self._swapped = asyncio.Event()
        self._described: tuple[object, bytes] | None = None
        self._stack = AsyncExitStack()
        self.metrics.watch_queue(lambda: self._gathered.waiting)

    async def __aenter__(self) -> Service:
        for sentence in self._wrong_secrets():
            log.error("%s; its requests are refused until then", sentence)
        await self._remember()
        watching = self._rules.watch(self._stop)
        jobs = (watching, self._remember_swapped(), self._purge())
        for job in jobs:
            task = asyncio.create_task(job)
            self._stack.push_async_callback(_ended, task)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        await self._stack.aclose()
        self._readers.close()
        try:
            async with asyncio.timeout(self.settings.stop_seconds):
                await self._gathered.close()
        except TimeoutError:
            log.error("the store does not answer; the process ends without it")  # noqa: TRY400
            logging.shutdown()
            os._exit(1)  # Python would wait for the threads that wait for the store

    def admit(self, address: str, source: str) -> Channel | Answer:
        """The channel that decides a request to an address, if it may be taken."""
        found = lookup(self._rules.current, address, self._known)
        if (limited := _refused(self._rates.source(source))) is not None:
            return limited
        if isinstance(found, Channel):
            return found
        if found is NoChannel.GONE:
            return problem(410, "The channel of this address is there no more")
        return problem(404, "There is no channel at this address")

    async def readiness(self) -> Answer:
        """Whether requests can be carried out, and whether all rule files are in use."""
        problems = [each.message for each in self._rules.problems] + self._wrong_secrets()
        try:
            self._known |= await asyncio.to_thread(self.store.addresses)
        except StoreError as error:
            log.warning("the store cannot be used: %s", error)
            return problem(503, "The store cannot be reached", problems=problems or None)
        channels = len(self._rules.current.channels)
        told: Json = {"status": "ready", "channels": channels, "problems": list(problems)}
        return Answer(200, write_json(told).encode())

    def count_rules(self) -> None:
        """Bring the metrics of rules up to date."""
        current = self._rules.current
        self.metrics.rules(len(current.channels), len(self._rules.problems))

    def description(self) -> bytes:
        """The OpenAPI document of the channels, as JSON."""
        from ..openapi.document import document  # noqa: PLC0415 (imported when first asked for)

        current = self._rules.current
        if self._described is None or self._described[0] is not current:
            made = document(current.channels, title="LeadLark", version=__version__)
            self._described = current, write_json(made).encode()
        return self._described[1]

    async def _remember(self) -> None:
        """Let the journal know the addresses that are loaded, and learn those that were."""
        loaded = tuple(self._rules.current.channels)
        self._known = await asyncio.to_thread(self.store.addresses, loaded)

    def _wrong_secrets(self) -> list[str]:
        return secret_problems(self._rules.current.channels.values(), self._secrets.of)

    def _tell(self, event: LiveEvent) -> None:
        """Log what has become of the rule files, and remember new addresses."""
        match event:
            case Swapped(changed=changed, added=added, removed=removed):
                told = {"files": changed, "added": added, "removed": removed}
                log.info("rule files are swapped in", extra=told)
                self._swapped.set()
            case Broke(problem=found):
                where = {"file": found.path, "kind": found.kind, "kept": found.kept}
                log.error("a rule file is not used as it is: %s", found.message, extra=where)
            case Mended(path=path):
                log.info("a rule file is used again", extra={"file": path})

    async def _remember_swapped(self) -> None:
        while True:
            await self._swapped.wait()
            self._swapped.clear()
            try:
                await self._remember()
            except StoreError as error:
                log.warning("the store cannot be used: %s", error)
                await asyncio.sleep(_AGAIN)
                self._swapped.set()

    async def _purge(self) -> None:
        """Now and then, empty and drop what the journal has kept for long enough."""
        while True:
            now = datetime.now(UTC)
            bodies = time_text(now - timedelta(days=self.settings.keep_bodies))
            days = self.settings.keep_rows
            rows = None if days is None else time_text(now - timedelta(days=days))
            try:
                emptied, dropped = await asyncio.to_thread(self.store.purge, bodies, rows)
                log.debug("purged", extra={"emptied": emptied, "dropped": dropped})
            except StoreError as error:
                log.warning("the journal cannot be purged: %s", error)
            await asyncio.sleep(_PURGE_EVERY)


def _refused(wait: int | None) -> Answer | None:
    """The answer to one request too many; None where there is nothing to wait for, in seconds."""
    if wait is None:
        return None
    return problem(429, "Too many requests in a short time", retry_after=wait)


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
