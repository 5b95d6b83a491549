"""JSON read and written by msgspec: the same as by the libraries that know every case."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.errors import PayloadError
from leadlark.request.json_text import read_any_json
from leadlark.values.plain_json import read_plain, write_plain
from leadlark.values.value import write_any_json

LEFT = [
    *(b'{"a": 1, "a": 2}', b'{"a": 1, "\\u0061": 2}', b'[{"b": {"a": 1, "a" : 1}}]'),
    *(b'{"a": "\\u0000"}', b'"\\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b"\xef\xbb\xbf{}"),
    *(b"1e5", b"[NaN]", b"Infinity", b"[1,]", b"01", b"", b" ", b'"\t"', b"{'a': 1}"),
    *(b"9" * 1001, b'{"a": ' + b"9" * 1001 + b"}", b"0." + b"1" * 1000, b"9" * 5000),
    *(b"[" * 65 + b"]" * 65, b"[" * 100_000, b'"' + b"x" * 65_537 + b'"'),
    *(b"[" + b"0," * 20_000 + b"0]", b'"' + b"x" * 1_048_576 + b'"'),
]
TAKEN = [
    *(b"{}", b"[]", b"null", b" -0 ", b"1.50", b"-0.0", b"123456789012345678901234567890"),
    *(b'{"a": ":", "b": "x\\":y", ":": {":": 1}}', b'"\\ud83d\\ude00 \\/ \\u00e9"'),
    *(b'{"a" : 1 , "b":\r\n[ ] }', b"[" * 64 + b"]" * 64, b"[" + b"[]," * 100 + b"{}]"),
    *(b"9" * 1000, b'"' + b"x" * 65_536 + b'"', b"[" + b"0," * 19_000 + b"0]"),
]


@pytest.mark.parametrize("data", LEFT, ids=range(len(LEFT)))
def test_what_is_left_to_the_other_reader(data: bytes) -> None:
    """Whatever a sentence is to be said of, or might be, is not read."""
    assert read_plain(data) is None


@pytest.mark.parametrize("data", TAKEN, ids=range(len(TAKEN)))
def test_what_is_read(data: bytes) -> None:
    """What is read is what the other reader gives, to the type and the last digit."""
    value, notes = read_any_json(data)

    assert (repr((value,)), ()) == (repr(read_plain(data)), notes)


PIECES = st.sampled_from(
    [
        *('{"a":1}', '{"a":1,"a":2}', '{"a" : "x\\":y", "a":"::"}', '"\\u003a"', '"\\u0000"'),
        *("-0", "1.50", "1e5", "-0.0", "[", "]", "{", "}", ",", ":", '"', "\\", " ", "null"),
        *('"\\ud800"', '"\\ud83d\\ude00"', "[[[]]]", "\ufeff", "\x00", "\xa0", "NaN", "9" * 300),
        *('{"k":', ',"k":', ' , "\\u006b" :', "true", ".5", "1.", "01", "я", "😀"),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.binary(max_size=2), st.integers(0, 60))
def test_any_text_is_read_the_same_or_not(text: str, inserted: bytes, at: int) -> None:
    """No text is read that the other reader refuses, reads otherwise or has a note on."""
    data = text.encode()
    data = data[:at] + inserted + data[at:]
    read = read_plain(data)
    if read is None:
        return
    try:
        value, notes = read_any_json(data)
    except PayloadError as error:
        raise AssertionError(f"{data!r} is refused: {error}") from error

    assert (repr(read[0]), ()) == (repr(value), notes)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_value_is_written_the_same(value) -> None:
    """The text of a value is what simplejson gives, to the blank."""
    assert write_any_json(value) == write_plain(value)


def test_what_cannot_be_written() -> None:
    """Half of a surrogate pair, which is no UTF-8, is left to the other writer."""
    assert write_plain("\ud800") is None
    assert json.loads(write_any_json("\ud800")) == "\ud800"
    assert '{"a": 3500.00}' == write_plain({"a": Decimal("3500.00")})
