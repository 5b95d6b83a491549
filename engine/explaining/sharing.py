"""The decision as it can be shared: what a mask has to know first, and what it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..decision import Decision
from ..language.nodes import Template
from ..mapping.mapped import FieldMap, MappedPayload
from ..mapping.scope import payload_text
from ..store import Record
from ..values.value import Json, has_value, to_text, write_json
from .masking import Mask, Personal, personal
from .reading import Reader, outer_params


def prepare(reader: Reader, mapped: MappedPayload, records: Iterable[Record]) -> None:
    """Give stand-ins to all that is personal by its place, so that it has them everywhere."""
    mask = reader.mask
    if mask is None:
        return
    for given in reader.seen.assignments:
        place = personal(given.target, given.field.name, given.field.kind)
        node = given.assign.value
        alone = isinstance(node, Template) and node.only is not None
        if place is None or not (alone or place in ("phone", "email")):
            continue  # a text with params in it is told by its parts
        for each in given.field.values:
            mask.json(each.value, place)
        _keep_params(reader, mask, node, place)
    for declared in reader.program.declared:
        if declared.type.text in ("phone", "email"):
            sent = reader.payload_scope.read(declared.path)
            mask.value(sent, "phone" if declared.type.text == "phone" else "email")
    for record in records:
        fields = mapped.contact_fields if record.type == "contact" else mapped.entity_fields
        for name, value in record.fields.items():
            place = personal(record.type, name, _kind(fields, name))
            if place is not None:
                mask.json(value, place)
    _keep_payload(reader, mask)


def _keep_params(reader: Reader, mask: Mask, node: Any, place: Personal | None) -> None:
    for param in outer_params(node):
        read = reader.seen.read(param)
        if read is not None:
            mask.value(read.raw, place)
            mask.value(reader.sent(param.path, read.raw), place)
            for step in read.steps:
                mask.value(step, place)


def _keep_payload(reader: Reader, mask: Mask) -> None:
    """Take the payload as text, which `comment payload` passes on, for its masked self."""
    around = reader.around
    text = payload_text(around.request.payload, around.masked)
    mask.remember(text, write_json(mask.json(around.request.payload)))


def shared_reason(reader: Reader, mapped: MappedPayload, decision: Decision) -> str:
    """The reason of a decision: rule text as written, what params gave masked."""
    if reader.mask is None:
        return decision.reason
    verdict = reader.seen.verdict
    if verdict is None:
        keys = mapped.keys
        return reader.sentence(decision.reason, (*keys.contact, *keys.entity))
    if verdict.reason is None or decision.reason == _written(reader):
        return decision.reason
    shared = reader.filled(verdict.reason, decision.reason)
    return to_text(shared)


def _written(reader: Reader) -> str:
    verdict = reader.seen.verdict
    return "" if verdict is None else f"line {reader.line(verdict)}: {reader.written(verdict)}"


def shared_decision(
    reader: Reader, mapped: MappedPayload, decision: Decision, reason: str
) -> Mapping[str, Any]:
    """The decision's JSON as it can be shared."""
    shown = decision.to_dict()
    mask = reader.mask
    if mask is None:
        return shown
    shown["reason"] = reason
    if shown["contact"] is not None:
        shown["contact"]["fields"] = _fields(
            mask, "contact", shown["contact"]["fields"], mapped.contact_fields
        )
    if shown["entity"] is not None:
        _share_entity(mask, shown["entity"], mapped)
    if shown["comment"] is not None:
        shown["comment"] = mask.text(shown["comment"])
    if shown["activity"] is not None:
        for name in ("subject", "responsible"):
            if shown["activity"][name] is not None:
                shown["activity"][name] = mask.text(shown["activity"][name])
    for warning in shown["warnings"]:
        warning["message"] = mask.sentence(warning["message"])
        warning["path"] = warning["path"] and mask.loose(warning["path"])
    for problem in shown.get("problems", ()):
        told = reason if problem["message"] == decision.reason else None
        problem["message"] = told or mask.sentence(problem["message"])
        problem["path"] = problem["path"] and mask.loose(problem["path"])
    return shown


def _share_entity(mask: Mask, entity: dict[str, Any], mapped: MappedPayload) -> None:
    fields = mapped.entity_fields
    for part in (entity, *(entity["records"] or ())):
        if part["fields"] is not None:
            part["fields"] = _fields(mask, entity["type"], part["fields"], fields)
        for name in ("status", "responsible"):
            if part.get(name) is not None and has_value(part[name]):
                part[name] = mask.text(part[name])


def _fields(
    mask: Mask, target: str, fields: Mapping[str, Json], mapped: FieldMap
) -> dict[str, Json]:
    return {
        name: mask.json(value, personal(target, name, _kind(mapped, name)))
        for name, value in fields.items()
    }


def _kind(mapped: FieldMap, name: str) -> str | None:
    field = mapped.get(name)
    return None if field is None else field.kind
