"""From the text of a rule file to nodes and diagnostics.

The whole file at once: what is wrong with its size and its characters, then its lines.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final, TypeAlias

from .. import limits
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source, Span
from ..release import EDITIONS
from . import mistakes
from .nodes import Auth, Channel, File, Path
from .plain_reading import PlainReading
from .reading import Reading

# Bidirectional controls can make a rule read otherwise than it works (Unicode TR 36).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
_SHOWN_CHARACTERS: Final = 20

Parsed: TypeAlias = tuple[File, tuple[Diagnostic, ...]]


def parse(source: Source) -> Parsed:
    """Read a rule file.

    Returns the file, without the lines that could not be read (their spans are in
    ``File.broken``), and what is wrong with its text, in order of places. Never raises for a
    text, whatever it holds.
    """
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size > limits.MAX_RULE_FILE_BYTES:
        message = f"the file is larger than {limits.MAX_RULE_FILE_BYTES // 1024} KiB"
        advice = "put channels into files of their own; a folder of files is loaded as one"
        problem = Diagnostic("E501", message, source, Span(0, 1), help=advice)
        return _nothing(source), (problem,)
    foreign = mistakes.foreign_file(source)
    if foreign is not None:
        return _nothing(source), (foreign,)
    text, forbidden = _visible(source)
    plain = PlainReading(source, text, "file")
    read: File | None = None if forbidden else plain.run()
    if read is not None:
        file = replace(read, comments=tuple(plain.comments))
        problems: list[Diagnostic] = []
    else:
        file, problems = _recovered(source, text)
        problems = [*forbidden, *problems]
    if file.edition not in EDITIONS and file.edition_span is not None:
        problems.append(mistakes.unknown_edition(source, file.edition_span, EDITIONS))
    file = replace(
        file,
        channels=tuple(_with_paths(source, channel, problems) for channel in file.channels),
    )
    return file, tuple(sorted(problems, key=lambda problem: problem.order))


def _recovered(source: Source, text: str) -> tuple[File, list[Diagnostic]]:
    """What can be read of a text with mistakes, and the mistakes."""
    reading = Reading(source, text, "file")
    read: File | None = reading.run()
    file = _nothing(source) if read is None else replace(read, broken=tuple(reading.broken))
    return replace(file, comments=tuple(reading.comments)), reading.problems


def _nothing(source: Source) -> File:
    return File(1, (), (), span=Span(0, len(source.text)), broken=(Span(0, len(source.text)),))


def _visible(source: Source) -> tuple[str, list[Diagnostic]]:
    """The text without its forbidden characters, and the complaints about them.

    Every character keeps its place: a carriage return alone ends a line, any other forbidden
    character is a blank, or a letter inside of a word, so that it is one mistake.
    """
    found = list(_FORBIDDEN.finditer(source.text))
    if not found:
        return source.text, []
    returns = [match for match in found if match[0] == "\r"]
    others = [match for match in found if match[0] != "\r"]
    problems = [mistakes.lone_return(source, match.start()) for match in returns[:1]]
    problems += [
        mistakes.forbidden_character(source, match.start()) for match in others[:_SHOWN_CHARACTERS]
    ]
    return _FORBIDDEN.sub(_instead, source.text), problems


def _instead(match: re.Match[str]) -> str:
    if match[0] == "\r":
        return "\n"
    around = match.string[max(0, match.start() - 1) : match.end() + 1]
    inside = len(around) == 3 and around[0].isalnum() and around[2].isalnum()
    return "_" if inside else " "


def _with_paths(source: Source, channel: Channel, problems: list[Diagnostic]) -> Channel:
    """The channel with the quoted path of ``auth token field "…"`` read."""

    def read(statement: Any) -> Any:
        key = statement.key if isinstance(statement, Auth) else None
        if key is None or statement.place != "field":
            return statement
        span = key.span
        plain = len(key.text) == span.end - span.start - 2  # between its quotes, without escapes
        offsets = [span.start + 1 + at if plain else span.start for at in range(len(key.text))]
        reading = Reading(source, key.text, "path", [*offsets, span.end - 1])
        path = reading.run()
        problems.extend(reading.problems)
        return replace(statement, path=path if isinstance(path, Path) else None)

    return replace(channel, statements=tuple(read(each) for each in channel.statements))
