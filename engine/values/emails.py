"""E-mail addresses: every spelling of an address becomes one text and one search key.

What an address is follows RFC 5322 and, for letters of all scripts, RFC 6531, as
`email-validator` reads them; domains are compared as IDNA 2008 (RFC 5891) encodes them.
Nothing is looked up: an address counts as one by its form. ``mailto:`` is RFC 6068.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote

from ..late_dataclass import dataclass
from .plain_emails import plain_email
from .value import nfc, trim

# `email_validator` is imported where it is first needed: that takes about as long as Python's
# start, and plain addresses do without it.

_LENGTH = 1_000  # an address has at most 254 characters; a `mailto:` may say more after it
_SCHEME = "mailto:"


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address.

    ``text`` is the value as it is stored: form C, the domain in lower case and in its own
    script. ``key`` is the search key: the local part case-folded, the domain in ASCII.
    """

    text: str
    key: str


def parse_email(text: str) -> Email | None:
    """The address that a text is, or None.

    Blanks around it and ``mailto:`` before it are left out. A display name, a quoted local part,
    an address literal and a domain reserved for special use (``.local``, ``.test``) are refused.
    """
    if len(text) > _LENGTH:
        text = trim(text)
    return _parse_short(text) if len(text) <= _LENGTH else None


def parse_email_by_library(text: str) -> Email | None:
    """What `parse_email` answers, read by email-validator alone: the reference of the pattern."""
    text = trim(text)
    return _read(text) if len(text) <= _LENGTH else None


@lru_cache(maxsize=4096)  # of at most 1,000 characters each; the same addresses come again
def _parse_short(text: str) -> Email | None:
    if "@" not in text and "%" not in text:  # `mailto:` may write the sign as %40
        return None
    plain = plain_email(text) or plain_email(trim(text))
    return parse_email_by_library(text) if plain is None else Email(*plain)


def _read(text: str) -> Email | None:
    from email_validator import validate_email  # noqa: PLC0415 (imported when first needed)

    try:
        address = validate_email(_without_scheme(text), check_deliverability=False)
    except ValueError:  # its own errors, and those of Unicode and IDNA, are ValueErrors
        return None
    local = nfc(nfc(address.local_part).casefold())
    return Email(text=address.normalized, key=f"{local}@{address.ascii_domain}")


def _without_scheme(text: str) -> str:
    if text[: len(_SCHEME)].lower() != _SCHEME:
        return text
    address, _, _ = text[len(_SCHEME) :].partition("?")
    return trim(unquote(address, errors="strict"))
