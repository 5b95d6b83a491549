"""What a draft declares of the payload: the params that its rules read, and those they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from ..language.nodes import ParamType, Path
from ..language.spelling import path as spelled
from . import nodes
from .fields import Answers, Field, type_text
from .planning import Plan
from .sheet import said

Declaration: TypeAlias = tuple[Path, ParamType, bool]
"""A path, its type, and whether it is required."""

_LONGEST: Final = 60


def used(plan: Plan) -> tuple[Field, ...]:
    """The fields that the channel reads."""
    return (*plan.guesses.mapped, *((plan.test,) if plan.test else ()))


def kept_answers(plan: Plan) -> Answers | None:
    """The labelled values that are kept as text, where the samples hold no comment."""
    if plan.guesses.comment:
        return None
    return next((each for each in plan.guesses.answers if each.label and each.answer), None)


def declarations(plan: Plan) -> list[Declaration]:
    """The params that are read, in the order of the samples' keys, each once."""
    found: dict[str, Declaration] = {}
    types = {id(field): kind for field, kind in _types(plan)}
    key = plan.guesses.key[0] if plan.required and len(plan.guesses.key) == 1 else None
    read = {id(field) for field in used(plan)}
    for field in plan.fields.fields:
        if id(field) in read:
            kind = types[id(field)] if field.direct else field.source.type
            path = nodes.declared_steps(plan.each, field.source.steps)
            found.setdefault(spelled(path, "[]"), (path, kind, field is key and field.direct))
    answers = kept_answers(plan)
    if answers is not None:
        path = nodes.declared_steps(plan.each, answers.source.steps)
        found.setdefault(spelled(path, "[]"), (path, answers.source.type, False))
    return list(found.values())


def undeclared(plan: Plan) -> Iterator[tuple[str, str]]:
    """The other params, as they would be declared: path and type."""
    told = {spelled(path, "[]") for path, _, _ in declarations(plan)}
    for field in plan.fields.fields:
        path = spelled(nodes.declared_steps(plan.each, field.source.steps), "[]")
        if path not in told:
            told.add(path)
            yield said(path, _LONGEST), type_text(field) if field.direct else field.source.type
    for listing in plan.fields.listings:
        path = spelled(nodes.declared_steps(plan.each, listing.steps), "[]")
        if path not in told and listing.direct:
            told.add(path)
            yield said(path, _LONGEST), "list"


def _types(plan: Plan) -> Iterator[tuple[Field, ParamType]]:
    """The declared type of each field that is read, which takes all values of the samples."""
    guesses = plan.guesses
    typed: tuple[tuple[tuple[Field, ...], ParamType], ...] = (
        (guesses.phones, "phone"),
        (guesses.emails, "email"),
        (guesses.amount, "decimal"),
    )
    for fields, kind in typed:
        yield from ((field, "list" if field.listed else kind) for field in fields)
    for field in guesses.key:
        whole = all(isinstance(value, int) for value in field.values.values())
        yield field, "integer" if whole else "text"
    if plan.test is not None:
        yield plan.test, "bool" if plan.flag else "text"
    names = (*guesses.first, *guesses.middle, *guesses.last, *guesses.full)
    told = (field for each in guesses.advertising for field in each.fields)
    for field in (*names, *guesses.currency, *guesses.comment, *told):
        yield field, "list" if field.listed else "text"
