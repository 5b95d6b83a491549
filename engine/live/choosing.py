"""Which versions of several rule files are in use together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from ..messages.diagnostics import Diagnostic
from ..together import check_together
from .looking import Look
from .state import LiveFile, Loaded
from .versions import Version


def emptied_of(versions: Mapping[Path, Version], used: Mapping[Path, Version]) -> set[Path]:
    """The files in which there is nothing where there were channels."""
    return {
        path
        for path, each in versions.items()
        if each.is_empty and path in used and used[path].channels
    }


def wanted_of(
    seen: Look,
    versions: Mapping[Path, Version],
    used: Mapping[Path, Version],
    emptied: Collection[Path],
) -> dict[Path, Version]:
    """The version of every file that it should be used in, were there no other files.

    That is the file as it is; its version in ``used`` where it has errors, is emptied or cannot be
    read, and where it says the same: then the functions made of it stay. What is gone has none.
    """
    wanted: dict[Path, Version] = {}
    for path in sorted({*used, *seen.files}):
        new, old = versions.get(path), used.get(path)
        if new is not None and new.is_good and path not in emptied:
            wanted[path] = old if old is not None and old.identity == new.identity else new
        elif old is not None and (path in seen.files or seen.is_hidden(path)):
            wanted[path] = old
    return wanted


def choose(
    wanted: Mapping[Path, Version], used: Mapping[Path, Version]
) -> tuple[dict[Path, Version], dict[Path, tuple[Diagnostic, ...]]]:
    """The versions to use of those that are wanted, and what keeps the others out.

    Where two files claim one address or `default`, those of them that are new or changed stay
    what they are in ``used``, where there is no such conflict.
    """
    chosen = dict(wanted)
    conflicts: dict[Path, tuple[Diagnostic, ...]] = {}
    while True:
        found = check_together(
            [(each.checked.source, each.checked.file) for each in chosen.values()]
        )
        named: dict[Path, list[Diagnostic]] = {}
        for each in found:
            sources = [each.source, *(label.source for label in each.related)]
            for path in {Path(source.name) for source in sources if source is not None}:
                if chosen[path] is not used.get(path):
                    named.setdefault(path, []).append(each)
        if not named:
            return chosen, conflicts
        for path, diagnostics in named.items():
            conflicts[path] = tuple(diagnostics)
            if path in used:
                chosen[path] = used[path]
            else:
                del chosen[path]


def loaded_of(used: Mapping[Path, Version], number: int) -> Loaded:
    """The rules that some versions are together; ``number`` counts what is loaded."""
    versions = [used[path] for path in sorted(used)]
    channels = list(chain.from_iterable(each.channels for each in versions))
    return Loaded(
        {each.address: each for each in channels},
        next((each for each in channels if each.program.default), None),
        tuple(_file(each) for each in versions),
        tuple(chain.from_iterable(each.diagnostics for each in versions)),
        datetime.now(UTC),
        number,
    )


def _file(version: Version) -> LiveFile:
    addresses = tuple(each.address for each in version.channels)
    return LiveFile(str(version.path), version.identity[0], addresses)
