"""The page of all filters, made of their declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from leadlark.filters import FILTERS, Example, FilterSpec
from leadlark.language.nodes import ParamType
from leadlark.values.value import ABSENT, Value, write_json

TYPES: Final[tuple[ParamType, ...]] = tuple(each for each in get_args(ParamType) if each != "any")

HEAD: Final = """\
# Filters

A filter stands behind a param, `<name | trim | upper>`, and makes a new value of the one before
it. Filters are read from left to right.

What all of them have in common:

- **No value passes through.** A param that is absent, null or blank text stays so behind a
  filter, unless the filter says otherwise (`default`, `count`).
- **A list** goes through a filter of single values element by element: the list keeps its length,
  and an element that gives no value becomes null. A filter of lists takes the list as a whole, and
  a single value as a list of one.
- **Arguments** are text in single quotes, numbers, or paths without brackets, whose value is read
  from the payload: `<mobile | default phone | default 'none'>`. Patterns, templates, date formats
  and table names cannot be read from a payload. `[NAME]` marks an argument that may be left out.
- **A value that a filter cannot read** becomes no value, with the warning N203; `phone` and
  `email` keep it as text, with N201 or N202.
- **What the checker knows** is the type that a filter takes and the type that it gives: a filter
  that is fed a type it does not take is error E301. The type `any`, which undeclared params have,
  fits everywhere.
- **Text that a filter makes** is cut at 64 KiB, with the warning N207; a list ends where its
  texts are over 1 MiB together.

In the examples the value on the left is what the param reads, written as JSON; → shows what the
filter gives, and a code in parentheses the warning.
"""

DATES: Final = """\
## Date formats

The formats of `date` are made of these directives; everything else stands for itself. They mean
the same on every machine, names are English.

| directive | stands for | directive | stands for |
|---|---|---|---|
| `%Y` `%y` | year, of four and of two digits (69: 1969) | `%H` `%I` | hour of 24 and of 12 |
| `%m` | month | `%M` `%S` | minute, second |
| `%d` | day of the month | `%f` | fraction of a second, six digits |
| `%j` | day of the year | `%p` | AM or PM |
| `%B` `%b` | month by name: March, Mar | `%z` `%Z` | offset: +0300, UTC+03:00 |
| `%A` `%a` | weekday: Monday, Mon | `%%` | a percent sign |

Without an input format a date is read as ISO 8601: `2026-01-31`, `2026-01-31T09:30:00+03:00`,
`20260131T093000Z`. What has no offset is in UTC.
"""


def filters_page() -> str:
    """The page of all filters, in the order of their names."""
    specs = [FILTERS[name] for name in sorted(FILTERS)]
    index = " ".join(f"[`{spec.name}`](#{spec.name})" for spec in specs)
    sections = ("\n".join(_section(spec)) for spec in specs)
    return "\n".join((HEAD, f"{index}\n", *sections, DATES))


def _section(spec: FilterSpec) -> Iterator[str]:
    yield f"## {spec.name}\n"
    yield f"`{spec.signature}`: {spec.doc}\n"
    yield f"Takes {_taken(spec)}. Gives {_given(spec)}.\n"
    states = spec.states
    yield "| absent | null | empty text | a list |"
    yield "|---|---|---|---|"
    yield f"| {states.absent} | {states.null} | {states.empty} | {states.list} |\n"
    yield "```text"
    yield from _examples(spec)
    yield "```\n"


def _taken(spec: FilterSpec) -> str:
    taken = [each for each in TYPES if each in spec.accepts]
    if len(taken) == len(TYPES):
        return "every type"
    return f"{', '.join(taken[:-1])} and {taken[-1]}" if len(taken) > 1 else taken[0]


def _given(spec: FilterSpec) -> str:
    match spec.returns:
        case "same":
            return "the type it is fed, where its argument is of that type too"
        case "any":
            return "any type"
        case named:
            return named if spec.whole else f"{named}, or a list of such"


def _examples(spec: FilterSpec) -> Iterator[str]:
    left = [f"{_value(each.value)} | {_call(spec, each)}" for each in spec.examples]
    width = max(map(len, left))
    for written, example in zip(left, spec.examples, strict=True):
        note = f"  ({example.note})" if example.note else ""
        yield f"{written:<{width}}  →  {_value(example.result)}{note}"


def _call(spec: FilterSpec, example: Example) -> str:
    return f"{spec.name} {example.arguments}".strip()


def _value(value: Value) -> str:
    return "no value" if value is ABSENT else write_json(value)
