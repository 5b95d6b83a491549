"""Rule texts rewritten by the edits that their diagnostics are certain of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from ..late_dataclass import dataclass
from .diagnostics import Diagnostic, Edit
from .source import Source

ROUNDS: Final = 10
"""How often the texts are checked again for what a rewrite has brought to light."""

SINGLY: Final = 20
"""How many diagnostics of a file are tried one by one where all together make it worse."""

Check: TypeAlias = Callable[[Sequence[Source]], Sequence[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Fixing:
    """What became of some rule files.

    Attributes:
        sources: The files, each with its new text or the one it had, in their order.
        fixed: The diagnostics whose edits were made, each with the source that it was found in.
        left: The diagnostics of the new texts.
    """

    sources: tuple[Source, ...]
    fixed: tuple[Diagnostic, ...]
    left: tuple[Diagnostic, ...]


def edited(source: Source, diagnostics: Iterable[Diagnostic]) -> tuple[str, list[Diagnostic]]:
    """The text with the edits of the source's diagnostics made, and the diagnostics that are fixed.

    The edits of a diagnostic are made together or not at all. An edit that several diagnostics ask
    for is made once; a diagnostic whose edits overlap those of an earlier one waits.
    """
    made: set[Edit] = set()
    fixed: list[Diagnostic] = []
    for each in diagnostics:
        if not each.fix or each.source.name != source.name or each.source.text != source.text:
            continue
        new = [edit for edit in each.fix if edit not in made]
        if not any(_overlap(edit, other) for edit in new for other in made):
            made.update(new)
            fixed.append(each)
    pieces: list[str] = []
    at = 0
    for edit in sorted(made, key=lambda each: (each.span.start, each.span.end)):
        pieces += [source.text[at : edit.span.start], edit.text]
        at = edit.span.end
    pieces.append(source.text[at:])
    return "".join(pieces), fixed


def fix(sources: Sequence[Source], check: Check) -> Fixing:
    """Make the certain edits of all files, until nothing changes or after `ROUNDS` rounds.

    No file gets worse: a rewrite that would leave a file, or all of them together, with more
    errors than before is not made.
    """
    state = _State(tuple(sources), tuple(check(sources)))
    fixed: list[Diagnostic] = []
    seen = [{source.text} for source in sources]
    for _ in range(ROUNDS):
        changed = False
        for place in range(len(sources)):
            step = _step(state, place, state.found, seen[place], check)
            if step is None:
                step = _step(state, place, _harmless(state, place, check), seen[place], check)
            if step is not None:
                state, done = step
                fixed += done
                changed = True
        if not changed:
            break
    return Fixing(state.sources, tuple(fixed), state.found)


@dataclass(frozen=True, slots=True)
class _State:
    """The texts after some rewrites, and what is wrong with them."""

    sources: tuple[Source, ...]
    found: tuple[Diagnostic, ...]


_Step: TypeAlias = tuple[_State, list[Diagnostic]]


def _step(
    state: _State, place: int, wanted: Iterable[Diagnostic], seen: set[str], check: Check
) -> _Step | None:
    """One file rewritten by the edits wanted and what is fixed, if that is new and no worse."""
    source = state.sources[place]
    text, done = edited(source, wanted)
    if text in seen:
        return None
    seen.add(text)
    sources = (*state.sources[:place], Source(source.name, text), *state.sources[place + 1 :])
    found = tuple(check(sources))
    if _errors(found) > _errors(state.found):
        return None
    if _errors(found, source) > _errors(state.found, source):
        return None
    return _State(sources, found), done


def _harmless(state: _State, place: int, check: Check) -> list[Diagnostic]:
    """Of edits that make a file worse together, those that do not do so by themselves."""
    _, together = edited(state.sources[place], state.found)
    if len(together) < 2:
        return []
    singly = together[:SINGLY]
    return [each for each in singly if _step(state, place, [each], set(), check) is not None]


def _overlap(one: Edit, other: Edit) -> bool:
    """Whether two edits touch the same characters, or begin at the same place."""
    a, b = one.span, other.span
    return a.start == b.start or (a.start < b.end and b.start < a.end)


def _errors(diagnostics: Iterable[Diagnostic], source: Source | None = None) -> int:
    return sum(
        each.severity == "error" and (source is None or each.source.name == source.name)
        for each in diagnostics
    )
