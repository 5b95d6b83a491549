"""An audit as text for people: the findings of a code together, what they are about in a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from ..auditing.audit import Audit
from ..auditing.finding import Example, Finding
from ..messages.snippet import visible
from ..request.place import Place
from ..values.value import Json, write_json

_ROWS: Final = 20
_LONGEST: Final = 80
_LONG: Final = 300

Segment = tuple[str, str]


def segments(audit: Audit) -> Iterator[Segment]:
    """Pieces of text with their styles, lines separated."""
    yield ("message" if audit.findings else "good"), summary(audit)
    for _, alike in groupby(audit.findings, key=lambda each: (each.code, each.severity)):
        several = list(alike)
        yield "plain", "\n\n"
        yield several[0].severity, f"{several[0].severity}[{several[0].code}]"
        yield "message", f": {several[0].title}"
        for finding in several[:_ROWS]:
            yield "plain", f"\n  {_placed(finding)}"
            yield from _examples(finding, audit.payloads)
        if len(several) > _ROWS:
            yield "dim", f"\n  and {len(several) - _ROWS:,} more; --format json has all of them"
        for help in dict.fromkeys(each.help for each in several if _is_common(each)):
            yield "help", "\n  = help: "
            yield "plain", str(help)
    if audit.findings:
        code = audit.findings[0].code
        yield "dim", f"\n\n`leadlark explain {code}` tells more, as for every code"


def summary(audit: Audit) -> str:
    """What was looked at, and how much was found, in two sentences."""
    errors = sum(each.severity == "error" for each in audit.findings)
    warnings = len(audit.findings) - errors
    found = " and ".join(
        _many(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count
    )
    told = _looked_at(audit)
    return f"{told}\n{found or 'nothing found'}" if audit.payloads else told


def _looked_at(audit: Audit) -> str:
    total = sum(audit.payloads.values())
    if total == 0:
        return f"there is no payload for {audit.channel} in the files, so nothing was audited"
    if audit.unreadable == total:
        whole = "the only payload" if total == 1 else f"none of the {total:,} payloads"
        can = "cannot be read" if total == 1 else "can be read"
        return f"{whole} for {audit.channel} {can}, so nothing was decided{_way_out(audit)}"
    counts = {**audit.actions, "unreadable": audit.unreadable}
    actions = ", ".join(
        f"{counts[action]:,} {action}"
        for action in ("create", "update", "ignore", "reject", "unreadable")
        if counts.get(action)
    )
    others = f", and in {_many(audit.orders, 'other order')}" if audit.orders else ""
    tried = f"decided in order{',' if others else ' and'} repeated{others}"
    if audit.decided < total - audit.unreadable:
        tried = f"the first {audit.decided:,} {tried}"
    return f"{_many(total, 'payload')} for {audit.channel}: {actions}; {tried}"


def _way_out(audit: Audit) -> str:
    """Where no payload can be read, how files are told apart, if that can be what is wrong."""
    examples = (example for finding in audit.findings for example in finding.examples)
    if not any((example.told or "").startswith("P101") for example in examples):
        return ""
    return "; the suffix of a file says what it holds: .json, .ndjson, .jsonl or .form"


def _placed(finding: Finding) -> str:
    line = f" (line {finding.line})" if finding.line is not None else ""
    help = f"; {finding.help}" if finding.code == "A102" and finding.help else ""
    return f"{_short(finding.message)}{line}{help}"


def _is_common(finding: Finding) -> bool:
    """Whether the way out stands below all findings of its code, not beside each."""
    return finding.help is not None and finding.code != "A102"


def _examples(finding: Finding, counts: Mapping[str, int]) -> Iterator[Segment]:
    examples = finding.examples
    if finding.code == "A101":
        for example in examples:
            if example.values:
                yield "dim", f", such as {_value(example.values[0])}"
        return
    for example in examples:
        yield "plain", "\n    "
        yield "place", _short(Place.texts(example.places, counts), _LONG)
        told = _told(finding.code, example)
        if told:
            yield "plain", f": {told}"


def _told(code: str, example: Example) -> str:
    keys = ", ".join(f"{_short(key.field)} {_short(key.value)}" for key in example.keys)
    values = " -> ".join(map(_value, example.values))
    told = "" if example.told is None else _short(example.told, _LONG)
    parts = (told, keys and f"({keys})") if code == "A402" else (keys, values, told)
    return " ".join(filter(None, parts))


def _value(value: Json) -> str:
    return "nothing" if value is None else _short(write_json(value))


def _short(text: str, longest: int = _LONGEST) -> str:
    shown = visible(text.replace("\r\n", "\n").replace("\n", " ⏎ "))
    return shown if len(shown) <= longest else f"{shown[:longest]}…"


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
