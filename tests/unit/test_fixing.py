"""Rule texts rewritten by the certain edits of their diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadlark import loader
from leadlark.codes import ERRORS, WARNINGS
from leadlark.messages import fixing
from leadlark.messages.diagnostics import Diagnostic, Edit
from leadlark.messages.source import Source, Span

SAMPLES: Final = Path(__file__).parents[1] / "cases" / "diagnostics"
SOURCE: Final = Source("a.channel", "one two three")


def rewrite(
    *edits: tuple[int, int, str], source: Source = SOURCE, code: str = "E101"
) -> Diagnostic:
    made = tuple(Edit(Span(start, end), text) for start, end, text in edits)
    return Diagnostic(code, "wrong", source, Span(0, 1), fix=made)


def errors(diagnostics: Sequence[Diagnostic]) -> int:
    return sum(each.severity == "error" for each in diagnostics)


def test_edits_are_made_in_any_order() -> None:
    """The edits of several diagnostics are made, whatever order they come in."""
    text, fixed = fixing.edited(SOURCE, [rewrite((8, 13, "3")), rewrite((0, 3, "1"), (4, 7, "2"))])

    assert ("1 2 3", 2) == (text, len(fixed))


def test_same_edit_is_made_once() -> None:
    """An edit that two diagnostics ask for is made once, and both are fixed."""
    text, fixed = fixing.edited(SOURCE, [rewrite((3, 3, ",")), rewrite((3, 3, ","))])

    assert ("one, two three", 2) == (text, len(fixed))


@pytest.mark.parametrize(
    "second", [(0, 13, "x"), (5, 6, "x"), (0, 5, "x"), (6, 9, "x"), (4, 4, "x"), (4, 7, "x")]
)
def test_overlapping_edits_wait(second: tuple[int, int, str]) -> None:
    """Of two diagnostics whose edits overlap the first is fixed."""
    first = rewrite((4, 7, "2"))
    text, fixed = fixing.edited(SOURCE, [first, rewrite(second, (0, 0, "y"))])

    assert ("one 2 three", [first]) == (text, fixed)


def test_edits_of_other_texts_are_not_made() -> None:
    """A diagnostic of another file, or of another text of this one, changes nothing."""
    strangers = [Source("b.channel", SOURCE.text), Source("a.channel", "one two")]

    found = fixing.edited(SOURCE, [rewrite((0, 3, "1"), source=each) for each in strangers])

    assert (SOURCE.text, []) == found


def test_rounds_go_on_until_nothing_changes() -> None:
    """What a rewrite brings to light is rewritten, too."""
    steps = {"one": "two", "two": "three"}

    def check(sources: Sequence[Source]) -> list[Diagnostic]:
        (source,) = sources
        new = steps.get(source.text)
        return [rewrite((0, len(source.text), new), source=source)] if new else []

    result = fixing.fix([Source("a", "one")], check)

    assert ("three", 2, ()) == (result.sources[0].text, len(result.fixed), result.left)


def test_rewrites_in_a_circle_end() -> None:
    """Rewrites that lead back to an earlier text are not made again and again."""
    other = {"one": "two", "two": "one"}
    calls = 0

    def check(sources: Sequence[Source]) -> list[Diagnostic]:
        nonlocal calls
        calls += 1
        (source,) = sources
        return [rewrite((0, 3, other[source.text]), source=source)]

    assert "two" == fixing.fix([Source("a", "one")], check).sources[0].text
    assert calls < fixing.ROUNDS


def test_rounds_are_bounded() -> None:
    """Rewrites that never end are left after ten rounds."""

    def check(sources: Sequence[Source]) -> list[Diagnostic]:
        return [rewrite((0, 0, "x"), source=sources[0])]

    assert "x" * fixing.ROUNDS == fixing.fix([Source("a", "")], check).sources[0].text


def test_no_file_gets_worse() -> None:
    """A rewrite that would leave more errors is not made; those of other files are."""

    def check(sources: Sequence[Source]) -> list[Diagnostic]:
        found = [rewrite((0, 3, "x"), source=each) for each in sources if "one" in each.text]
        return found + [rewrite(source=each) for each in sources if "x two" in each.text] * 2

    result = fixing.fix([Source("a", "one two"), Source("b", "one")], check)

    assert ["one two", "x"] == [each.text for each in result.sources]


def test_good_rewrites_of_a_file_are_made_without_the_bad_one() -> None:
    """Where one rewrite makes a file worse, the others are made."""

    def check(sources: Sequence[Source]) -> list[Diagnostic]:
        (source,) = sources
        at = [source.text.find(word) for word in ("one", "two", "three")]
        found = [rewrite((each, each + 3, "x"), source=source) for each in at if each >= 0]
        return found + [rewrite(source=source)] * (4 if " x " in source.text else 0)

    result = fixing.fix([SOURCE], check)

    assert "x two xee" == result.sources[0].text
    assert 2 == len(result.fixed)


@pytest.mark.parametrize("code", sorted([*ERRORS, *WARNINGS]))
def test_samples_get_no_worse(code: str) -> None:
    """Of every sample what is fixed is gone, no error is new, and fixing again changes nothing."""
    path = SAMPLES / f"{code}.channel"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    source = Source(str(path), text)
    before = loader.checker()([source])

    result = fixing.fix([source], loader.checker())

    assert errors(result.left) <= errors(before)
    assert len(result.left) <= len(before)
    assert () == fixing.fix(result.sources, loader.checker()).fixed
    if not any(each.fix for each in before):
        assert (source,) == result.sources


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13), st.text(max_size=3)), max_size=8))
def test_every_edit_is_made_whole_or_not_at_all(spans: list[tuple[int, int, str]]) -> None:
    """Edits of any places give the text in which those that are said to be fixed are made."""
    found = [rewrite((min(a, b), max(a, b), text)) for a, b, text in spans]
    text, fixed = fixing.edited(SOURCE, found)
    made = {each.fix[0] for each in fixed}

    grown = sum(len(each.text) - (each.span.end - each.span.start) for each in made)
    assert len(SOURCE.text) + grown == len(text)
