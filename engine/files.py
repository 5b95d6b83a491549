"""Files below folders, as commands and the loader look for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def below(path: Path, suffix: str) -> Iterator[Path]:
    """The file itself; of a folder every file below it with that end, in order of names.

    Folders whose names begin with a dot are left out: environments and version control keep
    copies there that nobody means.
    """
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.rglob(f"*{suffix}")):
        hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if not hidden and not each.is_dir():
            yield each  # a link that leads nowhere too: opening it says so
