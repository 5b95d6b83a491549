"""Phone numbers: every spelling of a number becomes one text and one search key.

The text is the number in E.164 (``+74712773120``), an extension appended as RFC 3966 writes it
(``;ext=5``); the key is the number without its extension. Which numbers exist, how they are
dialled in a country and how extensions are written is what the metadata of `phonenumbers` says;
a number that these do not call valid is no phone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final
from unicodedata import decimal, normalize

from .value import INVISIBLE, Json, to_text, trim

# `phonenumbers` is imported where it is first needed: it takes longer to import than all of
# LeadLark, and many rule files and commands never see a phone.

_LENGTH = 250  # characters of a text that may be one phone
_TIDY_LENGTH = 100  # the same without blanks in rows; the library takes time quadratic in it
_DIGITS = 45  # of a dialling prefix (5), a number (3 + 17) and an extension (20)
_PHONES = 100  # phones in one text

_VANISH: Final = dict.fromkeys(map(ord, INVISIBLE))
_BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029"
_BLANKS = re.compile(rf"[^\S{_BREAKS}]+")
# A semicolon also begins the parameters of a `tel:` address.
_SEPARATOR = re.compile(rf"[,{_BREAKS}]|;(?! ?(?:ext|isub|phone-context)=)", re.IGNORECASE)

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


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid phone number: ``e164`` like ``+74712773120``; ``extension`` is ASCII digits."""

    e164: str
    extension: str | None = None

    @property
    def text(self) -> str:
        """The value as it is stored; reading it again gives the same phone."""
        return self.e164 if self.extension is None else f"{self.e164};ext={self.extension}"

    @property
    def key(self) -> str:
        """The search key: the number in E.164 without its extension."""
        return self.e164


def is_region(code: str) -> bool:
    """Whether ``code`` is the ISO 3166 code, in capitals, of a country with known numbers."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 (imported when first needed)

    return code in SUPPORTED_REGIONS


def parse_phone(text: str | int, region: str | None) -> Phone | None:
    """The one phone that a text is, or None.

    With a region (ISO 3166, capitals) the text is read as a number of it, then as international
    digits; without one as international digits only, ``00`` before them meaning ``+``.

    Text around a number that is part of no phone (a person's name, a second number) makes it no
    phone, so that normalising loses nothing; only a label before it (``tel:``, ``Тел.``) is
    left out.
    """
    phones = split_phones(to_text(text), region)
    return phones[0] if phones is not None and len(phones) == 1 else None


def phone_text(value: Json) -> str:
    """The text that a value is read as a phone from; `to_text` but for whole numbers.

    Spreadsheets write long numbers with a point or an exponent.
    """
    if isinstance(value, Decimal) and value.adjusted() < _DIGITS and value == int(value):
        return to_text(int(value))
    return to_text(value)


def split_phones(text: str, region: str | None) -> tuple[Phone, ...] | None:
    """The phones that a text lists, each once, in order; None if it is not made of phones.

    The text is split on ``,``, ``;`` and line breaks only where every part is a phone by itself;
    otherwise it is read as one phone, whose extension may stand after a comma. A text of more
    than 100 parts is no list of phones.
    """
    parts = list(filter(None, map(trim, _SEPARATOR.split(text))))
    if 1 < len(parts) <= _PHONES:
        phones = []
        for part in parts:
            phone = _parse_part(part, region)
            if phone is None:
                break
            phones.append(phone)
        else:
            return tuple(dict.fromkeys(phones))
    phone = _parse_part(parts[0] if len(parts) == 1 else text, region)
    return None if phone is None else (phone,)


def _parse_part(text: str, region: str | None) -> Phone | None:
    """The phone that the whole of a text is."""
    text = trim(text)
    if len(text) > _LENGTH:
        return None
    text = _BLANKS.sub(" ", text.translate(_VANISH))
    return _parse_tidy(text, region)


@lru_cache(maxsize=4096)  # of at most 250 characters each; the same phones come again and again
def _parse_tidy(text: str, region: str | None) -> Phone | None:
    if not text.isascii():
        text = "".join(str(decimal(char)) if char.isdecimal() else char for char in text)
        text = _EXTENSION.sub("ext", text.replace("＋", "+"))
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    words = [normalize("NFKC", word).lower() for word in _WORD.findall(_PARAMETER.sub("", text))]
    extensions = sum(word in _EXTENSION_WORDS for word in words)
    if not _BEGINNING.match(text) or not _is_bounded(text, extensions) or not _is_vanity(words):
        return None
    phone = _parse_valid(text, region)
    if phone is None and not text.startswith("+"):
        phone = _parse_valid("+" + text.removeprefix("00"), None)
    # phonenumbers leaves out the word of an extension that it cannot read.
    return None if phone is not None and extensions and phone.extension is None else phone


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


def _parse_valid(text: str, region: str | None) -> Phone | None:
    """What phonenumbers finds in a text, if it is a valid number."""
    import phonenumbers  # noqa: PLC0415 (imported when first needed)

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(e164, number.extension or None)
