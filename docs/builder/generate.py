"""Writes the pages of docs/ that are made of the code's own tables.

``python docs/builder/generate.py`` writes them; with ``--check`` nothing is written and the exit
status is 1 where a page is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from codes_page import codes_page
from commands_page import commands_page
from filters_page import filters_page

FOLDER: Final = Path(__file__).parents[1]
COMMAND: Final = "python docs/builder/generate.py"
PAGES: Final = {
    "commands.md": commands_page,
    "diagnostics.md": codes_page,
    "filters.md": filters_page,
}


def outdated() -> list[str]:
    """The names of the pages that are not as they would be written now."""
    return [name for name in PAGES if _held(FOLDER / name) != _made(name)]


def _held(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def _made(name: str) -> str:
    title, rest = PAGES[name]().split("\n", 1)
    return f"{title}\n\n<!-- Written by `{COMMAND}`: change the code, not this page. -->\n{rest}"


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are out of date."""
    stale = outdated()
    if arguments == ["--check"]:
        for name in stale:
            sys.stderr.write(f"docs/{name} is out of date: run `{COMMAND}`\n")
        return 1 if stale else 0
    if arguments:
        sys.stderr.write(f"usage: {COMMAND} [--check]\n")
        return 2
    for name in stale:
        (FOLDER / name).write_text(_made(name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
