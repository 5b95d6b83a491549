"""Stand-ins for personal data: what is replaced, what stays, and that equal values stay equal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leadlark import Key, Mask, loads
from leadlark.values.value import Json

CHANNEL = loads(
    'channel a {\n    entity lead\n    region RU\n    ignore when <a> == "ping"\n'
    '    lead {\n        TITLE = "Order <id> of <name>"\n    }\n}\n'
)["a"]


@pytest.fixture
def mask() -> Mask:
    made = Mask()
    made.learn(CHANNEL.program)
    return made


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("8 (471) 277-31-20", "phone-1"),
        (74712773120, "phone-1"),
        (Decimal(74712773120), "phone-1"),
        ("+74712773120; +74712773121", "phone-1, phone-2"),
        ("-74712773120", "phone-1"),
        (-74712773120, "phone-1"),
        ("Ivan@Example.com", "email-1"),
        ("Иван", "text-1"),
        (["Иван", " Иван ", "Пётр"], ["text-1", "text-1", "text-2"]),
        ({"a": {"b": "Иван"}}, {"a": {"b": "text-1"}}),
        ({"a@example.com": 1}, {"email-1": 1}),
        ("ping", "ping"),
        ("6510", "6510"),
        (Decimal("9.90"), Decimal("9.90")),
        ("true", "true"),
        (True, True),
        ("", ""),
        (None, None),
    ],
)
def test_what_is_replaced(mask: Mask, value: Json, expected: Json) -> None:
    """Phones, e-mails and free text are; numbers, truth values and rule text stay."""
    assert expected == mask.json(value)


def test_spellings_of_one_value_are_one(mask: Mask) -> None:
    """Values that are one search key have one stand-in."""
    assert mask.text("8 471 277-31-20") == mask.text("+7 (471) 277 31 20")
    assert mask.text("A@EXAMPLE.com") == mask.text("a@example.COM")
    assert mask.text("e\u0301") == mask.text(" é ")


def test_place_makes_a_number_personal(mask: Mask) -> None:
    """A number of a phone field, and a long one of a contact field, is replaced everywhere."""
    assert "text-1" == mask.field("contact", "PHONE", "12345")
    assert "text-2" == mask.field("contact", "UF_PASSPORT", 987654)
    assert 42 == mask.field("contact", "UF_AGE", 42)
    assert ["text-1", "text-2"] == [mask.json("12345"), mask.json(987654)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ('`a` is not a phone number: "Ив`ан"', "`a` is not a phone number: text-1"),
        ("`'First Name'` has no value", "`'First Name'` has no value"),
        ("deal 5 found by PHONE +74712773120", "deal 5 found by PHONE phone-1"),
        ("deal 5 found by UF_X мария", "deal 5 found by UF_X text-1"),
        ("`a`: 'x' is not one of ['a', 'b']", "`a`: text-1]"),
        ("write to a@example.com, please", "write to email-1, please"),
        ("the number 84712773120 is too large", "the number phone-1 is too large"),
    ],
)
def test_sentences(mask: Mask, sentence: str, expected: str) -> None:
    """Of a sentence the values go: what is quoted, what is a phone, an e-mail or a key."""
    assert expected == mask.sentence(sentence, [Key("UF_X", "мария")])


def test_long_keys_are_searched_once(mask: Mask) -> None:
    """A key of any length and any signs stays as it is where no phone or address is in it."""
    for sign in ("k", "@", "1", "k@", "1 "):
        key = sign * 200_000
        assert key == mask.loose(key)
