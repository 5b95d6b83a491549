"""Phone numbers: every spelling of a number becomes one text and one search key.

The text is the number in E.164 (``+74712773120``), an extension appended as RFC 3966 writes it
(``;ext=5``); the key is the number without its extension. Which numbers exist, how they are
dialled in a country and how extensions are written is what the metadata of `phonenumbers` says;
a number that these do not call valid is no phone.

Regular spellings, made of digits and the signs between them, are decided by `phone_patterns`;
all others are read by the library (`phone_reading`). Both answer the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from ..late_dataclass import dataclass
from .numbering import regions
from .phone_patterns import dialled, international, is_international
from .phone_reading import BREAKS, read_phone, region_of_number
from .value import Json, to_text, trim

_LENGTH = 250  # characters of a text that may be one phone
_DIGITS = 45  # of a number as a spreadsheet writes it
_PHONES = 100  # phones in one text

# A semicolon also begins the parameters of a `tel:` address.
_SEPARATOR = re.compile(rf"[,{BREAKS}]|;(?! ?(?:ext|isub|phone-context)=)", re.IGNORECASE)

_SIGNS: Final = " \t\xa0\u2009\u202f()./\u2010\u2011\u2012\u2013\u2014\u2015-"
_REGULAR = re.compile(rf"\s*+(\+?)([ (]{{0,2}}[0-9][0-9{_SIGNS}]{{2,40}}+)\s*+")
# Naming the digits, too, is twice as fast as naming only what is left out.
_NO_SIGNS: Final = str.maketrans("0123456789", "0123456789", _SIGNS)
_FEWEST = 4  # digits of a regular spelling; what fewer digits are is left to the library


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


Phones: TypeAlias = "tuple[Phone, ...] | None"


def is_region(code: str) -> bool:
    """Whether ``code`` is the ISO 3166 code, in capitals, of a country with known numbers."""
    return code in regions()


def region_of(phone: Phone) -> str | None:
    """The ISO 3166 code of the country that a number belongs to; None for numbers of no country.

    Of countries that share a code (+7, +1) the number's own digits tell which is meant.
    """
    return region_of_number(phone.e164)


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


def split_phones(text: str, region: str | None) -> Phones:
    """The phones that a text lists, each once, in order; None if it is not made of phones.

    The text is split on ``,``, ``;`` and line breaks only where every part is a phone by itself;
    otherwise it is read as one phone, whose extension may stand after a comma. A text of more
    than 100 parts is no list of phones.
    """
    if len(text) <= _LENGTH:
        return _split_short(text, region)
    return _split(text, region, _read_part)


def split_phones_by_library(text: str, region: str | None) -> Phones:
    """What `split_phones` answers, read by phonenumbers alone: the reference of the patterns."""
    return _split(text, region, _read_irregular)


@lru_cache(maxsize=4096)  # of at most 250 characters each; the same phones come again and again
def _split_short(text: str, region: str | None) -> Phones:
    e164 = _regular_e164(text, region)
    if e164 is None:
        return _split(text, region, _read_part)
    return (Phone(e164),) if e164 else None


def _split(
    text: str, region: str | None, read: Callable[[str, str | None], Phone | None]
) -> Phones:
    parts = list(filter(None, map(trim, _SEPARATOR.split(text))))
    if 1 < len(parts) <= _PHONES:
        phones = []
        for part in parts:
            phone = read(part, region)
            if phone is None:
                break
            phones.append(phone)
        else:
            return tuple(dict.fromkeys(phones))
    phone = read(parts[0] if len(parts) == 1 else text, region)
    return None if phone is None else (phone,)


def _read_part(text: str, region: str | None) -> Phone | None:
    """The phone that the whole of a text is."""
    e164 = _regular_e164(text, region)
    if e164 is None:
        return _read_irregular(text, region)
    return Phone(e164) if e164 else None


def _read_irregular(text: str, region: str | None) -> Phone | None:
    phone = read_phone(text, region)
    return None if phone is None else Phone(*phone)


def _regular_e164(text: str, region: str | None) -> str | None:
    """E.164 of a regular spelling, ``""`` for one of no valid number; None for the library."""
    regular = _REGULAR.fullmatch(text)
    if regular is None:
        return None
    plus, written = regular.groups()
    digits = written if written.isdigit() else written.translate(_NO_SIGNS)
    if len(digits) < _FEWEST:
        return None
    if plus:
        e164 = international(digits)
        # The library reads a number whose code does not exist again without its plus.
        undecided = e164 is None and region is not None and not is_international(digits)
        return None if undecided else e164 or ""
    if region is not None:
        if region not in regions():
            return None
        e164 = dialled(digits, region)
        if e164 is not None:
            return e164
    return international(digits[2:] if written.startswith("00") else digits) or ""
