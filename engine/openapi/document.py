"""The OpenAPI 3.1 document of a service: its channels' addresses and what each takes.

It is made of addresses, titles and declared payloads alone. What a rule file says besides, such as
texts, conditions and the names of secrets, does not appear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..channel import Channel
from .answers import JSON, PROBLEM, RESPONSES, SCHEMAS, TEXT, answers
from .kinds import SHARED, Schema, any_of, form_value_of, ref
from .payloads import Place, form_names, form_of, object_of, places
from .proofs import scheme_of, told
from .schema_files import of_schema_file

_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_ID: Final = "What makes two deliveries the same request: a repeated one is answered as the first."
_LENIENT: Final = (
    "Keys are also read in another case than the one they are declared in. Requests that the "
    "channel ignores, such as tests, need not be as declared."
)
_PARAMETERS: Final[Mapping[str, Schema]] = {
    "WebhookId": {
        "name": "webhook-id",
        "in": "header",
        "description": _ID,
        "schema": {"type": "string"},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": f"{_ID} The header `webhook-id` goes before it.",
        "schema": {"type": "string"},
    },
    "Payload": {
        "name": "payload",
        "in": "query",
        "description": "The payload; names with brackets stand for what is nested.",
        "style": "form",
        "explode": True,
        "schema": ref("Form"),
    },
}


def document(
    rules: Mapping[str, Channel], *, title: str, version: str, servers: Sequence[str] = ()
) -> dict[str, Any]:
    """The document of some channels, as JSON values; the same for the same channels.

    ``title`` and ``version`` are those of the service, ``servers`` its base URLs. What fits the
    document is answered neither 400 nor 415; a payload that fits it can still be rejected (422),
    for what a schema cannot say.
    """
    schemas: dict[str, Schema] = {}
    security: dict[str, Schema] = {}
    paths: dict[str, Schema] = {}
    for address in sorted(rules):
        channel = rules[address]
        paths[f"/in/{address}"] = _path(channel, schemas)
        scheme = scheme_of(channel.program.auth)
        if scheme is not None:
            security[address] = scheme
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        **({"servers": [{"url": url} for url in servers]} if servers else {}),
        "paths": {**paths, **_SERVICE},
        "components": {
            "schemas": {**SHARED, **SCHEMAS, **schemas},
            "responses": dict(RESPONSES),
            "parameters": dict(_PARAMETERS),
        },
        "tags": [{"name": "channels"}, {"name": "service"}],
    }
    if security:
        made["components"]["securitySchemes"] = security
    return made


def _path(channel: Channel, schemas: dict[str, Schema]) -> Schema:
    program, address = channel.program, channel.address
    root = places(program.declared)
    schema = None
    if program.schema is not None:
        schema = of_schema_file(program.schema, root, f"in.{address}")
    is_declared = bool(program.declared) or program.strict or program.schema is not None
    payload, form = ref("Members"), ref("Form")
    if is_declared:
        payload, form = ref(f"in.{address}"), ref(f"form.{address}")
        schemas[f"in.{address}"] = schema or object_of(root, strict=program.strict)
        schemas[f"form.{address}"] = form_of(root, strict=program.strict)
    asked = _asked(channel, lenient=is_declared)
    body = {
        JSON: {"schema": any_of(payload, {"type": "array", "items": payload})},
        _FORM: {"schema": form},
        _MULTIPART: {"schema": form},
    }
    named = _query(root) if program.declared else [_parameter("Payload")]
    ids = [_parameter("WebhookId"), _parameter("IdempotencyKey")]
    return {
        "get": {"operationId": f"get.{address}", **asked, "parameters": [*ids, *named]},
        "post": {
            "operationId": f"post.{address}",
            **asked,
            "parameters": ids,
            "requestBody": {
                "description": "The payload, or a list of payloads, which are decided one by one. "
                "Without a body the query string is the payload.",
                "content": body,
            },
        },
    }


def _asked(channel: Channel, *, lenient: bool) -> Schema:
    """What GET and POST have in common: what they are for, the sender's proof, the answers."""
    auth = channel.program.auth
    becomes = f"A request becomes a {channel.type}."
    texts = [becomes, told(auth), _LENIENT if lenient else None]
    made: Schema = {
        "tags": ["channels"],
        "summary": channel.title,
        "description": "\n\n".join(text for text in texts if text),
        "responses": answers(proven=auth is not None),
    }
    if scheme_of(auth) is not None:
        made["security"] = [{channel.address: []}]
    return made


def _query(root: Place) -> list[Schema]:
    return [
        {
            "name": each.name,
            "in": "query",
            **({"required": True} if each.required and each.pattern is None else {}),
            "schema": form_value_of(each.kind, required=each.required),
        }
        for each in form_names(root)
    ]


def _parameter(name: str) -> Schema:
    return {"$ref": f"#/components/parameters/{name}"}


def _of_service(name: str, summary: str, content: Schema, more: Schema | None = None) -> Schema:
    answer = {"200": {"description": summary, "content": content}, **(more or {})}
    return {
        "get": {"operationId": name, "tags": ["service"], "summary": summary, "responses": answer}
    }


_NOT_READY: Final = {
    "503": {
        "description": "The store or the journal is out of reach.",
        "content": {PROBLEM: {"schema": ref("Problem")}},
    }
}
_SERVICE: Final[Mapping[str, Schema]] = {
    "/health/live": _of_service(
        "live",
        "The process answers.",
        {
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["status"],
                    "properties": {"status": {"const": "live"}},
                }
            }
        },
    ),
    "/health/ready": _of_service(
        "ready", "Requests can be taken.", {JSON: {"schema": ref("Ready")}}, _NOT_READY
    ),
    "/metrics": _of_service(
        "metrics", "Metrics for Prometheus.", {TEXT: {"schema": {"type": "string"}}}
    ),
    "/openapi.json": _of_service(
        "openapi", "This document.", {JSON: {"schema": {"type": "object"}}}
    ),
}
