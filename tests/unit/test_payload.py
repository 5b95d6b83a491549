"""Requests: every transport gives the same payload, and nothing but errors of their own."""

import json
import tomllib
from contextlib import suppress
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadlark import limits
from leadlark.decision import Note
from leadlark.errors import PayloadError
from leadlark.request.payload import Request, payloads_from_file

CASES = Path(__file__).parents[1] / "cases" / "payload"
BODIES = tomllib.loads((CASES / "bodies.toml").read_text("utf-8"))["case"]
FORM = {"content-type": "application/x-www-form-urlencoded"}
JSON = {"content-type": "application/json"}
MULTIPART = {"content-type": 'multipart/form-data; boundary="x y"'}
CYCLE: list[object] = []
CYCLE.append({"again": CYCLE})


def post(body, content_type=None, **options):
    headers = {} if content_type is None else {"Content-Type": content_type}
    return Request.from_http(method="POST", headers=headers, body=body, **options)


def error_of(make, *arguments, **options):
    with pytest.raises(PayloadError) as raised:
        make(*arguments, **options)
    return raised.value


@pytest.mark.parametrize("case", BODIES, ids=lambda case: case["name"])
def test_bodies(case):
    """A declared type is obeyed, a missing or plain one is told by the body."""
    body = case["body"].encode()
    if "code" in case:
        error = error_of(post, body, case.get("type"))
        assert case["code"] == error.code
        assert case.get("place", error.place) == error.place
        assert case.get("says", "") in error.message
    else:
        request = post(body, case.get("type"))
        assert json.loads(case["payload"]) == request.payload
        assert body == request.body


# The four transports


def pairs_of(value, name=""):
    """The pairs of a form as PHP's http_build_query makes them."""
    if isinstance(value, str):
        yield name, value
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield from pairs_of(item, f"{name}[{key}]" if name else str(key))


def as_form(value):
    return "&".join(f"{quote_plus(n)}={quote_plus(v)}" for n, v in pairs_of(value)).encode()


def as_multipart(value):
    parts = []
    for name, text in pairs_of(value):
        shown = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--x y\r\nContent-Disposition: form-data; name="{shown}"\r\n\r\n'
        parts.append(f"{head}{text}\r\n".encode())
    return b"".join(parts) + b"--x y--\r\n"


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
# In a form, brackets build the tree, and keys that count from 0 are a list.
KEYS = st.text(
    st.characters(exclude_characters='\0[]%"\\', exclude_categories=["Cs"]), min_size=1, max_size=6
).filter(lambda key: not key.isdecimal())
TREES = st.recursive(
    TEXTS,
    lambda each: (
        st.lists(each, min_size=1, max_size=4) | st.dictionaries(KEYS, each, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=5))
@example({"a": "--x y\r\n--x y--"[:5], "b": "\r\n", "c": [["x"], {"d e": "+&=%"}]})
def test_transports_agree(data):
    """The same data by query, form, JSON and multipart gives the same payload."""
    sent = [
        Request.from_http(method="GET", query=as_form(data)),
        Request.from_http(method="GET", query=as_form(data).decode()),
        Request.from_http(headers=FORM, body=as_form(data)),
        Request.from_http(headers=JSON, body=json.dumps(data).encode()),
        Request.from_http(headers=MULTIPART, body=as_multipart(data)),
        Request(payload=data),
    ]

    assert [data] * len(sent) == [request.payload for request in sent]
    assert {()} == {request.notes for request in sent}


# The request around the payload


@pytest.mark.parametrize("body", [b"", b" \r\n"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_query_is_the_payload_without_a_body(method, body):
    """A request without a body has its query string for a payload, whatever its type says."""
    request = Request.from_http(method=method, query=b"a[]=1&b=2", headers=JSON, body=body)

    assert {"a": ["1"], "b": "2"} == request.payload == request.query
    assert ({"a": ["1"], "b": "2"},) == request.payloads


def test_the_query_beside_a_body():
    """With a body, the query stays readable and its notes name it."""
    request = Request.from_http(query=b"a=1&a[b]=2", headers=JSON, body=b'{"a": 1, "a": 2}')

    assert ({"a": 2}, {"a": {"b": "2"}}) == (request.payload, request.query)
    assert ["a", "@query.a"] == [note.path for note in request.notes]


def test_a_request_with_nothing():
    """A request without body and query is an empty object."""
    request = Request.from_http(method="get")

    assert ({}, {}, "GET", None) == (request.payload, request.query, request.method, request.body)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Key": "ключ", "WEBHOOK-ID": " 7 "},
        [("X-Key", "ключ"), ("Webhook-Id", "7")],
        [(b"x-key", "ключ".encode()), (b"webhook-id", b"7"), (b"idempotency-key", b"8")],
        [("X-KEY", "ключ"), ("Idempotency-Key", "7"), ("webhook-id", " ")],
    ],
    ids=range(4),
)
def test_headers(headers):
    """Headers are found in any case; one of two names the request."""
    request = Request.from_http(headers=headers)

    assert "ключ" == request.header("x-KEY")
    assert request.header("absent") is None
    assert "7" == request.id


def test_repeated_headers_are_joined():
    """A header sent twice has both values; one that is no UTF-8 is read byte by byte."""
    request = Request.from_http(headers=[("A", "1"), ("a", "2"), (b"b", b"\xff")])

    assert {"a": "1, 2", "b": "ÿ"} == request.headers


@pytest.mark.parametrize(
    ("options", "code", "place"),
    [
        ({"headers": {"X-A": "b\0"}}, "P105", "@header.x-a"),
        ({"headers": {"X-A": "\ud800"}}, "P106", "@header.x-a"),
        ({"query": b"a=%FF"}, "P103", "a"),
        ({"query": b"a=%FF", "body": b"{}"}, "P103", "@query.a"),
        ({"query": "a=\ud800"}, "P106", "@query"),
        ({"body": b"{" + b" " * limits.MAX_PAYLOAD_BYTES}, "P501", None),
        ({"query": b"a" * limits.MAX_PAYLOAD_BYTES + b"="}, "P501", None),
        ({"headers": {"Content-Type": "x" * 70_000}, "body": b"a"}, "P504", None),
    ],
    ids=range(8),
)
def test_errors_around_the_payload(options, code, place):
    """What surrounds the payload obeys the same limits, and errors name it as rules do."""
    error = error_of(Request.from_http, **options)

    assert code == error.code
    if place is not None:
        assert place == error.place


def test_several_payloads():
    """A list is that many payloads; split gives each its own notes, and the others' to none."""
    request = Request.from_http(
        query=b"q=1&q[a]=2",
        headers={"webhook-id": "7"},
        body=b'[{"a": 1}, {"b": {"c": 1, "c": 2}}]',
    )

    assert ({"a": 1}, {"b": {"c": 2}}) == request.payloads
    first, second = request.split()
    assert ({"a": 1}, ["@query.q"]) == (first.payload, [note.path for note in first.notes])
    assert ({"b": {"c": 2}}, ["b.c", "@query.q"]) == (
        second.payload,
        [note.path for note in second.notes],
    )
    assert ("7", request.body, request.query) == (second.id, second.body, second.query)
    assert (first,) == first.split()


def test_an_empty_list_is_no_payload():
    """An empty list at the root is a request of no payloads."""
    assert () == post(b"[]").payloads == post(b"[]").split()


# Values from Python


def test_python_values():
    """Values are taken as an embedding developer has them; a float keeps the digits it shows."""
    request = Request(payload={"a": [1, True, None, "x"], "b": (0.1, 1e22), "c": Decimal("1.10")})

    assert {
        "a": [1, True, None, "x"],
        "b": [Decimal("0.1"), Decimal("1e22")],
        "c": Decimal("1.10"),
    } == request.payload
    assert "1.10" == str(request.payload["c"])
    assert {} == request.query == request.headers
    assert ("POST", None, None, None, ()) == (
        request.method,
        request.address,
        request.id,
        request.body,
        request.notes,
    )


def test_python_values_are_copied():
    """A request does not change with what it was made of, and cannot be changed."""
    payload = {"a": [1]}
    request = Request(payload=payload, query=payload)
    payload["a"].append(2)

    assert {"a": [1]} == request.payload == request.query
    with pytest.raises(FrozenInstanceError):
        request.payload = {}


def test_replace():
    """dataclasses.replace gives a checked request with the other fields kept."""
    note = Note("N101", "x", "a")
    request = Request(payload={"a": 1}, headers={"Webhook-Id": "7"}, address="shop", notes=[note])
    changed = replace(request, payload={"a": 2.5}, query={"k": "v"})

    assert ({"a": Decimal("2.5")}, {"k": "v"}) == (changed.payload, changed.query)
    assert ("7", "shop", (note,)) == (changed.id, changed.address, changed.notes)
    assert "8" == Request(payload={}, headers={"Webhook-Id": "7"}, id="8").id


@pytest.mark.parametrize(
    ("payload", "code", "place"),
    [
        ({"a": [float("nan")]}, "P104", "a[0]"),
        ({"a": float("-inf")}, "P104", "a"),
        ({"a": Decimal("sNaN")}, "P104", "a"),
        ({"a": "\0"}, "P105", "a"),
        ({"a": {"\ud800": 1}}, "P106", "a.'\\u{d800}'"),
        ({"a": 10**1000}, "P107", "a"),
        ({"a": -(10**100_000)}, "P107", "a"),
        ({"a": Decimal("1e401")}, "P107", "a"),
        ({"a": Decimal("1e-999999")}, "P107", "a"),
        ("text", "P108", None),
        (None, "P108", None),
        ([{}, [{}]], "P108", "[1]"),
        ({"a": {1, 2}}, "P109", "a"),
        ({"a": b"x"}, "P109", "a"),
        ({1: "x"}, "P109", "1"),
        ({"a": ["x" * limits.MAX_TEXT_BYTES] * 17}, "P501", "a"),
        ({"a": [1] * limits.MAX_VALUES}, "P502", None),
        ([[[None] * 100] * 100] * 100, "P502", None),
        (CYCLE, "P503", None),
        ({"a": "я" * 32_769}, "P504", "a"),
    ],
    ids=range(20),
)
def test_python_values_obey_the_limits(payload, code, place):
    """What cannot come by the network cannot come from Python either, cycles among it."""
    error = error_of(Request, payload=payload)

    assert code == error.code
    if place is not None and code != "P501":
        assert place == error.place


# Files


def read(name, data, **options):
    """Payloads of a file, errors as their code and place."""
    return [
        (each.code, each.place) if isinstance(each, PayloadError) else each.payload
        for each in payloads_from_file(name, data, **options)
    ]


@pytest.mark.parametrize("name", ["a.json", "A.JSON", "-", "sample.txt"])
def test_json_files(name):
    """A JSON file holds one object, or a list of which each element is one payload."""
    assert [{"a": 1}] == read(name, b'\xef\xbb\xbf{\n "a": 1\n}\n')
    assert [{"a": 1}, ("P108", "[1]"), {"a": 3}] == read(name, b'[{"a": 1}, 2, {"a": 3}]')
    assert [("P101", "line 1, column 7")] == read(name, b'{"a": ')


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "-"])
def test_line_files(name):
    """A broken line is an error of its own that names its line; the others are read."""
    data = b'{"a": 1}\r\n\n{"a": }\n3\n{"b": ["x", "\\u0000"]}\n{"a": "\xff"}\n[{"a": 2}]\n{"a": 3}'

    assert [
        {"a": 1},
        ("P101", "line 3, column 7"),
        ("P108", "line 4"),
        ("P105", "line 5, b[1]"),
        ("P103", "line 6, byte 8"),
        {"a": 2},
        {"a": 3},
    ] == read(name, data)


@pytest.mark.parametrize(
    ("data", "probable"),
    [
        ('{"name": "Мария Ивановна"}'.encode("cp1251"), "Windows-1251"),
        ('{"name": "Мария"}'.encode("utf-16"), "UTF-16"),
        ('{"name": "Мария Ивановна"}'.encode("koi8-r"), None),
        ('{"name": "Мария Ивановна"}'.encode("cp866"), None),
        ('{"name": "José Müller"}'.encode("latin-1"), None),
        (b'{"name": "\xff\x98"}', None),
    ],
    ids=["1251", "utf-16", "koi8-r", "cp866", "latin-1", "no text"],
)
def test_probable_encoding_is_named(data, probable):
    """Bytes that are no UTF-8 are told what they look like, where that can be told."""
    (error,) = payloads_from_file("a.json", data)

    assert isinstance(error, PayloadError)
    assert "P103" == error.code
    assert (f"they look like {probable}" in error.message) is (probable is not None)
    assert ("look like" in error.message) is (probable is not None)


@pytest.mark.parametrize(
    ("name", "text", "charset"),
    [
        ("a.json", '{"name": "Мария"}\n', "windows-1251"),
        ("a.json", '{"name": "Мария"}\n', "utf-16"),
        ("a.json", '{"name": "Мария"}\n', "UTF-8"),
        ("a.ndjson", '{"name": "Мария"}\n', "Windows-1251"),
        ("a.form", "name=Мария\n", "windows-1251"),
        ("a.form", "name=%CC%E0%F0%E8%FF", "cp1251"),
        ("-", '{"name": "Мария"}', "koi8-r"),
        ("-", "name=Мария\n", "windows-1251"),
    ],
)
def test_charset_of_a_header_is_that_of_the_files(name, text, charset):
    """Of a Content-Type beside a file the charset counts; what the file is its name says."""
    header = {"Content-Type": f"any/thing; charset={charset}"}

    assert [{"name": "Мария"}] == read(name, text.encode(charset), headers=header)


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_wide_text_ends_with_a_line_break(order):
    """The last line break of a file in UTF-16 is two bytes, whichever comes first."""
    data = '\ufeff{"a": 1}\r\n'.encode(order)

    assert [{"a": 1}] == read("a.json", data, headers={"Content-Type": "a/b; charset=utf-16"})


def test_unknown_charset_of_a_header():
    """A charset that is not known is told of every document."""
    header = {"Content-Type": "application/json; charset=utf-99"}

    assert [("P103", "charset 'utf-99'")] == read("a.json", b"{}", headers=header)


@pytest.mark.parametrize(
    ("name", "text", "media_type"),
    [
        ("a.json", '{"name": "Мария"}', "application/json"),
        ("a.ndjson", '{"name": "Мария"}', "application/json"),
        ("a.form", "name=Мария", "application/x-www-form-urlencoded"),
        ("-", "name=Мария", "text/plain"),
    ],
)
def test_header_that_names_the_encoding_is_told(name, text, media_type):
    """A file in another encoding is told the header that makes it readable."""
    data = text.encode("windows-1251")
    (error,) = payloads_from_file(name, data)

    assert isinstance(error, PayloadError)
    told = f"name that with --header 'Content-Type: {media_type}; charset=windows-1251' ("
    assert told in error.message
    header = {"Content-Type": f"{media_type}; charset=windows-1251"}
    assert [{"name": "Мария"}] == read(name, data, headers=header)


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_query_has_no_encoding_to_declare(body):
    """A query string in another encoding is told to be sent in UTF-8 and nothing else."""
    error = error_of(Request.from_http, query="name=%CC%E0%F0%E8%FF", body=body)

    assert error.message.endswith("; they look like Windows-1251: send UTF-8")


@pytest.mark.parametrize(
    ("name", "data", "lines"),
    [
        ("a.json", b" [" + b'{"a": 1},' * 200_000, True),
        ("-", b"[" + b'{"a": 1},\n' * 200_000, True),
        ("a.json", b'{"a": "' + b"x" * 2_000_000, False),
        ("a.form", b"a=" + b"x" * 2_000_000, False),
        ("a.ndjson", b"[" + b'{"a": 1},' * 200_000, False),
    ],
    ids=["array", "array on standard input", "object", "form", "line"],
)
def test_array_over_the_limit_is_told_of_lines(name, data, lines):
    """An array of too many payloads is told what has no limit; one payload has no such way out."""
    (error,) = payloads_from_file(name, data)

    assert isinstance(error, PayloadError)
    assert "P501" == error.code
    assert ("in an .ndjson file" in error.message) is lines


def test_empty_payload_is_said_to_be_empty():
    """Nothing at all is not told to be of no known kind."""
    (error,) = payloads_from_file("-", b" \n")

    assert isinstance(error, PayloadError)
    assert "The payload is empty" in error.message


def test_form_files():
    """A form file is a url-encoded body; its last line break is no part of a value."""
    assert [{"a": {"b": "1"}, "c": "x"}] == read("a.form", b"a[b]=1&c=x\r\n")
    assert [{"a": "1"}] == read("-", b"a=1\n")
    assert [{}] == read("empty.form", b"")


def test_empty_files():
    """A file with nothing in it is an error, but for one of lines, which holds no payload."""
    assert ["P101"] == [code for code, _ in read("a.json", b"")]
    assert ["P109"] == [code for code, _ in read("-", b"\n")]
    assert [] == read("a.ndjson", b"\n\n")


def test_file_surroundings():
    """Query and headers given with a file surround each of its payloads."""
    requests = list(
        payloads_from_file(
            "a.json", b'[{"a": 1, "a": 2}, {}]', query="k=v", headers=[("Webhook-Id", "7")]
        )
    )

    assert [({"k": "v"}, "7")] * 2 == [(request.query, request.id) for request in requests]
    assert [["a"], []] == [[note.path for note in request.notes] for request in requests]
    assert [("P103", "k")] == read("a.json", b"{}", query=b"k=%FF")


# Anything


TYPES = st.sampled_from(
    [
        "",
        "application/json",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=windows-1251",
        'multipart/form-data; boundary="x y"',
        "multipart/form-data",
        "text/plain",
        "text/html; =;;charset",
    ]
) | st.text(max_size=30)
SEEDS = [
    b'{"a": [1, 2.5e3, "\\ud83d\\ude00", null, {"b": NaN}], "a": "x"}',
    b"a[b][0]=x&a[b][]=%D1%8F&a=1&c=%zz+",
    as_multipart({"a": {"b": ["x", "\u044f"]}, "c": "\r\n--x"}),
    b'--x y\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n'
    b"Content-Type: text/plain; charset=koi8-r\r\n\r\n\xff\r\n--x y--",
]


@st.composite
def mutated(draw):
    """A valid body with a few places overwritten, cut out or doubled."""
    body = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 6))
        body[start:end] = draw(st.binary(max_size=4) | st.just(bytes(body[start:end]) * 2))
    return bytes(body)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80) | mutated(), TYPES, st.binary(max_size=20), st.text(max_size=5))
def test_any_request_is_read_or_refused(body, content_type, query, name):
    """No bytes whatever give anything but a Request of objects or a PayloadError."""
    with suppress(PayloadError):
        request = post(body, content_type, query=query)
        assert all(isinstance(payload, dict) for payload in request.payloads)
        # What was read is within the limits of values from Python too.
        assert request == replace(request)
    for suffix in (".json", ".ndjson", ".form", ""):
        for each in payloads_from_file(name + suffix, body):
            assert isinstance(each, Request | PayloadError)
