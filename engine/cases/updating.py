"""Expectations that do not hold, written anew as what is decided.

Of a failing case only what its expectations name is written, and of that only what is not so;
the rest of the file stays byte for byte. What is written is read and run before it counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..errors import CaseError, StoreError
from ..values.value import ABSENT, Json, Value, to_text
from .after import stated
from .editing import Edit, Slot, apply, in_block, is_shared, replace
from .located import Entries, Items, Node, Place, Scalar, compose, mistake
from .matching import EXACTLY, REGEX, as_text, differences, join
from .model import Case
from .reading import read_case_text
from .running import Made, channel_of, is_wanted, make, unexpected
from .useful import useful, useful_part

if TYPE_CHECKING:
    from ..channel import Channel, Rules

_ROWS: Final = "its rows of params share one expectation"
_SHARED: Final = "it stands under a YAML anchor, which other places may use"
_RECORDS: Final = "`after` states a record that is not there, or leaves out one that is"
_NO_PLACE: Final = "what is decided cannot be written in its place"


@dataclass(frozen=True, slots=True)
class Updated:
    """A case file's text with its expectations written anew.

    ``names`` are the cases that were; ``left`` tells of each failing case that was not, and why.
    """

    text: str
    names: tuple[str, ...] = ()
    left: tuple[CaseError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A failing case, by its place among the file's cases, and the edits that mend it."""

    index: int
    case: Case
    edits: tuple[Edit, ...]


class _LeftError(Exception):
    """A case is left as it is; the message says why."""


def update(text: str, path: Path, rules: Rules, wanted: str = "") -> Updated:
    """Write anew what fails in the cases whose names contain ``wanted``.

    A case to be skipped is not looked at; one that is to do, has rows of params, or cannot be
    mended by values of its own is left as it is. A text that is no case file stays as it is too.

    Raises `CaseError` if the file's channel is not among the rules.
    """
    file, _ = read_case_text(text, path)
    if file is None:
        return Updated(text)
    channel = channel_of(file, rules)
    slots = _cases(text, str(path))
    plans: list[_Plan] = []
    left: dict[Place, tuple[int, str]] = {}
    for index, case in enumerate(file.cases):
        if case.skip is not None or not is_wanted(case, wanted):
            continue
        made = _made(case, channel)
        if made is None or not unexpected(case, made):
            continue
        try:
            edits = tuple(_edits(case, made, slots.get(case.place), text))
        except _LeftError as error:
            left.setdefault(case.place, (index, str(error)))
            continue
        plans.append(_Plan(index, case, edits))
    kept = _holding(plans, text, path, channel)
    left |= {plan.case.place: (plan.index, _NO_PLACE) for plan in plans if plan not in kept}
    edited = apply(text, (edit for plan in kept for edit in plan.edits))
    names = tuple(plan.case.name for plan in kept)
    return Updated(edited, names, tuple(_told(sorted(left.values()), edited, path)))


def _told(left: Sequence[tuple[int, str]], edited: str, path: Path) -> Iterator[CaseError]:
    """Why cases are left as they are, at the places that they have now."""
    file, _ = read_case_text(edited, path)
    assert file is not None
    for index, why in left:
        case = file.cases[index]
        yield mistake(f"`{case.name}` fails and is left as it is: {why}", case.place, file.path)


def _made(case: Case, channel: Channel) -> Made | None:
    """What a case makes; None where it cannot be run, which the run of the cases tells."""
    try:
        return make(case, channel)
    except (StoreError, OSError):
        return None


def _cases(text: str, path: str) -> dict[Place, Slot]:
    """The maps of the cases in a text by their places."""
    cases = Slot(compose(text, path)).members(text)["cases"]
    found: dict[Place, Slot] = {}
    for slot in cases.elements():
        mark = slot.node.start_mark
        found[Place(mark.line + 1, mark.column + 1)] = slot
    return found


def _holding(plans: Sequence[_Plan], text: str, path: Path, channel: Channel) -> Sequence[_Plan]:
    """The plans after which their cases pass: all together, else those that do one by one."""
    if _hold(plans, text, path, channel):
        return plans
    kept: list[_Plan] = []
    for plan in plans:
        if _hold([*kept, plan], text, path, channel):
            kept.append(plan)
    return kept


def _hold(plans: Sequence[_Plan], text: str, path: Path, channel: Channel) -> bool:
    edited = apply(text, (edit for plan in plans for edit in plan.edits))
    file, _ = read_case_text(edited, path)
    if file is None:
        return False
    for plan in plans:
        case = file.cases[plan.index]
        made = _made(case, channel)
        if made is None or unexpected(case, made):
            return False
    return True


def _edits(case: Case, made: Made, slot: Slot | None, text: str) -> Iterator[Edit]:
    if case.todo is not None:
        raise _LeftError(f"it is to do: {case.todo}")
    if slot is None:
        raise _LeftError(_NO_PLACE)
    members = slot.members(text)
    if "params" in members:
        raise _LeftError(_ROWS)
    if any(key in members and is_shared(members[key].node) for key in ("expect", "after")):
        raise _LeftError(_SHARED)
    if case.expect is not None:
        yield from _of_expect(case.expect, members["expect"], made, text)
    if case.after is not None:
        yield from _of_after(case.after, members["after"], made, text)


def _of_expect(expected: Node, slot: Slot, made: Made, text: str) -> Iterator[Edit]:
    each = expected.items if isinstance(expected, Items) else (expected,)
    if isinstance(expected, Scalar) or len(each) != len(made.decided):
        said: list[Json] = [_literal(useful(decided)) for decided in made.decided]
        value = said[0] if len(said) == 1 else said
        assert isinstance(value, dict | list)
        yield from replace(slot, value, text) if slot.flow else in_block(slot, value, text)
        return
    slots = slot.elements() if isinstance(expected, Items) else [slot]
    for one, place, decided in zip(each, slots, made.decided, strict=True):
        entries = one.entries if isinstance(one, Entries) else {}
        if entries.keys() - {EXACTLY} and ("error" in entries) != ("error" in decided):
            # A decision and a request that cannot be read have no key in common.
            yield from replace(place, _literal(useful(decided)), text)
        else:
            yield from _of_value(one, place, decided, "", text)


def _of_after(after: Entries, slot: Slot, made: Made, text: str) -> Iterator[Edit]:
    places = {
        Place(each.node.start_mark.line + 1, each.node.start_mark.column + 1): each
        for listed in slot.members(text).values()
        for each in (listed.members(text).get(EXACTLY, listed)).elements()
    }
    for one in stated(after, made.held):
        if one.item is None or one.record is None:
            raise _LeftError(_RECORDS)
        yield from _of_value(one.item, places[one.item.place], one.record, one.path, text)


def _of_value(expected: Node, slot: Slot, actual: Value, path: str, text: str) -> Iterator[Edit]:
    """The edits of what an expectation names and is not so."""
    if not any(differences(expected, actual, path)):
        return
    match expected, actual:
        case Entries(entries=entries), dict() if not entries.keys() & {REGEX, EXACTLY}:
            members = slot.members(text)
            for key, inner in entries.items():
                value = actual.get(key, ABSENT)
                yield from _of_value(inner, members[key], value, join(path, key), text)
        case Entries(entries={"$exactly": inner}), dict():
            within = slot.members(text)[EXACTLY]
            if isinstance(inner, Entries) and inner.entries.keys() == actual.keys():
                yield from _of_value(inner, within, actual, path, text)
            else:
                yield from replace(within, _literal(actual), text)
        case Items(items=items), list() if len(items) == len(actual):
            for index, (item, place) in enumerate(zip(items, slot.elements(), strict=True)):
                yield from _of_value(item, place, actual[index], f"{path}[{index}]", text)
        case Scalar(), int() | str() if as_text(path) and not slot.quote:
            yield from _of_text(slot, to_text(actual), text)
        case _:
            value = None if actual is ABSENT else useful_part(path, actual)
            yield from replace(slot, _literal(value), text)


def _literal(value: Json) -> Json:
    """A value as an expectation of it: what reads like a matcher is none where it is data."""
    match value:
        case "$any" | "$absent":
            return {REGEX: f"^\\{value}$"}
        case list():
            return [_literal(each) for each in value]
        case dict():
            if any(key.startswith("$") for key in value):
                raise _LeftError("a key that is decided reads like a matcher")
            return {key: _literal(each) for key, each in value.items()}
        case _:
            return value


def _of_text(slot: Slot, actual: str, text: str) -> Iterator[Edit]:
    """An id or a phone in the place of one without quotes, which it needs no more than that."""
    plain = actual.removeprefix("+")
    number = plain.isascii() and plain.isdigit() and isinstance(slot.node.value, str)
    for edit in replace(slot, actual, text):
        yield Edit(edit.start, edit.end, edit.text.replace('"', "")) if number else edit
