"""The pattern of plain addresses: its constants are the library's, and it needs no library."""

import subprocess
import sys

import email_validator
import pytest
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

from leadlark.values.plain_emails import LOWERED, RESERVED, plain_email


def test_constants():
    """Names in any case and domains for special use are those of email-validator."""
    assert frozenset(CASE_INSENSITIVE_MAILBOX_NAMES) == LOWERED
    assert sorted(email_validator.SPECIAL_USE_DOMAIN_NAMES) == sorted(RESERVED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("maria@example.com", ("maria@example.com", "maria@example.com")),
        ("Maria@Example.COM", ("Maria@example.com", "maria@example.com")),
        ("INFO@Example.com", ("info@example.com", "info@example.com")),
        ("o'neil+x@a-b.museum", ("o'neil+x@a-b.museum", "o'neil+x@a-b.museum")),
        ("maria@example.test", None),
        ("maria@пример.рф", None),
        ('"m"@example.com', None),
        ("maria@example", None),
        ("maria@example.com\n", None),
        ("maria", None),
    ],
)
def test_plain(text, expected):
    """A plain address gives its text and its key; all else is left to the library."""
    assert expected == plain_email(text)


def test_no_library():
    """Plain addresses, and texts that are clearly none, are read without email-validator."""
    program = """
import sys
from leadlark.values.emails import parse_email
print(parse_email(" Maria@Example.com").text, parse_email("8 903 123-45-67"))
print("email_validator" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "Maria@example.com None\nFalse\n"
