"""Phones: spellings, lists, bounds, and the properties of normalising."""

import subprocess
import sys
import tomllib
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.values.phones import Phone, is_region, parse_phone, split_phones

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "cases/values/phones.toml").read_text(encoding="utf-8")
)
REGIONS = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS))
PHONE_LIKE = st.text(alphabet="0123456789+-() .,;/x#~*\n=exttel:доб７＋\u200b\u00a0", max_size=40)
ANY_TEXT = st.text(st.characters(), max_size=300) | PHONE_LIKE  # lone surrogates and NUL too


def spellings(kind: str):
    return [
        pytest.param(case.get("region"), spelling, case.get("text"), id=ascii(spelling))
        for case in CASES[kind]
        for spelling in case["spellings"]
    ]


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str, str]:
    """A valid number's region, its E.164 and a spelling of it in that region."""
    region = draw(REGIONS)
    example = phonenumbers.example_number(region)
    formats = phonenumbers.PhoneNumberFormat
    form = draw(
        st.sampled_from((formats.E164, formats.INTERNATIONAL, formats.NATIONAL, formats.RFC3966))
    )
    written = phonenumbers.format_number(example, form)
    if draw(st.booleans()):
        written = written.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    if draw(st.booleans()):
        written = written.replace("+", "＋")
    if draw(st.booleans()):
        written = written.replace(" ", draw(st.sampled_from(("\u00a0", "  ", "\u2009", "\t"))))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(written)))
        written = (
            written[:at]
            + draw(st.sampled_from("\u200b\u200e\u202a\u2066\ufeff\u00ad"))
            + (written[at:])
        )
    blanks = draw(st.sampled_from(("", " ", "\n", "\u00a0\t")))
    return region, phonenumbers.format_number(example, formats.E164), blanks + written + blanks


@pytest.mark.parametrize(("region", "spelling", "text"), spellings("phone"))
def test_spelling(region, spelling, text):
    """Every spelling of a number becomes one text, and its key leaves the extension out."""
    phone = parse_phone(spelling, region)
    assert phone is not None
    assert text == phone.text
    assert text.partition(";")[0] == phone.key


@pytest.mark.parametrize(("region", "spelling", "text"), spellings("none"))
def test_no_phone(region, spelling, text):
    """A text that is not one valid number and nothing else is no phone."""
    assert text is None
    assert parse_phone(spelling, region) is None


@pytest.mark.parametrize("case", CASES["several"], ids=lambda case: ascii(case["text"]))
def test_several(case):
    """A text is split where every part is a phone by itself; each phone comes once, in order."""
    phones = split_phones(case["text"], case["region"])
    assert phones is not None
    assert case["phones"] == [phone.text for phone in phones]


@pytest.mark.parametrize("text", ["84712773120, Иван", "84712773120; 5 лет", "нет", "", ",;\n"])
def test_not_split(text):
    """A text with a part that is no phone is not split, and no phone itself."""
    assert split_phones(text, "RU") is None


def test_integer():
    """A phone sent as a JSON integer is read by its digits, however many these are."""
    assert Phone("+74712773120") == parse_phone(74712773120, "RU")
    assert Phone("+74712773120") == parse_phone(74712773120, None)
    assert parse_phone(10**5000, "RU") is None
    assert parse_phone(-74712773120, "RU") is None


def test_region_comes_first():
    """With a region, digits are a number of it where they can be, else international digits."""
    assert Phone("+74932773120") == parse_phone("4932773120", "RU")
    assert Phone("+16502530000") == parse_phone("16502530000", "RU")


def test_unknown_region():
    """A region that no metadata know reads international digits only."""
    assert Phone("+74712773120") == parse_phone("74712773120", "XX")
    assert parse_phone("84712773120", "XX") is None


@pytest.mark.parametrize(
    ("code", "known"), [("RU", True), ("US", True), ("ru", False), ("XX", False), ("", False)]
)
def test_is_region(code, known):
    """A region is an ISO 3166 code in capitals."""
    assert known is is_region(code)


def test_bounds():
    """A text over 250 characters is no phone, and one of over 100 parts no list of phones."""
    assert parse_phone("+7 471 277-31-20".replace(" ", " " * 100), "RU") == Phone("+74712773120")
    assert parse_phone("+7 471 277-31-20".replace(" ", " " * 200), "RU") is None
    assert split_phones(",".join(["84712773120"] * 100), "RU") == (Phone("+74712773120"),)
    assert split_phones(",".join(["84712773120"] * 101), "RU") is None


def test_hostile_lengths():
    """Texts of 64 KiB in the characters of phones are answered like any other."""
    for part in ("1", "1-", "+", "1,", "1 ", ";ext=1", "доб", "x5", "(", "1\n", "tel:", "\u200b"):
        assert split_phones(part * (65_536 // len(part)), "RU") is None


def test_import_is_late():
    """The metadata of phonenumbers are not loaded before a phone or a region is asked about."""
    program = "import sys, leadlark.values.phones; print('phonenumbers' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@settings(deadline=None, max_examples=150)
@given(spelled())
def test_one_key(number):
    """All spellings of a valid number in its region give one key."""
    region, e164, spelling = number
    phone = parse_phone(spelling, region)
    assert phone is not None
    assert e164 == phone.key


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT, st.none() | REGIONS)
def test_any_text(text, region):
    """No text raises, and what is read gives itself when it is read again, in any region."""
    phones = split_phones(text, region)
    for phone in phones or ():
        assert phone == parse_phone(phone.text, region)
        assert phone == parse_phone(phone.text, None)
    assert parse_phone(text, region) == (phones[0] if phones and len(phones) == 1 else None)


@settings(deadline=None, max_examples=100)
@given(spelled(), st.from_regex(r"[0-9]{1,20}", fullmatch=True), REGIONS)
def test_extension(number, digits, other):
    """An extension stays in the text, digit by digit, and out of the key, wherever it is read."""
    _, e164, _ = number
    phone = Phone(e164, digits)
    assert f"{e164};ext={digits}" == phone.text
    assert phone == parse_phone(phone.text, other)
    assert e164 == phone.key
