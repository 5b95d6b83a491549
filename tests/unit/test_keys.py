"""Search keys of fields' values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leadlark.store import Key
from leadlark.values.keys import is_email_field, is_multi, is_phone_field, keys_of
from leadlark.values.value import Json

PHONE = "+74712773120"


@pytest.mark.parametrize(
    ("field", "value", "texts"),
    [
        ("PHONE", PHONE, [PHONE]),
        ("Phone", "8 (471) 277-31-20", [PHONE]),
        ("PHONE", 74712773120, [PHONE]),
        ("PHONE", f"{PHONE};ext=5", [PHONE]),
        ("PHONE", [PHONE, "84712773120", "+74712773121"], [PHONE, "+74712773121"]),
        ("PHONE", "84712773120; 84712773121", [PHONE, "+74712773121"]),
        ("PHONE", ["call reception", "", None, True, {"a": 1}], []),
        ("EMAIL", [" Maria@EXAMPLE.com ", "maria@example.com"], ["maria@example.com"]),
        ("email", "ivan@пример.рф", ["ivan@xn--e1afmkfd.xn--p1ai"]),
        ("EMAIL", "not an address", []),
        ("WEB", ["https://e.com", " https://e.com "], ["https://e.com"]),
        ("UF", 6510, ["6510"]),
        ("UF", Decimal("6510.0"), ["6510"]),
        ("UF", " 6510 ", ["6510"]),
        ("UF", "6510.0", ["6510.0"]),
        ("UF", "e\u0301", ["\u00e9"]),
        ("UF", [1, "1", None, "", [], 2], ["1", "2"]),
        ("UF", False, ["false"]),
        ("UF", 0, ["0"]),
        ("UF", None, []),
        ("UF", "  ", []),
        ("UF", [], []),
        ("UF", {}, []),
    ],
)
def test_a_value_has_the_keys_of_its_kind(field: str, value: Json, texts: list[str]) -> None:
    """Phones, e-mails and other values have normalised keys under their field's own name."""
    assert tuple(Key(field, text) for text in texts) == keys_of(field, value, "RU")


@pytest.mark.parametrize("field", ["UF", "EMAIL"])
def test_a_long_value_has_a_short_key(field: str) -> None:
    """A key has a bounded length, whatever its value is."""
    value = "x" * 60 + "@" + ".".join(["x" * 30] * 6) + ".com"
    (key,) = keys_of(field, value)
    assert key.value.startswith("sha256:")


def test_a_phone_without_a_region_is_read_as_international_digits() -> None:
    """Without a country a national number has no key."""
    assert () == keys_of("PHONE", "8 (471) 277-31-20")
    assert (Key("PHONE", PHONE),) == keys_of("PHONE", "7 471 277-31-20")


def test_fields_are_known_in_any_case() -> None:
    """PHONE, EMAIL, WEB and IM hold several values, however they are written."""
    assert all(map(is_multi, ("PHONE", "email", "Web", "im")))
    assert not any(map(is_multi, ("NAME", "PHONES", "")))
    assert is_phone_field("phone")
    assert not is_phone_field("EMAIL")
    assert is_email_field("eMail")
    assert not is_email_field("PHONE")
