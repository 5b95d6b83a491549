"""The word that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

CUT_OFF: Final = 0.7
"""How alike two words must be to be worth a suggestion, from 0 to 1."""

OTHER_BEGINNING: Final = 0.8
"""How alike they must be where they begin with different letters."""

SUGGESTIONS: Final = 20
"""For how many words of one run a `Suggester` looks for the word meant."""

_SILENT: Final = re.compile(r"[_. -]")
_LONGEST: Final = 64
_MOST: Final = 500


def _plain(word: str) -> str:
    return _SILENT.sub("", word.casefold()).replace("ph", "f")


def closest(word: str, candidates: Iterable[str], cut_off: float = CUT_OFF) -> str | None:
    """The candidate most like ``word``, or nothing if none is like enough.

    Case, ``_``, ``-``, dots and blanks do not count, and ``ph`` is as good as ``f``. Of equally
    good candidates the first is taken. The work is bounded: words over 64 characters get no
    suggestion, and only the first 500 candidates are looked at.
    """
    if len(word) > _LONGEST:
        return None
    wanted = _plain(word)
    if not wanted:
        return None
    from difflib import SequenceMatcher  # noqa: PLC0415 (imported when first needed)

    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best: str | None = None
    score = cut_off
    for count, candidate in enumerate(candidates):
        if count >= _MOST:
            break
        if candidate == word or len(candidate) > _LONGEST:
            continue
        plain = _plain(candidate)
        if plain == wanted:
            return candidate
        limit = score if plain[:1] == wanted[0] else max(score, OTHER_BEGINNING)
        matcher.set_seq1(plain)
        if matcher.real_quick_ratio() < limit or matcher.quick_ratio() < limit:
            continue
        ratio = matcher.ratio()
        if ratio >= limit and (ratio > score or best is None):
            best, score = candidate, ratio
    return best


class Suggester:
    """Suggestions for one run over a file: the first words get one, thousands would take long."""

    def __init__(self, words: int = SUGGESTIONS) -> None:
        self._left = words

    def closest(self, word: str, candidates: Iterable[str], cut_off: float = CUT_OFF) -> str | None:
        """What `closest` gives, or nothing once the run has asked often enough."""
        if self._left <= 0:
            return None
        self._left -= 1
        return closest(word, candidates, cut_off)
