"""Values that cannot do what their field is for: codes A201 to A203."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ..mapping.mapped import Kind
from .finding import SHOWN, Finding, many
from .observed import MAX_OTHERS, NAME, KeySeen, Observed

MANY: Final = 3
"""From so many different people on a search key is said to be shared: spouses share a phone."""


def wrong_phones(observed: Observed) -> Iterator[Finding]:
    """A201: values of phone fields that are no phone numbers."""
    advice = "see whether the `region` fits; what is no phone number is never searched for"
    return _wrong(observed, "A201", "phone", "phone number", advice)


def wrong_emails(observed: Observed) -> Iterator[Finding]:
    """A202: values of e-mail fields that are no e-mail addresses."""
    advice = "have the form check it; what is no e-mail address is never searched for"
    return _wrong(observed, "A202", "email", "e-mail address", advice)


def shared_keys(observed: Observed) -> Iterator[Finding]:
    """A203: search keys that come with many different people, one finding a field."""
    by_field: dict[str, list[KeySeen]] = {}
    for key, seen in observed.keys.items():
        if _people(seen) >= MANY:
            by_field.setdefault(key.field, []).append(seen)
    for name, several in by_field.items():
        several.sort(key=_people, reverse=True)
        examples = tuple(
            replace(each.example, told=f"in {many(each.count, 'payload')}, with {_with(each)}")
            for each in several[:SHOWN]
        )
        yield Finding(
            "A203",
            "warning",
            name,
            f"{many(len(several), 'value')} of {name} "
            f"{'is a search key' if len(several) == 1 else 'are search keys'} of many people",
            len(several),
            examples,
            help="put the field into a `when` that such values do not fulfil, or drop `search`",
        )


def _wrong(observed: Observed, code: str, kind: Kind, thing: str, advice: str) -> Iterator[Finding]:
    for seen in observed.fields.values():
        wrong = seen.wrong
        if seen.kind != kind or not wrong.count:
            continue
        name = seen.assign.field.name
        verb = f"is no {thing}" if wrong.count == 1 else f"are no {thing}{_plural(thing)}"
        yield Finding(
            code,
            "warning",
            f"{seen.target}.{name}",
            f"{wrong.count:,} of {many(seen.values, 'value')} of {name} {verb}",
            wrong.count,
            tuple(wrong.examples),
            line=observed.program.source.position(seen.assign.span.start).line,
            help=advice,
        )


def _plural(thing: str) -> str:
    return "es" if thing.endswith("s") else "s"


def _people(seen: KeySeen) -> int:
    """How many people a key has, by what differs most."""
    return max(map(len, seen.others.values()), default=0)


def _with(seen: KeySeen) -> str:
    """The different values that come with a key, counted."""
    counted = [
        f"{len(values)}{' or more' if len(values) == MAX_OTHERS else ''} different "
        f"{NAME if name == NAME else f'values of {name}'}"
        for name, values in sorted(seen.others.items())
        if len(values) >= MANY
    ]
    return " and ".join(counted)
