"""The comparisons of conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.language.nodes import Operator
from leadlark.mapping.compare import among, compare, is_present, matches
from leadlark.values.patterns import compile_pattern
from leadlark.values.value import ABSENT, Value, has_value

OPERATORS: tuple[Operator, ...] = get_args(Operator)
ORDERINGS: tuple[Operator, ...] = ("<", "<=", ">", ">=")
NO_VALUES: list[Value] = [ABSENT, None, "", " \u00a0", {}, [], ["", None]]


class Notes(list[tuple[str, str]]):
    def __call__(self, code: str, message: str) -> None:
        self.append((code, message))

    @property
    def codes(self) -> list[str]:
        return [code for code, _ in self]


def holds(left: Value, op: Operator, right: Value, *, number: bool | None = None) -> bool:
    """A comparison without a note; a number on the right is written without quotes."""
    notes = Notes()
    bare = isinstance(right, int | Decimal) and not isinstance(right, bool)
    result = compare(
        left, op, right, right_is_number=bare if number is None else number, note=notes
    )
    assert notes == []
    return result


@pytest.mark.parametrize(
    ("left", "op", "right"),
    [
        # an unquoted number
        ("6510", "==", 6510),
        (" 6510.0 ", "==", 6510),
        (6510, "==", Decimal("6510.0")),
        ("abc", "!=", 5),
        (True, "!=", 1),
        ("9", "<", 10),
        (Decimal("-0.5"), "<", 0),
        (3, ">=", 3),
        # numeric text on the right of a number
        (6510, "==", "6510.0"),
        (9, "<", "10"),
        (9, "!=", "nine"),
        # dates
        ("2026-01-01", "<", "2026-01-01T00:00:01Z"),
        ("2026-01-01T03:00:00+03:00", "==", "2026-01-01T00:00:00Z"),
        ("2026-01-01", "==", "2026-01-01T00:00:00Z"),
        ("2026-02-01", ">=", "2026-01-31"),
        # texts
        (True, "==", "true"),
        ("true", "==", True),
        ("й", "==", "и\u0306"),
        ("A", "!=", "a"),
        ("6510.0", "!=", "6510"),
        ("Мария Ивановна", "contains", "Иван"),
        ("йод", "starts with", "и\u0306"),
        ("file.pdf", "ends with", ".pdf"),
        ("+7471", "starts with", "+7"),
        (74712773120, "starts with", 7),
        ({"a": 1}, "contains", '"a"'),
        # lists
        (["a", "b"], "contains", "b"),
        (["a", 5], "contains", "5.0"),
        (["a", "5.0"], "contains", 5),
        ([True], "contains", True),
    ],
    ids=repr,
)
def test_holds(left: Value, op: Operator, right: Value) -> None:
    """Comparisons that hold."""
    assert holds(left, op, right)


@pytest.mark.parametrize(
    ("left", "op", "right"),
    [
        ("abc", "==", 5),
        (True, "==", 1),
        (1, "==", True),
        ("10", "==", "10.0"),
        ("true", "==", "True"),
        ("2026-01-01", "!=", "2026-01-01T00:00:00Z"),
        (["ab"], "contains", "b"),
        (["a", None, ""], "contains", ""),
        ("abc", "contains", ""),
        ("abc", "starts with", None),
        ("abc", "==", ABSENT),
        ("abc", "<", ABSENT),
    ],
    ids=repr,
)
def test_does_not_hold(left: Value, op: Operator, right: Value) -> None:
    """Comparisons that do not hold, without a note."""
    assert not holds(left, op, right)


@pytest.mark.parametrize(
    ("left", "op", "right", "number"),
    [
        ("9", "<", "10", False),
        ("a", "<", "b", False),
        ("abc", ">", 5, True),
        (True, "<", 2, True),
        (5, ">", "abc", False),
        ("2026-01-01", "<", "tomorrow", False),
        ({"a": 1}, ">=", "x", False),
        (["a"], "==", "a", False),
        (["a"], "!=", "b", False),
        ([1], "<", 2, True),
        (["a"], "starts with", "a", False),
    ],
    ids=repr,
)
def test_cannot_be_compared(left: Value, op: Operator, right: Value, number: bool) -> None:
    """An ordering of anything but numbers and dates, and lists outside `contains`: N206."""
    notes = Notes()
    assert not compare(left, op, right, right_is_number=number, note=notes)
    assert notes.codes == ["N206"]


@pytest.mark.parametrize("right", ["a", 5, True, "", ABSENT], ids=repr)
@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("left", NO_VALUES, ids=repr)
def test_no_value_on_the_left(left: Value, op: Operator, right: Value) -> None:
    """A comparison whose param has no value is false, `!=` too."""
    assert not holds(left, op, right)


@pytest.mark.parametrize("right", NO_VALUES, ids=repr)
@pytest.mark.parametrize("op", OPERATORS)
def test_no_value_on_the_right(op: Operator, right: Value) -> None:
    """With no value on the right, only `!=` holds."""
    assert (op == "!=") == holds("a", op, right)


def test_among() -> None:
    """`in` holds where any value is equal; a list is no single value."""
    notes = Notes()
    values = [("cpc", False), (5, True), ("", False)]
    assert among("cpc", values, note=notes)
    assert among("5.0", values, note=notes)
    assert not among("CPC", values, note=notes)
    assert not among("", values, note=notes)
    assert not among("x", [], note=notes)
    assert notes == []
    assert not among(["cpc"], values, note=notes)
    assert notes.codes == ["N206"]


def test_matches() -> None:
    """A pattern searches the text of a value, composed or decomposed; a list has none."""
    notes = Notes()
    assert matches("зовут Андреи\u0306", compile_pattern("й$"), note=notes)
    assert matches(74712773120, compile_pattern("^7"), note=notes)
    assert not matches(ABSENT, compile_pattern(""), note=notes)
    assert not matches("", compile_pattern("^$"), note=notes)
    assert matches("x\ud800y", compile_pattern("^x.y$"), note=notes)
    assert notes == []
    assert not matches(["a"], compile_pattern("a"), note=notes)
    assert notes.codes == ["N206"]


@pytest.mark.parametrize("value", NO_VALUES, ids=repr)
def test_no_value_is_not_present(value: Value) -> None:
    """Absent, null, empty and blank are not present; 0 and false are."""
    assert not is_present(value)
    assert is_present(0)
    assert is_present(False)


SCALARS = st.one_of(
    st.just(ABSENT),
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.just(10**4000),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.integers(-3, 3).map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.dates().map(lambda day: day.isoformat()),
    st.sampled_from(
        ["2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "\ud800"]
    ),
)
VALUES: st.SearchStrategy[Value] = st.one_of(
    SCALARS,
    st.lists(SCALARS.filter(lambda each: each is not ABSENT), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
TEXTS = SCALARS.filter(lambda each: isinstance(each, str))


def answer(left: Value, op: Operator, right: Value, number: bool) -> bool:
    return compare(left, op, right, right_is_number=number, note=Notes())


@given(VALUES, st.sampled_from(OPERATORS), VALUES, st.booleans())
@settings(max_examples=300, deadline=None)
def test_compare_never_raises(left: Value, op: Operator, right: Value, number: bool) -> None:
    """Any two values compare, and only N206 is noted."""
    notes = Notes()
    assert compare(left, op, right, right_is_number=number, note=notes) in (True, False)
    assert set(notes.codes) <= {"N206"}
    assert among(left, [(right, number)], note=notes) in (True, False)


@given(TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_equality_of_texts_is_symmetric(left: Value, right: Value) -> None:
    """Where both have a value, == does not depend on the side."""
    if has_value(left) and has_value(right):
        assert answer(left, "==", right, False) == answer(right, "==", left, False)


@given(VALUES, VALUES, st.booleans())
@settings(max_examples=300, deadline=None)
def test_operators_agree(left: Value, right: Value, number: bool) -> None:
    """`<` and `>=` exclude each other, as do `>` and `<=`, and `==` and `!=`."""
    assert not (answer(left, "<", right, number) and answer(left, ">=", right, number))
    assert not (answer(left, ">", right, number) and answer(left, "<=", right, number))
    assert not (answer(left, "==", right, number) and answer(left, "!=", right, number))
    if has_value(left) and has_value(right) and not isinstance(left, list):
        assert answer(left, "==", right, number) != answer(left, "!=", right, number)
