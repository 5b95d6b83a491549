"""The field blocks of a draft: what is written into the contact, and into the lead or deal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..language.nodes import Assign, Fields, FlagName, Key, Param, Template, Text
from ..language.spelling import path as spelled
from ..language.spelling import template as template_text
from ..messages.source import Span
from . import nodes
from .declaring import kept_answers
from .fields import Field, Listing
from .meanings import CURRENCIES, ITEMS, ranked, word_list
from .planning import Plan
from .sheet import Sheet, said
from .words import words_of

_SHOWN: Final = 60
_LONGEST_EXAMPLE: Final = 120
_MOST_OTHERS: Final = 10
_TITLE_PEOPLE: Final = 2


def contact(plan: Plan, sheet: Sheet) -> Iterator[Fields]:
    """The contact block; none where the samples tell nothing of a person."""
    guesses = plan.guesses
    start = sheet.line()
    items = [*_names(plan, sheet)]
    for crm, fields in (("PHONE", guesses.phones), ("EMAIL", guesses.emails)):
        for field in fields:
            value = nodes.template(nodes.param(field.path))
            items.append(nodes.assign(crm, value, sheet.line(_empty((field,))), "search"))
    for field in guesses.others[:_MOST_OTHERS]:
        sheet.remark(f"TODO: whose is {said(field.text, _SHOWN)}?")
    if not items:
        sheet.remark("TODO: no name, phone or e-mail was found, so there is no contact")
        sheet.blank()
        return
    if not guesses.phones and not guesses.emails:
        sheet.remark("TODO: no phone and no e-mail was found, so every contact is a new one")
    yield Fields("contact", False, tuple(items), span=Span(start.start, sheet.line().end))


def _names(plan: Plan, sheet: Sheet) -> Iterator[Assign]:
    guesses = plan.guesses
    named = (
        ("NAME", (*guesses.first, *guesses.full)),
        ("SECOND_NAME", guesses.middle),
        ("LAST_NAME", guesses.last),
    )
    for crm, fields in named:
        if not fields:
            continue
        comment = _empty(fields)
        if crm == "NAME" and not guesses.first and not guesses.last:
            comment = comment or "TODO: the first name, or the whole one?"
        value = nodes.template(nodes.first_of(fields, nodes.filter("trim"), single=True))
        yield nodes.assign(crm, value, sheet.line(comment))


def entity(plan: Plan, sheet: Sheet) -> Fields:
    """The block of the lead or deal."""
    start = sheet.line()
    items = tuple(_items(plan, sheet))
    for listing in [each for each in plan.guesses.listings if _is_of_items(each)][:1]:
        _left_out(listing, sheet)
    return Fields(plan.entity, False, items, span=Span(start.start, sheet.line().end))


def _items(plan: Plan, sheet: Sheet) -> Iterator[Assign]:
    guesses = plan.guesses
    yield nodes.assign("TITLE", _title(plan), sheet.line())
    if guesses.key:
        flags: tuple[FlagName, ...] = ("search", "required") if plan.required else ("search",)
        span = sheet.line(f"TODO: add this field to {plan.entity}s in the CRM")
        value = nodes.template(nodes.first_of(guesses.key))
        yield nodes.assign(plan.key_field, value, span, *flags)
    yield from _money(plan, sheet)
    if guesses.comment:
        value = nodes.template(nodes.first_of(guesses.comment))
        yield nodes.assign("COMMENTS", value, sheet.line(_empty(guesses.comment)))
    answers = kept_answers(plan)
    if answers is not None:
        label, answer = nodes.key_param(answers.label), nodes.key_param(answers.answer or "")
        lines = nodes.lines_of(answers.steps, label, nodes.text(": "), answer)
        yield nodes.assign("COMMENTS", nodes.template(lines), sheet.line())
    for each in guesses.advertising:
        value = nodes.template(nodes.first_of(each.fields))
        yield nodes.assign(each.crm, value, sheet.line())
    for meaning, field in guesses.passed[:_MOST_OTHERS]:
        sheet.remark(f"TODO: {said(field.text, _SHOWN)} is the {meaning} of some samples, left out")


def _money(plan: Plan, sheet: Sheet) -> Iterator[Assign]:
    guesses = plan.guesses
    if guesses.amount:
        number = () if all(field.direct for field in guesses.amount) else (nodes.filter("decimal"),)
        value = nodes.template(nodes.first_of(guesses.amount, *number))
        yield nodes.assign("OPPORTUNITY", value, sheet.line(_empty(guesses.amount)))
    if guesses.currency:
        value = nodes.template(nodes.first_of(guesses.currency))
        yield nodes.assign("CURRENCY_ID", value, sheet.line(_empty(guesses.currency)))
    elif guesses.amount:
        example = CURRENCIES.get(guesses.region or "", "EUR")
        sheet.remark(f'TODO: in which currency? CURRENCY_ID = "{example}"')
    if guesses.odd_amount is not None:
        path = said(guesses.odd_amount.text, _SHOWN)
        sheet.remark(f"TODO: {path} is no plain number; make one of it for OPPORTUNITY")


def _title(plan: Plan) -> Template:
    guesses = plan.guesses
    word = "Order" if plan.entity == "deal" else "Request"
    people = (*guesses.first, *guesses.full, *guesses.last, *guesses.phones, *guesses.emails)
    told = [field for field in people if not field.listed]
    told = [*told[:1], *(field for field in told[1:] if field.plain)]
    if guesses.key and (plan.entity == "deal" or not told):
        number = nodes.filter("default", nodes.text("without a number"))
        value = nodes.first_of(guesses.key, *(() if plan.required else (number,)))
        return nodes.template(nodes.text(f"{word} "), value)
    if not told:
        return nodes.template(nodes.text(word))
    told = told[:_TITLE_PEOPLE] if all(field.direct for field in told) else told[:1]
    unknown = nodes.filter("default", nodes.text("an unknown person"))
    return nodes.template(nodes.text(f"{word} from "), nodes.first_of(told, unknown))


def _is_of_items(listing: Listing) -> bool:
    keys = [*listing.keys, *(step.name for step in listing.steps[-1:] if isinstance(step, Key))]
    return any(words_of(key) & word_list(ITEMS) for key in keys)


def _left_out(listing: Listing, sheet: Sheet) -> None:
    """A note on a list of objects, with the line that would keep it as text."""
    names = {words_of(key): key for key in listing.keys}
    what = [names[each] for each in ranked("name title product sku") if each in names]
    many = [names[each] for each in ranked("quantity qty count") if each in names]
    path = spelled(nodes.path(listing.steps))
    sheet.remark(f"TODO: {said(path, _SHOWN)} is a list, left out here. To keep it as text:")
    parts: list[Text | Param] = [nodes.key_param((what or listing.keys)[0])]
    if many:
        parts += [nodes.text(" × "), nodes.key_param(many[0])]
    shown = template_text(nodes.template(nodes.lines_of(listing.steps, *parts)))
    if len(shown) <= _LONGEST_EXAMPLE:
        sheet.remark(f"  COMMENTS = {shown}")


def _empty(fields: Sequence[Field]) -> str:
    """A remark where a guess rests on names alone."""
    return "" if any(field.values for field in fields) else "TODO: empty in every sample"
