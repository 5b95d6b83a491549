"""Writes the pages that are made of the code's own tables: filters.md and diagnostics.md.

``python docs/generate.py`` writes them; with ``--check`` nothing is written and the exit status
is 1 where a page is out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, get_args

from leadlark.codes import ERRORS, NOTES, PAYLOAD_ERRORS, WARNINGS
from leadlark.filters import FILTERS, Example, FilterSpec
from leadlark.language.nodes import ParamType
from leadlark.values.value import ABSENT, Value, write_json

FOLDER: Final = Path(__file__).parent
COMMAND: Final = "python docs/generate.py"

TYPES: Final[tuple[ParamType, ...]] = tuple(each for each in get_args(ParamType) if each != "any")

FILTERS_HEAD: Final = """\
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

DIAGNOSTICS_HEAD: Final = """\
# Codes of messages

A code never changes its meaning and is never used again.

An **error** or a **warning** is about a rule file and is told by `leadlark check`; warnings can be
silenced, see [the language](language.md#diagnostics). A **payload error** says why a request
cannot be read: nothing is decided and nothing is written. A **note** is a warning about one
payload and stands in its decision.

Every code has a page with what it means, an example, and what to do; `leadlark explain E101`
prints it.
"""

CODES: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("Errors in rule files", ERRORS),
    ("Warnings about rule files", WARNINGS),
    ("Requests that cannot be read", PAYLOAD_ERRORS),
    ("Notes of decisions", NOTES),
)


def filters_page() -> str:
    """The page of all filters, in the order of their names."""
    specs = [FILTERS[name] for name in sorted(FILTERS)]
    index = " ".join(f"[`{spec.name}`](#{spec.name})" for spec in specs)
    sections = ("\n".join(_section(spec)) for spec in specs)
    return "\n".join((_marked(FILTERS_HEAD), f"{index}\n", *sections, DATES))


def diagnostics_page() -> str:
    """The page of all codes."""
    lines = [_marked(DIAGNOSTICS_HEAD)]
    for title, codes in CODES:
        lines += [f"## {title}", "", "| code | is about |", "|---|---|"]
        lines += [
            f"| [{code}](../engine/pages/{code}.md) | {about} |"
            for code, about in sorted(codes.items())
        ]
        lines.append("")
    return "\n".join(lines)


PAGES: Final = {"filters.md": filters_page, "diagnostics.md": diagnostics_page}


def outdated() -> list[str]:
    """The names of the pages that are not as they would be written now."""
    return [name for name, page in PAGES.items() if _held(FOLDER / name) != page()]


def _held(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.exists() else None


def _marked(head: str) -> str:
    title, rest = head.split("\n", 1)
    return f"{title}\n\n<!-- Written by `{COMMAND}`: change the code, not this page. -->\n{rest}"


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


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are out of date."""
    stale = outdated()
    if arguments == ["--check"]:
        for name in stale:
            sys.stderr.write(f"docs/{name} is out of date: run `{COMMAND}`\n")
        return 1 if stale else 0
    if arguments:
        sys.stderr.write(f"usage: {COMMAND} [--check]\n")
        return 2
    for name in stale:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
