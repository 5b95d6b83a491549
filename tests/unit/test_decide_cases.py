"""The sentences of the language reference and of the interfaces, each as cases that are run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from leadlark import Rules, load
from leadlark.cases import SUFFIX, CaseFile, read_case_file, report, run_cases

FOLDER = Path(__file__).parents[1] / "cases" / "decide"
FILES = sorted(FOLDER.rglob(f"*{SUFFIX}"))


@cache
def _loaded(rules: Path) -> Rules:
    return load(rules)


def _cases() -> Iterator[object]:
    """Every case of every file, each in a file of its own."""
    for path in FILES:
        file, mistakes = read_case_file(path)
        assert not mistakes, mistakes
        assert file is not None
        for case in file.cases:
            shown = f"{path.name.removesuffix(SUFFIX)}: {case.name}"
            yield pytest.param(replace(file, cases=(case,)), id=shown)


@pytest.mark.parametrize("file", [*_cases()])
def test_case_of_the_contract(file: CaseFile) -> None:
    """What the case's name says is so."""
    (result,) = run_cases(file, _loaded(file.rules))

    assert "passed" == result.outcome, "\n".join(report.case_lines(result))


def test_rule_files_are_all_used() -> None:
    """Every rule file beside the cases is run by some of them, with all of its channels."""
    used = {(file.rules, file.channel) for file in map(_read, FILES)}

    unused = {
        f"{path.name}: {address}"
        for path in FOLDER.rglob("*.channel")
        for address in _loaded(path)
        if not {(path, address), (path, None)} & used
    }

    assert {"case-files.channel: other"} == unused


def _read(path: Path) -> CaseFile:
    file, _ = read_case_file(path)
    assert file is not None
    return file
