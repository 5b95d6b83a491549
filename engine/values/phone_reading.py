"""What phonenumbers reads in a text that is one phone as people write it.

Labels, extensions, digits of all scripts and numbers in letters are understood; what is left of
the text must be part of the number (docs/adr/0011). The library takes time quadratic in the
length of a text and leaves out what it cannot read, so a text is looked through before and after.
"""

from __future__ import annotations

import re
from typing import Final
from unicodedata import decimal, normalize

from .value import INVISIBLE, trim

# `phonenumbers` is imported where it is first needed: that takes about as long as Python's start.

_LENGTH = 250  # characters of a text that may be one phone
_TIDY_LENGTH = 100  # the same without blanks in rows; the library takes time quadratic in it
_DIGITS = 45  # of a dialling prefix (5), a number (3 + 17) and an extension (20)

BREAKS: Final = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
"""The characters that end a line, for a class of a pattern."""

_VANISH: Final = dict.fromkeys(map(ord, INVISIBLE))
_BLANKS = re.compile(rf"[^\S{BREAKS}]+")
_LABEL = re.compile(
    r"(?:tel|phone|mobile|mob|телефон|тел|мобильный|моб|т)(?![^\W\d_])[.:]* ?", re.IGNORECASE
)
_EXTENSION = re.compile(
    r"(?<![^\W\d_])(?:добавочный|доб|внутренний|внутр|вн)(?![^\W\d_])", re.IGNORECASE
)
_EXTENSION_WORDS: Final = frozenset(
    ("x", "xt", "xtn", "ext", "extn", "extension", "extensión", "int", "anexo")
)
_BEGINNING = re.compile(r"[ '\"+(（\[［]*[0-9]")
_SECOND_EXTENSION = re.compile(r"[\\/] *x", re.IGNORECASE)  # cut off by phonenumbers
_PARAMETER = re.compile(r";(?:phone-context|isub)=[^;]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_VANITY_LETTERS = 3  # fewer are not read as digits


def read_phone(text: str, region: str | None) -> tuple[str, str | None] | None:
    """The E.164 and the extension of the phone that the whole of a text is, or None."""
    text = trim(text)
    if len(text) > _LENGTH:
        return None
    text = _BLANKS.sub(" ", text.translate(_VANISH))
    if not text.isascii():
        text = "".join(str(decimal(char)) if char.isdecimal() else char for char in text)
        text = _EXTENSION.sub("ext", text.replace("＋", "+"))
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    words = [normalize("NFKC", word).lower() for word in _WORD.findall(_PARAMETER.sub("", text))]
    extensions = sum(word in _EXTENSION_WORDS for word in words)
    if not _BEGINNING.match(text) or not _is_bounded(text, extensions) or not _is_vanity(words):
        return None
    phone = _read_valid(text, region)
    if phone is None and not text.startswith("+"):
        phone = _read_valid("+" + text.removeprefix("00"), None)
    # phonenumbers leaves out the word of an extension that it cannot read.
    return None if phone is not None and extensions and phone[1] is None else phone


def region_of_number(e164: str) -> str | None:
    """The ISO 3166 code of the country of a number; None for numbers of no country."""
    import phonenumbers  # noqa: PLC0415 (imported when first needed)

    code = phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


def _is_bounded(text: str, extensions: int) -> bool:
    """Whether a text has no more parts than one phone: also what keeps reading it fast."""
    return (
        len(text) <= _TIDY_LENGTH
        and extensions <= 1
        and sum(map(str.isdigit, text)) <= _DIGITS
        and not _SECOND_EXTENSION.search(text)
    )


def _is_vanity(words: list[str]) -> bool:
    """Whether all letters, those of an extension apart, are digits in letters (1-800-FLOWERS).

    phonenumbers leaves out a letter or two, which would lose what the sender wrote.
    """
    letters = "".join(word for word in words if word not in _EXTENSION_WORDS)
    return not letters or (len(letters) >= _VANITY_LETTERS and letters.isascii())


def _read_valid(text: str, region: str | None) -> tuple[str, str | None] | None:
    """What phonenumbers finds in a text, if it is a valid number."""
    import phonenumbers  # noqa: PLC0415 (imported when first needed)

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return e164, number.extension or None
