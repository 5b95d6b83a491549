"""What an audit finds: values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from ..codes import AUDIT
from ..explaining.masking import Mask, Personal
from ..request.place import Place
from ..store import Key
from ..values.value import Json

Severity: TypeAlias = Literal["error", "warning"]

SHOWN: Final = 3
"""How many examples a finding has at most."""


@dataclass(frozen=True, slots=True)
class Example:
    """Payloads that show a finding.

    ``values`` are values of the payload or of a field, ``keys`` search keys, and ``told`` is a
    sentence about it. ``personal`` says why the values are personal by their place, if they are.
    """

    places: tuple[Place, ...]
    values: tuple[Json, ...] = ()
    keys: tuple[Key, ...] = ()
    told: str | None = None
    personal: Personal | None = None

    def masked(self, mask: Mask) -> Example:
        """The example without personal data."""
        return replace(
            self,
            values=tuple(mask.json(value, self.personal) for value in self.values),
            keys=tuple(mask.key(key) for key in self.keys),
            told=None if self.told is None else mask.sentence(self.told, self.keys),
        )

    def to_dict(self) -> dict[str, Any]:
        """The example as it stands in JSON."""
        return {
            "places": [each.to_dict() for each in self.places],
            "values": list(self.values),
            "keys": [{"field": key.field, "value": key.value} for key in self.keys],
            "told": self.told,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One weak point.

    ``subject`` is the path, field or record type that it is about, ``line`` the line of the rule
    (from 1), ``count`` how many payloads or values show it, and ``help`` the way out.
    """

    code: str
    severity: Severity
    subject: str
    message: str
    count: int
    examples: tuple[Example, ...] = ()
    line: int | None = None
    help: str | None = None

    @property
    def title(self) -> str:
        """What all findings of the code are about."""
        return AUDIT[self.code]

    def masked(self, mask: Mask) -> Finding:
        """The finding without personal data; a subject can be a key of a payload."""
        return replace(
            self,
            subject=mask.loose(self.subject),
            message=mask.loose(self.message),
            examples=tuple(each.masked(mask) for each in self.examples),
        )

    def to_dict(self) -> dict[str, Any]:
        """The finding as it stands in JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "title": self.title,
            "subject": self.subject,
            "message": self.message,
            "count": self.count,
            "line": self.line,
            "help": self.help,
            "examples": [each.to_dict() for each in self.examples],
        }


def many(count: int, thing: str) -> str:
    """A count with its noun."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
