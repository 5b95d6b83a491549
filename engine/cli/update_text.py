"""What `leadlark test --update` wrote into a case file, and what it did not."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final, TextIO

from ..cases.updating import Updated
from ..messages.snippet import visible
from . import terminal

_STYLES: Final = {"+": "good", "-": "bad", "@": "place"}


def show(path: Path, before: str, result: Updated, stream: TextIO) -> None:
    """Write the difference to a stream and a sentence on each case to standard error."""
    if result.text != before:
        terminal.write(_difference(str(path), before, result.text), stream)
    for each in result.left:
        terminal.note(visible(str(each)))
    if result.names:
        count = "1 case" if len(result.names) == 1 else f"{len(result.names)} cases"
        terminal.note(f"wrote what is decided into {count} of {visible(str(path))}")


def _difference(name: str, before: str, after: str) -> Iterator[tuple[str, str]]:
    """The lines of a unified difference, for people: unseen characters are shown as such."""
    lines = unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="")
    for at, line in enumerate(lines):
        shown = "\t".join(map(visible, line.split("\t")))
        yield _STYLES.get(line[:1], "plain"), f"\n{shown}" if at else shown
