"""All case files of a call: updated where that is asked for, run, and measured."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Final

from .. import cases, loader
from ..cases.beside import meant_or_listed
from ..cases.coverage import Coverage, file_coverage, reached
from ..cases.junit import Fault, Suite
from ..cases.points import Key, RuleFile, rule_file
from ..cases.updating import Updated, update
from ..channel import Channel, Rules
from ..errors import CaseError, RuleError
from ..files import below
from ..late_dataclass import dataclass, field
from ..mapping.events import Event
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source
from ..request.payload import Request
from .paths import rewrite

_BROKEN: Final = "the rules of this case file have mistakes"


@dataclass(slots=True)
class Reached:
    """What the cases of a run reach, by the resolved paths of rule files."""

    files: dict[Path, RuleFile] = field(default_factory=dict)
    keys: dict[Path, set[Key]] = field(default_factory=dict)

    def add(self, rules: Rules) -> None:
        """Count the files of some rules as used."""
        for channel in rules.values():
            self.file(channel.program.source)

    def file(self, source: Source) -> Path:
        """The resolved path of a rule file, whose points are known from now on."""
        path = Path(source.name).resolve()
        if path not in self.files:
            self.files[path] = rule_file(source)
            self.keys[path] = set()
        return path

    def sent(self, channel: Channel, request: Request, now: datetime) -> None:
        """Count what a request reaches."""
        path = self.file(channel.program.source)
        for single in request.split():
            events: list[Event] = []
            mapped = channel.map_all(single, now, watch=events.append)
            self.keys[path] |= reached(self.files[path], mapped, events)

    def coverage(self, paths: list[Path]) -> tuple[Coverage, tuple[Diagnostic, ...]]:
        """The coverage of the files used and of all others below some folders.

        With it comes what is wrong with others that cannot be measured for their mistakes.
        """
        used = dict.fromkeys(self.files)
        broken: dict[Diagnostic, None] = {}
        for file in (file for path in paths if path.is_dir() for file in below(path, ".channel")):
            if file.resolve() not in self.files:
                try:
                    self.add(loader.load(file))
                except RuleError as error:
                    broken |= dict.fromkeys(error.diagnostics)
        files = [
            file_coverage(self.files[path], _shown(path), keys, used=path in used)
            for path, keys in self.keys.items()
        ]
        return Coverage(tuple(sorted(files, key=lambda each: each.path))), tuple(broken)


@dataclass(slots=True)
class CaseRuns:
    """What a run of case files has found."""

    results: list[cases.CaseResult] = field(default_factory=list)
    errors: list[CaseError] = field(default_factory=list)
    broken: dict[Diagnostic, None] = field(default_factory=dict)
    suites: list[Suite] = field(default_factory=list)
    reached: Reached | None = None
    cache: bool = False
    inputs: set[Path] = field(default_factory=set)
    """The files that the outcome depends on, beside those below the folders of the call."""

    @property
    def fine(self) -> bool:
        """Whether there were cases, all of which are as they should be."""
        return bool(self.results) and not self.errors and all(each.fine for each in self.results)


def run_files(
    options: Namespace,
    show: Callable[[cases.CaseResult], None],
    updated: Callable[[Path, str, Updated], None],
) -> CaseRuns:
    """Run the case files of a call, each result shown as soon as it is there.

    ``updated`` is told what of a case file was written anew, beside its text as it was.
    """
    runs = CaseRuns(reached=Reached() if options.coverage else None, cache=options.cache)
    files = (file for path in options.paths for file in below(path, cases.SUFFIX))
    for path in dict.fromkeys(files):
        runs.inputs.add(path)
        results: list[tuple[cases.CaseResult, float]] = []
        faults: list[Fault] = []
        if options.update:
            _update(path, options.filter, updated, cache=options.cache)
        before = perf_counter()
        for item in _file(path, options.filter, runs):
            if isinstance(item, RuleError):
                runs.broken |= dict.fromkeys(item.diagnostics)
                runs.errors.append(CaseError(_BROKEN, str(path)))
                faults.append(Fault(_BROKEN, 1, str(item)))
                continue
            if isinstance(item, CaseError):
                runs.errors.append(item)
                faults.append(Fault(item.message, item.line, str(item)))
                continue
            now = perf_counter()
            results.append((item, now - before))
            before = now
            runs.results.append(item)
            show(item)
        runs.suites.append(Suite(str(path), tuple(results), tuple(faults)))
    return runs


def _file(
    path: Path, wanted: str, runs: CaseRuns
) -> Iterator[cases.CaseResult | CaseError | RuleError]:
    """The results of a case file, and the mistakes that keep its cases from being run."""
    file, mistakes = cases.read_case_file(path)
    yield from mistakes
    if file is None:
        return
    runs.inputs |= {file.rules, *(each.request.file for each in file.cases if each.request.file)}
    try:
        rules = _rules(file, cache=runs.cache)
        if runs.reached is not None:
            runs.reached.add(rules)
        sent = None if runs.reached is None else runs.reached.sent
        yield from cases.run_cases(file, rules, wanted, sent)
    except (CaseError, RuleError) as mistake:
        yield mistake


def _rules(file: cases.CaseFile, *, cache: bool) -> Rules:
    if not file.rules.exists():
        advice = meant_or_listed(file.rules, [loader.SUFFIX])
        message = f"there is no rule file {file.rules}{advice}"
        raise CaseError(message, file.path, file.rules_place.line, file.rules_place.column)
    return loader.load(file.rules, cache=cache)


def _update(
    path: Path, wanted: str, updated: Callable[[Path, str, Updated], None], *, cache: bool
) -> None:
    """Write a case file's failing expectations anew; what is wrong with it, its run tells."""
    file, _ = cases.read_case_file(path)
    if file is None:
        return
    data = path.read_bytes()
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    text = data.decode("utf-8-sig")
    try:
        result = update(text, path, _rules(file, cache=cache), wanted)
    except (CaseError, RuleError):
        return
    if result.text != text:
        rewrite(path, mark + result.text.encode("utf-8"))
    updated(path, text, result)


def _shown(path: Path) -> str:
    """A resolved path as people name it: from the folder that they are in, if it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
