"""Answers to senders, as the contract of the intake service has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from ..journal import EntryAction
from ..late_dataclass import dataclass, field
from ..values.value import Json, write_json

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"

RETRY_AFTER: Final = 5
"""Seconds after which a sender is asked to come again while the store is out of reach."""

STATUSES: Final[Mapping[EntryAction, int]] = {
    "create": 200,
    "update": 200,
    "ignore": 200,
    "reject": 422,
    "unreadable": 400,
}
"""The status that stands for a decision."""

UNREADABLE: Final[Mapping[str, int]] = {"P109": 415, "P501": 413}
"""The status for a request that cannot be read, by code; 400 for every other code."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender gets; ``action`` and ``request`` tell the log what has been done."""

    status: int
    body: bytes
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    action: str | None = None
    request: str | None = None


def problem(status: int, detail: str, *, retry_after: int | None = None, **more: Any) -> Answer:
    """A problem document (RFC 9457); ``more`` are members of its own, those of None left out.

    ``retry_after`` is in seconds.
    """
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return document_answer(problem_document(status, detail, **more), None, headers)


def unavailable(detail: str) -> Answer:
    """The answer to a request that cannot be carried out now."""
    return problem(503, detail, retry_after=RETRY_AFTER)


def document_answer(
    document: Mapping[str, Any], action: str | None, headers: Mapping[str, str] | None = None
) -> Answer:
    """The answer that is a problem document."""
    body = write_json(dict(document)).encode()
    return Answer(document["status"], body, PROBLEM, headers or {}, action, document.get("request"))


def problem_document(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document as JSON values."""
    members = {name: value for name, value in more.items() if value is not None}
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one payload: its delivery, the status and the decision as JSON values.

    ``conflict`` is set where its request id has come with another payload before.
    """

    delivery: str
    status: int
    decision: Mapping[str, Any]
    conflict: str | None = None

    @property
    def action(self) -> str | None:
        """The decision's action; None for a conflict."""
        return None if self.conflict is not None else self.decision.get("action")


def answer_of(parts: Sequence[Part], delivery: str) -> Answer:
    """The answer to a request by what became of its payloads."""
    if len(parts) == 1:
        return _one(parts[0])
    documents: list[Json] = [_shown(part) for part in parts]
    if all(part.status >= 400 for part in parts):
        detail = f"None of the {len(parts)} payloads is taken"
        status = max(part.status for part in parts)
        return problem(status, detail, request=delivery, decisions=documents)
    body = write_json({"request": delivery, "decisions": documents}).encode()
    return Answer(200, body, action="several", request=delivery)


def _one(part: Part) -> Answer:
    document = _shown(part)
    if part.status >= 400:
        return document_answer(document, part.action)
    return Answer(200, write_json(document).encode(), JSON, {}, part.action, part.delivery)


def _shown(part: Part) -> dict[str, Any]:
    decision = part.decision
    if part.conflict is not None:
        return problem_document(part.status, part.conflict, request=part.delivery)
    if part.status >= 400:
        return problem_document(
            part.status,
            decision.get("reason", decision.get("detail", "")),
            request=part.delivery,
            **{name: decision.get(name) for name in ("action", "problems", "code", "place")},
        )
    entity, contact = decision.get("entity"), decision.get("contact")
    shown: dict[str, Any] = {"request": part.delivery, "action": decision["action"]}
    if entity is not None:
        shown["entity"] = {"type": entity["type"], "ids": entity["ids"]}
    if contact is not None:
        shown["contact"] = {"ids": contact["ids"]}
    return shown
