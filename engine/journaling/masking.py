"""Rows and decisions of the journal as they can be shown to anybody: without personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import PayloadError
from ..explaining.masking import Mask, personal
from ..journal import Delivery, Entry
from ..late_dataclass import replace
from ..values.value import Json, number_of, trim
from .recorded import document_of, request_of

_OWN_WORDS: Final = frozenset(
    (
        *("a", "and", "another", "any", "are", "as", "by", "cannot", "channel", "contact"),
        *("contacts", "created", "deal", "deals", "empty", "field", "find", "found", "has"),
        *("have", "in", "is", "it", "key", "keys", "lead", "leads", "left", "line", "list"),
        *("match", "matches", "missing", "more", "no", "none", "not", "nothing", "object"),
        *("of", "once", "one", "or", "payload", "problem", "problems", "read", "rejects"),
        *("request", "required", "search", "several", "status", "than", "that", "the"),
        *("there", "to", "value", "what", "with"),
    )
)
"""Words of LeadLark's own sentences, which stay where a payload holds them as well."""

_OWN: Final = re.compile(
    r"(?:no (?:lead|deal|contact)\b|(?:lead|deal|contact)s? [0-9]|the (?:payload|person) |"
    r"line [0-9]+: |[0-9]+ problems|[`'\"])"
)
_CAPITALISED: Final = re.compile(r"(?<!\w)[^\W\d_a-z]\w*")
_MOST: Final = 2_000  # texts of a payload that a reason is compared with

_HARMLESS: Final = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "connection", "content-encoding"),
        *("content-length", "content-type", "host", "user-agent", "x-leadlark-replay-of"),
    )
)
"""Headers that say nothing of a person."""


def shared_reason(row: Entry, mask: Mask) -> str:
    """The beginning of a row's reason: values of its payload and decision by stand-ins.

    Where the payload is purged, the words with a capital of a reason that rules have written are
    replaced: any of them may be a name.
    """
    text = row.text
    if not text:
        return text
    for value in sorted(_values(row, text), key=len, reverse=True):
        word = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
        stand_in = mask.text(value, "contact")
        text = word.sub(lambda _, told=stand_in: told, text)  # type: ignore[misc]
    delivery = row.delivery
    purged = delivery.body is None and not delivery.query
    if purged and row.action in ("ignore", "reject") and not _OWN.match(text):
        text = _CAPITALISED.sub(lambda found: mask.text(found[0], "contact"), text)
    return mask.sentence(text) if row.action in ("reject", "unreadable") else mask.loose(text)


def shared_document(row: Entry, mask: Mask) -> dict[str, Any]:
    """The decision of a row as JSON values."""
    told = document_of(row)
    if row.action == "unreadable":
        return {
            name: mask.sentence(value) if name in ("detail", "hint") and value else value
            for name, value in told.items()
        }
    told["reason"] = _shared(told.get("reason"), row, mask)
    contact, entity = told.get("contact"), told.get("entity")
    if contact:
        contact["fields"] = _fields(mask, "contact", contact["fields"])
    for part in (entity, *((entity or {}).get("records") or ())):
        if part and part.get("fields") is not None:
            part["fields"] = _fields(mask, (entity or part)["type"], part["fields"])
    if told.get("comment") is not None:
        told["comment"] = mask.text(told["comment"])
    if told.get("activity"):
        told["activity"]["subject"] = mask.text(told["activity"]["subject"])
    for each in (*told.get("problems", ()), *told.get("warnings", ())):
        each["message"] = mask.sentence(each["message"])
        each["path"] = each["path"] and mask.loose(each["path"])
    return told


def shared_headers(headers: Mapping[str, str], mask: Mask) -> dict[str, str]:
    """The headers, those that may tell of a person by stand-ins."""
    return {
        name: value if name in _HARMLESS else mask.text(value) for name, value in headers.items()
    }


def shared_payload(delivery: Delivery, mask: Mask) -> Json:
    """The payload as it was read, by stand-ins; None where it cannot be read."""
    try:
        return mask.json(request_of(delivery).payload)
    except PayloadError:
        return None


def shared_query(delivery: Delivery, mask: Mask) -> Json:
    """The query string as it was read, by stand-ins; None where it cannot be read."""
    try:
        return mask.json(request_of(delivery).query)
    except PayloadError:
        return None


def _shared(reason: str | None, row: Entry, mask: Mask) -> str:
    return shared_reason(replace(row, text=reason or ""), mask)


def _fields(mask: Mask, target: str, fields: Mapping[str, Json]) -> dict[str, Json]:
    return {name: mask.json(value, personal(target, name, None)) for name, value in fields.items()}


def _values(row: Entry, text: str) -> set[str]:
    """The texts of a payload and a decision that stand in a reason."""
    values = list(_of_payload(row.delivery))
    told = document_of(row)
    for part in ("contact", "entity"):
        values += _texts((told.get(part) or {}).get("fields"))
    found = {trim(each) for each in values[:_MOST]}
    return {
        each
        for each in found
        if len(each) > 1
        and each in text
        and number_of(each) is None
        and each.lower() not in _OWN_WORDS
    }


def _of_payload(delivery: Delivery) -> Iterator[str]:
    if delivery.body is None and not delivery.query:
        return
    try:
        request = request_of(delivery)
    except PayloadError:
        return
    yield from _texts(request.payload)
    yield from _texts(request.query)


def _texts(value: Any) -> Iterator[str]:
    """The texts of a value of limited depth, as a payload is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
