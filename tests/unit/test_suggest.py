"""Suggestions for misspelt words."""

from __future__ import annotations

import pytest

from leadlark.messages.suggest import Suggester, closest

FILTERS = ["trim", "lower", "upper", "title", "truncate", "parse_json"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("tirm", "trim"),
        ("TRIM", "trim"),
        ("parsejson", "parse_json"),
        ("parse-json", "parse_json"),
        ("lowercased", None),
        ("parse.json", "parse_json"),
        ("ower", "lower"),
        ("rite", None),
        ("md5", None),
        ("", None),
        ("_", None),
        ("t" * 1000, None),
    ],
)
def test_closest(word: str, meant: str | None) -> None:
    """The word that was probably meant, and none where nothing is like enough."""
    assert meant == closest(word, FILTERS)


def test_candidates_are_looked_at_up_to_a_number() -> None:
    """However many names there are, the work is bounded."""
    assert closest("needle", [*("hay" * 3 for _ in range(5_000)), "needle_"]) is None


def test_a_run_gets_some_suggestions() -> None:
    """After its first words a run over a file gets no more suggestions."""
    suggester = Suggester(words=1)
    assert "trim" == suggester.closest("tirm", FILTERS)
    assert suggester.closest("tirm", FILTERS) is None
