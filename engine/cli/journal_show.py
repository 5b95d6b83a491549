"""``leadlark journal show``: a request as it was received, and all that became of it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from ..channel import Channel, Rules
from ..errors import PayloadError
from ..explaining.explanation import Explanation
from ..explaining.masking import Mask
from ..explaining.telling import explain, explain_error
from ..intake.answers import Answer, Part, answer_of
from ..journal import Entry
from ..journaling.erasing import REASON
from ..journaling.masking import (
    shared_document,
    shared_headers,
    shared_payload,
    shared_query,
)
from ..journaling.recorded import document_of, request_of
from ..journaling.replaying import channel_of
from ..journaling.secrets import read_again, shown_body, shown_query
from ..journaling.selecting import Kept, NotFoundError, find
from ..late_dataclass import dataclass, replace
from ..store import Store
from ..values.dates import parse_iso
from ..values.value import write_json
from . import terminal
from .journal import opened
from .journal_show_text import segments
from .rules import rules_at
from .status import CallError, Status


@dataclass(frozen=True, slots=True)
class Shown:
    """A request as it is shown.

    ``query`` and ``body`` are texts, as received without secrets, or as read where personal data
    are masked; None where they are purged or there was none. ``read`` is the payload as JSON where
    the body is hard to read. ``documents`` are the recorded
    decisions, ``answer`` what was answered. ``explanations`` are those by the ``rules`` given, the
    hash of which is set with them.
    """

    kept: Kept
    query: str | None
    headers: dict[str, str]
    body: str | None
    documents: tuple[dict[str, Any], ...]
    answer: Answer
    masked: bool
    read: str | None = None
    channel: Channel | None = None
    explanations: tuple[Explanation, ...] | None = None

    @property
    def is_erased(self) -> bool:
        """Whether the person of the request was erased."""
        return any(REASON in (each.get("reason"), each.get("detail")) for each in self.documents)

    @property
    def is_purged(self) -> bool:
        """Whether its content is not there any more."""
        return not self.kept.has_content

    @property
    def finds_itself(self) -> bool:
        """Whether the explanation finds the lead or deal that this very request created."""
        made = {
            (told["entity"]["type"], id)
            for told in self.documents
            if told.get("action") == "create" and told.get("entity")
            for id in told["entity"]["ids"]
        }
        return any(
            (search.type, each.id) in made
            for told in self.explanations or ()
            for search in told.searches
            for each in search.candidates
        )

    @property
    def attempts(self) -> int:
        """How often it was delivered."""
        return max(row.attempts for _, row in self.kept.rows)

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON values."""
        delivery = self.kept.delivery
        size = None if delivery.body is None else len(delivery.body)
        pairs = zip(self.kept.rows, self.documents, strict=True)
        explanations = self.explanations
        return {
            "delivery": delivery.id,
            "received": delivery.received,
            "address": delivery.address,
            "channel": delivery.channel,
            "method": delivery.method,
            "query": self.query,
            "headers": self.headers,
            "body": self.body,
            "body_bytes": size,
            "purged": self.is_purged,
            "erased": self.is_erased,
            "masked": self.masked,
            "replay_of": self.kept.replay_of,
            "rules": delivery.rules,
            "attempts": self.attempts,
            "decisions": [_row(number, row, told) for (number, row), told in pairs],
            "answer": {"status": self.answer.status, "body": self.answer.body.decode()},
            "rules_now": None if self.channel is None else self.channel.program.rules,
            "explanations": None
            if explanations is None
            else [each.to_dict() for each in explanations],
        }


def run(options: Namespace) -> Status:
    """Show a delivery."""
    if len(options.deliveries) != 1:
        raise CallError("journal show takes one DELIVERY, such as the `request` of an answer")
    rules: Rules | None = None
    if options.rules is not None:
        rules = rules_at(options.rules, cache=options.cache)
        if rules is None:
            return Status.INPUT
    with opened(options.store) as store:
        try:
            kept = find(store, options.deliveries[0])
        except NotFoundError as error:
            raise CallError(str(error)) from error
        shown = _shown(kept, rules, store, masked=options.mask)
    if options.format == "json":
        terminal.write_json(write_json(shown.to_dict()))
    else:
        terminal.write(segments(shown, with_rules=rules is not None), sys.stdout)
    return Status.FINE


def _shown(kept: Kept, rules: Rules | None, store: Store, *, masked: bool) -> Shown:
    delivery = kept.delivery
    channel = None if rules is None else channel_of(rules, kept.delivery)
    mask = Mask(None if channel is None else channel.region) if masked else None
    if mask is not None and channel is not None:
        mask.learn(channel.program)
    headers = dict(delivery.headers)
    query = None if delivery.query is None else shown_query(delivery, channel)
    body = None if delivery.body is None else shown_body(delivery, channel)
    if mask is not None:
        headers = shared_headers(headers, mask)
        asked, payload = shared_query(delivery, mask), shared_payload(delivery, mask)
        unread = "(not shown: what cannot be read cannot be masked)"
        if query:
            query = unread if asked is None else write_json(asked)
        if body is not None:
            body = unread if payload is None else write_json(payload)
    rows = [row for _, row in kept.rows]
    documents = tuple(
        document_of(row) if mask is None else shared_document(row, mask) for row in rows
    )
    explained = None
    if channel is not None and kept.has_content:
        explained = tuple(_explained(kept, channel, store, mask))
    answer = _answer(rows, documents)
    masks = mask is not None
    if mask is not None:
        kept = _masked(kept, mask)
    read = None if masks else read_again(delivery, channel)
    return Shown(kept, query, headers, body, documents, answer, masks, read, channel, explained)


def _masked(kept: Kept, mask: Mask) -> Kept:
    """The delivery with request ids that tell of nobody."""
    return Kept(
        tuple(
            (number, row)
            if row.identity is None
            else (
                number,
                replace(row, identity=replace(row.identity, id=mask.text(row.identity.id))),
            )
            for number, row in kept.rows
        )
    )


def _explained(
    kept: Kept, channel: Channel, store: Store, mask: Mask | None
) -> Iterator[Explanation]:
    now = parse_iso(kept.delivery.received)
    assert now is not None  # the journal's own time
    try:
        request = request_of(kept.delivery)
    except PayloadError as error:
        yield explain_error(channel, error, now, mask=mask)
        return
    yield from explain(channel, request, store, now, mask=mask)


def _answer(rows: Sequence[Entry], documents: Sequence[dict[str, Any]]) -> Answer:
    parts = [
        Part(row.delivery.id, row.status, told) for row, told in zip(rows, documents, strict=True)
    ]
    return answer_of(parts, rows[0].delivery.id)


def _row(number: int, row: Entry, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": number,
        "part": row.part,
        "action": row.action,
        "status": row.status,
        "attempts": row.attempts,
        "request_id": None if row.identity is None else row.identity.id,
        "decision": told,
    }
