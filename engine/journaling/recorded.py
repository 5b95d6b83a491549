"""What a row of the journal recorded, as a decision; and the request that it was made on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from ..decision import (
    Action,
    ActivityPart,
    ContactPart,
    Decision,
    EntityPart,
    Note,
    Problem,
    RecordPart,
)
from ..errors import PayloadError
from ..journal import Delivery, Entry
from ..late_dataclass import replace
from ..request.payload import Request
from ..values.plain_json import read_own

UNREADABLE: Final = cast("Action", "unreadable")
"""The action that stands for a request that no payload could be read from."""


def decision_of(row: Entry) -> Decision:
    """The decision of a row; that of an unreadable request has `UNREADABLE` as its action."""
    told = document_of(row)
    rules = row.delivery.rules
    if row.action == "unreadable":
        reason = str(told.get("detail", ""))
        if told.get("code"):
            reason = f"{told['code']}: {reason}"
        return Decision(row.delivery.channel, UNREADABLE, reason, rules, 1)
    return Decision(
        channel=row.delivery.channel,
        action=row.action,
        reason=str(told.get("reason", "")),
        rules=str(told.get("rules", rules)),
        edition=int(told.get("edition", 1)),
        contact=_contact(told.get("contact")),
        entity=_entity(told.get("entity")),
        comment=told.get("comment"),
        activity=_activity(told.get("activity")),
        problems=tuple(Problem(each["path"], each["message"]) for each in _list(told, "problems")),
        warnings=tuple(
            Note(each["code"], each["message"], each.get("path"))
            for each in _list(told, "warnings")
        ),
    )


def document_of(row: Entry) -> dict[str, Any]:
    """The decision of a row, or the problem of an unreadable request, as JSON values."""
    try:
        told = read_own(row.decision)
    except ValueError:
        told = None
    return cast("dict[str, Any]", told) if isinstance(told, dict) else {}


def before_ids(decision: Decision) -> Decision:
    """The decision without the ids of what it created: as it was before it was carried out."""
    contact, entity = decision.contact, decision.entity
    if contact is not None and contact.action == "create":
        contact = replace(contact, ids=contact.ids[1:])
    if entity is not None and decision.action == "create":
        entity = replace(entity, ids=())
    return replace(decision, contact=contact, entity=entity)


def unreadable(channel: str, rules: str, error: PayloadError) -> Decision:
    """What stands for the decision on a request that cannot be read now."""
    return Decision(channel, UNREADABLE, f"{error.code}: {error.message}", rules, 1)


def request_of(delivery: Delivery) -> Request:
    """The request as it was received; raises `PayloadError` where it cannot be read."""
    return Request.from_http(
        method=delivery.method,
        query=(delivery.query or "").encode("latin-1", "replace"),
        headers=dict(delivery.headers),
        body=delivery.body or b"",
        address=delivery.address,
    )


def _contact(told: Mapping[str, Any] | None) -> ContactPart | None:
    if told is None:
        return None
    ids, fields = tuple(told.get("ids", ())), told.get("fields") or {}
    return ContactPart(told.get("action", "none"), ids, fields, told.get("types") or {})


def _entity(told: Mapping[str, Any] | None) -> EntityPart | None:
    if told is None:
        return None
    records = told.get("records")
    return EntityPart(
        told["type"],
        tuple(told.get("ids", ())),
        told.get("status"),
        told.get("responsible"),
        told.get("fields"),
        told.get("types") or {},
        None
        if records is None
        else tuple(RecordPart(each["id"], each["status"], each["fields"]) for each in records),
    )


def _activity(told: Mapping[str, Any] | None) -> ActivityPart | None:
    if told is None:
        return None
    return ActivityPart(told["subject"], told["due"], told.get("responsible"))


def _list(told: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    return told.get(name) or ()
