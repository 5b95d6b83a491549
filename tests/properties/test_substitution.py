"""Substitution is one pass: text that came from a payload is never read again as anything else."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW, hostile_texts

from leadlark import MemoryStore, Request, loads

texts = hostile_texts.filter(lambda text: text.strip(" \t\n") != "")
literals = st.text(st.characters(categories=["Lu", "Nd"], include_characters=" {}#'$%()"))


def quoted(text: str) -> str:
    """A literal as it stands in a template."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\<")


@given(first=texts, second=texts, parts=st.lists(literals, min_size=3, max_size=3))
def test_the_result_is_the_literals_and_the_texts(
    first: str, second: str, parts: list[str]
) -> None:
    """A template gives its literals and the payload's texts, side by side and untouched."""
    before, between, after = parts
    template = f"{quoted(before)}<a>{quoted(between)}<b.c>{quoted(after)}"
    rules = loads(
        f'channel x {{\n entity lead\n comment "{template}"\n activity "{template}"\n'
        f' lead {{\n  TITLE = "{template}"\n }}\n}}\n'
    )
    payload = {"a": first, "b": {"c": second}, "other": "EXPANDED"}

    decision = rules["x"].decide(Request(payload), MemoryStore(), NOW).to_dict()

    expected = f"{before}{first}{between}{second}{after}"
    assert expected == decision["entity"]["fields"]["TITLE"]
    assert expected == decision["comment"]
    assert expected == decision["activity"]["subject"]


@given(text=texts)
def test_a_param_alone_gives_the_text_itself(text: str) -> None:
    """Neither a let, a default, a lookup, a map nor `each` reads a text as a template or a path."""
    rules = loads(
        'table t {\n "no" -> "x"\n}\n'
        "channel x {\n entity lead\n"
        ' let named = "<a>"\n'
        " each <items>\n"
        ' status "<@root.a>"\n'
        " lead {\n"
        '  LET = "<named>"\n  DEFAULT = "<missing | default @root.a>"\n'
        '  LOOKUP = "<@root.a | lookup t | default @root.a>"\n'
        '  MAP = "<@item | map \'<v>\' | first>"\n  ITEM = "<v>"\n  WHOLE = "<@item>"\n'
        "  REPLACE = \"<@root.dots | replace '.' @root.a>\"\n"
        '  JOIN = "<@root.pair | join @root.a>"\n }\n}\n'
    )
    payload = {"a": text, "items": [{"v": text}], "dots": ".", "pair": ["1", "2"]}

    decision = rules["x"].decide(Request(payload), MemoryStore(), NOW).to_dict()

    expected: dict[str, Any] = dict.fromkeys(("LET", "DEFAULT", "LOOKUP", "MAP", "ITEM"), text)
    expected |= {"WHOLE": {"v": text}, "REPLACE": text, "JOIN": f"1{text}2"}
    assert expected == decision["entity"]["fields"]


@given(key=texts, text=texts)
def test_keys_are_data_too(key: str, text: str) -> None:
    """A payload's keys reach no name space but their own, whatever they are called."""
    rules = loads(
        'channel x {\n entity lead\n lead {\n  A = "<@payload>"\n  B = "<@channel>"\n'
        '  C = "<@now>"\n  D = "<inner | json>"\n }\n}\n'
    )
    payload = {key: text, "@channel": text, "@now": text, "inner": {key: text}}

    fields = rules["x"].decide(Request(payload), MemoryStore(), NOW).to_dict()["entity"]["fields"]

    assert payload == json.loads(fields["A"])
    assert ("x", "2026-01-01T00:00:00Z") == (fields["B"], fields["C"])
    assert payload["inner"] == json.loads(fields["D"])


@given(text=texts)
def test_a_text_is_no_pattern_and_no_condition(text: str) -> None:
    """On either side of a comparison a text is compared as it stands."""
    rules = loads(
        'channel x {\n entity lead\n ignore when <a> != "<b>"\n'
        ' ignore when not <a> contains "<b>"\n'
        ' ignore when not <a> starts with "<b>" or not <a> ends with "<b>"\n'
        ' ignore when not <a> in ("no", "<b>")\n}\n'
    )

    decision = rules["x"].decide(Request({"a": text, "b": text}), MemoryStore(), NOW)

    assert "create" == decision.action
