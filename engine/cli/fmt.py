"""``leadlark fmt``: the canonical layout of rule files."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Final

from ..files import below
from ..language.parser import parse
from ..language.printer import print_file
from ..late_dataclass import dataclass
from ..limits import MAX_RULE_FILE_BYTES
from ..loader import SUFFIX, undecodable
from ..messages import render
from ..messages.diagnostics import Diagnostic, has_errors
from ..messages.source import Source
from . import terminal
from .paths import existing, readable, rewrite
from .status import CallError, Status

STDIN: Final = "-"
_SHOWN_STDIN: Final = "<stdin>"
_DIFF_STYLES: Final = {"+": "good", "-": "bad", "@": "place"}


@dataclass(frozen=True, slots=True)
class _Formatted:
    """A rule file's bytes as they are and as they should be; ``path`` is None for the stdin."""

    name: str
    path: Path | None
    data: bytes
    text: str

    @property
    def differs(self) -> bool:
        return self.data != self.text.encode()


class _UnchangedError(Exception):
    """A file is left as it is, for what its diagnostics say, or for the message."""

    def __init__(self, diagnostics: Sequence[Diagnostic], message: str = "") -> None:
        self.diagnostics = diagnostics
        super().__init__(message)


def run(options: Namespace) -> Status:
    """Rewrite, compare or print; a file with mistakes in its syntax is left as it is."""
    files = list(_files(options.paths))
    opened, unread = readable(path for _, path in files if path is not None)
    files = [(name, path) for name, path in files if path is None or path in opened]
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    status = Status.FINE
    changed = 0
    diagnostics: list[Diagnostic] = []
    for name, path in files:
        try:
            formatted = _formatted(name, path)
        except _UnchangedError as error:
            status = Status.INPUT
            diagnostics.extend(error.diagnostics)
            _report(error)
            continue
        changed += formatted.differs
        if _show(formatted, check=options.check, diff=options.diff):
            status = Status.INPUT
    if diagnostics:
        terminal.note(render.summary(diagnostics))
    only_printed = not options.check and all(path is None for _, path in files)
    if not only_printed:
        done = "would be rewritten" if options.check or options.diff else "rewritten"
        terminal.note(f"{changed} of {len(files)} {'file' if len(files) == 1 else 'files'} {done}")
    return max(status, unread)


def _files(paths: Sequence[str]) -> Iterator[tuple[str, Path | None]]:
    """Every file once, with the name it is shown by."""
    existing(Path(each) for each in paths if each != STDIN)
    seen: set[Path | None] = set()
    for each in paths:
        found = [None] if each == STDIN else list(below(Path(each), SUFFIX))
        if not found:
            raise CallError(f"no rule file (*{SUFFIX}) in {each}")
        for path in found:
            if path not in seen:
                seen.add(path)
                yield _SHOWN_STDIN if path is None else str(path), path


def _formatted(name: str, path: Path | None) -> _Formatted:
    data = _read(path)
    source = _source(name, data)
    file, problems = parse(source)
    if has_errors(problems):
        raise _UnchangedError(problems)
    text = print_file(source, file)
    if len(text.encode()) > MAX_RULE_FILE_BYTES:
        size = MAX_RULE_FILE_BYTES // 1024
        message = f"{name}: left as it is: it would be larger than {size} KiB; split it"
        raise _UnchangedError((), message)
    formatted = _Formatted(name, path, data, text)
    # Nothing that decides about people's requests is rewritten on the word of one module.
    if formatted.differs and parse(Source(name, text))[0] != file:
        raise AssertionError(f"the canonical layout of {name} would mean something else")
    return formatted


def _read(path: Path | None) -> bytes:
    if path is None:
        return sys.stdin.buffer.read(MAX_RULE_FILE_BYTES + 2)
    with path.open("rb") as stream:
        return stream.read(MAX_RULE_FILE_BYTES + 2)


def _source(name: str, data: bytes) -> Source:
    """The text of a file; of one that is too large as much as says so."""
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        if len(data) > MAX_RULE_FILE_BYTES:
            return Source(name, data.decode("utf-8", "replace"))
        raise _UnchangedError([undecodable(name, data, error)[1]]) from error


def _report(error: _UnchangedError) -> None:
    for diagnostic in error.diagnostics:
        terminal.write([*render.full_segments(diagnostic), ("plain", "\n")], sys.stderr)
    if str(error):
        terminal.note(str(error))


def _show(formatted: _Formatted, *, check: bool, diff: bool) -> bool:
    """Write or show what becomes of a file; whether a difference is at fault."""
    if diff:
        if formatted.differs:
            terminal.write(_diff(formatted))
        return formatted.differs
    if check:
        if formatted.differs:
            terminal.write([("plain", formatted.name)])
        return formatted.differs
    if formatted.path is None:
        sys.stdout.write(formatted.text)
    elif formatted.differs:
        rewrite(formatted.path, formatted.text.encode())
        terminal.note(f"rewrote {formatted.name}")
    return False


def _diff(formatted: _Formatted) -> Iterator[tuple[str, str]]:
    """The lines of a unified diff, separated, without a last line break."""
    old, new = _lines(formatted.data.decode()), _lines(formatted.text)
    name = formatted.name
    for at, line in enumerate(unified_diff(old, new, name, name, lineterm="")):
        sign = line[:1]
        yield _DIFF_STYLES.get(sign, "plain"), f"{line}" if at == 0 else f"\n{line}"


def _lines(text: str) -> list[str]:
    """The lines of a text; one that no line break ends says so, as it does in a patch."""
    lines = text.split("\n")
    last = lines.pop()
    return [*lines, f"{last}\n\\ No newline at end of file"] if last else lines
