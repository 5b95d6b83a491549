"""Mistakes inside `<…>`: paths, filters and their arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ..line import Block, Found, Line
from .words import Explained, calls, expectation, rewritten

_BOUND: Final = re.compile(r'[<>"]')
_CALL: Final = re.compile(r"\(([^()<>\"\r\n]*)\)")
_OR: Final = re.compile(r"\?\??:?|\|\||(?:or|else)\b")
# What can stand behind `default`, to the end of the param, to the next filter or stand-in.
_STAND_IN: Final = re.compile(
    r"\s*(?:'(?:[^'\\<>\"\r\n]|\\.)*'|-?\d+(?:\.\d+)?"
    r"|@?[^\W\d][\w-]*(?:\.[\w-]+|\.'[^'\"<>\r\n]*'|\[[^\[\]\"<>\r\n]*\])*)"
    r"\s*(?=[>|]|\?\?|or\b|else\b)"
)
# A filter that has arguments, or that hardly is a key.
_FILTER: Final = re.compile(
    r"\s*(?:(?:trim|lower|upper|digits|unique|json|parse_json)\s*[|>]"
    r"|[a-z_]+[ \t]+(?:'|-?\d|(?!(?:or|else)\b)[^\W\d]))"
)
_KEY_WITH_BLANKS: Final = re.compile(r"[^<>|'\"\[\]\r\n]+(?=[|>])")
_KEY_OF_DIGITS: Final = re.compile(r"\d[\w-]*(?=\s*[|>.\[])")
_QUOTED_ARGUMENT: Final = re.compile(r"\"([^\"'<>\r\n]*)\"(?=\s*[|>])")


def open_param(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A `<` without its `>`."""
    if line.param is None:
        return None
    if found.type == "QUOTE" and line.filter is not None and line.last != "PIPE":
        return _double_quotes(line, found)
    bound = _BOUND.search(line.rest(found.start))
    ends = found.type in ("_NL", "$END", "QUOTE", "LANGLE")
    if not ends and (found.text != "," or (bound is not None and bound[0] == ">")):
        return None
    complete = line.last in ("KEY", "SINGLE", "RSQB", "NUMBER") and found.type not in (
        "_NL",
        "$END",
    )
    written = line.source.text[line.param : line.end]
    return Diagnostic(
        "E108",
        "this param is not closed by `>`",
        line.source,
        Span(line.param, max(line.end, line.param + 1)),
        label="a param begins at `<`",
        help=f"write `{written}>`; for a literal `<` in a text write `\\<`"
        if complete and len(written) <= 60
        else r"write `<name>`; for a literal `<` in a text write `\<`",
        fix=(Edit(Span(line.end, line.end), ">"),) if complete else (),
    )


def _double_quotes(line: Line, found: Found) -> Diagnostic:
    argument = _QUOTED_ARGUMENT.match(line.source.text, found.start)
    if line.filter == "lookup":
        advice = "a table's name stands without quotes"
        right = argument[1] if argument is not None else ""
    else:
        right = f"'{argument[1]}'" if argument is not None else ""
        shown = right or "'…'"
        advice = f"write `{line.filter} {shown}`"
    fix: tuple[Edit, ...] = ()
    if argument is not None and right:
        fix = (Edit(Span(argument.start(), argument.end()), right),)
    return Diagnostic(
        "E108",
        "inside `<…>` text stands in single quotes",
        line.source,
        found.span,
        label="this quote ends the whole text",
        help=advice,
        fix=fix,
    )


def unreadable_param(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """Something inside `<…>` that is no path, filter or argument."""
    if line.param is None:
        return None
    text = line.source.text
    problem = _foreign(line, found, text)
    if problem is not None:
        return problem
    if line.last == "LANGLE":
        return _no_key(line, found, text)
    if line.last in ("KEY", "SINGLE") and "PIPE" in expected and line.filter is None:
        return _blank_in_key(line, found, text)
    if line.last == "PIPE":
        message, advice = "a filter's name stands behind `|`", "for example `<name | trim>`"
    elif line.filter is not None:
        message = f"{calls(found)} cannot stand behind the filter `{line.filter}`"
        advice = "arguments are text in single quotes, numbers or paths, with blanks between them"
    else:
        message = f"{calls(found)} cannot stand here in a param"
        advice = expectation(expected) or "a param is written `<path>` or `<path | filter>`"
    return Diagnostic(
        "E108", message, line.source, found.span, label="not understood from here", help=advice
    )


def _foreign(line: Line, found: Found, text: str) -> Explained:
    """What params of other languages have in them."""
    start = line.spans[-1].start if line.last == "PIPE" and found.type == "PIPE" else found.start
    if line.last in ("KEY", "SINGLE", "RSQB", "PIPE", "NUMBER"):
        stand_in = _stand_in(line, start, text)
        if stand_in is not None:
            return stand_in
    if found.text == ":" and line.filter is not None:
        blank = "" if text[found.end : found.end + 1].isspace() else " "
        message = "arguments stand behind a filter's name without `:`"
        return rewritten(line, message, found.span, blank, code="E108")
    call = _CALL.match(text, found.start)
    if call is not None and line.filter is not None:
        arguments = " ".join(call[1].replace(",", " ").split())
        message = "arguments stand behind a filter's name without parentheses"
        span = Span(call.start(), call.end())
        return rewritten(line, message, span, f" {arguments}" if arguments else "", code="E108")
    if call is not None and line.last == "KEY":
        return Diagnostic(
            "E108",
            "a filter stands behind `|`, without parentheses",
            line.source,
            Span(line.spans[-1].start, call.end()),
            help=f"write `| {line.words[-1]}` behind the param's path",
        )
    if found.text in ("+", "-", "*", "/", "&") and line.last in ("KEY", "SINGLE", "RSQB"):
        return Diagnostic(
            "E108",
            "nothing is computed inside `<…>`",
            line.source,
            found.span,
            label="a sign of arithmetic",
            help="write params one behind the other, `<name> <surname>`; filters compute: "
            "`<kopecks | divide 100>`",
        )
    if line.last == "LANGLE" and found.text in ("$", "#", "%"):
        return rewritten(
            line, f"a path has no `{found.text}` before it", found.span, "", code="E108"
        )
    return None


def _stand_in(line: Line, start: int, text: str) -> Explained:
    """`||`, `??` and `or`, each of which is the filter `default`, or a `|` written twice."""
    sign = _OR.match(text, start)
    if sign is None:
        return None
    if sign[0] == "||" and _FILTER.match(text, sign.end()):
        message = "a filter stands behind one `|`"
        return rewritten(line, message, Span(start, sign.end()), "|", code="E108")
    edits: list[Edit] = []
    behind: re.Match[str] | None = sign
    while behind is not None:
        value = _STAND_IN.match(text, behind.end())
        if value is None:
            edits = []
            break
        edits.append(Edit(Span(behind.start(), behind.end()), _apart(text, behind, "| default")))
        behind = _OR.match(text, value.end())
    return Diagnostic(
        "E108",
        "what stands in for no value is said by the filter `default`",
        line.source,
        Span(start, sign.end()),
        help="write `| default`"
        if edits
        else "write `| default` with one value behind it: text in single quotes, a number or "
        "a path",
        fix=tuple(edits),
    )


def _apart(text: str, sign: re.Match[str], right: str) -> str:
    """What stands in the place of a sign, with blanks around it."""
    before = "" if text[sign.start() - 1].isspace() else " "
    after = "" if text[sign.end() : sign.end() + 1].isspace() else " "
    return f"{before}{right}{after}"


def _no_key(line: Line, found: Found, text: str) -> Diagnostic:
    digits = _KEY_OF_DIGITS.match(text, found.start)
    if digits is not None and found.start == line.end:
        message = "a key that begins with a digit stands in single quotes"
        span = Span(digits.start(), digits.end())
        return rewritten(line, message, span, f"'{digits[0]}'", code="E108")
    bracket = line.spans[-1]
    literal = found.type == "RANGLE" or found.start > line.end
    fix = (Edit(bracket, "\\<"),) if literal and found.type != "RANGLE" else ()
    return Diagnostic(
        "E108",
        "a param begins here, but no key follows",
        line.source,
        Span(bracket.start, max(found.end, bracket.end)) if found.type == "RANGLE" else bracket,
        label="a param begins at `<`",
        help=r"write `<name>`; for a literal `<` in a text write `\<`",
        fix=fix,
    )


def _blank_in_key(line: Line, found: Found, text: str) -> Diagnostic:
    key = line.spans[-1]
    whole = _KEY_WITH_BLANKS.match(text, key.start)
    fix: tuple[Edit, ...] = ()
    quoted = "'First Name'"
    if line.last == "KEY" and whole is not None and whole.end() > found.start:
        quoted = f"'{whole[0].rstrip()}'"
        fix = (Edit(Span(key.start, key.start + len(whole[0].rstrip())), quoted),)
    return Diagnostic(
        "E108",
        "the path of a param ends here",
        line.source,
        found.span,
        label="not understood from here",
        help=f"a key with blanks or signs in it stands in single quotes: `<{quoted}>`",
        fix=fix,
    )
