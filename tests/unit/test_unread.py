"""Keys of a payload that no rule reads, and the paths that a channel reads."""

from __future__ import annotations

import pytest

from leadlark import loads
from leadlark.explaining.unread import is_there, params_read, unread_keys
from leadlark.language.spelling import path as spelled
from leadlark.mapping.program import Program


def program(statements: str) -> Program:
    text = f"channel a {{\n    entity deal\n    region RU\n{statements}\n}}\n"
    return loads(text)["a"].program


@pytest.mark.parametrize(
    ("statements", "payload", "expected"),
    [
        pytest.param('status "<a>"', {"a": 1, "A b": 2}, ("'A b'",), id="a key beside"),
        pytest.param('status "<a.b>"', {"a": {"b": 1, "c": 2}}, ("a.c",), id="a key below"),
        pytest.param('status "<a>"', {"a": {"b": 1}}, (), id="an object is read whole"),
        pytest.param('status "<x>"', {"a": {"b": 1}}, ("a",), id="the outermost is named"),
        pytest.param('status "<A>"', {"a": 1}, (), id="the case of keys does not matter"),
        pytest.param('status "<x.y>"', {"x": {"z": 1}}, ("x.z",), id="a rule looks into x"),
        pytest.param('status "<x | default a>"', {"a": 1, "b": 1}, ("b",), id="an argument"),
        pytest.param(
            "status \"<x | map '<n>' | join ','>\"",
            {"x": [{"n": 1, "m": 2}, {"m": 3}]},
            ("x[*].m",),
            id="the template of map reads the elements",
        ),
        pytest.param(
            "status \"<x[k='a'].v>\"",
            {"x": [{"k": "b", "v": 1}, {"k": "a", "v": 2, "w": 3}]},
            ("x[0].v", "x[*].w"),
            id="the key of a choice is read in every element",
        ),
        pytest.param('status "<x[-1]>"', {"x": [1, 2]}, ("x[0]",), id="an index"),
        pytest.param("each <x>\nstatus \"<n>\"", {"x": [{"n": 1, "m": 2}], "y": 1}, ("x[*].m", "y"),
                     id="below each paths lead into elements"),
        pytest.param("each <x>\nstatus \"<@root.y>\"", {"x": [], "y": 1, "z": 2}, ("z",),
                     id="the payload around"),
        pytest.param('let a = "<b>"\nstatus "<a.c>"', {"a": {"c": 1}, "b": 2}, ("a",),
                     id="a let hides the key of its name"),
        pytest.param("comment payload\nstatus \"<@payload>\"", {"a": 1}, ("a",),
                     id="passing the payload on reads nothing"),
        pytest.param('ignore when <a> is present\nreject when not <b> == "<c>"',
                     {"a": 1, "b": 2, "c": 3, "d": 4}, ("d",), id="conditions"),
        pytest.param("payload {\na text\n}", {"a": 1, "b": 2}, ("b",), id="declared"),
        pytest.param('auth token field "s.t" secret S', {"s": {"t": 1, "u": 2}}, ("s.u",),
                     id="the secret of auth"),
        pytest.param('request id "<a>"', {"a": 1, "b": 2}, ("b",), id="the request id"),
    ],
)  # fmt: skip
def test_unread_keys(statements: str, payload: dict[str, object], expected: tuple[str, ...]):
    """What no rule reads is named by the path that a rule file would read it by."""
    assert expected == unread_keys(program(statements), payload)  # type: ignore[arg-type]


def test_query_counts_where_it_is_the_payload() -> None:
    """`<@query.…>` reads the payload of a request that has no other."""
    found = program('status "<@query.page>"')

    assert ("page",) == unread_keys(found, {"page": 1})
    assert () == unread_keys(found, {"page": 1}, is_query=True)


def test_params_read() -> None:
    """Every path is named from the root of the payload, once, in order of writing."""
    found = params_read(
        program(
            'let form = "<raw | parse_json>"\neach <items>\nstatus "<form.x> <sku> <@root.id>"\n'
            'deal {\nA = "<sku>"\n}'
        )
    )

    assert ["raw", "items", "items[*].sku", "id"] == [spelled(each) for each in found]


def test_is_there() -> None:
    """A path is there where the payload has its keys, be the value null."""
    (path,) = params_read(program('status "<a[*].b>"'))

    assert is_there(path, {"a": [{}, {"B": None}]})
    assert not is_there(path, {"a": [{}, {"c": 1}]})
