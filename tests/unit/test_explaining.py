"""Explanations: the decision on a payload told, in every form, as the golden files keep it.

The cases of tests/cases/explain/*.test.yaml are explained; what they become stands beside them,
by the case's name: the text, the JSON, the page. ``UPDATE_GOLDEN=1`` writes them anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from leadlark import Channel, MemoryStore, PayloadError, Request, load, loads
from leadlark.cases import read_case_file, run_cases
from leadlark.cases.model import Case
from leadlark.cli.explain_text import segments
from leadlark.explaining.explanation import Explanation
from leadlark.explaining.masking import Mask
from leadlark.explaining.telling import explain, explain_error
from leadlark.reports.explanations import explanations_page

FOLDER: Final = Path(__file__).parents[1] / "cases" / "explain"
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
SCHEMA: Final = Draft202012Validator(
    json.loads(files("leadlark.schemas").joinpath("explanation.json").read_text("utf-8"))
)


def situations() -> Iterator[tuple[Channel, Case]]:
    rules = load(FOLDER / "shop.channel")
    for path in sorted(FOLDER.glob("*.test.yaml")):
        file, mistakes = read_case_file(path)
        assert file is not None, mistakes
        yield from ((rules.only(file.channel), case) for case in file.cases)


@cache
def cases() -> dict[str, tuple[Channel, Case]]:
    return {case.name: (channel, case) for channel, case in situations()}


def told(name: str, mask: Mask | None = None) -> tuple[Explanation, ...]:
    """The explanations of a case's request."""
    channel, case = cases()[name]
    sent = case.request
    with MemoryStore(case.records, region=channel.region) as store:
        try:
            request = Request.from_http(
                method=sent.method, query=sent.query, headers=sent.headers, body=sent.body
            )
        except PayloadError as error:
            return (explain_error(channel, error, NOW, mask=mask),)
        return explain(channel, request, store, NOW, mask=mask)


def text_of(several: tuple[Explanation, ...]) -> str:
    shown = ("".join(text for _, text in segments(each)) for each in several)
    return "\n\n\n".join(shown).replace(str(FOLDER) + "/", "") + "\n"


def golden(name: str, text: str) -> None:
    """The text is what the golden file holds."""
    file = FOLDER / name
    if UPDATE:
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", cases())
def test_situation_is_told(name: str) -> None:
    """The whole text, JSON and page of a situation are as they were looked at."""
    several = told(name)
    dicts = [each.to_dict() for each in several]
    written = json.dumps(dicts, ensure_ascii=False, indent=2, default=str)

    golden(f"{name}.txt", text_of(several))
    golden(f"{name}.json", written.replace(f"{FOLDER}/", "") + "\n")
    golden(f"{name}.html", explanations_page(several).replace(f"{FOLDER}/", "") + "\n")


@pytest.mark.parametrize("name", ["create", "update", "reject-when", "reject-declared", "find-all"])
def test_masked_situation_is_told(name: str) -> None:
    """The same with personal data replaced."""
    golden(f"{name}.masked.txt", text_of(told(name, Mask())))


def test_situations_are_cases() -> None:
    """What is explained is decided as the case files say."""
    rules = load(FOLDER / "shop.channel")
    for path in sorted(FOLDER.glob("*.test.yaml")):
        file, mistakes = read_case_file(path)
        assert file is not None, mistakes
        for result in run_cases(file, rules):
            assert ("passed", ()) == (result.outcome, result.differences)


@pytest.mark.parametrize("name", cases())
@pytest.mark.parametrize("masked", [False, True])
def test_json_is_as_its_schema_says(name: str, masked: bool) -> None:
    """The published schema describes the JSON of every explanation."""
    for each in told(name, Mask() if masked else None):
        shown = json.loads(each.to_json())
        assert [] == [error.message for error in SCHEMA.iter_errors(shown)]


REQUIRED = """
channel needs {
    entity lead
    lead {
        TITLE = "<title>"
        UF_ID = "<id | integer>"  required
    }
}
"""


def test_required_field_without_value_is_named() -> None:
    """The first two lines name the field, why it has no value, and its line once."""
    (each,) = explain(loads(REQUIRED)["needs"], Request({"id": "x"}), MemoryStore(), NOW)

    assert "No lead would be created: the payload is rejected." == each.headline
    because = (
        '`UF_ID` is required and has no value: `id` is "x", and `integer` makes no value of it'
    )
    assert f"{because} (line 6)." == each.because
    assert [("UF_ID", because, 6)] == [(one.path, one.message, one.line) for one in each.problems]


WITHOUT = """
table stages {
    "new" -> "NEW"
}
channel finds {
    entity lead
    region US
    find in NEW
    on found update fields
    contact {
        PHONE = "<phone>" search
        EMAIL = "<mail>"  search
    }
    lead {
        UF_NUMBER = "<number | integer>" search
        UF_STAGE  = "<stage | lower | lookup stages>"
    }
}
"""


@pytest.mark.parametrize(
    ("payload", "because"),
    [
        ({}, "contact PHONE has no value (line 11), contact EMAIL has no value (line 12)"),
        ({"phone": None}, "contact PHONE has no value (line 11, null was sent), contact EMAIL"),
        ({"phone": "me"}, 'contact PHONE is no phone number (line 11, "me" was sent), contact'),
        ({"mail": " "}, "contact EMAIL has no value (line 12, empty text was sent) and lead"),
        ({"number": "x"}, 'and lead UF_NUMBER has no value (line 15, "x" was sent).'),
        (
            {"phone": "+12025550123", "mail": "me"},
            "No lead can be found: no contact has PHONE +12025550123 and "
            "lead UF_NUMBER has no value (line 15).",
        ),
    ],
)
def test_what_cannot_be_searched_by_is_said(payload: dict[str, Any], because: str) -> None:
    """Where nothing can be found, the fields are named that nothing is searched by, and why."""
    (each,) = explain(loads(WITHOUT)["finds"], Request(payload), MemoryStore(), NOW)

    assert because in each.because


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({}, "no value: `stage` is absent"),
        ({"stage": None}, "no value: `stage` is null"),
        ({"stage": "Odd"}, 'no value: `stage` is "odd", and `lookup stages` has no row for it'),
    ],
)
def test_why_a_field_has_no_value(payload: dict[str, Any], why: str) -> None:
    """A field without a value is told with what was sent and the filter that lost it."""
    (each,) = explain(loads(WITHOUT)["finds"], Request(payload), MemoryStore(), NOW)
    (stage,) = (one for one in each.fields if one.field == "UF_STAGE")

    assert (why,) == tuple(outcome.why for outcome in stage.outcomes)


def test_empty_list_of_payloads_is_told() -> None:
    """A root list without payloads is explained as what it is."""
    channel, _ = cases()["create"]
    (each,) = explain(channel, Request([]), MemoryStore(), NOW)

    assert "No deal would be created: the payload is an empty list." == each.headline


def test_time_has_an_offset() -> None:
    """A naive time is refused, as everywhere."""
    channel, _ = cases()["create"]
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 (what is refused)

    with pytest.raises(ValueError, match="offset"):
        explain(channel, Request({}), MemoryStore(), naive)
