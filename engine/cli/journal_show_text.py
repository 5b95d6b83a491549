"""A request of the journal as text for people: what came, what was decided, what would be now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from ..journal import Entry
from ..journaling.recorded import decision_of
from ..late_dataclass import replace
from ..messages.snippet import visible
from ..values.value import write_json
from . import decision_text, explain_text

if TYPE_CHECKING:
    from .journal_show import Shown

Segment: TypeAlias = tuple[str, str]

_LONGEST = 20_000  # characters of a body
_HASH = 12  # characters of a rule file's hash that tell it apart


def segments(shown: Shown, *, with_rules: bool) -> Iterator[Segment]:
    """Pieces of text with their styles, lines separated."""
    yield from _request(shown)
    yield from _decisions(shown)
    yield from _now(shown, with_rules=with_rules)


def _request(shown: Shown) -> Iterator[Segment]:
    delivery = shown.kept.delivery
    yield "message", f"request {visible(delivery.id)}"
    came = f"{delivery.received[:10]} {delivery.received[11:19]} UTC"
    where = f"{delivery.method} /in/{delivery.address}"
    yield from _row("received", f"{came}, {where}")
    channel = delivery.channel
    if delivery.address != channel:
        channel += f": the default channel, there was none with the address {delivery.address}"
    yield from _row("channel", channel)
    yield from _row("delivered", _delivered(shown))
    yield from _row("rules", _rules(shown))
    if shown.kept.replay_of is not None:
        yield from _row("replay of", shown.kept.replay_of)
    if shown.is_erased:
        yield from _row("content", "removed: the person was erased")
        return
    if shown.is_purged:
        yield from _row("content", "purged: body, query and headers are not kept any more")
        return
    if shown.query:
        yield from _row("query", shown.query)
    for at, (name, value) in enumerate(sorted(shown.headers.items())):
        yield from _row("headers" if at == 0 else "", f"{name}: {value}")
    if shown.body is None:
        yield from _row("body", "none")
        return
    size = f"{len(delivery.body or b''):,} bytes"
    yield from _row("body", f"{size}, as read and masked" if shown.masked else size)
    text = shown.body
    cut = f"… ({len(text):,} characters)" if len(text) > _LONGEST else ""
    for line in text[:_LONGEST].splitlines() or [""]:
        yield "plain", f"\n    {visible(line.expandtabs(2))}"
    yield "dim", cut
    if shown.read is not None:
        yield from _row("read as", shown.read[:_LONGEST])


def _delivered(shown: Shown) -> str:
    times = "once" if shown.attempts == 1 else f"{shown.attempts:,} times"
    ids = {row.identity.id for _, row in shown.kept.rows if row.identity is not None}
    if not ids:
        return f"{times}; it has no request id, so a repetition is a request of its own"
    plural = "s" if len(ids) > 1 else ""
    named = ", ".join(sorted(ids)[:3]) + ("…" if len(ids) > 3 else "")
    again = "" if shown.attempts == 1 else ", and done once"
    return f"{times}{again} (request id{plural} {named})"


def _rules(shown: Shown) -> str:
    rules = shown.kept.delivery.rules
    if shown.channel is None:
        return f"{rules[:_HASH]}…"
    if shown.channel.program.rules == rules:
        return f"{rules[:_HASH]}…, those given"
    return f"{rules[:_HASH]}…; those given are others ({shown.channel.program.rules[:_HASH]}…)"


def _decisions(shown: Shown) -> Iterator[Segment]:
    rows = [row for _, row in shown.kept.rows]
    for at, (row, told) in enumerate(zip(rows, shown.documents, strict=True), start=1):
        of = f" {at} of {len(rows)}" if len(rows) > 1 else ""
        yield "message", f"\n\ndecided then{of}: "
        yield from _decided(row, told)
    yield "message", f"\n\nanswered: {shown.answer.status} "
    body = shown.answer.body.decode()
    yield "plain", visible(body if len(body) <= _LONGEST else f"{body[:_LONGEST]}…")


def _decided(row: Entry, told: dict[str, Any]) -> Iterator[Segment]:
    decision = decision_of(replace(row, decision=write_json(told)))
    if row.action == "unreadable":
        yield "bad", "unreadable"
        yield "plain", f": {visible(decision.reason)}"
        place = told.get("place")
        yield "plain", f" (at {visible(str(place))})" if place else ""
        if told.get("hint"):
            yield "help", f"\n  {visible(str(told['hint']))}"
        return
    yield from decision_text.segments(decision)


def _now(shown: Shown, *, with_rules: bool) -> Iterator[Segment]:
    if shown.is_purged:
        return
    if shown.channel is None:
        address = shown.kept.delivery.address
        way_out = (
            f"the rules given have no channel {address}, and no default channel"
            if with_rules
            else "add --rules PATH to see how it comes about"
        )
        yield "dim", f"\n\n{visible(way_out)}"
        return
    program = shown.channel.program
    same = program.rules == shown.kept.delivery.rules
    rules = "the same rules" if same else "other rules than then"
    yield "message", "\n\nexplained now"
    yield (
        ("dim" if same else "warning"),
        f" by {rules}, on what the store holds now, at the time of the request",
    )
    if shown.finds_itself:
        yield "warning", "\n(what this request created then is there now, and is found)"
    for each in shown.explanations or ():
        yield "plain", "\n\n"
        yield from explain_text.segments(each)


def _row(name: str, text: str) -> Iterable[Segment]:
    return (("plain", "\n  "), ("name", f"{name:<10}"), ("plain", visible(text)))
