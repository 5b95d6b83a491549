"""What became of the lines of an import, and what of the contacts may be one person twice."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from ..late_dataclass import dataclass, field
from ..store import Key

MOST_MISTAKES: Final = 100
"""Mistakes that are kept; the others are counted."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A line that did not become a record, and why."""

    file: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A search key that several contacts have: how many, and the lowest ids among them."""

    key: Key
    count: int
    contacts: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What became of all lines.

    ``added`` and ``there`` count records by their type, ``failed`` lines that could not be read,
    ``differing`` records whose ids are taken by others; ``troubles`` are the first of both.
    ``refused`` gives the files of which nothing could be read, and why.
    ``unfound`` counts records with a phone or e-mail field by which nobody finds them.
    """

    added: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    differing: int = 0
    failed: int = 0
    unfound: int = 0
    troubles: list[Trouble] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    first_unfound: Trouble | None = None

    @property
    def lines(self) -> int:
        """How many records the files hold, mistakes among them."""
        return self.added.total() + self.there.total() + self.differing + self.failed

    @property
    def fine(self) -> bool:
        """Whether every line is a record of the database now."""
        return not (self.differing or self.failed or self.refused)

    def refuse(self, file: str, reason: str) -> None:
        """Keep why a file could not be read."""
        self.refused[file] = reason

    def trouble(self, file: str, line: int, message: str) -> None:
        """Keep a trouble, unless there are many."""
        if len(self.troubles) < MOST_MISTAKES:
            self.troubles.append(Trouble(file, line, message))


@dataclass(slots=True)
class SharedKeys:
    """The keys of phones and e-mails that lead to several contacts of a database.

    ``fields`` counts them by their field; ``examples`` are those of most contacts.
    """

    fields: Counter[str] = field(default_factory=Counter)
    examples: tuple[Shared, ...] = ()


def to_dict(report: Report, shared: SharedKeys) -> dict[str, Any]:
    """The report as it stands in JSON."""
    return {
        "lines": report.lines,
        "added": dict(report.added),
        "already_there": dict(report.there),
        "differing": report.differing,
        "failed": report.failed,
        "without_key": report.unfound,
        "refused": [{"file": file, "reason": reason} for file, reason in report.refused.items()],
        "troubles": [
            {"file": each.file, "line": each.line, "message": each.message}
            for each in report.troubles
        ],
        "shared_keys": {
            "count": shared.fields.total(),
            "by_field": dict(shared.fields),
            "examples": [
                {
                    "field": each.key.field,
                    "value": each.key.value,
                    "count": each.count,
                    "contacts": list(each.contacts),
                }
                for each in shared.examples
            ],
        },
    }
