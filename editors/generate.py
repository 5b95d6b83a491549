"""Writes what editors get that is made of the grammar, the declarations and the schema.

``python editors/generate.py`` writes the files; with ``--check`` nothing is written and the exit
status is 1 where a file is out of date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from textmate import grammar

ROOT: Final = Path(__file__).parent.parent
EXTENSION: Final = Path(__file__).parent / "vscode"
COMMAND: Final = "python editors/generate.py"


def textmate_file() -> str:
    """The grammar that colours rule files."""
    return json.dumps(grammar(), ensure_ascii=False, indent=2) + "\n"


def case_file_schema() -> str:
    """The schema of case files, as the package has it: an extension holds all that it needs."""
    folder = resources.files("leadlark.schemas")
    return folder.joinpath("case-file.json").read_text(encoding="utf-8")


def licence() -> str:
    """The licence: an extension that is handed on has it in it."""
    return (ROOT / "LICENSE").read_text(encoding="utf-8")


FILES: Final[Mapping[str, Callable[[], str]]] = {
    "syntaxes/leadlark.tmLanguage.json": textmate_file,
    "schemas/case-file.json": case_file_schema,
    "LICENSE": licence,
}


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which are out of date."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write(f"usage: {COMMAND} [--check]\n")
        return 2
    made = {EXTENSION / name: text() for name, text in FILES.items()}
    stale = {file: text for file, text in made.items() if _held(file) != text}
    for file, text in stale.items():
        if arguments:
            name = file.relative_to(ROOT).as_posix()
            sys.stderr.write(f"{name} is out of date: run `{COMMAND}`\n")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    return 1 if arguments and stale else 0


def _held(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
