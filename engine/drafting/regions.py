"""The country of phones without a country code, guessed from the phones of samples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from ..values.phones import parse_phone, region_of
from .meanings import REGIONS

_LOOKED_AT: Final = 200
_UNSPOKEN: Final = 1_000  # the rank of a country whose language no sample shows
_CYRILLIC: Final = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя")
_UKRAINIAN: Final = frozenset("іїєґ")
_GERMAN: Final = frozenset("äöüß")
_LETTERS: Final = 10_000  # of a text that tells the language


def guess_region(phones: Sequence[str], languages: Collection[str]) -> str | None:
    """The country that most of the phones belong to, the likeliest first; None if none does.

    A country code tells it by itself. Without one, countries of the samples' languages count,
    then what the digits are as an international number.
    """
    texts = phones[:_LOOKED_AT]
    if not texts:
        return None
    marked = [text for text in texts if text.lstrip().startswith(("+", "00"))]
    strong = _countries(marked)
    for language in languages:
        strong += [each for each in REGIONS.get(language, ()) if each not in strong]
    candidates = [*strong, *_countries(texts)]
    candidates += [each for each in ("US", "GB", "DE") if each not in candidates]
    counts = {region: _own(texts, region) for region in candidates}
    spoken = [region for language in languages for region in REGIONS.get(language, ())]
    ranks = {region: spoken.index(region) if region in spoken else _UNSPOKEN for region in counts}
    best = max(candidates, key=lambda region: (counts[region], -ranks[region]))
    return best if counts[best] else None


def languages_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The languages that letters of texts belong to, the likeliest first; English comes last."""
    letters = set("".join(texts)[:_LETTERS].casefold())
    found = []
    if letters & _UKRAINIAN:
        found.append("uk")
    if letters & _CYRILLIC:
        found.append("ru")
    if letters & _GERMAN:
        found.append("de")
    return (*found, "en")


def _countries(texts: Iterable[str]) -> list[str]:
    """The countries of numbers with a country code, the most frequent first."""
    numbers = (parse_phone(text, None) for text in texts)
    regions = Counter(region_of(number) for number in numbers if number is not None)
    return [region for region, _ in regions.most_common() if region is not None]


def _own(texts: Iterable[str], region: str) -> int:
    """How many of the texts are numbers of a country, read as one writes them there."""
    numbers = (parse_phone(text, region) for text in texts)
    return sum(number is not None and region_of(number) == region for number in numbers)
