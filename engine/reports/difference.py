"""The page of a difference between two versions of rules."""

from __future__ import annotations

from typing import Final

from ..comparing import wording
from ..comparing.difference import Difference
from .page import render

LONGEST: Final = 500
"""The most characters of a value that are shown."""

_HELPERS = (
    wording.around,
    wording.counted,
    wording.heading,
    wording.left_out,
    wording.remarks,
    wording.sections,
    wording.sides,
    wording.summary,
    wording.where,
    wording.word,
)


def difference_page(difference: Difference) -> str:
    """One self-contained HTML page that tells what changes, with an example each."""
    helpers = {each.__name__: each for each in (*_HELPERS, short)}
    return render("difference.html", helpers, difference=difference)


def short(text: str) -> str:
    """The text, cut where it is long."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({len(text):,} characters)"
