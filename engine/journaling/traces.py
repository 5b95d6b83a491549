"""Where a person shows in texts: by a phone in any punctuation, an e-mail in any case, a name.

Texts are looked through in linear time. What is found too often costs a text that nobody needs;
what is not found stays in a database from which a person was to be erased.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import unquote_plus

from ..values.numbering import calling_codes
from ..values.value import Json, nfc, to_text, trim

_NATIONAL: Final = 9
"""The fewest digits of a national number that are looked for without the country's code."""

_GAPS: Final = re.compile(r"(?<=[0-9])[\s()./\\\-\u2010-\u2015\u2212]{1,8}(?=[0-9])")
_DIGIT: Final = re.compile(r"\d")  # of any script
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)


class Traces:
    """The phones (E.164), e-mails and names of a person."""

    def __init__(
        self, phones: Iterable[str], emails: Iterable[str], names: Iterable[str] = ()
    ) -> None:
        self._digits = frozenset(map(_telling_digits, phones))
        self._emails = tuple(
            re.compile(rf"(?<![\w.%+-]){re.escape(each)}(?![\w-]|\.\w)")
            for each in sorted({email.casefold() for email in emails})
        )
        self._names = tuple(
            re.compile(rf"(?<!\w){re.escape(each)}(?!\w)")
            for each in sorted({nfc(trim(name)).casefold() for name in names if trim(name)})
        )

    def in_value(self, value: Json) -> bool:
        """Whether the value of a field is or contains a phone, an e-mail or a name."""
        if isinstance(value, list):
            return any(map(self.in_value, value))
        if isinstance(value, Mapping):
            return any(map(self.in_value, value.values())) or any(map(self.in_value, value))
        if value is None or isinstance(value, bool):
            return False
        text = to_text(value)
        if self.in_text(text):
            return True
        folded = nfc(text).casefold() if self._names else ""
        return any(each.search(folded) for each in self._names)

    def in_text(self, text: str) -> bool:
        """Whether a phone or an e-mail stands in a text."""
        if self._digits and _DIGIT.search(text):
            squeezed = _GAPS.sub("", _ascii_digits(text))
            if any(each in squeezed for each in self._digits):
                return True
        if self._emails and "@" in text:
            folded = text.casefold()
            return any(each.search(folded) for each in self._emails)
        return False

    def in_content(self, content: str | bytes | None) -> bool:
        """Whether one stands in a body, a query or JSON as received, escaped or not."""
        if not content:
            return False
        if isinstance(content, bytes):
            content = content.replace(b"\0", b"").decode("utf-8", "replace")  # UTF-16, too
        if self.in_text(content):
            return True
        if "\\" in content and self.in_text(_ESCAPE.sub(_unescaped, content)):
            return True
        return "%" in content and self.in_text(unquote_plus(content))


def _telling_digits(phone: str) -> str:
    """The digits of a phone by which it is found: the national ones where they are enough."""
    digits = phone.removeprefix("+")
    code = next((digits[:n] for n in (1, 2, 3) if digits[:n] in calling_codes()), "")
    national = digits[len(code) :]
    return national if len(national) >= _NATIONAL else digits


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return " " if found[2] in "bfnrt" else found[2]
