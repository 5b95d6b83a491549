"""Whatever the samples are, a draft of them checks, is laid out, and its cases pass."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import ROOT, hostile_texts, payloads, values

import leadlark
from leadlark.cases import SUFFIX, read_case_file, run_cases
from leadlark.cases.located import plain, read_yaml
from leadlark.cases.writing import entry
from leadlark.cli.new import read_samples
from leadlark.drafting.draft import Draft, draft
from leadlark.drafting.samples import sample_of
from leadlark.errors import PayloadError
from leadlark.language.parser import parse
from leadlark.language.printer import print_file
from leadlark.messages.source import Source
from leadlark.request.payload import payloads_from_file
from leadlark.values.value import write_json

NAMES: Final = (
    *("phone", "Телефон", "tel", "email", "E-Mail", "name", "first_name", "Vorname", "Nachname"),
    *("order_id", "id", "lead_id", "total", "amount", "currency", "comment", "is_test", "secret"),
    *("utm_source", "items", "answers", "client", "payment", "value", "manager_phone", "tranid"),
)
TEXTS: Final = (
    *("+7 471 277-31-20", "84712773120", "+493012345678", "a@example.com", "Мария", "RUB", "0"),
    *("2999.00", "test", "true", '{"orderid": "5", "phone": "+74712773120"}', "", " ", "$any"),
    *("$item", "2026-01-01", "null", "~", "- a", "a: b", "a #b", "{a}", "0x1F", "1e5", "yes", "'"),
)
known_keys = st.sampled_from(NAMES) | hostile_texts
known_scalars = st.sampled_from(TEXTS) | st.integers(-5, 10**12) | st.booleans() | st.none()
labelled = st.lists(
    st.fixed_dictionaries(
        {"key": known_keys, "answer": known_scalars}, optional={"question": hostile_texts}
    ),
    max_size=4,
)
known_values = st.recursive(
    known_scalars | labelled | values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(known_keys, inner, max_size=4),
    max_leaves=8,
)
samples = st.lists(
    st.dictionaries(known_keys, known_values, max_size=8) | payloads, min_size=1, max_size=4
)
forms = st.lists(
    st.dictionaries(known_keys, st.sampled_from(TEXTS) | hostile_texts, max_size=6),
    min_size=1,
    max_size=2,
)


def drafted(payloads: list[Any], suffix: str = ".json", **options: Any) -> Draft:
    data = json.dumps(payloads, default=str).encode()
    read = list(payloads_from_file("sample.json", data))
    assert not any(isinstance(each, PayloadError) for each in read)
    made = [sample_of(n, f"s{suffix}", n, each) for n, each in enumerate(read, 1)]  # type: ignore[arg-type]
    return draft(made, "sample", **options)


def assert_holds(made: Draft) -> None:
    """The draft checks without a word, is in canonical layout, and its cases pass."""
    source = Source("sample.channel", made.channel)
    file, problems = parse(source)
    assert () == problems
    assert made.channel == print_file(source, file)
    rules = leadlark.loads(made.channel)
    assert () == rules.warnings
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sample.channel").write_text(made.channel, encoding="utf-8", newline="")
        (folder / f"sample{SUFFIX}").write_text(made.cases, encoding="utf-8", newline="")
        for file_name, text in made.files.items():
            (folder / file_name).write_text(text, encoding="utf-8", newline="")
        cases, mistakes = read_case_file(folder / f"sample{SUFFIX}")
        assert () == mistakes
        assert cases is not None
        results = list(run_cases(cases, rules))
    assert results
    assert [] == [each for each in results if each.outcome != "passed"]
    # A sample may be ignored, never rejected: a draft declares nothing that a sample breaks.
    assert "action: reject" not in made.cases


@given(samples)
@settings(max_examples=60)
@example([{}])
@example([{"": {"": {"": ""}}}])
@example([{"phone": "+74712773120", "Phone": "+74712773121"}])
@example([{"k" * 10_000: "+74712773120", "email": "a@example.com"}])
@example([{"email": "a@example.com", "text": "x" * 60_000}])
@example([{f"key {number}": number for number in range(2_000)}])
@example([{f"{number}@phone": "+74712773120" for number in range(2_000)}])
@example([{"items": [{"key": f"k{n}", "value": "+74712773120"} for n in range(3_000)]}])
@example([{"leads": [{"id": 1, "phone": "x"}, {"id": 2}, "x"]}, {"leads": {}}, {"leads": []}])
@example([{"a\nb": "+74712773120"}, {"*/": "a@example.com"}, {"<x>": 1}, {"leadlark: allow W1": 1}])
@example([{"name": ["Maria"], "email": ["a@example.com", "b@example.com"], "id": [1]}])
@example([{"order_id": 5, "total": "x"}, {"order_id": {"a": 1}, "total": []}])
@example([{"test": "1", "email": "a@example.com"}, {"test": "ping"}, {"test": None}])
@example([{"Имя": None, "phone": "+74712773120"}, {"<name>": "Maria", "phone": "x"}])
@example([{"comment": "$any", "email": "a@example.com"}])
def test_drafts_hold(payloads: list[Any]) -> None:
    """Any objects within the limits give a draft that checks and passes."""
    assert_holds(drafted(payloads))


@given(forms)
@settings(max_examples=30)
@example([{"a[b]": "1", "c]": "2", "": "3", "d": ""}])
def test_drafts_of_forms_hold(payloads: list[Any]) -> None:
    """Forms, which cases send as forms where they can, do so too."""
    assert_holds(drafted(payloads, ".form"))


@given(samples, st.sampled_from(("lead", "deal")), st.sampled_from((None, "RU", "US")))
@settings(max_examples=20)
def test_options_hold(payloads: list[Any], entity: Any, region: str | None) -> None:
    """What is told instead of guessed changes nothing about that."""
    made = drafted(payloads, entity=entity, region=region)

    assert entity == made.entity
    assert_holds(made)


PAYLOADS: Final = sorted(
    str(each.relative_to(ROOT))
    for each in (ROOT / "rules").rglob("*")
    if each.suffix in (".json", ".form", ".ndjson") and "schema" not in each.name
)


@pytest.mark.parametrize("file", PAYLOADS)
def test_bundled_payloads_hold(file: str) -> None:
    """Every payload of the ready-made channels gives a draft that checks and passes."""
    assert_holds(draft(read_samples([str(ROOT / file)]), "sample"))


@given(values)
@example({"a": "x" * 200, "b": [{"c": "y: z"}, [], {}, [[1]]], "": ["\u2028\x7f\u202e🙂"]})
def test_yaml_is_read_as_it_was(value: Any) -> None:
    """What is written into a case file is read as the same value."""
    copied = json.loads(write_json(value), parse_float=str)
    text = "\n".join(entry("value", copied, 0))
    read = plain(read_yaml(text, "case"))

    assert {"value": copied} == read


def test_large_samples_are_bounded() -> None:
    """Thousands of keys and samples give a draft and a case file of a length one reads."""
    many = [{f"key{number}": number for number in range(2_000)}]
    made = drafted(many)
    assert len(made.channel) < 10_000
    assert len(made.cases) < 10_000
    several = drafted([{"order_id": number, "phone": "84712773120"} for number in range(500)])

    assert len(several.cases) < 20_000
    assert any("have no case of their own" in note for note in several.notes)


def test_sample_at_the_limits_is_drafted() -> None:
    """A form as large as a payload may be, larger yet as JSON, gives a draft that holds."""
    body = "&".join(f"a{number}={'x' * 45}" for number in range(19_000))
    (read,) = payloads_from_file("sample.form", body.encode())
    assert not isinstance(read, PayloadError)

    assert_holds(draft([sample_of(1, "sample.form", None, read)], "sample"))
