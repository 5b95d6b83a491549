"""Words inside a line that are misspelt, or of another language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit
from ...messages.source import Span
from ...messages.suggest import closest
from ..layout import STATEMENTS
from ..line import Block, Found, Line
from .words import CALLED, FLAGS, Explained, keyword, rewritten

_FLAG_WORDS: Final = {
    **dict.fromkeys(("mandatory", "obligatory", "must", "notnull"), "required"),
    **dict.fromkeys(("unique", "key", "identifier", "id", "find"), "search"),
    **dict.fromkeys(("keep", "default", "ifempty"), "fill"),
    **dict.fromkeys(("new", "create", "initial"), "once"),
    **dict.fromkeys(("empty", "reset", "delete", "overwrite"), "clear"),
}
_WORD_IN_QUOTES: Final = re.compile(r'"([\w-]{1,64})"')
_STATUS: Final = re.compile(r"[A-Z0-9_:]{2,}\s*(?:,|$)|\"")
_IN_PARENTHESES: Final = re.compile(r"\(([^()\r\n]*)\)")
_ADDRESS: Final = re.compile(r"[\w \t-]{1,64}?(?=\s*(?:[\"{]|$))")
_OPTIONAL: Final = ("optional", "nullable", "null", "maybe")


def unknown_flag(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A word behind a field's value, or behind a declared param, that is no flag."""
    if found.type != "NAME" or line.fresh:
        return None
    if bool(blocks) and blocks[-1].kind == "payload" and "REQUIRED" in expected:
        if found.text in _OPTIONAL:
            span = Span(line.end, found.end)
            return rewritten(line, "params are optional unless `required` stands there", span, "")
        meant = _FLAG_WORDS.get(found.text)
        if meant == "required":
            return rewritten(line, f"unknown word `{found.text}`", found.span, meant)
        return None
    flags_follow = "EQUAL" in line.types and expected >= {"SEARCH", "REQUIRED", "FILL"}
    if not flags_follow or "LET" in line.types:
        return None
    word = found.text.lower().replace("_", "")
    meant = _FLAG_WORDS.get(word) or closest(found.text, FLAGS)
    if word in _OPTIONAL:
        return rewritten(
            line,
            "fields are optional unless `required` stands there",
            Span(line.end, found.end),
            "",
        )
    return Diagnostic(
        "E101",
        f"unknown flag `{found.text}`",
        line.source,
        found.span,
        label="not a flag",
        help=f"did you mean `{meant}`?" if meant else f"flags are {', '.join(FLAGS)}",
        fix=(Edit(found.span, meant),) if meant else (),
    )


def misspelt(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A word that is nearly one of those that could stand here."""
    if found.type != "NAME" or line.fresh or found.text in STATEMENTS:
        return None
    words = [keyword(type) for type in sorted(expected) if type not in CALLED]
    if "COMMENT_WORD" in expected:
        words.append("comment")
    meant = closest(found.text, words)
    if meant is None:
        return None
    return Diagnostic(
        "E101",
        f"unknown word `{found.text}`",
        line.source,
        found.span,
        label="not understood from here",
        help=f"did you mean `{meant}`?",
        fix=(Edit(found.span, meant),),
    )


def quoted_word(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A word of the language, a name or an address in quotes."""
    if found.type != "QUOTE" or "QUOTE" in expected or line.fresh or line.param is not None:
        return None
    match = _WORD_IN_QUOTES.match(line.source.text, found.start)
    if match is None:
        return None
    known = match[1].upper() in expected
    if not known and not expected & {"ADDRESS", "NAME", "STATUS_NAME"}:
        return None
    what = f"`{match[1].lower()}`" if known else "an address" if "ADDRESS" in expected else "a name"
    right = match[1].lower() if known else match[1]
    message = f"{what} stands here without quotes"
    return rewritten(line, message, Span(match.start(), match.end()), right)


def address(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A channel without an address, or with one of several words."""
    if line.types == ["CHANNEL"] and found.type in ("LBRACE", "_NL"):
        return Diagnostic(
            "E101",
            "this channel has no address",
            line.source,
            found.span,
            label="the address stands before this",
            help="write `channel ADDRESS {`, such as `channel callback {`: a request goes to "
            "/in/ADDRESS",
        )
    if line.types != ["CHANNEL", "ADDRESS"] or found.type != "NAME":
        return None
    start = line.spans[-1].start
    match = _ADDRESS.match(line.source.text, start)
    if match is None:
        return None
    words = match[0].strip()
    plain = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    if not words.isascii() or not plain:
        plain = ""
    return Diagnostic(
        "E101",
        "the address of a channel is one word",
        line.source,
        Span(start, start + len(words)),
        label="several words",
        help=f"write `{plain}`; a name for people follows in quotes"
        if plain
        else "write one word of a-z, 0-9 and `-`; a name for people follows in quotes",
        fix=(Edit(Span(start, start + len(words)), plain),) if plain else (),
    )


def find_words(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """What stands behind `find` in other languages than this one."""
    if line.types[:1] != ["FIND"]:
        return None
    text = line.source.text
    listed = _IN_PARENTHESES.match(text, found.start)
    if line.last == "IN" and listed is not None:
        message = "statuses behind `in` stand without parentheses"
        return rewritten(line, message, Span(listed.start(), listed.end()), listed[1].strip())
    if (
        "IN" in expected
        and found.type in ("NAME", "QUOTE")
        and _STATUS.match(line.rest(found.start))
    ):
        return Diagnostic(
            "E101",
            "statuses stand behind `in`",
            line.source,
            found.span,
            help="write `in` before them",
            fix=(Edit(Span(found.start, found.start), "in "),),
        )
    if "IN" in expected and found.text in ("by", "where", "contact", "deal", "lead", "when"):
        return Diagnostic(
            "E101",
            "what a record is found by is said in its field block",
            line.source,
            found.span,
            label="not understood from here",
            help='put the flag `search` behind the field, as in `PHONE = "<phone>" search`, and '
            "write `find` alone",
        )
    return None


def entity(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """An `entity` that is neither a lead nor a deal."""
    if line.types != ["ENTITY"] or found.type in ("_NL", "$END"):
        return None
    if found.type == "NAME" and closest(found.text, ("lead", "deal")) is not None:
        return None
    contact = "; contacts are made by the block `contact {`" if found.text == "contact" else ""
    return Diagnostic(
        "E101",
        "a channel creates a lead or a deal",
        line.source,
        found.span,
        label="neither",
        help=f"write `entity lead` or `entity deal`{contact}",
    )


def declared(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A declared param without its type, or with `required` before it."""
    if not blocks or blocks[-1].kind != "payload" or line.fresh:
        return None
    name = line.source.text[line.start : line.end]
    if found.type in ("_NL", "$END") and len(name) <= 80:
        return Diagnostic(
            "E101",
            f"the param `{name}` is declared without a type",
            line.source,
            Span(line.start, line.end),
            label="of which type?",
            help=f"write `{name} text`, or another type: integer, decimal, bool, date, phone, "
            "email, list, object, any",
        )
    if line.words[-1:] == ["required"] and found.type == "NAME" and len(line.types) > 1:
        span = Span(line.spans[-1].start, found.end)
        return rewritten(line, "`required` stands behind the type", span, f"{found.text} required")
    return None
