"""``leadlark check``: every mistake in rule files."""

from __future__ import annotations

from argparse import Namespace

from .. import loader, render
from ..files import below
from ..values import write_json as json_text
from . import terminal
from .paths import existing
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Print the diagnostics of all files; errors fail, warnings only under ``--strict``."""
    existing(options.paths)
    for path in options.paths:
        if next(below(path, ".channel"), None) is None:
            raise CallError(f"no rule file (*.channel) in {path}")
    diagnostics = loader.check_paths(options.paths)
    match options.format:
        case "json":
            terminal.write_json(json_text([render.to_json(each) for each in diagnostics]))
        case "concise":
            for each in diagnostics:
                terminal.write([("plain", render.concise(each))])
        case _:
            for each in diagnostics:
                terminal.write([*render.full_segments(each), ("plain", "\n")])
    if options.format != "json":
        terminal.note(render.summary(diagnostics))
    failing = any(options.strict or each.severity == "error" for each in diagnostics)
    return Status.INPUT if failing else Status.FINE
