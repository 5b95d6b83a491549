"""``leadlark test``: run case files."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from pathlib import Path

from .. import cases, loader
from ..cases import report
from ..messages import render
from ..messages.snippet import visible
from ..values.value import write_json as json_text
from . import coverage_text, terminal, update_text
from .case_runs import CaseRuns, run_files
from .output import writable, write_result
from .paths import existing
from .status import CallError, Status


def run(options: Namespace) -> Status:
    """Run all cases of all files; a failure, a mistake and no case at all are at fault."""
    existing(options.paths)
    for path in options.paths:
        if path.suffix == loader.SUFFIX and path.is_file():
            raise CallError(
                f"{path} is a rule file; name its case file (*{cases.SUFFIX}) or the folder"
            )
    if options.fail_under is not None and not options.coverage:
        raise CallError("--fail-under needs --coverage")
    if options.junit is not None:
        writable("--junit", options.junit, options.paths)
    if not options.watch:
        return _once(options)[0]
    if options.update:
        raise CallError("--update and --watch exclude one another: look at what is written first")
    from .watching import watch  # noqa: PLC0415 (imported when first needed)

    return watch(options.paths, partial(_once, options))


def _once(options: Namespace) -> tuple[Status, Iterable[Path]]:
    """One run of everything, and the files that its outcome depends on."""
    shown = options.format == "text"
    updated = partial(update_text.show, stream=sys.stdout if shown else sys.stderr)
    runs = run_files(options, _show if shown else _silent, updated)
    measured = None
    if runs.reached is not None:
        measured, broken = runs.reached.coverage(options.paths)
        runs.broken |= dict.fromkeys(broken)
    if shown:
        _show_end(runs)
        if measured is not None:
            terminal.write([("plain", "")])
            terminal.write(coverage_text.segments(measured))
    else:
        found = report.to_json(runs.results, runs.errors)
        if measured is not None:
            found["coverage"] = measured.to_dict()
        terminal.write_json(json_text(found))
    if options.junit is not None:
        from ..cases.junit import junit_xml  # noqa: PLC0415 (imported when first needed)

        writable("--junit", options.junit, runs.inputs)
        write_result(options.junit, junit_xml(runs.suites))
    fine = runs.fine and not runs.broken
    if measured is not None and options.fail_under is not None:
        lacking = coverage_text.below(measured.share, Decimal(str(options.fail_under)))
        if lacking is not None:
            terminal.note(f"leadlark: {lacking}")
            fine = False
    return Status.FINE if fine else Status.INPUT, runs.inputs


def _show(result: cases.CaseResult) -> None:
    """A line for each case that did not pass; those that passed are in the sum.

    Notes go to standard error.
    """
    for note in result.notes:
        terminal.note(f"note  {visible(str(note))}")
    if result.outcome == "passed":
        return
    first, *rest = report.case_lines(result)
    style = "warning" if result.fine else "bad"
    terminal.write([(style, first), *(("plain", f"\n{line}") for line in rest)])


def _silent(result: cases.CaseResult) -> None:
    del result


def _show_end(runs: CaseRuns) -> None:
    for diagnostic in runs.broken:
        terminal.write([*render.full_segments(diagnostic), ("plain", "\n")])
    for mistake in runs.errors:
        terminal.write([("error", "error"), ("plain", f"  {mistake}")])
    if runs.results or not runs.errors:
        terminal.write([("message", report.summary(runs.results))])
