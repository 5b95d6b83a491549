"""Hostile sizes are answered: with a diagnostic, an error or a decision, and nothing else."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NOW

from leadlark import MemoryStore, PayloadError, Request, RuleError, Rules, loads
from leadlark.limits import MAX_PAYLOAD_BYTES, MAX_RULE_FILE_BYTES

CHANNEL: Final = "channel a {\n    entity deal\n"
DEAL: Final = f"{CHANNEL}    deal {{\n"
END: Final = "    }\n}\n"


def filled(before: str, unit: str, after: str, size: int = MAX_RULE_FILE_BYTES) -> str:
    """A file of ``size`` bytes that repeats a piece of text."""
    room = size - len(before.encode()) - len(after.encode())
    return before + unit * (room // len(unit.encode())) + after


def counted(before: str, unit: str, after: str, most: int = 40_000) -> str:
    """A file that repeats a piece of text with a number in it, as often as fits."""
    pieces: list[str] = []
    room = MAX_RULE_FILE_BYTES - len(before) - len(after)
    for number in range(most):
        piece = unit.replace("#", str(number))
        room -= len(piece.encode())
        if room < 0:
            break
        pieces.append(piece)
    return before + "".join(pieces) + after


def codes(text: str) -> set[str]:
    """The codes of all that is wrong with a rule file."""
    try:
        return {each.code for each in loads(text).warnings}
    except RuleError as error:
        return {each.code for each in error.diagnostics}


PAYLOAD_OF_MANY: Final = counted(f"{CHANNEL}payload {{\n", "a.key# text\n", "}\n", 1_500)
SHAPES: Final[dict[str, tuple[str, str]]] = {
    "20,000 parentheses": (
        f"{CHANNEL}ignore when {'(' * 20_000}<a> == 1{')' * 20_000}\n}}\n",
        "E503",
    ),
    "parentheses alone": (filled(f"{CHANNEL}ignore when ", "(", "\n}\n"), "E503"),
    "a parenthesis a line": (filled(CHANNEL, "ignore when (\n", "}\n"), ""),
    "an open list a line": (filled(CHANNEL, "ignore when <a> in (1,\n", "}\n"), ""),
    "not not": (filled(f"{CHANNEL}ignore when ", "not ", "<a> == 1\n}\n"), "E503"),
    "nested when": (filled(CHANNEL, "when <a> == 1 {\n", "", 30_000), "E503"),
    "blocks that never close": (filled("", "channel a {\ndeal {\n", ""), ""),
    "braces": (filled("", "{", ""), "E101"),
    "closing braces": (filled("", "}\n", ""), "E105"),
    "unknown blocks": (filled(CHANNEL, "ignroe {\n", "}\n"), "E102"),
    "a file of else": (
        counted(f"{CHANNEL}when <a> == 0 {{\n", "} else when <a> == # {\n", "}\n}\n", 1_900),
        "",
    ),
    "one else twice and more": (
        filled(f"{DEAL}when <a> == 0 {{\n", "} else when <a> == 0 {\n", f"}}\n{END}", 40_000),
        "E404",
    ),
    "params": (filled(f'{DEAL}A = "', "<a>", f'"\n{END}'), "E506"),
    "params that never close": (filled(f'{DEAL}A = "', "<a", f'"\n{END}'), "E108"),
    "escapes": (filled(f'{DEAL}A = "', "\\n", f'"\n{END}'), "E506"),
    "escapes that are none": (filled(f'{DEAL}A = "', "\\q", f'"\n{END}'), "E106"),
    "escapes that are none in single quotes": (
        filled(f"{DEAL}A = \"<a | default '", "\\q", f"'>\"\n{END}"),
        "E106",
    ),
    "filters": (filled(f'{DEAL}A = "<a', " | trim", f'>"\n{END}', 200_000), ""),
    "unknown filters": (counted(f'{DEAL}A = "<a', "|f#", f'>"\n{END}', 10_000), "E201"),
    "unknown filters of many channels": (
        counted("", 'channel c# {\nlet x = "<a' + "|trimm" * 30 + '>"\n}\n', "", 500),
        "E201",
    ),
    "unknown tables among many": (
        counted("", "table t# {\n}\n", "", 900)
        + counted(f'{DEAL}A = "', "<a|lookup tt#>", f'"\n{END}', 4_500),
        "E202",
    ),
    "arguments": (filled(f'{DEAL}A = "<a | default', " b.c", f'>"\n{END}', 50_000), "E302"),
    "maps": (filled(f'{DEAL}A = "<a', "|map '<b>'", f'>"\n{END}'), "E506"),
    "maps that are broken": (filled(f'{DEAL}A = "<a', "|map '<'", f'>"\n{END}'), "E108"),
    "a deep path": (filled(f'{DEAL}A = "<a', ".b", f'>"\n{END}', 20_000), "E503"),
    "a path of lists": (filled(f'{DEAL}A = "<a', "[*]", f'>"\n{END}', 20_000), "E503"),
    "a path of conditions": (filled(f'{DEAL}A = "<a[b', ".c", f"='x']>\"\n{END}", 20_000), "E503"),
    "a deep declaration": (
        filled(f"{CHANNEL}payload {{\na", "[]", f" text\n}}\ndeal {{\n{END}", 20_000),
        "E503",
    ),
    "a deep map": (
        filled(f"{CHANNEL}payload {{\na", ".b", f" text\n}}\ndeal {{\n{END}", 20_000),
        "E503",
    ),
    "an object of many read often": (f'{PAYLOAD_OF_MANY}let x = "{"<a>" * 9_000}"\n}}\n', "W211"),
    "params that are nearly declared": (
        f'{PAYLOAD_OF_MANY}let x = "{"".join(f"<a.kee{n}>" for n in range(6_000))}"\n}}\n',
        "E204",
    ),
    "a table": (counted("table t {\n", '"key #" -> "value"\n', "}\n", 1_990), "W210"),
    "a table too large": (counted("table t {\n", '"key #" -> "value"\n', "}\n"), "E502"),
    "a row of keys": (counted('table t {\n"a"', ', "k#"', ' -> "v"\n}\n', 9_000), "W210"),
    "fields": (counted(DEAL, 'F# = "<a#>"\n', END, 1_900), ""),
    "one field": (filled(DEAL, 'F = "<a>"\n', END, 20_000), "E205"),
    "flags": (filled(f'{DEAL}F = "<a>"', " once fill", f"\n{END}", 150_000), "E405"),
    "lets": (counted(CHANNEL, 'let l# = "<l0#>"\n', "}\n", 1_900), "W211"),
    "channels": (counted("", "channel c# {\nentity deal\n}\n", "", 600), ""),
    "one channel": (filled("", "channel c {\nentity deal\n}\n", "", 16_000), "E206"),
    "large patterns": (
        counted(DEAL, "F# = \"<a | extract '(\\pL{30}|x#){30}'>\"\n", END, 1_900),
        "E303",
    ),
    "a long pattern": (filled(f"{DEAL}F = \"<a | extract '", "a", f"'>\"\n{END}"), "E504"),
    "a long number": (filled(f"{DEAL}F = ", "1", f"\n{END}"), "E101"),
    "a long name": (filled(f"{DEAL}F", "a", f" = 1\n{END}"), ""),
    "a long text": (filled(f'{DEAL}F = "', "a", f'"\n{END}'), "E505"),
    "a long comment": (filled("#", "x", "\n"), ""),
    "quotes": (filled(DEAL, '"', END), "E101"),
    "texts that never close": (filled(DEAL, 'A = "\n', END), "E103"),
    "comments that allow": (filled("", "# leadlark: allow W201\n", ""), "W214"),
    "control characters": (filled("", "\0", ""), "E107"),
    "carriage returns": (filled("", "\r", f"{CHANNEL}}}\n"), "E107"),
    "blank lines": (filled("", "\n", f"{CHANNEL}}}\n"), ""),
    "combining marks": (filled(f'{DEAL}A = "', "\u0301", f'"\n{END}'), "E505"),
    "names in two scripts": (counted(f'{DEAL}A = "', "<Aа#>", f'"\n{END}', 10_000), "W213"),
    "a byte too many": (filled("", "#", "\n", MAX_RULE_FILE_BYTES + 1), "E501"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_large_rule_file_is_answered(shape: str) -> None:
    """A file as large as can be says what is wrong with it, whatever it repeats."""
    text, code = SHAPES[shape]

    found = codes(text)

    assert not code or code in found


def test_a_condition_may_have_500_terms() -> None:
    """A long condition is one level, not hundreds."""
    terms = " or ".join(f'<a{number}> == "x"' for number in range(500))
    channel = loads(f"{CHANNEL}ignore when {terms}\n}}\n")["a"]

    for payload, action in (({"a499": "x"}, "ignore"), ({"a500": "x"}, "create")):
        assert action == channel.decide(Request(payload), MemoryStore(), NOW).action


def test_an_else_chain_may_be_long() -> None:
    """The branch that holds applies, the last of hundreds too."""
    text = counted(
        f'{DEAL}when <a> == 0 {{\nA = "0"\n', '} else when <a> == # {\nA = "#"\n', f"}}\n{END}", 600
    ).replace('} else when <a> == 0 {\nA = "0"\n', "", 1)
    channel = loads(text)["a"]

    decision = channel.decide(Request({"a": 599}), MemoryStore(), NOW)

    assert decision.entity is not None
    assert {"A": "599"} == decision.entity.fields


JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


def of_json(value: Any) -> tuple[str, bytes]:
    return JSON, json.dumps(value, ensure_ascii=False).encode()


def of_lists(key: str, element: Any, count: int, **more: Any) -> tuple[str, bytes]:
    return of_json({"need": "x", key: [element] * count, **more})


BODIES: Final[dict[str, tuple[tuple[str, bytes], str]]] = {
    "a pattern's worst text": (
        of_json({"need": "x", "agreed": False, "name": "a" * 60_000 + "!"}),
        "",
    ),
    "20,000 keys": (of_json({f"key {n}": n for n in range(19_990)}), ""),
    "keys that differ in case": (
        of_json(
            {
                "".join(c.upper() if n >> at & 1 else c for at, c in enumerate("abcdefghijklmn")): n
                for n in range(2**14)
            }
        ),
        "",
    ),
    "a long list": (of_lists("items", {"name": "n", "price": 1}, 3_000), ""),
    "a list of texts": (of_lists("items", "n", 9_000), ""),
    "many answers": (of_lists("answers", {"field": {"ref": "x"}}, 6_000), ""),
    "elements below each": (of_lists("items", {"sku": "x", "price": "1"}, 3_000, type="a"), ""),
    "elements that are rejected": (of_lists("items", {"price": -1}, 6_000, type="a"), ""),
    "a list of payloads": (of_json([{"need": "x"}] * 1_000), ""),
    "long texts": (
        of_json({"need": "x", "name": "n," * 32_000, "tags": ["a" * 60_000] * 14, "extra": "vip"}),
        "",
    ),
    "a list of phones": (of_json({"need": "x", "phone": "84712773120, " * 4_500}), ""),
    "a long e-mail": (of_json({"need": "x", "email": "a@" + "a." * 30_000 + "com"}), ""),
    "combining marks": (of_json({"need": "x", "name": "e" + "\u0301\u0316" * 15_000}), ""),
    "JSON in a text": (of_json({"need": "x", "raw": json.dumps([[1]] * 9_000)}), ""),
    "too much JSON in a text": (of_json({"need": "x", "raw": "[" * 60_000}), ""),
    "a form of brackets": (
        (FORM, b"need=x&" + b"&".join(b"items[%d][name]=n" % n for n in range(3_000))),
        "",
    ),
    "blanks before it": ((JSON, b" " * (MAX_PAYLOAD_BYTES - 2) + b"{}"), ""),
    "20,001 values": (of_json({f"key {n}": n for n in range(20_001)}), "P502"),
    "a byte too many": ((JSON, b" " * (MAX_PAYLOAD_BYTES - 1) + b"{}"), "P501"),
    "depth": ((JSON, b'{"a":' * 100_000), "P503"),
    "a text too long": (of_json({"a": "a" * 65_537}), "P504"),
    "a long number": ((JSON, b'{"a":' + b"1" * 1_000_000 + b"}"), "P107"),
    "a text that never closes": ((JSON, b'{"a": "' + b"\\\\" * 500_000), "P101"),
    "ampersands": ((FORM, b"&" * 1_000_000), "P502"),
    "per cents": ((FORM, b"%" * 1_000_000), "P504"),
    "deep brackets": ((FORM, b"a" + b"[b]" * 300_000 + b"=1"), "P503"),
    "boundaries": (("multipart/form-data; boundary=x", b"--x\r\n" * 200_000), "P102"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_large_request_is_decided_or_refused(everything: Rules, name: str) -> None:
    """A request as large as can be is decided by every channel, or refused for its size."""
    (content_type, body), code = BODIES[name]
    try:
        request = Request.from_http(headers={"Content-Type": content_type}, body=body)
    except PayloadError as error:
        request, refused = None, error.code
    else:
        refused = ""

    assert code == refused
    if request is not None:
        for channel in everything.values():
            assert channel.decide_all(request, MemoryStore(), NOW)


def test_a_wide_miss_is_looked_up_in_one_go() -> None:
    """Thirty params that are none of 20,000 keys have no value."""
    fields = "\n".join(f'F{number} = "<missing{number}>"' for number in range(30))
    channel = loads(f"{DEAL}{fields}\n{END}")["a"]
    request = Request({f"key {number}": number for number in range(19_990)})

    decision = channel.decide(request, MemoryStore(), NOW)

    assert decision.entity is not None
    assert {} == decision.entity.fields


@given(depth=st.integers(1, 60), steps=st.integers(1, 128))
@settings(max_examples=30)
def test_every_of_every_is_one_flat_list(depth: int, steps: int) -> None:
    """A chain of `[*]` goes through nested lists and stays at a single value."""
    nested: Any = "x"
    for _ in range(depth):
        nested = [nested, nested] if depth < 8 else [nested]
    channel = loads(f'{DEAL}A = "<a{"[*]" * (steps - 1)}>"\n{END}')["a"]

    decision = channel.decide(Request({"a": nested}), MemoryStore(), NOW)

    assert decision.entity is not None
    value = decision.entity.fields["A"] if decision.entity.fields else None
    if steps > depth:
        assert ["x"] * (2**depth if depth < 8 else 1) == value
