"""Diagnostics as workflow commands of GitHub Actions: annotations beside the lines of a change.

The commands and their escapes are those of the Actions runner's documentation ("Workflow
commands"). Whatever stands in a rule file is escaped, so that it stays within its command.
"""

from __future__ import annotations

from typing import Final, Literal

from ..codes import TITLES
from .diagnostics import Diagnostic
from .snippet import visible

Level = Literal["error", "warning", "notice"]

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotation(diagnostic: Diagnostic) -> str:
    """The command, on one line without its line break, that shows a diagnostic at its place."""
    return _command(diagnostic, diagnostic.severity, _message(diagnostic))


def fixed(diagnostic: Diagnostic) -> str:
    """The command that says that a diagnostic was fixed."""
    return _command(diagnostic, "notice", f"fixed: {diagnostic.message}")


def _command(diagnostic: Diagnostic, level: Level, message: str) -> str:
    start = diagnostic.source.position(diagnostic.span.start)
    end = diagnostic.source.position(max(diagnostic.span.start, diagnostic.span.end))
    properties: dict[str, object] = {"file": diagnostic.source.name, "line": start.line}
    # The runner takes columns only where the place begins and ends on one line.
    if start.line == end.line:
        properties["col"] = start.column
    properties["endLine"] = end.line
    if start.line == end.line:
        properties["endColumn"] = end.column
    properties["title"] = f"{diagnostic.code} {TITLES.get(diagnostic.code, '')}".rstrip()
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {written}::{_data(message)}"


def _message(diagnostic: Diagnostic) -> str:
    """What is wrong, where, and the way out, each on a line of the annotation."""
    lines = [diagnostic.message, diagnostic.label]
    lines += [f"help: {diagnostic.help}"] if diagnostic.help else []
    return "\n".join(line for line in lines if line)


def _data(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n")).translate(_DATA)


def _property(text: str) -> str:
    return visible(text).translate(_PROPERTY)
