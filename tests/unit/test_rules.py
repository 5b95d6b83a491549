"""The ready-made channels: complete, checked, and explained to who sets them up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

import leadlark
from leadlark.cases import SUFFIX, CaseFile, CaseResult, read_case_file, run_cases

RULES: Final = Path(__file__).parents[2] / "rules"
FOLDERS: Final = sorted(each.name for each in RULES.iterdir() if any(each.glob("*.channel")))
PAYLOADS: Final = (".json", ".form", ".ndjson")
LIST: Final = (RULES / "README.md").read_text(encoding="utf-8")
RULE_FILES: Final = sorted(str(each.relative_to(RULES)) for each in RULES.rglob("*.channel"))


def _case_files(folder: str) -> list[CaseFile]:
    files: list[CaseFile] = []
    for path in sorted((RULES / folder).glob(f"*{SUFFIX}")):
        file, mistakes = read_case_file(path)
        assert not mistakes
        assert file is not None
        files.append(file)
    return files


def test_senders_have_a_channel() -> None:
    """Beside the reference example there are at least twelve senders."""
    assert "reference" in FOLDERS
    assert len(FOLDERS) > 12


def test_senders_are_listed() -> None:
    """The table of rules/README.md has a row for every folder, in order, with what `auth` asks."""
    rows = re.findall(r"^\| \[(.+?)\]\((.+?)\) \|.+?\| (.+?) \|", LIST, flags=re.MULTILINE)
    listed = {name: proof for name, _, proof in rows}
    proofs = {}
    for folder in FOLDERS:
        (path,) = (RULES / folder).glob("*.channel")
        text = path.read_text(encoding="utf-8")
        asked = re.findall(r"^ +auth (.+) secret [A-Z0-9_]+\b", text, flags=re.MULTILINE)
        proofs[folder] = ", ".join(f"`{each}`" for each in asked) or "none"

    assert [name for name, _, _ in rows] == [target for _, target, _ in rows]
    assert ["reference", *(each for each in FOLDERS if each != "reference")] == list(listed)
    assert proofs == listed


def test_senders_prove_themselves() -> None:
    """Every channel of a sender says how the sender proves itself."""
    for name in RULE_FILES:
        if not name.startswith("reference/"):
            text = (RULES / name).read_text(encoding="utf-8")
            asked = re.findall(r"^ +auth ", text, flags=re.MULTILINE)
            assert len(leadlark.load(RULES / name)) == len(asked), name


def test_every_folder_is_one_of_a_channel() -> None:
    """Below rules/ there are rule files' folders and nothing else but the package's docstring."""
    folders = [each for each in RULES.iterdir() if each.is_dir() and each.name != "__pycache__"]
    assert FOLDERS == sorted(each.name for each in folders)
    code = [each for each in RULES.rglob("*.py") if each.parent != RULES]
    assert [] == code


@pytest.mark.parametrize("folder", FOLDERS)
def test_case_files_are_about_the_rule_files_beside_them(folder: str) -> None:
    """Every rule file has a case file in its folder."""
    tested = {file.rules.resolve() for file in _case_files(folder)}
    assert {path.resolve() for path in (RULES / folder).glob("*.channel")} == tested


@pytest.mark.parametrize("folder", FOLDERS)
def test_payload_files_are_sent_by_cases(folder: str) -> None:
    """There is a payload file, and none that no case sends."""
    payloads = {each for each in (RULES / folder).iterdir() if each.suffix in PAYLOADS}
    sent = {case.request.file for file in _case_files(folder) for case in file.cases}
    assert payloads
    assert {each.resolve() for each in payloads} == {each.resolve() for each in sent if each}


@pytest.mark.parametrize("folder", FOLDERS)
def test_cases_pass(folder: str) -> None:
    """Every case of a ready-made channel passes, and none is put off."""
    for file in _case_files(folder):
        results = list(run_cases(file, leadlark.load(file.rules)))
        unfit: list[CaseResult] = [each for each in results if each.outcome != "passed"]
        assert results
        assert [] == unfit


def test_check_finds_nothing() -> None:
    """All rule files together give no error and no warning."""
    assert () == leadlark.check_paths([RULES])


def test_addresses_are_apart() -> None:
    """All of rules/ can be loaded at once: every channel has its own address."""
    assert sum(len(leadlark.load(RULES / name)) for name in RULE_FILES) == len(leadlark.load(RULES))


@pytest.mark.parametrize("name", RULE_FILES)
def test_rule_files_say_how_to_set_them_up(name: str) -> None:
    """A rule file begins with a comment that says what to enter where at the sender."""
    header = (RULES / name).read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    assert all(line.startswith("#") for line in header)
    text = "\n".join(header)
    assert "Setting up" in text
    for address in leadlark.load(RULES / name):
        assert f"https://HOST/in/{address}" in text


@pytest.mark.parametrize("name", RULE_FILES)
def test_rule_files_are_narrow(name: str) -> None:
    """No line is over 100 characters; `leadlark fmt` sees to the rest of the layout."""
    lines = (RULES / name).read_text(encoding="utf-8").splitlines()
    assert [] == [line for line in lines if len(line) > 100]
