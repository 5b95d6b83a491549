"""The OpenAPI document: valid for all rules there are, and as lenient as the channels it tells of.

The document of the example that opens the language page is kept in tests/cases/openapi;
``UPDATE_GOLDEN=1`` writes it anew.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from leadlark import Channel, Request, RuleError, Rules, load, loads
from leadlark.openapi.document import document

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "tests" / "cases" / "openapi"
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
RULE_FILES: Final = sorted((ROOT / "rules").rglob("*.channel"))
CASE_FILES: Final = sorted((ROOT / "tests" / "cases").rglob("*.channel"))


def made(rules: Rules) -> dict[str, Any]:
    return document(rules, title="LeadLark", version="1")


@cache
def kinds() -> dict[str, Any]:
    return made(load(FOLDER / "kinds.channel"))


@cache
def validator(name: str) -> Draft202012Validator:
    """A validator of one of the schemas of the document."""
    return Draft202012Validator({**kinds(), "$ref": f"#/components/schemas/{name}"})


def shop() -> Rules:
    page = (ROOT / "docs" / "language.md").read_text("utf-8")
    block = next(each for each in page.split("```") if "table sources {" in each)
    return loads(block.partition("\n")[2])


def test_shop() -> None:
    """The document of the shop of the language page is the one that is kept."""
    text = json.dumps(made(shop()), ensure_ascii=False, indent=2) + "\n"
    golden = FOLDER / "shop.json"
    if UPDATE:
        golden.write_text(text, "utf-8")

    assert golden.read_text("utf-8") == text


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_bundled_rules(path: Path) -> None:
    """The document of every bundled channel is OpenAPI 3.1."""
    OpenAPIV31SpecValidator(made(load(path))).validate()


def test_case_rules() -> None:
    """The document of every rule file of the case files that can be loaded is OpenAPI 3.1."""
    channels: dict[str, Channel] = {}
    for path in CASE_FILES:
        try:
            rules = load(path)
        except RuleError:
            continue
        for channel in rules.values():
            address = f"case-{len(channels)}"
            channels[address] = Channel(replace(channel.program, address=address))

    assert len(channels) > 100
    made_of_all = document(channels, title="Cases", version="1", servers=["https://example.com"])
    OpenAPIV31SpecValidator(made_of_all).validate()
    assert len(channels) == sum(path.startswith("/in/") for path in made_of_all["paths"])


def test_every_reference_leads_somewhere() -> None:
    """Whatever a part of the document refers to is in the document."""
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(kinds())):
        found: Any = kinds()
        for part in reference.split("/"):
            assert part in found, reference
            found = found[part]


def test_order() -> None:
    """The document does not depend on the order of the channels."""
    channels = dict(load(FOLDER / "kinds.channel"))
    backwards = dict(reversed(channels.items()))

    assert json.dumps(document(backwards, title="LeadLark", version="1")) == json.dumps(kinds())


def test_nothing_private() -> None:
    """Neither names of secrets nor texts of rules and examples of schema files are told."""
    text = json.dumps(kinds())

    for private in ("STRICT", "Maria", "Petrova", "maria@", "7916", "SCHEMA", "ANYTHING"):
        assert private not in text


def test_answers() -> None:
    """Every channel has the answers of the contract; 401 where it asks for a proof."""
    every = {"200", "400", "404", "408", "409", "410", "413", "415", "422", "429", "431", "503"}

    for path, proven in (("/in/kinds", False), ("/in/strict", True)):
        for operation in kinds()["paths"][path].values():
            assert every | ({"401"} if proven else set()) == set(operation["responses"])


def test_proofs() -> None:
    """A token is a security scheme where OpenAPI knows its place, all else is told in words."""
    paths = kinds()["paths"]
    told = {
        path: operations["post"]["description"]
        for path, operations in paths.items()
        if path[:4] == "/in/"
    }

    assert {
        "strict": {"type": "apiKey", "in": "header", "name": "X-Key"},
        "by-schema": {"type": "apiKey", "in": "query", "name": "key"},
    } == kinds()["components"]["securitySchemes"]
    assert [{"strict": []}] == paths["/in/strict"]["get"]["security"]
    assert "security" not in paths["/in/anything"]["post"]
    assert "token in `google.key`" in told["/in/by-strict-schema"]
    assert "`X-Signature` holds the HMAC-SHA256" in told["/in/by-older-schema"]
    assert "webhook-signature" in told["/in/anything"]


FITS: Final = (
    ("kinds", {}),
    ("kinds", {"n": " 5 ", "d": "-1.50", "b": "Да", "day": "2026-01-31T09:30Z", "t": 5}),
    ("kinds", {"n": None, "d": "", "b": [], "day": {}, "t": [None, "  "], "phone": "\u200b"}),
    ("kinds", {"phone": "call me", "mail": "none", "list": "one", "any": {"a": [1]}}),
    ("kinds", {"billing": "Moscow", "items": {"sku": "one", "qty": "2"}, "tags": "one"}),
    ("kinds", {"items": [{"sku": 5, "qty": 6.0}, {}, None], "tags": ["a", 1, None], "other": {}}),
    ("strict", {"order_id": "6510", "extra": {"deep": [1]}, "items": [{"sku": "a"}]}),
    ("by-schema", {"order_id": "5", "sum": "1.5", "paid": "yes", "kind": None, "mail": "x@y.ru"}),
    ("by-schema", {"order_id": 5, "items": [{"sku": "A"}], "tags": ["a"], "default": 5}),
    ("by-schema", {"order_id": 5, "client": None, "more": 1}),
    ("by-older-schema", {"order_id": "7"}),
    ("by-strict-schema", {"order_id": 5}),
)
MISFITS: Final = (
    ("kinds", {"n": "five"}),
    ("kinds", {"n": 5.5}),
    ("kinds", {"n": True}),
    ("kinds", {"b": "maybe"}),
    ("kinds", {"t": {"a": 1}}),
    ("kinds", {"other": "\0"}),
    ("required", {}),
    ("strict", {"order_id": 1, "other": 1}),
    ("strict", {"order_id": 1, "items": [{"sku": "a", "other": 1}]}),
    ("strict", {"order_id": ""}),
    ("by-schema", {"order_id": 0}),
    ("by-schema", {"order_id": 1, "kind": "c"}),
    ("by-schema", {"order_id": 1, "client": {"other": 1}}),
    ("by-strict-schema", {"order_id": 5, "more": 1}),
)


@pytest.mark.parametrize(("address", "payload"), FITS)
def test_fits(address: str, payload: dict[str, Any]) -> None:
    """What a channel takes fits the schema of its payload."""
    channel = load(FOLDER / "kinds.channel")[address]

    assert "reject" != channel.map(Request(payload=payload)).outcome
    assert [] == list(validator(f"in.{address}").iter_errors(payload))


@pytest.mark.parametrize(("address", "payload"), MISFITS)
def test_does_not_fit(address: str, payload: dict[str, Any]) -> None:
    """What a channel rejects for its declaration does not fit, as far as a schema can tell."""
    assert not validator(f"in.{address}").is_valid(payload)


BLANKS: Final = st.sampled_from(["", " ", "\t", "\u200b", "\x1c", "\x85", "\ufeff", "\u3000"])
WORDS: Final = st.sampled_from(
    ["5", "+5.0", ".0", "1.", "-.5", "1e3", "yes", "ДА", "oFF", "2026-01-31", "20260131T0930",
     "2026-01-31 09:30:00,5+0300", "+7 471 277-31-20", "8 (471) 277-31-20", "a@b.ru", "x", ""]
)  # fmt: skip
TEXTS: Final = st.builds(lambda *parts: "".join(parts), BLANKS, WORDS, BLANKS)
SCALARS: Final = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 1.0, 74712773120]), TEXTS
)
KEYS: Final = st.sampled_from(["sku", "qty", "city", "deep", "name", "of", ""])
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("address", sorted(load(FOLDER / "kinds.channel")))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_taken_fits(address: str, data: st.DataObject) -> None:
    """No payload in the declared spelling is taken that does not fit the document."""
    channel = load_kinds()[address]
    names = {each.path.steps[0].name for each in channel.program.declared}
    payload = data.draw(st.dictionaries(st.sampled_from(sorted(names | {"other"})), VALUES))

    if channel.map(Request(payload=payload)).outcome != "reject":
        name = "Members" if address == "anything" else f"in.{address}"
        assert [] == list(validator(name).iter_errors(payload))


@cache
def load_kinds() -> Rules:
    return load(FOLDER / "kinds.channel")


@pytest.mark.parametrize(
    ("form", "fits"),
    [
        (
            {"order_id": "6510", "billing[city]": "M", "items[0][sku]": "a", "items[][sku]": "b"},
            True,
        ),
        ({"order_id": "6510", "extra": "1", "extra[deep][]": ["1", "2"]}, True),
        ({"order_id": "many"}, False),
        ({"order_id": "1", "other": "1"}, False),
        ({}, False),
    ],
)
def test_forms(form: dict[str, Any], fits: bool) -> None:
    """A form names what is nested with brackets, elements of a list by any index."""
    assert fits is validator("form.strict").is_valid(form)


def test_query() -> None:
    """A GET has a parameter for every declared param, and any at all where none is declared."""
    get = kinds()["paths"]["/in/strict"]["get"]
    named = {
        each["name"]: each.get("required", False) for each in get["parameters"] if "name" in each
    }

    assert {
        "order_id": True,
        "billing[city]": False,
        "items[0][sku]": False,
        "extra": False,
    } == named
    assert {"$ref": "#/components/parameters/Payload"} == (
        kinds()["paths"]["/in/anything"]["get"]["parameters"][-1]
    )
