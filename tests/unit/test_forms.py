"""Forms and query strings: names become objects and lists, and every value is text."""

import json
import tomllib
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark import limits
from leadlark.errors import PayloadError
from leadlark.request.charsets import find_codec
from leadlark.request.forms import read_form
from leadlark.request.multiparts import read_multipart

CASES = Path(__file__).parents[1] / "cases" / "payload"
FORMS = tomllib.loads((CASES / "forms.toml").read_text("utf-8"))["case"]
FULL_PAIRS = b"&".join([b"a=1"] * (limits.MAX_VALUES - 2))


def value_of(data, **options):
    value, notes = read_form(data, **options)
    assert () == notes
    return value


def error_of(read, data, **options):
    with pytest.raises(PayloadError) as raised:
        read(data, **options)
    return raised.value


def part(name, content, more=b"", content_type=b""):
    head = b'--xyz\r\nContent-Disposition: form-data; name="' + name + b'"' + more + b"\r\n"
    return head + content_type + b"\r\n" + content + b"\r\n"


def multipart_of(*parts, codec="utf-8"):
    return read_multipart(b"".join(parts) + b"--xyz--\r\n", boundary="xyz", codec=codec)


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case["name"])
def test_forms(case):
    """Names and values are read as the table says, and clashes are noted by their path."""
    value, notes = read_form(case["form"].encode())

    assert json.loads(case["payload"]) == value
    assert case.get("notes", []) == [note.path for note in notes]
    assert all(note.code == "N101" for note in notes)


@pytest.mark.parametrize(
    "charset",
    ["UTF-8", "utf8", "windows-1251", "CP1251", "koi8-r", "KOI8_R", "iso-8859-5", "ibm866"],
)
def test_charsets(charset):
    """Escapes and raw bytes are read in the declared encoding."""
    codec = find_codec(charset)
    raw = "Имя=Мария".encode(codec)
    escaped = "&".join(f"{quote_plus(n, encoding=codec)}=x" for n in ("Имя",)).encode()

    assert {"Имя": "Мария"} == value_of(raw, codec=codec)
    assert {"Имя": "x"} == value_of(escaped, codec=codec)


@pytest.mark.parametrize("charset", ["utf-16", "utf-16le", "UTF-16BE"])
def test_wide_charsets(charset):
    """In UTF-16 the text is decoded first; escapes in it are UTF-8."""
    codec = find_codec(charset)

    assert {"Имя": "я", "b": "2"} == value_of("Имя=%D1%8F&b=2".encode(codec), codec=codec)


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "idna", "os.path", "../x", "", "я", "zlib"])
def test_unknown_charsets(charset):
    """Only text encodings of a fixed list are taken; the rest is refused by name."""
    with pytest.raises(PayloadError) as raised:
        find_codec(charset)

    assert "P103" == raised.value.code


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"a=1&b[c]=%FF", "P103", "'b[c]'"),
        (b"a=1&b=\xd0", "P103", "b"),
        (b"a=1&&%FF=1", "P103", "form field 3"),
        (b"a[b]=x%00", "P105", "a.b"),
        (b"a%00=x", "P105", "'a\\u{0}'"),
        (b"a=" + b"x" * (limits.MAX_TEXT_BYTES + 1), "P504", "a"),
        (b"a" + b"[b]" * limits.MAX_DEPTH + b"=1", "P503", "a"),
        (b"a[]=1&" + FULL_PAIRS + b"&a=1", "P502", None),
        (b"&" * limits.MAX_VALUES, "P502", None),
        (b"a=" + b"x" * limits.MAX_PAYLOAD_BYTES, "P501", None),
    ],
    ids=range(10),
)
def test_errors(data, code, place):
    """What cannot be read is refused with its code, naming the key."""
    error = error_of(read_form, data)

    assert (code, place) == (error.code, error.place)


def test_root_of_paths():
    """A query beside a body is named as rules name it."""
    assert "@query.a" == error_of(read_form, b"a=%FF", root="@query").place
    assert "@query field 1" == error_of(read_form, b"%FF=1", root="@query").place
    assert "@query.a" == read_form(b"a=1&a[b]=2", root="@query")[1][0].path


def test_limits_are_reached():
    """A form just within every limit is read."""
    value_of(FULL_PAIRS)
    value_of(b"a" + b"[b]" * (limits.MAX_DEPTH - 1) + b"=1")
    value_of(b"a=" + b"x" * limits.MAX_TEXT_BYTES)


@pytest.mark.parametrize(
    ("unit", "head", "code"),
    [
        (b"&", b"", "P502"),
        (b"=", b"", "P504"),
        (b"%", b"", "P504"),
        (b"+", b"a=", "P504"),
        (b"[", b"", "P504"),
        (b"[b]", b"a", "P503"),
        (b"[b]", b"a[", "P504"),
        (b"[]", b"a", "P503"),
        (b"a[]&", b"", "P502"),
        (b"9", b"a[", "P504"),
    ],
)
def test_a_hostile_megabyte(unit, head, code):
    """A megabyte of one thing is answered with a code."""
    data = head + unit * ((limits.MAX_PAYLOAD_BYTES - len(head)) // len(unit))

    assert code == error_of(read_form, data).code


@pytest.mark.parametrize("brackets", [b"[b]", b"[]"])
def test_many_deep_names(brackets):
    """Objects and lists that names open count as values."""
    data = b"&".join(b"a%d" % n + brackets * 62 + b"=1" for n in range(4000))

    assert "P502" == error_of(read_form, data).code


def test_multipart_texts():
    """Parts are fields: brackets, repeated names and UTF-8 names as in any form."""
    value, notes = multipart_of(
        part(b"a[b][]", b"x"), part(b"a[b][]", b"y"), part("имя".encode(), "я\r\n".encode())
    )

    assert {"a": {"b": ["x", "y"]}, "имя": "я\r\n"} == value
    assert () == notes


def test_multipart_files():
    """A file becomes its name, type and size; an input left empty is empty text."""
    value, _ = multipart_of(
        part(b"cv", b"\x00\xff%PDF", b'; filename="cv.pdf"', b"Content-Type: application/pdf\r\n"),
        part(b"raw", b"", b'; filename="x"'),
        part(b"none", b"", b'; filename=""', b"Content-Type: application/octet-stream\r\n"),
    )

    assert {"filename": "cv.pdf", "content_type": "application/pdf", "size": 6} == value["cv"]
    assert {"filename": "x", "content_type": "application/octet-stream", "size": 0} == value["raw"]
    assert "" == value["none"]


def test_multipart_charsets():
    """A part's own charset goes before the form's; an unknown one is refused."""
    own = b"Content-Type: text/plain; charset=koi8-r\r\n"
    value, _ = multipart_of(
        part("имя".encode("cp1251"), "я".encode("cp1251")),
        part(b"b", "я".encode("koi8-r"), content_type=own),
        codec="cp1251",
    )

    assert {"имя": "я", "b": "я"} == value
    with pytest.raises(PayloadError) as raised:
        multipart_of(part(b"a", b"x", content_type=own.replace(b"koi8-r", b"rot13")))
    assert "P103" == raised.value.code


@pytest.mark.parametrize(
    ("parts", "code", "place"),
    [
        ((part(b"a", b"\xff"),), "P103", "a"),
        ((part(b"a[b]", b"x\0"),), "P105", "a.b"),
        ((part(b"a", b"x", b'; filename="x\0"'),), "P105", "a.filename"),
        ((part(b"a", b"x" * (limits.MAX_TEXT_BYTES + 1)),), "P504", "a"),
        ((part(b"a", b"x"), b"--xyz\r\nX\r\n\r\n"), "P102", "part 2"),
        ((part(b"a", b"x"), part(b"\xff", b"x")), "P102", "part 2"),
        ((part(b"a", b"x", b"; " + b"y" * 5000),), "P102", "part 1"),
        ((b"junk",), "P102", "part 1"),
    ],
    ids=range(8),
)
def test_multipart_errors(parts, code, place):
    """A multipart form that cannot be read is refused, naming the key or the part."""
    with pytest.raises(PayloadError) as raised:
        multipart_of(*parts)

    assert (code, place) == (raised.value.code, raised.value.place)


def test_many_parts():
    """Parts are counted while they are read."""
    body = b"--x\r\nContent-Disposition:form-data\r\n\r\n\r\n" * (limits.MAX_VALUES + 1)

    assert "P502" == error_of(read_multipart, body + b"--x--", boundary="x").code


def test_multipart_size():
    """A body over a megabyte is refused before it is looked at."""
    body = part(b"a", b"x" * limits.MAX_PAYLOAD_BYTES, b'; filename="f"') + b"--xyz--"

    assert "P501" == error_of(read_multipart, body, boundary="xyz").code


@settings(max_examples=150, deadline=None)
@given(
    st.binary() | st.lists(st.sampled_from(b"ab[]=&%+0123"), max_size=60).map(bytes),
    st.sampled_from(["utf-8", "cp1251", "ascii", "utf-16", "utf-16le", "cp932", "gb18030"]),
)
def test_anything_is_read_or_refused(data, codec):
    """No bytes give anything but an object or a PayloadError."""
    with suppress(PayloadError):
        assert isinstance(read_form(data, codec=codec)[0], dict)
