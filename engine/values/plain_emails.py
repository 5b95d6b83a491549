"""E-mail addresses that one pattern decides: those of plain ASCII, as nearly all are.

What the pattern takes, `email-validator` takes with the same result: before the ``@`` a dot-atom
(RFC 5322, section 3.2.3), after it host names (RFC 1123, section 2.1) of which the last ends with
a letter. Whatever else may be an address is left to the library: other scripts, Punycode, quotes,
schemes, and domains reserved for special use.
"""

from __future__ import annotations

import re
from typing import Final

LOWERED: Final = frozenset(
    (
        *("info", "marketing", "sales", "support", "abuse", "noc", "security", "postmaster"),
        *("hostmaster", "usenet", "news", "webmaster", "www", "uucp", "ftp"),
    )
)
"""Mailbox names that are the same in any case (RFC 2142); email-validator lowers them."""

RESERVED: Final = ("arpa", "invalid", "local", "localhost", "onion", "test")
"""Last labels of domains for special use (IANA), which email-validator refuses."""

# No label of an address this short can be too long (RFC 1035: 63), nor can its domain.
_LENGTH = 64

_ATOM = r"[a-z0-9_!#$%&'*+\-/=?^`{|}~]++"
# Two hyphens in a row, as in Punycode, are left to the library.
_LABEL = r"[a-z0-9]++(?:-[a-z0-9]++)*+"
_PLAIN = re.compile(
    rf"({_ATOM}(?:\.{_ATOM})*+)@(?:{_LABEL}\.)++(?!(?:{'|'.join(RESERVED)})\Z){_LABEL}(?<![0-9])"
)


def plain_email(text: str) -> tuple[str, str] | None:
    """The normalised form and the search key of an address in plain ASCII; None for others."""
    if len(text) > _LENGTH or not text.isascii():
        return None
    key = text.lower()
    address = _PLAIN.fullmatch(key)
    if address is None:
        return None
    local = address[1]
    if key == text or local in LOWERED:
        return key, key
    return text[: len(local)] + key[len(local) :], key
