"""``leadlark run``: decide each payload and apply the decision."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from .. import loader
from ..adapters.opening import open_store
from ..channel import Channel
from ..decision import Decision
from ..errors import PayloadError, RuleError
from ..messages.render import full_segments, summary
from ..messages.snippet import visible
from ..request.payload import Headers, Request, payloads_from_file
from ..store import Store
from ..values.dates import parse_iso
from . import terminal
from .decision_text import segments
from .paths import existing
from .status import CallError, Status

MAX_FILE: Final = 64 * 1024 * 1024
"""The most bytes of a payload file; a single payload has limits of its own."""

STDIN: Final = "-"


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
    existing([options.rules, *(Path(each) for each in options.payloads if each != STDIN)])
    now = _now(options.now)
    headers: Headers = [_header(each) for each in options.header]
    if not options.payloads and options.query is None:
        raise CallError("there is nothing to decide: name a payload file, - or --query")
    for each in options.payloads:
        if Path(each).suffix == loader.SUFFIX:
            raise CallError(f"{each} is a rule file; RULES comes first, then the payloads")
    try:
        rules = loader.load(options.rules)
    except RuleError as error:
        for each in error.diagnostics:
            terminal.write([*full_segments(each), ("plain", "\n")], sys.stderr)
        terminal.note(summary(error.diagnostics))
        return Status.INPUT
    channel = rules.only(options.channel)
    with open_store(options.store, create=not options.dry_run) as store:
        call = _Call(channel, store, now, options.dry_run, options.format == "json")
        return _all(call, options.payloads, options.query or "", headers)


def _all(call: _Call, payloads: Sequence[str], query: str, headers: Headers) -> Status:
    worst = Status.FINE
    count = 0
    for name, request in _requests(payloads, query, headers):
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


def _requests(
    payloads: Sequence[str], query: str, headers: Headers
) -> Iterator[tuple[str, Request | PayloadError]]:
    """Every request with the name of where it comes from."""
    if not payloads:
        try:
            yield "--query", Request.from_http(method="GET", query=query, headers=headers)
        except PayloadError as error:
            yield "--query", error
    for name in payloads:
        data = _read(name)
        if len(data) > MAX_FILE:
            message = f"The file is larger than {MAX_FILE // 1024 // 1024} MiB; split it"
            yield name, PayloadError("P501", message)
            continue
        for request in payloads_from_file(name, data, query=query, headers=headers):
            yield name, request


def _read(name: str) -> bytes:
    if name == STDIN:
        return sys.stdin.buffer.read(MAX_FILE + 1)
    try:
        with Path(name).open("rb") as stream:
            return stream.read(MAX_FILE + 1)
    except OSError as error:
        raise CallError(f"{name}: {error.strerror}") from error


def _now(text: str | None) -> datetime | None:
    if text is None:
        return None
    now = parse_iso(text)
    if now is None:
        raise CallError(f"--now {text!r} is no ISO 8601 time, such as 2026-01-01T00:00:00Z")
    return now


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise CallError(f"--header {text!r} is not of the form 'NAME: VALUE'")
    return name.strip(), value.strip()
