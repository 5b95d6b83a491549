"""Names of payload keys as words, so that names of many spellings can be told alike."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

_LONGEST: Final = 200  # characters of a name that are looked at
_HUMP: Final = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁ])(?=[A-ZА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD: Final = re.compile(r"[^\W\d_]+")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "'’ʼ`"))


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The words of a key's name, or of a label's text, in one spelling.

    ``clientPhone``, ``client-phone``, ``Client Phone`` and ``client_phone[1]`` are the words
    client and phone. Case, accents and the dots of ``ё`` and ``ü`` make no difference; digits
    and single letters are no words.
    """
    parted = _HUMP.sub(" ", name[:_LONGEST].translate(_APOSTROPHES))
    return frozenset(word for word in _WORD.findall(plain(parted)) if len(word) > 1)


def plain(text: str) -> str:
    """The text in small letters without marks: ``Prénom`` is ``prenom``, ``Straße`` strasse."""
    letters = normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if category(letter) != "Mn")
