"""The answers of the service, which all channels share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .kinds import Schema, any_of, ref

PROBLEM: Final = "application/problem+json"
JSON: Final = "application/json"
TEXT: Final = "text/plain"

_IDS: Final[Schema] = {"type": "array", "items": {"type": "string"}}
_TEXT: Final[Schema] = {"type": "string"}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Decided": {
        "description": "What has become of a request, kept and carried out.",
        "type": "object",
        "required": ["request", "action"],
        "properties": {
            "request": {"type": "string", "description": "The id of the delivery."},
            "action": {"enum": ["create", "update", "ignore"]},
            "reason": {"type": "string", "description": "Why the request is ignored."},
            "entity": {
                "description": "The leads or deals created or updated.",
                "type": "object",
                "required": ["type", "ids"],
                "properties": {"type": {"enum": ["lead", "deal"]}, "ids": _IDS},
            },
            "contact": {
                "description": "The contacts linked to them, the primary first.",
                "type": "object",
                "required": ["ids"],
                "properties": {"ids": _IDS},
            },
        },
    },
    "SeveralDecided": {
        "description": "What has become of each payload of a request, in order.",
        "type": "object",
        "required": ["request", "decisions"],
        "properties": {
            "request": _TEXT,
            "decisions": {"type": "array", "items": any_of(ref("Decided"), ref("Problem"))},
        },
    },
    "Problem": {
        "description": "Why a request is not taken (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What is wrong, and the way out."},
            "request": _TEXT,
            "action": {"enum": ["reject", "unreadable"]},
            "code": {"type": "string", "description": "What keeps a request from being read."},
            "place": {"type": "string", "description": "Where in the request that is."},
            "hint": _TEXT,
            "problems": {
                "description": "What in the payload is not as the channel declares it.",
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"path": {"type": ["string", "null"]}, "message": _TEXT},
                },
            },
            "decisions": {"type": "array", "items": ref("Problem")},
        },
    },
    "Ready": {
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": {"const": "ready"},
            "channels": {"type": "integer", "description": "How many channels are loaded."},
            "problems": {
                "description": "What keeps rule files from being used as they are.",
                "type": "array",
                "items": _TEXT,
            },
        },
    },
}
"""The schemas of answers by their names in the document."""

_RETRIED: Final = (409, 429, 503)
_PROBLEMS: Final[Mapping[int, str]] = {
    400: "The request cannot be read; the problem names the place.",
    401: "The sender's proof is missing or wrong.",
    404: "There has never been a channel at this address.",
    408: "The request has not come whole in time.",
    409: "The request id has come with another payload before, or is being decided on just now.",
    410: "The channel of this address is there no more.",
    413: "The request is too large.",
    415: "The body is neither JSON nor a form.",
    422: "The channel rejects the payload; `problems` says why. It is kept in the journal.",
    429: "Too many requests in a short time.",
    431: "The head of the request is too large.",
    503: "The store or the journal is out of reach; nothing is done, send the request again.",
}


def _problem(status: int, description: str) -> Schema:
    made: Schema = {"description": description}
    if status in _RETRIED:
        made["headers"] = {
            "Retry-After": {
                "description": "Seconds after which to send the request again.",
                "schema": {"type": "integer", "minimum": 0},
            }
        }
    made["content"] = {PROBLEM: {"schema": ref("Problem")}}
    if status == 401:
        made["content"][TEXT] = {"schema": _TEXT}
    return made


RESPONSES: Final[Mapping[str, Schema]] = {
    "Decided": {
        "description": "Decided, written and kept: one payload, or several in order. "
        "The test request of a sender's set-up is answered in plain text.",
        "content": {
            JSON: {"schema": any_of(ref("Decided"), ref("SeveralDecided"))},
            TEXT: {"schema": _TEXT},
        },
    },
    **{f"Problem{status}": _problem(status, text) for status, text in _PROBLEMS.items()},
}
"""The answers by their names in the document."""


def answers(*, proven: bool) -> Schema:
    """The answers of a channel, ``proven`` telling that it asks its senders for a proof."""
    problems = {
        str(status): {"$ref": f"#/components/responses/Problem{status}"}
        for status in _PROBLEMS
        if proven or status != 401
    }
    return {"200": {"$ref": "#/components/responses/Decided"}, **problems}
