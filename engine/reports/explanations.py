"""The page of explanations: all payloads of a call, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from ..explaining import wording
from ..explaining.explanation import Explanation
from .page import render

_HELPERS = (
    wording.by_contact_words,
    wording.candidate_words,
    wording.chain,
    wording.contact_words,
    wording.contact_id,
    wording.entity_parts,
    wording.holds_words,
    wording.key_words,
    wording.left_out,
    wording.line_words,
    wording.mapped_only,
    wording.outcome_words,
    wording.said,
    wording.value_text,
    wording.warning_words,
    wording.where_words,
    wording.written_fields,
)


def explanations_page(several: Sequence[Explanation]) -> str:
    """One self-contained HTML page that tells every explanation, in order."""
    helpers = {each.__name__: each for each in _HELPERS}
    return render("explanations.html", helpers, several=several)
