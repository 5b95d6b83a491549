"""Values: which ones count, their text, numbers, search keys, sameness and JSON."""

import json
import unicodedata
from decimal import Decimal

import pytest
import simplejson
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.values.value import (
    ABSENT,
    INVISIBLE,
    KEY_LENGTH,
    has_value,
    key_text,
    nfc,
    number_of,
    same,
    to_text,
    trim,
    write_json,
)

TEXT = st.text(st.characters(), max_size=50)  # lone surrogates and NUL too
NUMBER = (
    st.integers()
    | st.integers(min_value=-(10**60), max_value=10**60)
    | st.decimals(allow_nan=False, allow_infinity=False)
)
SCALAR = st.none() | st.booleans() | NUMBER | TEXT
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
NO_VALUES = (ABSENT, None, "", " ", "\t\r\n\u00a0\u3000", "\u200b\ufeff \u202e", [], {}, [None, ""])
HUGE = 10**5000


def shown(value):
    """A test's name for a value: an integer this large cannot be written by Python itself."""
    return "huge" if isinstance(value, int) and abs(value) == HUGE else ascii(value)[:40]


@pytest.mark.parametrize("value", [*NO_VALUES, [[], {}, ["\u200b"]]], ids=ascii)
def test_no_value(value):
    """Absent, null, blank text, an empty object, a list without a value are no value."""
    assert not has_value(value)
    assert key_text(value) is None


@pytest.mark.parametrize(
    "value", [0, False, Decimal(0), "0", "x", [None, 0], {"": None}, "\u200bx"], ids=ascii
)
def test_value(value):
    """Everything else is a value: zero and false, and an object with any key."""
    assert has_value(value)
    assert key_text(value) is not None


def test_invisible():
    """The invisible characters are the ones that have no glyph and no width."""
    assert {"Cf", "Cn"} >= {unicodedata.category(char) for char in INVISIBLE}
    assert set("\u00ad\u200b\u200d\u200e\u202e\u2060\u2066\u2069\ufeff") <= set(INVISIBLE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (ABSENT, ""),
        (None, ""),
        (" x ", " x "),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-6510, "-6510"),
        (74712773120, "74712773120"),
        (HUGE, "1" + "0" * 5000),
        (-HUGE, "-1" + "0" * 5000),
        (Decimal("3500.50"), "3500.50"),
        (Decimal("29.0"), "29.0"),
        (Decimal("-0.0"), "-0.0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("0." + "1" * 400), "0." + "1" * 400),
        (Decimal("1E+1000000"), "1E+1000000"),
        (Decimal("1E-1000000"), "1E-1000000"),
        (["a", None, 1, " ", Decimal("2.50"), True, []], "a, 1, 2.50, true"),
        ([["a", "b"], "c"], "a, b, c"),
        ({"имя": ["Мария", 1]}, '{"имя": ["Мария", 1]}'),
        ([{"a": 1}, {"a": 2}], '{"a": 1}, {"a": 2}'),
        ({}, "{}"),
    ],
    ids=shown,
)
def test_text(value, text):
    """A value in a text keeps its digits; a list leaves out what has no value."""
    assert text == to_text(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (6510, 6510),
        (Decimal("3500.50"), Decimal("3500.50")),
        (" 6510 ", 6510),
        ("\u00a06510\u200b", 6510),
        ("+6510", 6510),
        ("-0", 0),
        ("007", 7),
        ("3500.00", Decimal("3500.00")),
        ("-.5", Decimal("-0.5")),
        ("5.", Decimal(5)),
        ("9" * 1000, int("9" * 1000)),
        ("-." + "9" * 1000, Decimal("-." + "9" * 1000)),
        ("9" * 1003, None),
        ("9" * 65_536, None),
        ("1e3", None),
        ("1_000", None),
        ("1 000", None),
        ("1,5", None),
        ("1.2.3", None),
        ("+-1", None),
        ("- 1", None),
        (".", None),
        ("", None),
        ("NaN", None),
        ("Infinity", None),
        ("٦٥١٠", None),
        ("６５１０", None),
        ("²", None),
        ("0x10", None),
        (True, None),
        (False, None),
        (None, None),
        (ABSENT, None),
        ([1], None),
        ({"a": 1}, None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
    ],
    ids=shown,
)
def test_number(value, number):
    """A number is one, or text of ASCII digits with a sign and a point; never a truth value."""
    got = number_of(value)
    assert number == got
    assert type(number) is type(got)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (6510, "6510"),
        (Decimal("6510.0"), "6510"),
        ("6510", "6510"),
        (" 6510\n", "6510"),
        ("6510.0", "6510.0"),
        (Decimal("3500.50"), "3500.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.00"), "0"),
        (Decimal("0E+9999"), "0"),
        (Decimal("0.10"), "0.1"),
        (Decimal("1E+2"), "100"),
        (12345678901234567890123456789012345, "12345678901234567890123456789012345"),
        (Decimal("12345678901234567890123456789012345.0"), "12345678901234567890123456789012345"),
        (True, "true"),
        (False, "false"),
        ("Zoe\u0308", "Zoë"),
        (["a ", None, Decimal("2.0")], "a, 2"),
        ("x" * KEY_LENGTH, "x" * KEY_LENGTH),
        (
            "x" * 201,
            "sha256:84a0678c90937f5dcf9994d5866668da6b995109c8ad845410559b48a4ecafed",
        ),
    ],
    ids=shown,
)
def test_key(value, key):
    """A key is trimmed form C; the number and its canonical text share one; long ones hash."""
    assert key == key_text(value)


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        (6510, " 6510 "),
        ("3500.00", 3500),
        (3500, Decimal("3500.0")),
        (Decimal("1E+3"), "1000"),
        ("007", 7),
        (" x", "x\u200b"),
        ("Zoë", "Zoe\u0308"),
        (True, "true"),
        (" false ", False),
        (None, ""),
        (ABSENT, []),
        ({}, " "),
        ([6510, "a"], ["6510", " a"]),
        ({"a": [1, None]}, {"a": ["1", ""]}),
    ],
    ids=ascii,
)
def test_same(stored, new):
    """Values that differ in spelling only are the same, whichever is stored."""
    assert same(stored, new)
    assert same(new, stored)


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        (6510, 6511),
        ("6510.0", "6510"),
        ("007", "7"),
        ("x", "X"),
        (True, 1),
        (False, 0),
        (0, None),
        (0, ""),
        (False, None),
        ("True", True),
        ([1, 2], [2, 1]),
        ([1], [1, 2]),
        ([1], 1),
        ("1, 2", [1, 2]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": None}),
        ({"a": 1}, '{"a": 1}'),
        (Decimal("0.1"), Decimal("0.1000000000000000055511151231257827")),
    ],
    ids=ascii,
)
def test_not_same(stored, new):
    """Two texts are compared as text, no value differs from zero, a list from its text."""
    assert not same(stored, new)
    assert not same(new, stored)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (Decimal("3500.50"), "3500.50"),
        (Decimal("1E+1000000"), "1E+1000000"),
        ({"n": [10**30, True]}, '{"n": [1' + "0" * 30 + ", true]}"),
        pytest.param(
            {"n": [HUGE, -HUGE], "b": True},
            f'{{"n": [1{"0" * 5000}, -1{"0" * 5000}], "b": true}}',
            id="huge",
        ),
        ('Заказ №1 "a\\b"\n', r'"Заказ №1 \"a\\b\"\n"'),
    ],
    ids=shown,
)
def test_json(value, text):
    """JSON keeps all digits of numbers and the letters of every script."""
    assert text == write_json(value)


def test_json_indented():
    """With an indent, each member of an object stands on a line of its own."""
    assert write_json({"a": [1]}, indent=2) == '{\n  "a": [\n    1\n  ]\n}'


@pytest.mark.parametrize("mark", ["\u0301", "\u0301\u0316", "\u0344", "\u0f73", "\u0f71\u0f72"])
def test_endless_marks(mark):
    """A text of marks only, the worst there is for normalising, stays as it is."""
    text = "e" + mark * (65_535 // len(mark))
    assert text == nfc(text)
    assert text == nfc(nfc(text))


def test_long_text_is_normalised():
    """Length alone keeps no text from form C, nor does a short row of marks."""
    text = "e\u0301 \u0438\u0306 " * 16_000
    assert unicodedata.normalize("NFC", text) == nfc(text)
    text = "x" * 5000 + "e" + "\u0316\u0301" * 500
    assert unicodedata.normalize("NFC", text) == nfc(text)


@settings(deadline=None)
@given(TEXT)
def test_normalising_twice(text):
    """Trimming, form C and keys are at rest after one step."""
    assert trim(text) == trim(trim(text))
    assert nfc(text) == nfc(nfc(text))
    key = key_text(text)
    assert key is None or key == key_text(key)
    assert (key is None) is not has_value(text)


@settings(deadline=None)
@given(NUMBER)
def test_key_of_number(number):
    """A number equals itself written as text; its canonical text has its key."""
    key = key_text(number)
    assert key == key_text(key)
    assert same(number, to_text(number))
    assert same(number, key)
    assert Decimal(key) == number
    assert "E" not in to_text(number) or not -1000 <= Decimal(number).adjusted() <= 1000


@settings(deadline=None)
@given(JSON, JSON)
def test_any_value(first, second):
    """No value makes any of these raise; sameness is symmetric and holds of itself."""
    assert same(first, first)
    assert same(first, second) == same(second, first)
    assert isinstance(to_text(first), str)
    assert key_text(first) is None or len(key_text(first)) <= KEY_LENGTH
    assert has_value(first) or number_of(first) is None


@settings(deadline=None)
@given(JSON)
def test_json_reads_back(value):
    """Reading what was written gives the value, its decimals digit by digit."""
    text = write_json(value)
    assert value == simplejson.loads(text, use_decimal=True)
    assert json.loads(text, parse_float=str, parse_int=str) == json.loads(
        write_json(value, indent=1), parse_float=str, parse_int=str
    )
