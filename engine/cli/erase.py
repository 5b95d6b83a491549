"""``leadlark erase``: a person removed from the store, the journal and the keys."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime

from ..adapters.erasing import open_erasing
from ..journal import time_text
from ..journaling.erasing import Erased, erase, survey
from ..journaling.people import email_key, phone_key
from ..messages.snippet import visible
from ..store import Key
from ..values.value import write_json
from . import terminal
from .confirming import confirmed, may_ask
from .importing import count_of, region_of
from .progress import stages
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Remove the person; the status is 1 where nothing of them is there."""
    key = _key(options)
    if not options.yes and not may_ask():
        raise CallError("erase cannot be undone and there is no terminal to ask at; add --yes")
    with closing(open_erasing(options.store)) as store:
        if not options.yes:
            with stages() as drawn:
                found = survey(store, key, drawn.stage("", None))
            if not found.is_nobody:
                terminal.note("\n".join(["to be removed:", *_lines(found), *_left(found)]))
                if not confirmed("Remove it? It cannot be undone.", yes=False):
                    return Status.INPUT
        with stages() as drawn:
            done = erase(store, key, time_text(datetime.now(UTC)), drawn.stage("", None))
    if options.format == "json":
        terminal.write_json(write_json(done.to_dict()))
    else:
        _tell(done, "phone" if options.phone is not None else "e-mail")
    return Status.INPUT if done.is_nobody else Status.FINE


def _key(options: Namespace) -> Key:
    region = region_of(options)
    if options.email is not None:
        if options.region is not None:
            raise CallError("--region is for --phone, not for --email")
        key = email_key(options.email)
        if key is None:
            raise CallError("--email is no e-mail address")
        return key
    key = phone_key(options.phone, region)
    if key is None:
        advice = "" if region else "; write it with its country code, or add --region CC"
        raise CallError(f"--phone is no phone number that exists{advice}")
    return key


def _tell(done: Erased, by: str) -> None:
    if done.is_nobody:
        earlier = ""
        if done.before is not None:
            earlier = f"; the person was erased on {done.before[:10]}"
        terminal.write(
            [("plain", f"nobody is known by this {by}, and nothing was removed{earlier}")]
        )
        return
    lines = ["removed:", *_lines(done)]
    lines.append(
        f"  {count_of(done.marks, 'mark')} left, so that replays do not bring the person back"
    )
    terminal.write([("plain", "\n".join([*lines, *_left(done)]))])


def _lines(done: Erased) -> list[str]:
    lines = []
    if done.contacts:
        lines.append(f"  {_named('contact', done.contacts)}, with keys, comments and activities")
    linked = [
        _named(type, ids) for type, ids in (("lead", done.leads), ("deal", done.deals)) if ids
    ]
    if linked:
        lines.append(f"  the person from {' and '.join(linked)}: links, comments and activities")
    for record, fields in done.changed:
        lines.append(f"    {record}: {', '.join(map(visible, fields))} emptied")
    if done.comments or done.activities:
        comments = count_of(done.comments, "comment")
        lines.append(f"  {comments} and {done.activities:,} activities in all")
    if done.rows:
        of = f"of {count_of(done.deliveries, 'request')}"
        lines.append(f"  the content of {count_of(done.rows, 'journal row')} {of}")
    if done.requests:
        lines.append(f"  {count_of(done.requests, 'request id')} that held the phone or e-mail")
    return lines


def _left(done: Erased) -> list[str]:
    if not (done.leads or done.deals):
        return []
    return ["left: the leads and deals themselves, which are the business's"]


def _named(type: str, ids: Sequence[str]) -> str:
    few = ", ".join(ids[:10]) + (f" and {len(ids) - 10:,} more" if len(ids) > 10 else "")
    return f"{type}{'s' if len(ids) > 1 else ''} {few}"
