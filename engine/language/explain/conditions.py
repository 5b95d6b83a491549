"""Mistakes in conditions: what stands before, between and behind comparisons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Block, Found, Line
from .words import CONDITION, OPERATORS, Explained, rewritten

_NOTHING: Final = r"(?:null|none|nil|undefined|empty|blank|missing|absent)\b"
_SOMETHING: Final = r"(?:exists|present|defined|set|filled|something)\b"
_STATE: Final = re.compile(rf"(not\s+)?(?:({_NOTHING})|({_SOMETHING}))", re.IGNORECASE)
_EQUALS_NOTHING: Final = re.compile(rf"=\s*({_NOTHING})", re.IGNORECASE)
_NEGATED: Final = re.compile(r"not\s+(?=(in|contains|starts|ends|matches|is)\b)")
_FOREIGN: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), right)
    for pattern, right in (
        (r"=~|~=?", "matches"),
        (r"=!=?|≠|/=|ne\b|neq\b", "!="),
        (r"=<|≤|lte\b", "<="),
        (r"=>|≥|gte\b", ">="),
        (r"(?:equals?|eq)\b", "=="),
        (r"gt\b", ">"),
        (r"lt\b", "<"),
        (r"(?:starts?_?with|begins?(?:_|\s+)?(?:with\b)?)", "starts with"),
        (r"ends?_?with", "ends with"),
        (r"(?:includes?|contain|has)\b", "contains"),
        (r"(?:like|match|regexp?)\b", "matches"),
    )
)
_WORDS: Final = {"&&": "and", "&": "and", "||": "or", "и": "and", "или": "or"}
_BARE: Final = re.compile(
    r"(@?[^\W\d][\w.\[\]-]*)(?=\s*(?:[=!<>]|(?:is|in|contains|starts|ends|matches)\b))"
)
_QUOTED: Final = re.compile(r'"(<[^<>"\r\n]+>)"')
_BRACES: Final = re.compile(r"\$?\{\{?\s*([^\W\d][\w.-]*)\s*\}?\}|\$([^\W\d][\w.-]*)")
_LISTED: Final = re.compile(
    r'\[([^\[\]\r\n]*)\]|\{([^{}\r\n]*)\}|("[^"\r\n]*"(?:\s*,\s*"[^"\r\n]*")*)'
)


def no_value(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A comparison with `null`, or a test such as `is empty`: `is absent` says so."""
    text = line.source.text
    span: Span | None = None
    absent = True
    if line.last in ("EQUAL_TO", "NOT_EQUAL_TO") and "QUOTE" in expected:
        state = _STATE.match(text, found.start)
        if state is not None and state[1] is None and state[2] is not None:
            span = Span(line.spans[-1].start, state.end())
            absent = line.last == "EQUAL_TO"
    elif expected >= OPERATORS and found.type == "EQUAL":
        compared = _EQUALS_NOTHING.match(text, found.start)
        span = Span(found.start, compared.end()) if compared is not None else None
    elif line.last == "IS" or (expected >= OPERATORS and found.type == "NAME"):
        state = _STATE.match(text, found.start)
        if state is not None:
            start = line.spans[-1].start if line.last == "IS" else found.start
            span = Span(start, state.end())
            absent = (state[2] is not None) is (state[1] is None)
    if span is None:
        return None
    right = "is absent" if absent else "is present"
    message = (
        "a param without a value is `absent`" if absent else "a param with a value is `present`"
    )
    return rewritten(line, message, span, right, "absent, null and empty text are all no value")


def foreign_operator(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """An operator of another language, or one spelt otherwise."""
    text = line.source.text
    before = line.spans[-1] if line.spans else Span(found.start, found.start)
    if before.end == found.start and line.last in ("EQUAL_TO", "NOT_EQUAL_TO", "LANGLE"):
        glued = text[before.start : found.end]
        right = {"===": "==", "!==": "!=", "<>": "!="}.get(glued)
        if right is not None and "QUOTE" in expected:
            return _operator(line, Span(before.start, found.end), right)
    if line.last == "IS" and found.type in ("QUOTE", "NUMBER") and "PRESENT" in expected:
        return _operator(line, before, "==")
    if not expected >= OPERATORS:
        return None
    for pattern, right in _FOREIGN:
        match = pattern.match(text, found.start)
        if match is not None and match.end() > found.start:
            return _operator(line, Span(found.start, match.end()), right)
    return None


def _operator(line: Line, span: Span, right: str) -> Diagnostic:
    wrong = line.source.text[span.start : span.end].strip()
    return rewritten(line, f"`{wrong}` is written `{right}`", span, right)


def connective(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """`&&`, `||` and `!`, and a `then` behind the condition."""
    text = line.source.text
    if expected >= {"AND", "OR"}:
        right = _WORDS.get(found.text) or _WORDS.get(text[found.start : found.start + 2])
        if right is not None:
            sign = found.text if found.text in _WORDS else text[found.start : found.start + 2]
            span = Span(found.start, found.start + len(sign))
            return _operator(line, span, right)
        if found.text in ("then", "do") or (found.text == ":" and line.types[0] != "WHEN"):
            span = Span(line.end, found.end)
            return rewritten(line, f"no `{found.text}` stands behind a condition", span, "")
        if found.text == ":":
            return rewritten(
                line, "no `:` stands behind a condition", Span(line.end, found.end), ""
            )
    if expected >= CONDITION and found.text in ("!", "¬", "не"):
        blank = "" if text[found.end : found.end + 1].isspace() else " "
        message = f"`{found.text}` is written `not`"
        return rewritten(line, message, found.span, f"not{blank}")
    return None


def negated(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """`not` between a param and its comparison."""
    match = _NEGATED.match(line.source.text, found.start)
    subject = line.since("LANGLE")
    if match is None or subject is None or not expected >= OPERATORS:
        return None
    param = line.source.text[subject.start : subject.end]
    return Diagnostic(
        "E101",
        "`not` stands before the param of a comparison",
        line.source,
        found.span,
        help=f"write `not {param} {match[1]} …`",
        fix=(
            Edit(Span(subject.start, subject.start), "not "),
            Edit(Span(match.start(), match.end()), ""),
        ),
    )


def bare_subject(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A comparison that does not begin with a param in `<…>`."""
    if not expected >= CONDITION:
        return None
    text = line.source.text
    for pattern in (_QUOTED, _BRACES, _BARE):
        match = pattern.match(text, found.start)
        if match is None:
            continue
        param = match[1] or match[2]
        right = param if pattern is _QUOTED else f"<{param}>"
        message = "a param in a condition stands in `<…>`"
        if pattern is _QUOTED:
            message = "on the left of a comparison a param stands without quotes"
        return rewritten(line, message, Span(match.start(), match.end()), right)
    if found.type == "QUOTE":
        return Diagnostic(
            "E101",
            "a comparison begins with a param, not with a text",
            line.source,
            found.span,
            help='write the param on the left: `<param> == "text"`',
        )
    return None


def bare_list(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """The values behind `in` without parentheses, or in those of another language."""
    if line.last != "IN" or "LPAR" not in expected:
        return None
    match = _LISTED.match(line.source.text, found.start)
    if match is not None:
        values = next(each for each in match.groups() if each is not None).strip()
        message = "the values behind `in` stand in parentheses"
        return rewritten(line, message, Span(match.start(), match.end()), f"({values})")
    subject = line.since("LANGLE")
    param = line.source.text[subject.start : subject.end - 2].rstrip() if subject else "<param>"
    return Diagnostic(
        "E101",
        "the values behind `in` stand in parentheses",
        line.source,
        found.span,
        help=f'write `{param} in ("one", "two")`; whether a list holds a value is asked by '
        f'`<list> contains "value"`',
    )


def lone_param(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A param where a comparison is due."""
    if not expected >= OPERATORS or line.last != "RANGLE":
        return None
    if found.type not in ("_NL", "$END", "LBRACE", "QUOTE", "RPAR", "NAME"):
        return None
    if found.type == "NAME" and found.text not in ("and", "or", "then"):
        return None
    subject = line.since("LANGLE") or found.span
    param = line.source.text[subject.start : subject.end]
    return Diagnostic(
        "E101",
        "a param alone is no condition",
        line.source,
        subject,
        label="compared with what?",
        help=f"write `{param} is present`, or compare it: `{param} == true`",
    )
