"""An explanation as text for people: the answer first, then details by their importance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from ..explaining.explanation import (
    AskedSearch,
    Explanation,
    MappedFieldTold,
    Outcome,
    ReadParam,
    TestedCondition,
)
from ..explaining.wording import (
    by_contact_words,
    candidate_words,
    chain_text,
    contact_id,
    contact_words,
    entity_parts,
    holds_words,
    key_words,
    left_out,
    line_words,
    mapped_only,
    outcome_words,
    said,
    short,
    value_text,
    warning_words,
    where_words,
    written_fields,
)
from ..messages.snippet import cells, visible

Segment: TypeAlias = tuple[str, str]

_STYLES: Final = {
    "create": "good",
    "update": "good",
    "ignore": "warning",
    "reject": "bad",
    "unreadable": "bad",
}
_WIDEST: Final = 28
_MOST_UNREAD: Final = 100


def segments(told: Explanation) -> Iterator[Segment]:
    """Pieces of text with their styles, lines separated."""
    yield _STYLES[told.action], visible(told.headline)
    yield "plain", f"\n{visible(told.because)}"
    yield from _line(1, [("dim", where_words(told))])
    if told.error is not None:
        yield from _section("what the code means")
        yield from _line(2, [("plain", told.error.gist)])
        yield from _line(2, [("dim", f"more: leadlark explain {told.error.code}")])
        return
    yield from _problems(told)
    yield from _written(told)
    yield from _left_out(told)
    yield from _searches(told.searches)
    yield from _conditions(told.conditions)
    yield from _mapped(told)
    yield from _values(told)


def _problems(told: Explanation) -> Iterator[Segment]:
    if told.problems:
        yield from _section("problems")
        for problem in told.problems:
            place = f" (line {problem.line})" if problem.line else ""
            yield from _line(2, [("bad", problem.message), ("dim", place)])
    if told.warnings:
        yield from _section("warnings")
        for each in told.warnings:
            parts = [("warning", each.code), ("plain", f" {warning_words(each)}")]
            yield from _line(2, parts)


def _written(told: Explanation) -> Iterator[Segment]:
    decision = told.decision
    if decision is None or decision["entity"] is None:
        return
    yield from _section("would be written")
    yield from _line(2, [("message", contact_words(told))])
    yield from _fields(written_fields(told, contact_id(told), contact=True))
    for words, record in entity_parts(told):
        yield from _line(2, [("message", words)])
        yield from _fields(written_fields(told, record, contact=False))
    if told.links:
        several = "s" if len(told.links) > 1 else ""
        linked = f"linked to contact{several} {', '.join(told.links)}"
        yield from _line(2, [("plain", linked)])
    if decision["comment"] is not None:
        yield from _line(2, [("message", "comment: "), ("plain", value_text(decision["comment"]))])
    if decision["activity"] is not None:
        activity = decision["activity"]
        whose = f", responsible {activity['responsible']}" if activity["responsible"] else ""
        words = f"{value_text(activity['subject'])}, due {activity['due']}{whose}"
        yield from _line(2, [("message", "activity: "), ("plain", words)])


def _fields(several: Sequence[tuple[MappedFieldTold, Outcome]]) -> Iterator[Segment]:
    """The fields that one record gets, each with its rule and what its params read."""
    width = _width_of(each.field for each, _ in several)
    inner = width + 8
    for each, outcome in several:
        value = "emptied" if outcome.written is None else value_text(outcome.written)
        type = f" ({each.type})" if each.type else ""
        name = _padded(each.field, width)
        yield from _line(3, [("name", name), ("plain", f"  {value}{type}")])
        flags = f" {' '.join(each.flags)}" if each.flags else ""
        alone = each.params if len(each.params) == 1 else ()
        read = "".join(f"   {one.path}: {chain_text(one)}" for one in alone)
        yield from _line(0, [("dim", f"line {each.line}: {each.rule}{flags}{read}")], inner)
        yield from _params(each.params[len(alone) :], inner)
        if outcome.record is not None:
            yield from _line(0, [("dim", outcome_words(each, outcome))], inner)


def _params(params: Sequence[ReadParam], indent: int) -> Iterator[Segment]:
    for each in params:
        yield from _line(0, [("dim", f"{each.path}: {chain_text(each)}")], indent)


def _left_out(told: Explanation) -> Iterator[Segment]:
    """The fields that are not written, and why."""
    shown = left_out(told)
    if not shown:
        return
    yield from _section("left out")
    width = _width_of(f"{each.target} {each.field}" for each, _ in shown)
    for each, why in shown:
        name = _padded(f"{each.target} {each.field}", width)
        value = f"{said(each.result)}: " if each.result.given else ""
        parts = [("name", name), ("plain", f"  {value}{why}"), ("dim", f" (line {each.line})")]
        yield from _line(2, parts)


def _mapped(told: Explanation) -> Iterator[Segment]:
    """What the fields were, where nothing of it is written."""
    shown = mapped_only(told)
    if not shown:
        return
    yield from _section("mapped, and not written")
    width = _width_of(f"{each.target} {each.field}" for each in shown)
    for each in shown:
        name = _padded(f"{each.target} {each.field}", width)
        rule = f" (line {each.line}: {each.rule})"
        yield from _line(2, [("name", name), ("plain", f"  {said(each.result)}"), ("dim", rule)])


def _searches(searches: Sequence[AskedSearch]) -> Iterator[Segment]:
    if not searches:
        return
    yield from _section("searched")
    for each in searches:
        style = "plain" if each.asked else "dim"
        asked = "" if each.asked else "not searched: "
        yield from _line(2, [("message", f"{each.type}: "), (style, f"{asked}{each.why}")])
        for key in each.keys:
            yield from _line(3, [("plain" if key.keys else "dim", key_words(key))])
        if each.contacts:
            yield from _line(3, [("plain", by_contact_words(each))])
        for candidate in each.candidates:
            style = "good" if candidate.chosen else "dim"
            yield from _line(3, [(style, candidate_words(each.type, candidate))])
            held = [f"{name} {value_text(value)}" for name, value in candidate.fields.items()]
            if held:
                yield from _line(4, [("dim", ", ".join(held))])


def _conditions(conditions: Sequence[TestedCondition]) -> Iterator[Segment]:
    if not conditions:
        return
    yield from _section("conditions")
    for each in conditions:
        holds = ("good" if each.holds else "dim", holds_words(each))
        rule = f"{each.kind} {each.rule}".rstrip()
        yield from _line(2, [("dim", f"line {each.line}: "), ("plain", f"{rule}: "), holds])
        alone = len(each.comparisons) == 1
        for one in each.comparisons:
            if one.holds is None:
                yield from _line(3, [("dim", f"{one.rule}: not needed")])
                continue
            if not alone:
                verdict = "holds" if one.holds else "does not hold"
                yield from _line(3, [("plain", f"{one.rule}: {verdict}")])
            for param in one.params:
                indent = 3 if alone else 4
                yield from _line(indent, [("dim", f"{param.path}: {chain_text(param)}")])


def _values(told: Explanation) -> Iterator[Segment]:
    if told.lets:
        yield from _section("lets")
        for let in told.lets:
            parts = [("name", let.name), ("plain", f"  {said(let.result)}")]
            yield from _line(2, [*parts, ("dim", f" (line {let.line}: {let.rule})")])
            yield from _params(let.params, 6)
    if told.params:
        yield from _section("params read")
        width = _width_of(each.path for each in told.params)
        for path in told.params:
            parts = [("name", _padded(path.path, width)), ("plain", f"  {chain_text(path)}")]
            yield from _line(2, [*parts, ("dim", f" ({line_words(path.lines)})")])
    if told.unread:
        yield from _section("in the payload, read by no rule")
        shown = [short(path) for path in told.unread[:_MOST_UNREAD]]
        more = len(told.unread) - len(shown)
        rest = f" and {more:,} more; --format json has all of them" if more else ""
        yield from _line(2, [("plain", f"{', '.join(shown)}{rest}")])


def _section(title: str) -> Iterator[Segment]:
    yield "plain", "\n\n  "
    yield "message", title


def _line(level: int, parts: Iterable[Segment], indent: int | None = None) -> Iterator[Segment]:
    yield "plain", "\n" + " " * (level * 2 if indent is None else indent)
    for style, text in parts:
        yield style, visible(text)


def _width_of(names: Iterable[str]) -> int:
    return min(max((_width(visible(name)) for name in names), default=0), _WIDEST)


def _padded(name: str, width: int) -> str:
    return name + " " * max(width - _width(visible(name)), 0)


def _width(text: str) -> int:
    return sum(map(cells, text))
