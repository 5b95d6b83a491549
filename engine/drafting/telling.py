"""What is said about a draft: above its rules, above its cases, and to who asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..language.spelling import path as spelled
from .fields import Field
from .guesses import Guesses
from .nodes import path
from .planning import Plan
from .samples import Sample
from .sheet import said

_NAMED: Final = 5
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Guess:
    """One guess: what a param means, the CRM field that it is written into, and why.

    ``field`` is None where it is written nowhere. ``count`` are the samples that have a value.
    """

    meaning: str
    path: str
    field: str | None
    count: int

    def to_dict(self) -> dict[str, Any]:
        """The guess as JSON values."""
        return {
            "meaning": self.meaning,
            "path": self.path,
            "field": self.field,
            "samples": self.count,
        }


def guesses(plan: Plan) -> Iterator[Guess]:
    """Every guess, in the order in which people ask for them."""
    made = plan.guesses
    named: tuple[tuple[str, str | None, tuple[Field, ...]], ...] = (
        ("key", plan.key_field, made.key),
        ("phone", "PHONE", made.phones),
        ("e-mail", "EMAIL", made.emails),
        ("first name", "NAME", made.first),
        ("full name", "NAME", made.full),
        ("middle name", "SECOND_NAME", made.middle),
        ("last name", "LAST_NAME", made.last),
        ("amount", "OPPORTUNITY", made.amount),
        ("currency", "CURRENCY_ID", made.currency),
        ("comment", "COMMENTS", made.comment),
        ("test", None, (plan.test,) if plan.test else ()),
        ("secret", None, made.secrets),
    )
    for meaning, crm, fields in named:
        for field in fields:
            yield Guess(meaning, _path(field), crm, len(field.values))
    for each in made.advertising:
        for field in each.fields:
            yield Guess("advertising", _path(field), each.crm, len(field.values))


def notes(plan: Plan) -> Iterator[str]:
    """What is to be known of the draft beside its guesses: sentences."""
    made = plan.guesses
    if plan.reasons:
        yield f"A request becomes a {plan.entity}, {plan.reasons}; --entity says otherwise"
    if plan.each:
        yield f"Each element of a list, {plan.samples:,} in the samples, is decided by itself"
    if made.region is not None and made.phones and not made.region_told:
        yield f"Phones without a country code are read as of {made.region}; --region tells it"
    if made.phones and made.region is None:
        yield "No country was found for phones without a country code; --region tells it"
    if plan.ignored:
        yield f"Ignored, as pings or tests: {len(plan.ignored):,} of {plan.samples:,} samples"
    if made.key and not plan.required:
        have = frozenset(at for field in made.key for at in field.values)
        yield f"Only {len(have):,} of {plan.samples:,} samples have a number of their own"
    if not made.key:
        yield "Nothing looks like a number of the request, so it is not known when it comes again"
    yield from _left_out(made)
    if plan.fields.long:
        yield "Keys of more than 100 characters are passed over"


def _left_out(made: Guesses) -> Iterator[str]:
    """What is written nowhere, though it may have to be; and what may be a secret."""
    if made.others:
        yield f"Left out, being no client's for sure: {', '.join(map(_path, made.others[:_NAMED]))}"
    if made.passed:
        named = ", ".join(_path(field) for _, field in made.passed[:_NAMED])
        more = ", …" if len(made.passed) > _NAMED else ""
        yield f"Left out, though some samples have what they tell nowhere else: {named}{more}"
    if made.secrets:
        yield f"{_path(made.secrets[0])} looks like a secret; the samples and cases hold it"
    if made.listings:
        yield f"Left out, as a list: {said(spelled(path(made.listings[0].steps)), _SHOWN)}"


def header(plan: Plan, samples: Sequence[Sample]) -> list[str]:
    """The comment above the rules: what they are made of, and how to go on."""
    lines = [
        f"A draft, made of {_sources(samples)}.",
        "",
        "How to go on:",
        "  1. Read the lines with TODO: there the draft guesses, or the samples do not tell.",
        f"  2. {plan.address}.test.yaml says what becomes of the samples now. Write there what",
        "     should become of them, and change the rules until `leadlark test` passes.",
    ]
    step = 3
    if plan.key_field:
        lines.append(f"  {step}. In the CRM add the {plan.entity} field {plan.key_field}.")
        step += 1
    lines.append(f"  {step}. Let the sender send to https://HOST/in/{plan.address}.")
    return lines


def case_header(plan: Plan, samples: Sequence[Sample]) -> list[str]:
    """The comment above the cases."""
    lines = [f"What the draft of {plan.address}.channel decides of {_sources(samples)}.", ""]
    held = []
    if any(_people(plan)):
        held.append("personal data")
    if plan.guesses.secrets:
        held.append(f"what looks like a secret ({_path(plan.guesses.secrets[0])})")
    if held:
        lines.append(f"The samples stand here as they are. They hold {' and '.join(held)}.")
    lines.append("Where the draft is wrong, correct what is expected here, then the rules.")
    return lines


def _people(plan: Plan) -> Iterator[bool]:
    made = plan.guesses
    for field in (*made.phones, *made.emails, *made.others, *made.first, *made.last, *made.full):
        yield bool(field.values)


def _sources(samples: Sequence[Sample]) -> str:
    names = list(dict.fromkeys(sample.title for sample in samples))
    shown = ", ".join(names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    count = f"{len(samples):,} sample{'' if len(samples) == 1 else 's'}"
    return f"{count}: {shown}{more}"


def _path(field: Field) -> str:
    return said(field.text, _SHOWN)
