"""JSON text: values keep their digits, limits hold, and errors name their place."""

import json
import tomllib
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark import limits
from leadlark.decision import Note
from leadlark.errors import PayloadError
from leadlark.request.json_text import read_json
from leadlark.request.json_tree import show_path

CASES = Path(__file__).parents[1] / "cases" / "payload"
ERRORS = tomllib.loads((CASES / "json_errors.toml").read_text("utf-8"))["case"]
LONGEST = "9" * limits.MAX_DIGITS
FULL_TEXT = "я" * (limits.MAX_TEXT_BYTES // 2)


def value_of(text):
    value, notes = read_json(text)
    assert () == notes
    return value


def error_of(data, **options):
    with pytest.raises(PayloadError) as raised:
        read_json(data, **options)
    return raised.value


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["name"])
def test_errors(case):
    """Broken JSON is answered with a code, the place, and a sentence with the way out."""
    error = error_of(case["json"].encode())

    assert case["code"] == error.code
    if "place" in case:
        assert case["place"] == error.place
    assert case.get("says", "") in error.message


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case["name"])
def test_text_and_bytes_are_one(case):
    """Text is read as its UTF-8 bytes are."""
    one, other = error_of(case["json"]), error_of(case["json"].encode())

    assert (other.code, other.message, other.place) == (one.code, one.message, one.place)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6510", 6510),
        ("-0", 0),
        ("74712773120", 74712773120),
        ("3500.00", Decimal("3500.00")),
        ("1.10", Decimal("1.10")),
        ("1e2", Decimal("1e2")),
        ("1E-400", Decimal("1E-400")),
        ("1e+0000400", Decimal("1e400")),
        ("0.1234567890123456789012345678901234567890", None),
        ("true", True),
        ("null", None),
        (r'"\ud83d\ude00 \\u0000"', "😀 \\u0000"),
    ],
)
def test_values(text, value):
    """Whole numbers are int, others Decimal with the digits sent; pairs of surrogates are text."""
    if value is None and text != "null":
        value = Decimal(text)

    read = value_of(f"[{text}]")

    assert [value] == read
    assert str(value) == str(read[0])
    assert type(value) is type(read[0])


def test_numbers_in_large_documents():
    """Numbers are the same where every value of a document has to be looked at."""
    numbers = "[1e400, 1E-400, -0.00, 12345678901234567890.5]"
    read = value_of(f'{{"padding": ["{"x" * 60_000}"], "numbers": {numbers}}}')

    assert ["1E+400", "1E-400", "-0.00", "12345678901234567890.5"] == [
        str(number) for number in read["numbers"]
    ]


@pytest.mark.parametrize("sign", ["", "-"])
def test_longest_numbers(sign):
    """A number of 1,000 digits is read, one of 1,001 is not."""
    point = f"{LONGEST[:1]}.{LONGEST[1:]}"

    assert [int(sign + LONGEST), Decimal(sign + point)] == value_of(
        f"[{sign}{LONGEST}, {sign}{point}]"
    )
    for text in (LONGEST + "9", point + "9"):
        error = error_of(f'{{"items": [{{"id": {sign}{text}}}]}}')
        assert ("P107", "items[0].id") == (error.code, error.place)


def test_byte_order_mark_is_skipped():
    """A byte order mark before the text is no part of it."""
    assert {"a": 1} == value_of(b'\xef\xbb\xbf{"a": 1}') == value_of('\ufeff{"a": 1}')


def test_wrong_encoding_names_the_byte():
    """Bytes that are no UTF-8 are refused at the first such byte, counted from 1."""
    error = error_of('{"a": "я"}'.encode("cp1251"))

    assert ("P103", "byte 8") == (error.code, error.place)


def test_declared_codec():
    """Bytes are read in the encoding that they are declared in."""
    value, _ = read_json('{"a": "я"}'.encode("cp1251"), codec="cp1251")

    assert {"a": "я"} == value


def test_surrogate_in_text_names_line_and_column():
    """Text that cannot be encoded is refused where it cannot be."""
    error = error_of('{\n"a": "\ud800"}')

    assert ("P106", "line 2, column 7") == (error.code, error.place)


def test_repeated_keys():
    """Of a key sent twice the last counts, with one note naming its path."""
    value, notes = read_json('{"a": 1, "b": [{"c": 1, "c": 2, "d": 0, "c": 3}], "a": {"e": 1}}')

    assert {"a": {"e": 1}, "b": [{"c": 3, "d": 0}]} == value
    assert ["b[0].c", "a"] == [note.path for note in notes]
    assert Note("N101", "The key is sent more than once; the last counts", "a") == notes[1]


def test_what_is_overwritten_obeys_the_limits():
    """The values of a key sent twice are all checked, not only the one that counts."""
    error = error_of('{"a": {"b": "\\u0000"}, "a": 1}')

    assert ("P105", "a.b") == (error.code, error.place)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"b":', "}]")])
def test_depth(opening, closing):
    """Sixty-four levels are read; the bracket that opens one more is named."""
    levels = limits.MAX_DEPTH // (opening.count("[") + opening.count("{"))
    value_of(opening * levels + '"[[[{{{"' + closing * levels)

    error = error_of(opening * (levels + 1) + "1" + closing * (levels + 1))

    assert ("P503", f"line 1, column {len(opening) * levels + 1}") == (error.code, error.place)


def test_brackets_in_text_are_no_depth():
    """Brackets inside texts, after escaped quotes too, do not count as levels."""
    text = '\\"' + "[{" * 100
    assert ['"' + "[{" * 100] == value_of(f'["{text}"]')


def test_count():
    """Every value counts, objects and lists too: 20,000 are read and 20,001 are not."""
    value_of("[" + ",".join(["1"] * (limits.MAX_VALUES - 1)) + "]")
    value_of("[" + ",".join(["[1]"] * (limits.MAX_VALUES // 2 - 1)) + "]")

    assert "P502" == error_of("[" + ",".join(["{}"] * limits.MAX_VALUES) + "]").code


@pytest.mark.parametrize("extra", ["", "a"])
def test_text_size(extra):
    """A text, and a key, of 64 KiB of UTF-8 is read, one byte more is not."""
    for document in ({"a": FULL_TEXT + extra}, {FULL_TEXT + extra: 1}):
        text = json.dumps(document, ensure_ascii=False)
        if extra:
            assert "P504" == error_of(text).code
        else:
            assert document == value_of(text)


def test_size():
    """A text of a megabyte is read, one byte more is not, as bytes and as characters."""
    full = "1" + " " * (limits.MAX_PAYLOAD_BYTES - 1)

    assert 1 == value_of(full) == value_of(full.encode())
    for text in (full + " ", "[" + '"я"' * (limits.MAX_PAYLOAD_BYTES // 4) + "]"):
        assert "P501" == error_of(text).code
        assert "P501" == error_of(text.encode()).code


@pytest.mark.parametrize(
    ("unit", "head", "code"),
    [
        ("[", "", "P503"),
        ('{"a":', "", "P503"),
        ("[]", "", "P101"),
        ("[],", "[", "P101"),
        ('"a":0,', "{", "P101"),
        ("\\", "", "P101"),
        ('"', "", "P101"),
        ('\\"', "[" * 65, "P503"),
        ('\\"', '["', "P101"),
        (" ", "", "P101"),
        ("\n", "[1,", "P101"),
        ("\0", "", "P105"),
        ("9", "", "P107"),
        ("9", "1e", "P107"),
        ("9", "1.", "P107"),
        ("-", "", "P101"),
    ],
)
def test_a_hostile_megabyte(unit, head, code):
    """A megabyte of one thing is answered with a code, never with a RecursionError."""
    text = head + unit * ((limits.MAX_PAYLOAD_BYTES - len(head)) // len(unit))

    assert code == error_of(text).code


def test_paths():
    """A path in a message can be read back in a rule; what cannot be seen is escaped."""
    assert "items[3].'First Name'.Имя.your-name.0" == show_path(
        ("items", 3, "First Name", "Имя", "your-name", "0")
    )
    assert "@query.a.'b.c'.''.'it\\'s \\\\ \\u{202e}'" == show_path(
        ("a", "b.c", "", "it's \\ \u202e"), "@query"
    )


def test_long_paths_are_cut():
    """Keys and paths of any length leave a short message."""
    assert len(show_path(["k" * 1000] * 1000)) < 300


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
)
TREES = st.recursive(
    LEAVES, lambda each: st.lists(each) | st.dictionaries(st.text("aя. ", max_size=3), each)
)


def written(value):
    """JSON text with every digit of a Decimal."""
    if isinstance(value, Decimal):
        text = str(value)
        return text if set(text) & set(".E") else text + ".0"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value)


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_what_is_written_is_read(value):
    """Any JSON value is read as what it was before it was written."""
    assert value == value_of(written(value))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from('{}[]",:\\u0d8eE+-.19 \n\0ntfaNI\ud800'), max_size=40) | st.binary())
def test_anything_is_read_or_refused(data):
    """No text and no bytes give anything but a value or a PayloadError."""
    with suppress(PayloadError):
        read_json(data)
