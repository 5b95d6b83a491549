"""E-mail addresses: spellings, what is none, and the properties of normalising."""

import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark.values.emails import Email, parse_email

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "cases/values/emails.toml").read_text(encoding="utf-8")
)
LABEL = st.text("abcxyzйцжöü0123456789", min_size=2, max_size=8)
ADDRESS = st.builds(
    "{}@{}.{}".format,
    st.text("abcXYZЖöüßÉé0123456789+_", min_size=1, max_size=12),
    LABEL,
    st.sampled_from(("com", "example", "рф", "xn--p1ai")),
)
ADDRESS_LIKE = st.text('ab@.@-"<>:,[]()\\ éÉ\u0301\u202e\u3002xn--mailto:%4', max_size=40)
ANY_TEXT = st.text(st.characters(), max_size=300) | ADDRESS_LIKE | ADDRESS


@pytest.mark.parametrize(
    ("spelling", "text", "key"),
    [
        pytest.param(spelling, case["text"], case["key"], id=ascii(spelling))
        for case in CASES["email"]
        for spelling in case["spellings"]
    ],
)
def test_spelling(spelling, text, key):
    """Every spelling of an address becomes one text and one key."""
    assert Email(text, key) == parse_email(spelling)


@pytest.mark.parametrize("text", CASES["none"][0]["spellings"], ids=ascii)
def test_no_address(text):
    """A text that is not one address and nothing else is no address."""
    assert parse_email(text) is None


@pytest.mark.parametrize("text", ["a\ud800@example.com", "a@\udfff.com", "\x00@example.com"])
def test_broken_text(text):
    """Lone surrogates and NUL make a text no address."""
    assert parse_email(text) is None


@pytest.mark.parametrize("part", ["a", "@", "a@", "a.", "\u0301", "\u0301\u0316@", '\\"', "%40"])
def test_hostile_lengths(part):
    """A text of 64 KiB in the characters of addresses is answered like any other."""
    assert parse_email(part * (65_536 // len(part))) is None
    assert parse_email("mailto:" + part * 300) is None


def test_import_is_late():
    """The tables of email-validator are not loaded before an address is asked about."""
    program = "import sys, leadlark.values.emails; print('email_validator' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


@settings(deadline=None, max_examples=200)
@given(ANY_TEXT)
def test_any_text(text):
    """No text raises, and the text of an address is in form C and gives the address again."""
    email = parse_email(text)
    if email is not None:
        assert unicodedata.is_normalized("NFC", email.text)
        assert unicodedata.is_normalized("NFC", email.key)
        assert email == parse_email(email.text)


@settings(deadline=None, max_examples=100)
@given(ADDRESS, st.sampled_from(("NFC", "NFD")), st.sampled_from((str, str.upper, str.lower)))
def test_one_key(text, form, case):
    """The case of an address and the Unicode form it is sent in do not change its key."""
    email = parse_email(text)
    if email is not None:
        other = parse_email(f" {case(unicodedata.normalize(form, text))}\n")
        assert other is not None
        assert email.key == other.key
        local, _, domain = email.key.rpartition("@")
        assert domain.isascii()
        assert parse_email(f"{local}@{domain}") is not None
