"""``leadlark journal``: the requests that were taken, listed, shown, decided again, cleaned up."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Final

from ..adapters.bulk import database_file, existing_file
from ..adapters.opening import open_store
from ..journal import Wanted, time_text
from ..journaling.selecting import length, moment
from ..messages.suggest import closest
from ..store import JournalStore
from ..values.value import write_json
from . import terminal
from .status import CallError, Status

FILTERS: Final = ("channel", "actions", "since", "until", "text")
"""The options that say which rows are meant."""

_TAKES: Final[Mapping[str, frozenset[str]]] = {
    "list": frozenset((*FILTERS, "limit", "before")),
    "show": frozenset(("deliveries", "rules", "mask")),
    "replay": frozenset((*FILTERS, "limit", "deliveries", "rules", "mask", "apply", "yes")),
    "purge": frozenset(("bodies_older_than", "rows_older_than")),
}
"""What each action takes beside a store and a format."""


def run(options: Namespace) -> Status:
    """Do with the journal what the call says."""
    action: str = options.action
    _check(options, action)
    if action == "purge":
        return _purge(options)
    module = import_module(f".journal_{action}", __package__)
    status: Status = module.run(options)
    return status


@contextmanager
def opened(url: str) -> Iterator[JournalStore]:
    """The store whose journal a call is about; one that is not there is the call's mistake."""
    file = database_file(url)
    if file is not None:
        existing_file(url, file)
    with open_store(url, create=False) as store:
        yield store


def wanted(options: Namespace, store: JournalStore) -> Wanted:
    """The rows that the filters of a call mean."""
    now = datetime.now(UTC)
    channel: str | None = options.channel
    if channel is not None:
        known = store.addresses()
        if known and channel not in known:
            meant = closest(channel, sorted(known))
            advice = f"; did you mean {meant}?" if meant else ""
            terminal.note(f"leadlark: no channel has had the address {channel}{advice}")
    return Wanted(
        channel=channel,
        actions=tuple(options.actions),
        after=_time("--since", options.since, now),
        before=_time("--until", options.until, now),
        text=options.text,
        below=options.before,
    )


def _time(option: str, text: str | None, now: datetime) -> str | None:
    if text is None:
        return None
    found = moment(text, now)
    if found is None:
        raise CallError(
            f"{option} {text!r} is no time; write how long ago (30m, 2h, 3d, 2w) or "
            "2026-01-31 or 2026-01-31T09:30:00Z"
        )
    return found


def _check(options: Namespace, action: str) -> None:
    """Raise `CallError` for options of another action."""
    takes = _TAKES[action]
    for name in sorted(frozenset().union(*_TAKES.values()) - takes):
        if getattr(options, name):
            others = [each for each, names in _TAKES.items() if name in names]
            of = " and ".join(f"journal {each}" for each in others)
            if name == "deliveries":
                advice = "; --text, --channel and others choose rows" if action == "list" else ""
                raise CallError(f"a DELIVERY is for {of}, not for journal {action}{advice}")
            option = "--action" if name == "actions" else f"--{name.replace('_', '-')}"
            raise CallError(f"{option} is for {of}, not for journal {action}")


def _purge(options: Namespace) -> Status:
    bodies = _age("--bodies-older-than", options.bodies_older_than)
    rows = _age("--rows-older-than", options.rows_older_than)
    if bodies is None and rows is None:
        raise CallError(
            "name what is old: --bodies-older-than 14d empties requests, --rows-older-than 365d "
            "drops their rows as well"
        )
    now = datetime.now(UTC)
    try:
        times = [None if age is None else time_text(now - age) for age in (bodies, rows)]
    except OverflowError:
        raise CallError("there was no journal so long ago; name a shorter age") from None
    with opened(options.store) as store:
        emptied, dropped = store.purge(times[0] or times[1] or "", times[1])
    if options.format == "json":
        terminal.write_json(write_json({"emptied": emptied, "dropped": dropped}))
        return Status.FINE
    said = []
    if bodies is not None:
        said.append(f"{_rows(emptied)} emptied: body, query and headers are gone")
    if rows is not None:
        said.append(f"{_rows(dropped)} dropped, with the request ids of their requests")
    terminal.write([("plain", "\n".join(said))])
    return Status.FINE


def _age(option: str, text: str | None) -> timedelta | None:
    if text is None:
        return None
    age = length(text)
    if age is None:
        raise CallError(f"{option} {text!r} is no age, such as 12h, 14d or 8w")
    return age


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
