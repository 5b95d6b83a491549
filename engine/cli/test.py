"""``leadlark test``: run case files."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from .. import cases, loader
from ..cases import report
from ..errors import CaseError, RuleError
from ..files import below
from ..messages import render
from ..messages.diagnostics import Diagnostic
from ..values.value import write_json as json_text
from . import terminal
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
    results: list[cases.CaseResult] = []
    errors: list[CaseError] = []
    broken: dict[Diagnostic, None] = {}
    shown = options.format == "text"
    for path in dict.fromkeys(file for each in options.paths for file in below(each, cases.SUFFIX)):
        try:
            for item in _file(path, options.filter):
                if isinstance(item, CaseError):
                    errors.append(item)
                    continue
                results.append(item)
                if shown:
                    _show(item)
        except RuleError as error:
            broken |= dict.fromkeys(error.diagnostics)
            errors.append(CaseError("the rules of this case file have mistakes", str(path)))
    if shown:
        for diagnostic in broken:
            terminal.write([*render.full_segments(diagnostic), ("plain", "\n")])
        for mistake in errors:
            terminal.write([("error", "error"), ("plain", f"  {mistake}")])
        if results or not errors:
            terminal.write([("message", report.summary(results))])
    else:
        terminal.write_json(json_text(report.to_json(results, errors)))
    fine = results and not errors and all(result.fine for result in results)
    return Status.FINE if fine else Status.INPUT


def _file(path: Path, wanted: str) -> Iterator[cases.CaseResult | CaseError]:
    file, mistakes = cases.read_case_file(path)
    yield from mistakes
    if file is None:
        return
    if not file.rules.exists():
        message = f"there is no rule file {file.rules}"
        yield CaseError(message, file.path, file.rules_place.line, file.rules_place.column)
        return
    rules = loader.load(file.rules)
    try:
        yield from cases.run_cases(file, rules, wanted)
    except CaseError as mistake:
        yield mistake


def _show(result: cases.CaseResult) -> None:
    """A line for each case that did not pass; those that passed are in the sum."""
    if result.outcome == "passed":
        return
    first, *rest = report.case_lines(result)
    style = "warning" if result.fine else "bad"
    terminal.write([(style, first), *(("plain", f"\n{line}") for line in rest)])
