"""Comments ``# leadlark: allow W201``, which silence a warning on their line or the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ..codes import ERRORS, WARNINGS
from ..language import nodes
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source, Span

_ALLOW: Final = re.compile(r"#\s*leadlark:\s*allow\b(?P<codes>.*)")
_WORD: Final = re.compile(r"[^\s,]+")
_UNUSED: Final = "W214"


@dataclass(frozen=True, slots=True)
class _Allowed:
    """A code that a comment allows on ``line`` and the one below it."""

    code: str
    line: int
    span: Span


def apply(
    source: Source, file: nodes.File, found: Iterable[Diagnostic], *, complete: bool
) -> list[Diagnostic]:
    """The diagnostics without the allowed ones, and W214 for comments that allow nothing.

    Where the file is not ``complete`` because lines of it could not be read, a comment may well
    be about one of them, and an unused one is no matter.
    """
    allowed = list(_allowed(source, file.comments))
    by_place: dict[tuple[str, int], list[_Allowed]] = {}
    for each in allowed:
        for line in (each.line, each.line + 1):
            by_place.setdefault((each.code, line), []).append(each)
    used: set[Span] = set()
    left: list[Diagnostic] = []
    for diagnostic in found:
        line = source.position(diagnostic.span.start).line
        silencing = by_place.get((diagnostic.code, line), [])
        if diagnostic.severity == "error" or not silencing:
            left.append(diagnostic)
        used.update(each.span for each in silencing)
    left += [
        _idle(source, each)
        for each in allowed
        if each.code not in WARNINGS or (complete and each.span not in used)
    ]
    return left


def _allowed(source: Source, comments: Sequence[nodes.CommentLine]) -> Iterable[_Allowed]:
    for comment in comments:
        match = _ALLOW.match(comment.text)
        if match is None:
            continue
        line = source.position(comment.span.start).line
        start = comment.span.start + match.start("codes")
        for word in _WORD.finditer(match["codes"]):
            yield _Allowed(word[0], line, Span(start + word.start(), start + word.end()))


def _idle(source: Source, allowed: _Allowed) -> Diagnostic:
    code = allowed.code
    if code in WARNINGS:
        message = f"nothing to allow: no {code} here"
        label, help = f"{code} is “{WARNINGS[code]}”", "leave out the comment"
        if code == _UNUSED:
            message, label = "W214 cannot be allowed", "it is about comments like this one"
    elif code in ERRORS:
        message = f"{code} is an error and cannot be allowed"
        label, help = f"{code} is “{ERRORS[code]}”", "correct what the error is about"
    else:
        meant = code.upper() if code.upper() in WARNINGS else None
        message, label = f"unknown code `{code}`", "not a warning"
        help = f"did you mean `{meant}`?" if meant else "write codes of warnings, such as W201"
    return Diagnostic(_UNUSED, message, source, allowed.span, label, help=help)
