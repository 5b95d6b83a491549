"""``leadlark check``: every mistake in rule files, and with ``--fix`` the certain rewrites."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import loader
from ..files import below
from ..limits import MAX_RULE_FILE_BYTES
from ..messages import fixing, github, render
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source
from ..values.value import write_json as json_text
from . import terminal
from .paths import existing, readable, rewrite
from .status import CallError, Status

_MARK = b"\xef\xbb\xbf"


def run(options: Namespace) -> Status:
    """Print the diagnostics of all files; errors fail, warnings only under ``--strict``."""
    existing(options.paths)
    for path in options.paths:
        if next(below(path, loader.SUFFIX), None) is None:
            raise CallError(f"no rule file (*.channel) in {path}")
    every = dict.fromkeys(file for path in options.paths for file in below(path, loader.SUFFIX))
    files, status = readable(every)
    if options.fix:
        _fix(files, options.format)
    diagnostics = loader.check_paths(files)
    _show(diagnostics, options.format)
    if options.format in ("full", "concise"):
        terminal.note(render.summary(diagnostics))
    failing = any(options.strict or each.severity == "error" for each in diagnostics)
    return max(status, Status.INPUT if failing else Status.FINE)


def _show(diagnostics: Sequence[Diagnostic], format: str) -> None:
    match format:
        case "json":
            terminal.write_json(json_text([render.to_json(each) for each in diagnostics]))
        case "sarif":
            terminal.write_json(json_text(_sarif(diagnostics)))
        case "github":
            for each in diagnostics:
                terminal.write_line(github.annotation(each))
        case "concise":
            for each in diagnostics:
                terminal.write([("plain", render.concise(each))])
        case _:
            for each in diagnostics:
                terminal.write([*render.full_segments(each), ("plain", "\n")])


def _sarif(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    from importlib.metadata import version  # noqa: PLC0415 (imported when first needed)

    from ..messages import sarif  # noqa: PLC0415 (imported when first needed)
    from ..pages import page  # noqa: PLC0415 (imported when first needed)

    pages = {code: page(code) for code in {each.code for each in diagnostics}}
    return sarif.log(diagnostics, version("leadlark"), pages)


def _fix(paths: Sequence[Path], format: str) -> None:
    """Write what is certain into the files and say what was rewritten.

    A file that is not UTF-8 or is too large stays as it is.
    """
    files: list[tuple[Path, bytes, Source]] = []
    for file in paths:
        data = loader.read_bytes(file)
        if len(data) > MAX_RULE_FILE_BYTES:
            continue
        try:
            files.append((file, data, Source(str(file), data.decode("utf-8"))))
        except UnicodeDecodeError:
            continue
    result = fixing.fix([source for _, _, source in files], loader.checker())
    for (file, data, before), after in zip(files, result.sources, strict=True):
        if before.text != after.text:
            mark = _MARK if data.startswith(_MARK) else b""
            rewrite(file, mark + after.text.encode("utf-8"))
    for each in result.fixed:
        if format == "github":
            terminal.write_line(github.fixed(each))
        else:
            terminal.note(f"fixed {render.concise(each)}")
    if format != "github":
        terminal.note(f"{len(result.fixed) or 'nothing'} fixed")
