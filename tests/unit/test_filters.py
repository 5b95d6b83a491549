"""The filters: their declarations, their examples, what all of them have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.codes import NOTES
from leadlark.filters import (
    FILTERS,
    FilterSpec,
    LookupTable,
    apply_filter,
    data,
    fit,
    kinds,
    lists,
    numbers,
    row_key,
    size_of,
    text,
)
from leadlark.filters.rules import MOST_PLACES
from leadlark.filters.spec import EVERYTHING, Argument, Example
from leadlark.language import nodes
from leadlark.limits import MAX_DIGITS, MAX_PAYLOAD_BYTES, MAX_TEXT_BYTES
from leadlark.messages.source import Span
from leadlark.values.patterns import compile_pattern
from leadlark.values.value import ABSENT, Value, has_value, to_text

WORDS: Final = """
    trim lower upper title digits text integer decimal bool phone email date default
    join split first last at count sum unique replace truncate before after extract
    lookup json parse_json map divide round
"""
LANGUAGE: Final = WORDS.split()

TABLES = {
    "sources": LookupTable(
        {"google": "ADWORDS", "yandex": "YANDEX_DIRECT", "ya": "YANDEX_DIRECT"}, "WEB"
    ),
    "stages": LookupTable({"6510": 1, row_key(" и\u0306 "): True}),
}

NOWHERE = Span(0, 0)


@dataclass
class Surroundings:
    """A context whose templates read keys only."""

    region: str | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)

    def note(self, code: str, message: str) -> None:
        self.notes.append((code, message))

    def table(self, name: str) -> LookupTable:
        return TABLES[name]

    def render(self, template: nodes.Template, element: Value) -> Value:
        if template.only is not None:
            return read(template.only, element)
        texts = [
            part.value if isinstance(part, nodes.Text) else to_text(read(part, element))
            for part in template.parts
        ]
        return "".join(texts)

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self.notes]


def read(param: nodes.Param, element: Value) -> Value:
    if param.path.root == "@item":
        return element
    (step,) = param.path.steps
    assert isinstance(step, nodes.Key)
    return element.get(step.name, ABSENT) if isinstance(element, dict) else ABSENT


def template(text: str) -> nodes.Template:
    parts: list[nodes.Text | nodes.Param] = []
    for plain, name in re.findall(r"([^<]+)|<([^>]+)>", text):
        if plain:
            parts.append(nodes.Text(plain, span=NOWHERE))
        else:
            root = name if name.startswith("@") else ""
            steps = () if root else (nodes.Key(name, span=NOWHERE),)
            parts.append(nodes.Param(nodes.Path(root, steps, span=NOWHERE), span=NOWHERE))
    return nodes.Template(tuple(parts), span=NOWHERE)


def arguments_of(spec: FilterSpec, written: str) -> Iterator[Argument]:
    tokens = re.findall(r"'((?:[^'\\]|\\.)*)'|(\S+)", written)
    for parameter, (quoted, bare) in zip(spec.parameters, tokens, strict=False):
        match parameter.kind:
            case "pattern":
                yield compile_pattern(quoted)
            case "template":
                yield template(quoted)
            case _ if bare and parameter.kind != "table":
                yield Decimal(bare) if "." in bare else int(bare)
            case _:
                yield bare or quoted


def run(name: str, value: Value, written: str = "", context: Surroundings | None = None) -> Value:
    spec = FILTERS[name]
    made = tuple(arguments_of(spec, written))
    return apply_filter(spec, value, made, context or Surroundings())


def exact(value: object) -> str:
    """A text that tells 1 from true, and 1 from Decimal("1.0")."""
    return repr(value)


def test_every_filter_of_the_language_is_declared() -> None:
    """The registry has the filters of the language page, each under its own name."""
    assert sorted(LANGUAGE) == sorted(FILTERS)
    assert list(FILTERS) == [spec.name for spec in FILTERS.values()]


@pytest.mark.parametrize("spec", FILTERS.values(), ids=list(FILTERS))
def test_declaration_is_complete(spec: FilterSpec) -> None:
    """Each filter has sentences for its meaning and for every state, and examples."""
    for sentence in (
        spec.doc,
        spec.states.absent,
        spec.states.null,
        spec.states.empty,
        spec.states.list,
    ):
        assert re.fullmatch(r"[A-Z].*\.", sentence), sentence
    assert spec.examples
    assert "any" in spec.accepts
    assert "list" in spec.accepts
    assert spec.accepts <= EVERYTHING
    optional = [not parameter.required for parameter in spec.parameters]
    assert sorted(optional) == optional


EXAMPLES = [
    pytest.param(spec, example, id=f"{spec.name}-{number}")
    for spec in FILTERS.values()
    for number, example in enumerate(spec.examples)
]


@pytest.mark.parametrize(("spec", "example"), EXAMPLES)
def test_documented_example(spec: FilterSpec, example: Example) -> None:
    """Each documented example gives its documented result and note."""
    context = Surroundings()
    result = run(spec.name, example.value, example.arguments, context)
    assert exact(example.result) == exact(result)
    assert ([] if example.note is None else [example.note]) == context.codes
    assert set(context.codes) <= set(NOTES)


@pytest.mark.parametrize("spec", FILTERS.values(), ids=list(FILTERS))
def test_written_arguments_of_examples_are_usable(spec: FilterSpec) -> None:
    """The checker finds nothing wrong with the arguments of an example."""
    for example in spec.examples:
        tokens = re.findall(r"'((?:[^'\\]|\\.)*)'|(\S+)", example.arguments)
        assert spec.required <= len(tokens) <= len(spec.parameters)
        for parameter, (quoted, bare) in zip(spec.parameters, tokens, strict=False):
            if parameter.kind not in ("table", "template"):
                literal = int(bare) if bare else quoted
                assert parameter.problem(literal) is None


WITH_ARGUMENTS = {
    "date": "'%d.%m.%Y'",
    "default": "'x'",
    "join": "', '",
    "split": "','",
    "at": "0",
    "replace": "'a' 'b'",
    "truncate": "5",
    "before": "'a'",
    "after": "'a'",
    "extract": "'(a)'",
    "lookup": "sources",
    "map": "'<name>!'",
    "divide": "3",
    "round": "2",
}


@pytest.mark.parametrize("value", [ABSENT, None, "", " \u00a0\u200b", {}, [], [None, ""]], ids=repr)
@pytest.mark.parametrize("name", [name for name in LANGUAGE if name not in ("default", "count")])
def test_no_value_passes_through(name: str, value: Value) -> None:
    """Absent, null, empty text and empty lists stay as they are without a note."""
    context = Surroundings()
    assert value is run(name, value, WITH_ARGUMENTS.get(name, ""), context)
    assert context.notes == []


@pytest.mark.parametrize(
    ("name", "written", "value", "expected"),
    [
        ("trim", "", "\u200b\ufeff a b \u3000", "a b"),
        ("trim", "", 5, "5"),
        ("title", "", "d'arc ÇA l’hôpital", "D'Arc Ça L’Hôpital"),
        ("title", "", "i'll a\u0301bc o'dea п'ять x_y", "I'll A\u0301bc O'Dea П'ять X_Y"),
        ("title", "", "ΟΔΟΣ", "Οδος"),
        ("upper", "", [" a", None, 1, ["b"]], [" A", None, "1", ["B"]]),
        ("digits", "", "x²³½", ABSENT),
        ("replace", "'<' '<name>'", "a<b", "a<name>b"),
        ("truncate", "1000000", "abc", "abc"),
        ("before", "'b'", "b", ABSENT),
        ("after", "'b'", "ab", ABSENT),
        ("extract", "'(a)|b'", "b", ABSENT),
        ("extract", r"'\p{Cyrillic}+'", "to Мария!", "Мария"),
        ("integer", "", "+7", 7),
        ("integer", "", "-0.0", 0),
        ("integer", "", ["1", "x", "", 3], [1, None, "", 3]),
        ("decimal", "", " -1.50 ", Decimal("-1.50")),
        ("bool", "", Decimal("1.0"), True),
        ("bool", "", 0, False),
        ("bool", "", " ДА", True),
        ("bool", "", [True, "off", ""], [True, False, ""]),
        ("divide", "8", "1", Decimal("0.125")),
        ("divide", "3", "1", Decimal("0." + "3" * 28)),
        ("divide", "0.1", 7, 70),
        ("divide", "7", Decimal("4.9"), Decimal("0.7")),
        ("round", "0", "0.5", 1),
        ("round", "0", "-0.5", -1),
        ("round", "1", "-0.04", Decimal("0.0")),
        ("round", "2", "1.005", Decimal("1.01")),
        ("sum", "", ["0.1", "0.2"], Decimal("0.3")),
        ("sum", "", "5", 5),
        ("sum", "", [True, {}, "a"], ABSENT),
        ("count", "", {"a": 1}, 1),
        ("count", "", None, 0),
        ("at", "-2", ["a", "b"], "a"),
        ("at", "-3", ["a", "b"], ABSENT),
        ("at", "0", "a", "a"),
        ("unique", "", [True, "true", [1], [1], {"a": 1}], [True, [1], {"a": 1}]),
        ("join", "' '", [["a", "b"], {"c": 1}], 'a, b {"c": 1}'),
        ("split", "' '", "a  b", ["a", "", "b"]),
        ("map", "'<name>'", [{"name": ["a", "b"]}, {"name": 1}, "x"], ["a, b", 1, None]),
        ("map", "'<@item>;'", ["<name>", 2], ["<name>;", "2;"]),
        ("lookup", "stages", Decimal(6510), 1),
        ("lookup", "stages", "й", True),
        ("default", "'x'", [None, "a"], [None, "a"]),
        ("parse_json", "", [1, "{}"], [1, "{}"]),
        ("parse_json", "", "3.10", Decimal("3.10")),
        ("json", "", Decimal("3.10"), "3.10"),
        ("phone", "", "x", "x"),
        ("phone", "'RU'", Decimal("84712773120.0"), "+74712773120"),
    ],
    ids=repr,
)
def test_meaning(name: str, written: str, value: Value, expected: Value) -> None:
    """What the filters give beyond their documented examples."""
    assert exact(expected) == exact(run(name, value, written))


def test_phone_is_read_in_the_country_of_the_channel() -> None:
    """The channel's region reads national numbers; a country written out wins over it."""
    assert run("phone", "8 471 277 31 20", "", Surroundings("RU")) == "+74712773120"
    assert run("phone", "0171 5551234", "'DE'", Surroundings("RU")) == "+491715551234"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trim", {"a": 1}),
        ("integer", True),
        ("round", {"a": 1}),
        ("email", 5),
        ("date", 5),
        ("parse_json", "[" * 1000),
        ("parse_json", '{"a": "\\ud800"}'),
        ("integer", "9" * (MAX_DIGITS + 1)),
        ("decimal", Decimal("1E+1000000")),
        ("sum", [Decimal("1E-1000000")]),
    ],
    ids=lambda each: repr(each)[:20],
)
def test_what_a_filter_cannot_read_is_noted(name: str, value: Value) -> None:
    """A value of the wrong kind or beyond the limits gives no value and N203."""
    context = Surroundings()
    assert ABSENT is run(name, value, WITH_ARGUMENTS.get(name, ""), context)
    assert context.codes == ["N203"]


def test_key_sent_twice_in_json_text_is_noted() -> None:
    """Notes about JSON text inside a field reach the decision."""
    context = Surroundings()
    assert run("parse_json", '{"a": 1, "a": 2}', "", context) == {"a": 2}
    assert context.codes == ["N101"]


def test_one_note_of_each_code() -> None:
    """A list of many unreadable elements gives one note, not one for each."""
    context = Surroundings()
    assert run("integer", ["a", "b"], "", context) == [None, None]
    assert context.codes == ["N203"]
    assert '"a"' in context.notes[0][1]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("divide", (0,)),
        ("divide", (ABSENT,)),
        ("divide", (True,)),
        ("at", ("1.5",)),
        ("truncate", (-1,)),
        ("round", (MOST_PLACES + 1,)),
        ("round", (10**4000,)),
        ("before", (None,)),
        ("replace", ("", "x")),
        ("phone", ("Russia",)),
    ],
    ids=lambda each: repr(each)[:20],
)
def test_argument_of_a_path_that_cannot_be_used(name: str, arguments: tuple[Argument, ...]) -> None:
    """What a path gives is held to the same rules as a literal: no value and N203."""
    context = Surroundings()
    assert ABSENT is apply_filter(FILTERS[name], "12", arguments, context)
    assert context.codes == ["N203"]


def test_argument_of_a_path_is_read_as_its_kind() -> None:
    """Numeric text serves as a number, a number as text, no value as empty text."""
    context = Surroundings()
    assert apply_filter(FILTERS["divide"], 6, ("2",), context) == 3
    assert apply_filter(FILTERS["before"], "a1b", (1,), context) == "a"
    assert apply_filter(FILTERS["join"], ["a", "b"], (None,), context) == "ab"
    assert context.notes == []


@pytest.mark.parametrize(
    ("name", "literal", "said"),
    [
        ("divide", 0, "divided by 0"),
        ("divide", "2", "without quotes"),
        ("at", Decimal("1.5"), "whole number"),
        ("truncate", 0, "less than 1"),
        ("round", 21, "between 0 and 20"),
        ("before", "", "empty"),
        ("before", 5, "single quotes"),
        ("phone", "XX", "ISO 3166"),
        ("extract", "(?=a)", "look-around"),
    ],
)
def test_rules_of_literals(name: str, literal: str | int | Decimal, said: str) -> None:
    """A literal that cannot be an argument is explained in words."""
    problem = FILTERS[name].parameters[0].problem(literal)
    assert problem is not None
    assert said in problem


def test_result_types() -> None:
    """The checker's types: lists stay lists, `default` keeps a type that its value shares."""
    assert FILTERS["trim"].result_type("text") == "text"
    assert FILTERS["trim"].result_type("list") == "list"
    assert FILTERS["join"].result_type("list") == "text"
    assert FILTERS["default"].result_type("integer", ("integer",)) == "integer"
    assert FILTERS["default"].result_type("integer", ("text",)) == "any"


LONG = "a" * MAX_TEXT_BYTES


@pytest.mark.parametrize(
    ("name", "value", "arguments"),
    [
        ("replace", LONG, ("a", LONG)),
        ("replace", "é" * 30_000, ("é", "éé")),
        ("join", [LONG] * 1000, (LONG,)),
        ("join", ["a"] * 20_000, (LONG,)),
        ("upper", "ΐ" * 30_000, ()),
        ("json", [LONG, LONG], ()),
        ("text", [LONG, LONG], ()),
    ],
    ids=lambda each: repr(each)[:12],
)
def test_text_is_cut_at_its_limit(name: str, value: Value, arguments: tuple[Argument, ...]) -> None:
    """No filter makes a text of more than 64 KiB; what is cut is noted."""
    context = Surroundings()
    result = apply_filter(FILTERS[name], value, arguments, context)
    assert isinstance(result, str)
    assert MAX_TEXT_BYTES - 6 < size_of(result) <= MAX_TEXT_BYTES
    assert context.codes == ["N207"]


def test_texts_of_a_list_are_bounded_together() -> None:
    """Many elements of long texts end at a limit of their own."""
    context = Surroundings()
    made = run("map", [LONG] * 100, "'<@item><@item>'", context)
    assert isinstance(made, list)
    assert sum(size_of(to_text(each)) for each in made) <= MAX_TEXT_BYTES
    assert context.codes == ["N207"]
    context = Surroundings()
    made = apply_filter(FILTERS["replace"], ["a" * 9] * 10_000, ("a", LONG), context)
    assert isinstance(made, list)
    assert sum(size_of(to_text(each)) for each in made) <= MAX_PAYLOAD_BYTES
    assert context.codes == ["N207"]


@given(st.text(alphabet="aé€😀\ud800", max_size=30), st.integers(0, 60))
@settings(max_examples=200)
def test_fit_keeps_whole_characters(text: str, room: int) -> None:
    """What fits is the longest beginning of whole characters within the room."""
    fitting = fit(text, room)
    assert text.startswith(fitting)
    assert size_of(fitting) <= room
    assert fitting == text or size_of(text[: len(fitting) + 1]) > room


NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from([10**4000, Decimal("1E+999999"), Decimal("-1E-999999")]),
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["+7 471 277-31-20", "8 (471) 277-31-20;ext=5", "maria@example.com", "2026-01-01", " 1.50 "]
    ),
    st.sampled_from(["\ud800", "{", '{"a": [1]}', "1e5", "٣", "google", "a,b, c", "yes"]),
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=8,
)
ANY = st.one_of(st.just(ABSENT), VALUES)


def drawn(draw: st.DrawFn, spec: FilterSpec) -> Iterator[Argument]:
    for parameter in spec.parameters:
        if not parameter.required and draw(st.booleans()):
            return
        match parameter.kind:
            case "pattern":
                patterns = ["a", "(.)", "(x)?", "^$", r"\p{L}+"]
                yield compile_pattern(draw(st.sampled_from(patterns)))
            case "template":
                yield template(draw(st.sampled_from(["<a>", "x<a>", "<@item>", "<@item>-<a>"])))
            case "table":
                yield draw(st.sampled_from(sorted(TABLES)))
            case "date format":
                yield draw(st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%H:%M"]))
            case _:
                yield draw(st.one_of(ANY, st.integers(-3, 30), TEXTS))


@pytest.mark.parametrize("spec", FILTERS.values(), ids=list(FILTERS))
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_filters_never_raise(spec: FilterSpec, data: st.DataObject) -> None:
    """Any value and any arguments give a JSON value or none, and known notes only."""
    value = data.draw(ANY)
    arguments = data.draw(st.composite(lambda draw: tuple(drawn(draw, spec)))())
    context = Surroundings(region=data.draw(st.sampled_from([None, "RU", "DE"])))
    before = exact(value)
    result = apply_filter(spec, value, arguments, context)
    assert before == exact(value)
    assert set(context.codes) <= set(NOTES)
    assert len(set(context.codes)) == len(context.codes)
    if spec.name == "count":
        assert isinstance(result, int)
    if not has_value(value) and not spec.take_nothing:
        assert result is value


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_trim_lower_digits_are_projections(value: Value) -> None:
    """Applying these filters twice changes nothing more."""
    for name in ("trim", "lower", "digits", "integer", "unique", "phone", "email"):
        once = run(name, value)
        assert exact(once) == exact(run(name, once))


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_json_is_read_back(value: Value) -> None:
    """What `json` writes of a value without odd characters, any JSON reader reads."""
    written = run("json", value)
    if has_value(value) and isinstance(written, str) and "\ud800" not in written:
        assert json.dumps(json.loads(written)) is not None


def test_every_declared_filter_is_known() -> None:
    """The names that modules are imported for are those that they declare, in their order."""
    declared = [
        spec.name for module in (text, kinds, data, lists, numbers) for spec in module.FILTERS
    ]
    assert declared == list(FILTERS)
    assert declared == [spec.name for spec in FILTERS.values()]
