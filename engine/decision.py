"""The decision on one payload: what becomes of it, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from .language.nodes import EntityType
from .late_dataclass import dataclass, field
from .values.value import Json, write_json

Action: TypeAlias = Literal["create", "update", "ignore", "reject"]
ContactAction: TypeAlias = Literal["create", "update", "complete", "keep", "none"]


@dataclass(frozen=True, slots=True)
class Note:
    """A warning about a payload: a code of `codes.NOTES`, a sentence, and the param's path."""

    code: str
    message: str
    path: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The warning as it stands in a decision's JSON."""
        return {"code": self.code, "message": self.message, "path": self.path}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a payload is rejected; ``path`` is the param or field at fault."""

    path: str | None
    message: str

    def to_dict(self) -> dict[str, Any]:
        """The problem as it stands in a decision's JSON."""
        return {"path": self.path, "message": self.message}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field's value comes from: the line of its rule and the value as written there."""

    target: Literal["contact", "lead", "deal"]
    field: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class ContactPart:
    """What happens to the contact; ``fields`` are what is written, lists for multi-values."""

    action: ContactAction
    ids: tuple[str, ...] = ()
    fields: Mapping[str, Json] = field(default_factory=dict)
    types: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The contact as it stands in a decision's JSON."""
        return {
            "action": self.action,
            "ids": list(self.ids),
            "fields": dict(self.fields),
            "types": {name: list(types) for name, types in self.types.items()},
        }


@dataclass(frozen=True, slots=True)
class RecordPart:
    """What happens to one of several records that ``find all`` found."""

    id: str
    status: str | None
    fields: Mapping[str, Json]

    def to_dict(self) -> dict[str, Any]:
        """The record as it stands in a decision's JSON."""
        return {"id": self.id, "status": self.status, "fields": dict(self.fields)}


@dataclass(frozen=True, slots=True)
class EntityPart:
    """What happens to the lead or deal; ``fields`` is None where ``records`` tell it."""

    type: EntityType
    ids: tuple[str, ...] = ()
    status: str | None = None
    responsible: str | None = None
    fields: Mapping[str, Json] | None = field(default_factory=dict)
    types: Mapping[str, Sequence[str]] = field(default_factory=dict)
    records: tuple[RecordPart, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The entity as it stands in a decision's JSON."""
        return {
            "type": self.type,
            "ids": list(self.ids),
            "status": self.status,
            "responsible": self.responsible,
            "fields": None if self.fields is None else dict(self.fields),
            "types": {name: list(types) for name, types in self.types.items()},
            "records": None if self.records is None else [each.to_dict() for each in self.records],
        }


@dataclass(frozen=True, slots=True)
class ActivityPart:
    """The to-do that is made; ``due`` is ISO 8601 in UTC."""

    subject: str
    due: str
    responsible: str | None

    def to_dict(self) -> dict[str, Any]:
        """The activity as it stands in a decision's JSON."""
        return {"subject": self.subject, "due": self.due, "responsible": self.responsible}


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one payload.

    ``reason`` is one plain sentence; ``problems`` say why a payload is rejected; ``rules`` is the
    SHA-256 of the rule file in hexadecimal and ``edition`` the language edition it is written in.
    """

    channel: str
    action: Action
    reason: str
    rules: str
    edition: int
    contact: ContactPart | None = None
    entity: EntityPart | None = None
    comment: str | None = None
    activity: ActivityPart | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether carrying the decision out changes a store (create and update)."""
        return self.action in ("create", "update")

    def applied(self, contact: str | None, entities: Sequence[str]) -> Decision:
        """The decision with the ids that a store gave to what it created.

        ``contact`` is the id of the created contact, if one was created; ``entities`` are the
        ids of all leads or deals written, in the order of the plan.
        """
        part, entity = self.contact, self.entity
        # Written out: every request comes here, and `replace` takes several times as long.
        if part is not None and contact is not None:
            part = ContactPart(part.action, (contact, *part.ids), part.fields, part.types)
        if entity is not None:
            entity = EntityPart(
                entity.type,
                tuple(entities),
                entity.status,
                entity.responsible,
                entity.fields,
                entity.types,
                entity.records,
            )
        return Decision(
            self.channel,
            self.action,
            self.reason,
            self.rules,
            self.edition,
            part,
            entity,
            self.comment,
            self.activity,
            self.problems,
            self.warnings,
        )

    def to_dict(self) -> dict[str, Any]:
        """The decision as JSON values; numbers are ``int`` or ``Decimal``, ids texts.

        A reject has a ``problems`` list; all other keys are always there, null where they mean
        nothing for the action. The shape is published as ``leadlark/schemas/decision.json``.
        """
        shown: dict[str, Any] = {
            "channel": self.channel,
            "action": self.action,
            "reason": self.reason,
            "contact": None if self.contact is None else self.contact.to_dict(),
            "entity": None if self.entity is None else self.entity.to_dict(),
            "comment": self.comment,
            "activity": None if self.activity is None else self.activity.to_dict(),
            "warnings": [note.to_dict() for note in self.warnings],
            "rules": self.rules,
            "edition": self.edition,
        }
        if self.action == "reject":
            shown["problems"] = [problem.to_dict() for problem in self.problems]
        return shown

    def to_json(self, *, indent: int | None = None) -> str:
        """The decision as JSON text, every digit of its numbers kept."""
        return write_json(self.to_dict(), indent=indent)
