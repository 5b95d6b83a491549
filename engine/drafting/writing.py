"""From the plan of a draft to the text of its rule file, by way of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..language.nodes import (
    Channel,
    Comment,
    Declared,
    Each,
    Entity,
    Every,
    Find,
    Ignore,
    Let,
    OnFound,
    Payload,
    Region,
    Statement,
    Status,
)
from ..language.spelling import quoted
from ..messages.source import Span
from . import blocks, nodes
from .declaring import declarations, undeclared, used
from .planning import Plan
from .sheet import Sheet, said

_OPEN: Final = {"lead": ("NEW", "IN_PROCESS"), "deal": ("NEW", "PREPARATION")}
_MOST_LISTED: Final = 30
_MOST_MIXED: Final = 5
_SHOWN: Final = 60
_FOUND: Final = {
    "key": "the {} of that number",
    "key or contact": "the {} of that number, or the client's open one",
    "contact": "the client's open {}",
}


def channel_text(plan: Plan, header: Sequence[str]) -> str:
    """The rule file of a draft in canonical layout; ``header`` stands above it as a comment."""
    sheet = Sheet()
    sheet.remark(*header)
    sheet.blank()
    start = sheet.line()
    statements = tuple(_statements(plan, sheet))
    span = Span(start.start, sheet.line().end)
    title = plan.address.replace("-", " ").strip().capitalize()
    return sheet.print(Channel(nodes.word(plan.address), title, statements, span=span))


def _statements(plan: Plan, sheet: Sheet) -> Iterator[Statement]:
    """The statements in order of writing, each group behind a blank line."""
    yield _entity(plan, sheet)
    yield from _region(plan, sheet)
    _secret(plan, sheet)
    rest = list(undeclared(plan))
    yield from _payload(plan, sheet, rest)
    yield from _lets(plan, sheet)
    yield from _each(plan, sheet)
    yield from _ignores(plan, sheet)
    yield from _find(plan, sheet)
    sheet.blank()
    line = sheet.line(f"TODO: the first status of your {plan.entity}s")
    yield Status(nodes.word("NEW"), span=line)
    sheet.blank()
    yield from blocks.contact(plan, sheet)
    yield blocks.entity(plan, sheet)
    if (
        rest
        or plan.fields.mixed
        or plan.fields.long
        or plan.finding in ("contact", "key or contact")
    ):
        yield from _comment(plan, sheet)


def _entity(plan: Plan, sheet: Sheet) -> Entity:
    other = "lead" if plan.entity == "deal" else "deal"
    comment = f"TODO: or {other}; {plan.entity} {plan.reasons}" if plan.reasons else ""
    return Entity(plan.entity, span=sheet.line(comment))


def _region(plan: Plan, sheet: Sheet) -> Iterator[Region]:
    guesses = plan.guesses
    if guesses.region is not None and (guesses.phones or guesses.region_told):
        comment = "" if guesses.region_told else "TODO: guessed from the phones of the samples"
        yield Region(nodes.word(guesses.region), span=sheet.line(comment))
    elif guesses.phones:
        sheet.remark("TODO: the country of phones without a country code: region US")


def _secret(plan: Plan, sheet: Sheet) -> None:
    for field in plan.guesses.secrets[:1]:
        letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in field.text)
        name = letters.strip("_").upper() or "SENDER"
        sheet.blank()
        sheet.remark(
            f"TODO: {said(field.text)} looks like a secret of the sender. If it is one, check it:",
            f"  auth token field {said(quoted(field.text))} secret {said(name)}",
        )


def _payload(plan: Plan, sheet: Sheet, rest: Sequence[tuple[str, str]]) -> Iterator[Payload]:
    declared = declarations(plan)
    if not declared and not rest and not plan.fields.mixed:
        return
    sheet.blank()
    start = sheet.line() if declared else Span(0, 0)
    params = tuple(
        Declared(path, nodes.word(kind), need, span=sheet.line()) for path, kind, need in declared
    )
    if rest:
        shown = rest[:_MOST_LISTED]
        width = max(len(path) for path, _ in shown)
        sheet.remark("Sent, too; declare what a rule needs:")
        sheet.remark(*(f"  {path:<{width}}  {kind}" for path, kind in shown))
        if len(rest) > len(shown):
            sheet.remark(f"  and {len(rest) - len(shown):,} more")
    for path in plan.fields.mixed[:_MOST_MIXED]:
        sheet.remark(
            f"TODO: {said(path, _SHOWN)} is not of one kind in all samples; see what each sends"
        )
    if plan.fields.long:
        sheet.remark("TODO: keys of more than 100 characters are passed over here")
    if declared:
        yield Payload(False, params, span=Span(start.start, sheet.line().end))


def _lets(plan: Plan, sheet: Sheet) -> Iterator[Let]:
    sources = dict.fromkeys(field.source for field in used(plan))
    bound = [source for source in sources if source.bound is not None]
    if bound:
        sheet.blank()
    for source in bound:
        read = nodes.param(nodes.path(source.steps), nodes.filter("parse_json"))
        line = sheet.line("it is sent as JSON text")
        yield Let(nodes.word(source.bound or ""), nodes.template(read), span=line)


def _each(plan: Plan, sheet: Sheet) -> Iterator[Each]:
    if plan.each:
        sheet.blank()
        # A list of lists has to be named element by element; of one alone the name is enough.
        nested = sum(isinstance(step, Every) for step in plan.each) > 1
        line = sheet.line("TODO: one decision for each of them?")
        yield Each(nodes.path(plan.each if nested else plan.each[:-1]), span=line)


def _ignores(plan: Plan, sheet: Sheet) -> Iterator[Ignore]:
    if plan.test is not None or plan.bare:
        sheet.blank()
    if plan.test is not None:
        span = sheet.line()
        make = nodes.is_true if plan.flag else nodes.present
        yield Ignore(make(plan.test, span), nodes.template(nodes.text("a test")), span=span)
    if plan.bare:
        span = sheet.line("TODO: some samples have none")
        reason = nodes.template(nodes.text("nothing to act on"))
        yield Ignore(nodes.absent(plan.bare, span), reason, span=span)


def _find(plan: Plan, sheet: Sheet) -> Iterator[Statement]:
    sheet.blank()
    if plan.finding == "nothing":
        sheet.remark(
            f"TODO: a request that comes twice makes two {plan.entity}s: nothing tells it apart.",
            "If the sender can send a number: `find`, and a field with the flag `search`.",
        )
        return
    by_key = plan.finding == "key"
    open = () if by_key else _OPEN[plan.entity]
    remark = _FOUND[plan.finding].format(plan.entity)
    statuses = tuple(map(nodes.word, open))
    line = sheet.line(f"TODO: your open statuses; {remark}" if open else remark)
    yield Find("newest", False, statuses, span=line)
    again = (
        "what comes again changes nothing" if by_key else "as it is; what is sent is noted below"
    )
    yield OnFound(by_key, False, False, span=sheet.line(again))


def _comment(plan: Plan, sheet: Sheet) -> Iterator[Comment]:
    sheet.blank()
    if plan.guesses.secrets:
        sheet.remark("TODO: once the secret is checked, which masks it here: comment payload")
        return
    line = sheet.line("keeps what is not mapped above")
    item = nodes.template(nodes.param(nodes.path((), "@item"), nodes.filter("json")))
    yield Comment(item if plan.each else None, span=line)
