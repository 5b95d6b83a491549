"""The page that lists all codes, and the ranges that they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from leadlark.codes import AUDIT, ERRORS, NOTES, PAYLOAD_ERRORS, WARNINGS

HEAD: Final = """\
# Codes of messages

A code never changes its meaning and is never used again.

An **error** or a **warning** is about a rule file and is told by `leadlark check`; warnings can be
silenced, see [the language](language.md#diagnostics). A **payload error** says why a request
cannot be read: nothing is decided and nothing is written. A **note** is a warning about one
payload and stands in its decision. A **finding** of `leadlark audit` is about recorded payloads
and the rules that decide them.

Every code has a page with what it means, an example, and what to do; `leadlark explain E101`
prints it.
"""

GROUPS: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    ("Errors in rule files", ERRORS),
    ("Warnings about rule files", WARNINGS),
    ("Requests that cannot be read", PAYLOAD_ERRORS),
    ("Notes of decisions", NOTES),
    ("Findings of an audit", AUDIT),
)

RANGES: Final = {
    "E1": "The text of a rule file",
    "E2": "Names",
    "E3": "Types",
    "E4": "Statements",
    "E5": "Limits of a rule file",
    "W2": "Warnings",
    "P1": "Content that is not understood",
    "P5": "Limits of a payload",
    "N1": "Notes on keys",
    "N2": "Notes on values",
    "N3": "Notes on contacts",
    "A1": "Payloads and rules",
    "A2": "Values",
    "A3": "Records",
    "A4": "Deliveries",
}
"""What the codes with the same beginning are about."""


def codes_page() -> str:
    """The page of all codes."""
    lines = [HEAD]
    for title, codes in GROUPS:
        lines += [f"## {title}", ""]
        ranges = [(each, list(of)) for each, of in groupby(codes.items(), key=_beginning)]
        for beginning, entries in ranges:
            if len(ranges) > 1:
                lines += [f"### {RANGES[beginning]}", ""]
            lines += ["| code | is about |", "|---|---|"]
            lines += [
                f"| [{code}](../engine/pages/{code}.md) | {about} |" for code, about in entries
            ]
            lines.append("")
    return "\n".join(lines)


def _beginning(entry: tuple[str, str]) -> str:
    return entry[0][:2]
