"""What a service knows of its rule files: the rules in use, what is wrong, what has happened."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from ..channel import Channel, Rules
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic, has_errors

_ADDRESS: Final = re.compile(r"[a-z0-9-]{1,64}")

ProblemKind: TypeAlias = Literal["broken", "conflict", "emptied", "unreadable"]


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A rule file in use: its path, the SHA-256 of its text, the addresses of its channels."""

    path: str
    rules: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Loaded:
    """One version of all rules, whole: a request takes it once and stays with it.

    ``default`` is the channel that says `default`; ``loaded`` is when this version came into use
    and ``number`` counts the versions of the process from 1.
    """

    channels: Mapping[str, Channel]
    default: Channel | None
    files: tuple[LiveFile, ...]
    warnings: tuple[Diagnostic, ...]
    loaded: datetime
    number: int

    @cached_property
    def rules(self) -> Rules:
        """The channels as programs use them."""
        return Rules(self.channels, self.warnings)


@dataclass(frozen=True, slots=True)
class LiveProblem:
    """Something that keeps a file, or what is in a folder, from being used as it is.

    ``broken``: the file has errors, which are in ``diagnostics``. ``conflict``: it has none, but
    an address or `default` of it belongs to another file too. ``emptied``: nothing is left in a
    file that had channels. ``unreadable``: the file system does not give it. ``message`` is one
    sentence, with the way out; ``since`` when the file was first found unusable.
    ``kept`` is the SHA-256 of its version that stays in use, None where there is none.
    """

    path: str
    kind: ProblemKind
    message: str
    since: datetime
    diagnostics: tuple[Diagnostic, ...] = ()
    kept: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The problem as JSON values, its errors in the form of `check --format json`."""
        from ..messages.render import to_json  # noqa: PLC0415 (imported when first needed)

        errors = [each for each in self.diagnostics if each.severity == "error"]
        return {
            "path": self.path,
            "kind": self.kind,
            "message": self.message,
            "since": self.since.isoformat(),
            "kept": self.kept,
            "diagnostics": [to_json(each) for each in errors],
        }

    def is_like(self, other: LiveProblem) -> bool:
        """Whether both tell the same, times aside."""
        return self._told == other._told

    @property
    def _told(self) -> tuple[object, ...]:
        return self.path, self.kind, self.message, self.diagnostics, self.kept


@dataclass(frozen=True, slots=True)
class Swapped:
    """Another version of the rules is in use: the files and the addresses that are different.

    ``changed`` are the paths of files that are new, changed or gone; ``added`` and ``removed``
    the addresses that there were not, or are no more.
    """

    loaded: Loaded
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broke:
    """A problem that is new, or is another than before at the same place."""

    problem: LiveProblem


@dataclass(frozen=True, slots=True)
class Mended:
    """The problem at a path is gone."""

    path: str


LiveEvent: TypeAlias = Swapped | Broke | Mended


class NoChannel(Enum):
    """Why an address leads to no channel: it did once, or it never has."""

    GONE = "gone"
    UNKNOWN = "unknown"


def lookup(loaded: Loaded, address: str, known: Container[str]) -> Channel | NoChannel:
    """The channel that decides the requests to an address.

    That is the address's own; of an address that is loaded no more but ``known``, which holds
    all that ever were, the `default` channel. What cannot be an address by the language's syntax
    is looked up nowhere.
    """
    if not _ADDRESS.fullmatch(address):
        return NoChannel.UNKNOWN
    channel = loaded.channels.get(address)
    if channel is not None:
        return channel
    if address not in known:
        return NoChannel.UNKNOWN
    return NoChannel.GONE if loaded.default is None else loaded.default


def summary(diagnostics: tuple[Diagnostic, ...]) -> str:
    """The errors of a file in a few words: the first, and how many there are beside it."""
    from ..messages.render import concise  # noqa: PLC0415 (imported when first needed)

    assert has_errors(diagnostics)
    errors = [each for each in diagnostics if each.severity == "error"]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return concise(errors[0]) + more
