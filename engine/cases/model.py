"""Cases and their results: values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..errors import CaseError
from ..store import Record
from .located import Entries, Node, Place

Outcome: TypeAlias = Literal["passed", "failed", "skipped", "todo", "unexpected pass"]


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """What is sent: the parts of an HTTP request, or the payloads of a ``file``."""

    method: Literal["GET", "POST"]
    query: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case, or one row of a case with parameters.

    ``expect`` and ``after`` keep their places, to which differences point. ``notes`` tell what is
    allowed, but hardly meant; of several rows the first has them.
    """

    name: str
    place: Place
    request: CaseRequest
    records: tuple[Record, ...]
    now: datetime
    expect: Node | None
    after: Entries | None
    skip: str | None = None
    todo: str | None = None
    notes: tuple[CaseError, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case file; ``path`` is shown in messages, ``rules`` is the rule file or folder."""

    path: str
    rules: Path
    channel: str | None
    rules_place: Place
    channel_place: Place
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of a decision, or of the store after it, that is not as expected.

    ``path`` is dotted, ``line`` that of the expectation; ``expected`` and ``actual`` are texts
    for people.
    """

    path: str
    line: int
    expected: str
    actual: str

    def to_dict(self) -> dict[str, Any]:
        """The difference as JSON values."""
        return {
            "path": self.path,
            "line": self.line,
            "expected": self.expected,
            "actual": self.actual,
        }


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case; ``reason`` tells what was decided, or why it was not run.

    ``notes`` are those of the case.
    """

    name: str
    path: str
    line: int
    outcome: Outcome
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    notes: tuple[CaseError, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether the result lets a run succeed."""
        return self.outcome in ("passed", "skipped", "todo")

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        return {
            "name": self.name,
            "path": self.path,
            "line": self.line,
            "outcome": self.outcome,
            "reason": self.reason,
            "differences": [difference.to_dict() for difference in self.differences],
            "notes": [
                {"line": note.line, "column": note.column, "message": note.message}
                for note in self.notes
            ],
        }
