"""What properties are tried on: hostile texts, payloads, requests and rule files."""

from __future__ import annotations

import re
import string
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from hypothesis import strategies as st

FOLDER: Final = Path(__file__).parent
ROOT: Final = FOLDER.parent.parent
EVERYTHING: Final = FOLDER / "everything.channel"
"""One rule file with every statement, filter, flag and condition."""

RULE_FILES: Final = (*sorted((ROOT / "rules").rglob("*.channel")), EVERYTHING)
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)

Payload = dict[str, Any]

# Texts

HOSTILE: Final = (
    "<other>",
    "<@payload>",
    "<@root.other>",
    "<other | upper>",
    "<other | default 'x'>",
    "\\u{41}\\n\\<",
    "{other} {{other}} ${other} %(other)s $other",
    "{{7*7}} #{7*7} <%= 7*7 %>",
    '"',
    "'",
    "'>\"",
    '" search required\n    X = "',
    "\\",
    "\u202e<other>\u202c",
    "Ёлка №1 🙂 e\u0301",
    "'; DROP TABLE record; --",
    "(a+)+$",
    "../../etc/passwd",
)
hostile_texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=4).map(" ".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)
"""Texts that mean something to some language, this one before all."""

VALUES: Final = (
    *HOSTILE,
    *("", " ", "0", "-1", "6510", "6510.0", "1e9", "NaN", "true", "да", "null"),
    *("8 (471) 277-31-20", "+7 471 277-31-20, 84712773121", "tel:+74712773120;ext=5", "+1"),
    *("a@пример.рф", "A@EXAMPLE.COM", "a@b", "2024-02-29", "31.12.2025", "0001-01-01T00:00+23:59"),
    *("ping", "spam", "vip", "no", "bad", "paid", "google", "1,2;3", "a" * 300 + "!", "٣٤"),
    *('{"q3_name": {"first": "<name>"}}', "[1, [2, {}]]", "[" * 70, "e" + "\u0301" * 60),
)
scalars = st.one_of(
    st.sampled_from(VALUES),
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20),
)
_KEYS: Final = """
    phone name order amount agreed born email items answers billing extra raw tags secret id need
    test owner type sku price NAME field ref first your-name Имя phone_number q3_name form 0 <name>
"""
KEYS: Final = (*_KEYS.split(), "", "First Name")
keys = st.sampled_from(KEYS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
payloads: st.SearchStrategy[Payload] = st.dictionaries(keys, values, max_size=8).map(
    lambda payload: {"need": "x", **payload}
)
"""Objects with the keys that the channels of `EVERYTHING` read, in all types and states."""

orders = st.fixed_dictionaries(
    {},
    optional={
        "phone": st.sampled_from(
            ("84712773120", "+7 (471) 277-31-20", "+74712773121", "none", "", None)
        ),
        "email": st.sampled_from(("a@example.com", " A@EXAMPLE.COM ", "b@example.com", "x", "")),
        "order": st.sampled_from(({"id": 1}, {"id": "2"}, {"id": " 3 "}, {}, {"id": None})),
        "amount": st.sampled_from((0, 10, "10.50", Decimal("10.5"), None)),
        "name": st.sampled_from(("Мария", "<name>", "", None, 'a"b')),
        "extra": st.sampled_from(("7", 7, "vip", "paid", "none", None)),
        "agreed": st.sampled_from((True, False, "yes", "")),
        "tags": st.sampled_from((["https://a.example", "b"], "b", [], None)),
        "items": st.lists(
            st.fixed_dictionaries(
                {"sku": st.sampled_from(("A", "B", "", 1))},
                optional={"phone": st.sampled_from(("84712773120", "84712773121"))},
            ),
            max_size=3,
        ),
        "id": st.sampled_from((1, "2", "")),
        "billing": st.sampled_from(({"phone": "+493012345678"}, {"owner": 5}, {})),
    },
).map(lambda payload: {"need": "x", **payload})
"""Orders of few people, so that a later one often finds what an earlier one left."""

# The same data by every transport

plain_keys = st.text(string.ascii_lowercase, min_size=1, max_size=6)
plain_texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), max_size=12
)
BOUNDARY: Final = "xXx-boundary-xXx"


def urlencoded(payload: dict[str, str]) -> bytes:
    """A form's body or a query string."""
    return urlencode(payload).encode()


def multipart(payload: dict[str, str]) -> bytes:
    """A multipart form."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in payload.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


# Requests as bytes

content_types = st.sampled_from(
    (
        "",
        "application/json",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=cp1251",
        "multipart/form-data; boundary=xx",
        "multipart/form-data",
        "text/plain",
        "text/html",
        "application/json; charset=nope",
        'x/y; a="',
    )
)
snippets = st.sampled_from(
    (
        *(b'{"need": "x"', b', "name": ', b'"<name>"', b"}", b"[", b"]", b"{", b":", b",", b'"'),
        *(b"\\u0041", b"\\ud800", b"\\", b"NaN", b"1e400", b"-0", b"9" * 400, b"null", b"true"),
        *(b"need=x", b"&", b"=", b"%00", b"%", b"+", b"a[b][]", b"[]", b"\r\n", b"--xx", b"--"),
        *(b'Content-Disposition: form-data; name="need"', b"\0", b"\xff\xfe", b"\xef\xbb\xbf"),
        *("Ё".encode(), "Ё".encode("cp1251"), "\u202e".encode(), b" ", b"<xml/>", b"[" * 70),
    )
)
bodies = st.one_of(
    st.binary(max_size=60),
    st.lists(snippets, max_size=12).map(b"".join),
    payloads.map(lambda payload: urlencode(payload, doseq=True).encode()),
)

# Rule files

_TOKENS: Final = """
    leadlark 1 channel table payload contact lead deal when else entity region let each ignore
    reject find newest oldest all only in on found missing update status fields many contacts link
    responsible comment activity within 1h create request id auth token header query field secret
    default strict schema required search fill once clear text phone any list and or not is
    present absent matches contains starts with ends true false
    { } ( ) [ ] < > | , . = == != <= >= -> " ' @ # * \\ \\" \\n \\u{41} \\u{110000} ; $ : -1 0.5
    "x" "<a>" "<a|trim>" "<a[*].b>" "<a" <a> <a '' 'x' [0] [*] a NAME PHONE.WORK Имя ｗ é 🙂
"""
tokens = st.sampled_from((*_TOKENS.split(), "\n", "\n", " ", "\t", "\r", "\0", "\ufeff", "\ud800"))
token_files = st.lists(tokens, max_size=60).map(" ".join)
"""Words and signs of the language in any order."""


@st.composite
def mutated_files(draw: st.DrawFn) -> str:
    """A good rule file with some characters, words or lines gone, doubled, swapped or new."""
    text = draw(st.sampled_from(RULE_FILES)).read_text(encoding="utf-8")
    for _ in range(draw(st.integers(1, 4))):
        unit = draw(st.sampled_from((r".", r"\w+|\W", r"[^\n]*\n")))
        parts = re.findall(unit, text, re.DOTALL)
        if not parts:
            return text
        one, other = (draw(st.integers(0, len(parts) - 1)) for _ in range(2))
        match draw(st.sampled_from(("delete", "double", "swap", "insert"))):
            case "delete":
                del parts[one]
            case "double":
                parts.insert(other, parts[one])
            case "swap":
                parts[one], parts[other] = parts[other], parts[one]
            case "insert":
                parts.insert(one, draw(tokens))
        text = "".join(parts)
    return text


rule_files = st.one_of(st.text(max_size=80), token_files, mutated_files(), mutated_files())
"""Rule files, nearly all of them broken."""
