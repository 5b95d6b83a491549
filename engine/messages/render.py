"""Diagnostics to text with carets, to one line, and to JSON.

Segments carry the names of styles (see `snippet.Style`); what colour a style has is decided
where text meets a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from .diagnostics import Diagnostic, Edit
from .snippet import Mark, Row, Segment, excerpt, mark, visible
from .source import Source, Span

PAGES: Final = "engine/pages"
"""The folder of the pages that explain the codes, from the root of the repository."""


def full_segments(diagnostic: Diagnostic) -> list[Segment]:
    """A diagnostic with its source lines, as (style, text) pieces without a last line break."""
    severity = diagnostic.severity
    place = diagnostic.source.position(diagnostic.span.start)
    groups = _marks(diagnostic)
    rewritten = _rewritten(diagnostic)
    numbers = [number for _, lines in groups for number in lines]
    gutter = len(str(max(numbers + [number for number, _, _ in rewritten])))
    rows: list[Row] = [
        [(severity, f"{severity}[{diagnostic.code}]"), ("message", f": {_one(diagnostic.message)}")]
    ]
    arrow = "-->"
    for source, lines in groups:
        if source is diagnostic.source:
            where = _at(source, place.line, place.column)
        else:
            first = min(lines)
            where = _at(source, first, min(each.start for each in lines[first]) + 1)
        rows.append([("gutter", f"{' ' * gutter}{arrow} "), ("place", where)])
        rows.append(_edge(gutter))
        rows += _excerpts(source, lines, gutter)
        arrow = ":::"
    if diagnostic.help or rewritten:
        rows.append(_edge(gutter))
        shown = _one(diagnostic.help or "rewrite it")
        rows.append([("gutter", f"{' ' * gutter} = "), ("help", "help"), ("message", f": {shown}")])
    for number, line, changed in rewritten:
        rows.append(_edge(gutter))
        rows += excerpt(line, number, changed, gutter)
    segments: list[Segment] = []
    for row in rows:
        if segments:
            segments.append(("plain", "\n"))
        segments += row
    return segments


def full(diagnostic: Diagnostic) -> str:
    """A diagnostic with its source lines and carets, without a last line break."""
    return "".join(text for _, text in full_segments(diagnostic))


def concise(diagnostic: Diagnostic) -> str:
    """A diagnostic on one line: ``file:line:column: error E101: message``."""
    place = diagnostic.source.position(diagnostic.span.start)
    where = _at(diagnostic.source, place.line, place.column)
    return f"{where}: {diagnostic.severity} {diagnostic.code}: {_one(diagnostic.message)}"


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as JSON values; lines and columns from 1, columns in characters.

    ``end_line`` and ``end_column`` are the place behind the last character. ``url`` leads to the
    code's page from the root of the repository. A related place in another file has that file's
    ``path``.
    """
    related = []
    for each in diagnostic.related:
        source = each.source or diagnostic.source
        at = source.position(each.span.start)
        entry: dict[str, Any] = {"line": at.line, "column": at.column, "label": each.text}
        if source is not diagnostic.source:
            entry["path"] = source.name
        related.append(entry)
    edits = [{**_range(diagnostic.source, edit.span), "text": edit.text} for edit in diagnostic.fix]
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "path": diagnostic.source.name,
        **_range(diagnostic.source, diagnostic.span),
        "label": diagnostic.label,
        "related": related,
        "help": diagnostic.help,
        "fix": {"edits": edits} if edits else None,
        "url": f"{PAGES}/{diagnostic.code}.md",
    }


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each severity: ``2 errors, 1 warning``; or ``no problems``."""
    counts = {"error": 0, "warning": 0}
    for diagnostic in diagnostics:
        counts[diagnostic.severity] += 1
    parts = [
        f"{count} {severity}{'' if count == 1 else 's'}"
        for severity, count in counts.items()
        if count
    ]
    return ", ".join(parts) or "no problems"


def _one(text: str) -> str:
    """Text that stays on one line and moves nothing on a terminal."""
    return visible(text.replace("\n", " "))


def _at(source: Source, line: int, column: int) -> str:
    return f"{visible(source.name)}:{line}:{column}"


def _edge(gutter: int) -> Row:
    return [("gutter", " " * gutter + " |")]


def _range(source: Source, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }


def _marks(diagnostic: Diagnostic) -> list[tuple[Source, dict[int, list[Mark]]]]:
    """The marks of every file concerned by their lines, the diagnostic's own file first."""
    severity = diagnostic.severity
    number, primary = mark(diagnostic.source, diagnostic.span, diagnostic.label, severity, "^")
    groups: list[tuple[Source, dict[int, list[Mark]]]] = [(diagnostic.source, {number: [primary]})]
    for each in diagnostic.related:
        source = each.source or diagnostic.source
        number, second = mark(source, each.span, each.text, "related", "-")
        for known, lines in groups:
            if known is source:
                lines.setdefault(number, []).append(second)
                break
        else:
            groups.append((source, {number: [second]}))
    return groups


def _excerpts(source: Source, lines: dict[int, list[Mark]], gutter: int) -> Iterator[Row]:
    before: int | None = None
    for number in sorted(lines):
        if before is not None and number > before + 1:
            yield [("gutter", "." * max(3, gutter))]
        yield from excerpt(source.line(number), number, lines[number], gutter)
        before = number


def _rewritten(diagnostic: Diagnostic) -> list[tuple[int, str, Sequence[Mark]]]:
    """The line as the fix leaves it, where the fix stays within one line of some text."""
    edits = sorted(diagnostic.fix, key=lambda edit: edit.span.start)
    if not edits:
        return []
    begin = diagnostic.source.position(edits[0].span.start)
    line = diagnostic.source.line(begin.line)
    start = edits[0].span.start - (begin.column - 1)
    within = all(edit.span.end <= start + len(line) and "\n" not in edit.text for edit in edits)
    if not within:
        return []
    text, marks = _edited(line, start, edits)
    return [(begin.line, text, marks)] if text.strip() else []


def _edited(line: str, start: int, edits: Sequence[Edit]) -> tuple[str, list[Mark]]:
    """The line with the edits made, and marks under what they put there."""
    pieces: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for edit in edits:
        kept = line[at : edit.span.start - start]
        pieces += [kept, edit.text]
        length += len(kept)
        sign = "~" if edit.text.strip() else ""
        marks.append(Mark(length, length + len(edit.text), "", "fix", sign))
        length += len(edit.text)
        at = edit.span.end - start
    pieces.append(line[at:])
    return "".join(pieces).rstrip(), marks
