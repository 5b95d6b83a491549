"""What is wrong with rule files while others are in use, in sentences."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from ..messages.diagnostics import Diagnostic
from ..messages.snippet import visible
from .state import LiveProblem, ProblemKind, summary
from .versions import Version

_OUT = "the file is not in use"
_STAYS = "its last good version stays in use"


def problems_of(
    versions: Mapping[Path, Version],
    chosen: Mapping[Path, Version],
    unread: Mapping[Path, str],
    emptied: Collection[Path],
    conflicts: Mapping[Path, tuple[Diagnostic, ...]],
    before: Mapping[str, LiveProblem],
) -> dict[str, LiveProblem]:
    """The problems of all files and folders by their paths, in order.

    Args:
        versions: The files as they are.
        chosen: The versions in use.
        unread: Why files and folders cannot be read.
        emptied: The files that had channels and have nothing now.
        conflicts: What keeps files without errors from being used.
        before: The problems until now: one that lasts keeps the time of its beginning.
    """
    now = datetime.now(UTC)
    found: dict[str, LiveProblem] = {}

    def add(
        path: Path, kind: ProblemKind, text: str, diagnostics: tuple[Diagnostic, ...] = ()
    ) -> None:
        name, used = str(path), chosen.get(path)
        known = before.get(name)
        kept = None if used is None else used.identity[0]
        since = now if known is None else known.since
        found[name] = LiveProblem(name, kind, text, since, diagnostics, kept)

    for path in sorted({*versions, *unread}):
        outcome, name = _STAYS if path in chosen else _OUT, visible(str(path))
        if path in unread:
            below = any(path in each.parents for each in chosen)
            outcome = "the last good versions of the files in it stay in use" if below else outcome
            add(path, "unreadable", f"{name} cannot be read: {unread[path]}; {outcome}")
        elif path in emptied:
            text = f"{name} is empty; {outcome}: delete the file to remove its channels"
            add(path, "emptied", text)
        elif path in conflicts:
            found_here = conflicts[path]
            add(path, "conflict", f"{summary(found_here)}; {outcome}", found_here)
        elif not versions[path].is_good:
            found_here = versions[path].diagnostics
            add(path, "broken", f"{summary(found_here)}; {outcome}", found_here)
    return found
