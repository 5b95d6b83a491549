"""Drafts of real-shaped payloads, and the table that they guess by.

A folder of tests/cases/drafts holds the samples of one sender, and the draft of them as it should
be: ``UPDATE_GOLDEN=1`` writes the drafts.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

import leadlark
from leadlark.cases import SUFFIX, read_case_file, run_cases
from leadlark.cli.new import read_samples
from leadlark.drafting.draft import address_of, draft
from leadlark.drafting.meanings import MEANINGS, table
from leadlark.drafting.words import words_of

CASES: Final = Path(__file__).parent.parent / "cases"
DRAFTS: Final = CASES / "drafts"
FOLDERS: Final = tuple(sorted(each.name for each in DRAFTS.iterdir()))
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
GUESSES: Final = YAML(typ="safe").load((CASES / "guesses.yaml").read_text(encoding="utf-8"))


def samples_of(folder: Path) -> list[str]:
    """The sample files of a folder, in order; a draft's own files are none."""
    own = f"{folder.name}-"
    suffixes = (".json", ".form", ".ndjson")
    files = (each for each in sorted(folder.iterdir()) if each.suffix in suffixes)
    return [str(each) for each in files if not each.name.startswith(own)]


@pytest.mark.parametrize("name", FOLDERS)
def test_drafts_are_as_they_should_be(name: str) -> None:
    """A sender's samples give the channel and the case file that stand beside them."""
    folder = DRAFTS / name
    made = draft(read_samples(samples_of(folder)), name)
    texts = {f"{name}.channel": made.channel, f"{name}{SUFFIX}": made.cases, **made.files}
    if UPDATE:
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")

    for file, text in texts.items():
        assert (folder / file).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", FOLDERS)
def test_drafts_check_and_pass(name: str) -> None:
    """A draft has neither errors nor warnings, and its case file passes as it is written."""
    assert () == leadlark.check_paths([DRAFTS / name])
    file, mistakes = read_case_file(DRAFTS / name / f"{name}{SUFFIX}")
    assert () == mistakes
    assert file is not None
    results = run_cases(file, leadlark.load(file.rules))

    assert [] == [each for each in results if each.outcome != "passed"]


@pytest.mark.parametrize("case", GUESSES, ids=lambda case: case["name"])
def test_guesses(case: dict[str, Any], tmp_path: Path) -> None:
    """What params mean is guessed by their values first, then by their names."""
    file = tmp_path / "sample.json"
    file.write_text(json.dumps(case["samples"]), encoding="utf-8")
    made = draft(read_samples([str(file)]), "draft", region=case.get("region"))
    found = {guess.path: guess.meaning for guess in made.guesses}

    assert case["means"] == found
    assert case.get("entity", made.entity) == made.entity
    for line in case.get("says", ()):
        assert line in made.channel


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("clientPhone", "client phone"),
        ("client-phone", "client phone"),
        ("Client Phone", "client phone"),
        ("CLIENT_PHONE", "client phone"),
        ("phone[1]", "phone"),
        ("q3_name", "name"),
        ("orderID", "order id"),
        ("HTTPReferer", "http referer"),
        ("Prénom", "prenom"),
        ("Имя клиента", "имя клиента"),
        ("Ім'я", "імя"),
        ("", ""),
    ],
)
def test_words_of_keys(key: str, words: str) -> None:
    """Humps, hyphens, blanks, case and accents make no difference to the words of a key."""
    assert frozenset(words.split()) == words_of(key)


def test_table_has_no_empty_names() -> None:
    """Every name of the table holds a word, and stands once in a language."""
    for meaning, languages in MEANINGS.items():
        assert all(name for _, _, name in table(meaning))
        for line in languages.values():
            names = line.split()
            assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("order.json", "order"),
        ("samples/Web Shop_Orders.v2.ndjson", "web-shop-orders"),
        ("заявка.json", "draft"),
        ("-", "draft"),
        ("a" * 80 + ".json", "a" * 64),
    ],
)
def test_address_is_that_of_the_first_sample(file: str, address: str) -> None:
    """A draft is named after its first sample where that gives an address."""
    assert address == address_of(file)
