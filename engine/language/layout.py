"""Where lines, statements and blocks of a rule file end, read from its text alone.

The parser needs this where a line cannot be read; strings and comments are stepped over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..messages.suggest import closest

_SIGN: Final = re.compile(r'"(?:\\.|[^"\\\r\n])*"?|#[^\r\n]*|[(){}\n]')
_FIELD: Final = re.compile(r'\s*(?:[^\W\d][\w.]*|"[^"\n]*")\s*=(?!=)')
_WORD: Final = re.compile(r"[^\W\d]\w*")
_BRACE_LINE: Final = re.compile(r"\s*\n[ \t]*\{[ \t]*(?=\r?\n)")
_CONTINUED_LINES: Final = 50

BLOCKS: Final = ("channel", "table", "payload", "contact", "lead", "deal", "when")
STATEMENTS: Final = (
    "activity",
    "auth",
    "comment",
    "contact",
    "deal",
    "default",
    "each",
    "entity",
    "find",
    "ignore",
    "lead",
    "let",
    "many",
    "on",
    "payload",
    "region",
    "reject",
    "request",
    "responsible",
    "status",
    "when",
)
FILE_BLOCKS: Final = ("channel", "table")


def first_word(line: str) -> str:
    """The word that a line begins with, or an empty text."""
    found = _WORD.match(line.lstrip())
    return found[0] if found else ""


def signs(text: str, start: int = 0) -> Iterator[tuple[str, int]]:
    """Parentheses, braces and line breaks outside of strings and comments, with offsets."""
    for found in _SIGN.finditer(text, start):
        if found[0][0] not in '"#':
            yield found[0], found.start()


def unclosed_braces(text: str) -> int:
    """How many more blocks are opened than closed; negative where more are closed."""
    return sum({"{": 1, "}": -1}.get(sign, 0) for sign, _ in signs(text))


def statement_end(text: str, start: int, mistake: int) -> int:
    """The offset of the line break that ends the statement from ``start``.

    A statement goes on over line breaks inside its parentheses; where they are never closed,
    it ends before the next line that can only be another one.
    """
    depth = 0
    lines = 0
    last = ""
    for sign, at in signs(text, start):
        if sign == "\n":
            lines += 1
            over = depth <= 0 or last == "{" or lines > _CONTINUED_LINES
            if at >= mistake and (over or _begins_anew(text, at + 1)):
                return at
            if over and at < mistake:
                depth = 0
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        last = sign
    return len(text)


def _begins_anew(text: str, at: int) -> bool:
    end = text.find("\n", at)
    line = text[at : end if end >= 0 else len(text)]
    word = first_word(line)
    return (
        not line.strip()
        or line.lstrip().startswith("}")
        or word in STATEMENTS
        or word in FILE_BLOCKS
        or _FIELD.match(line) is not None
    )


def block_end(text: str, start: int) -> int:
    """The offset behind the brace that closes the block whose body begins at ``start``."""
    depth = 1
    for sign, at in signs(text, start):
        if sign in "{}":
            depth += 1 if sign == "{" else -1
            if depth == 0:
                return at + 1
    return len(text)


def opens_block(line: str) -> bool:
    """Whether the last sign of a statement's text is an opening brace."""
    found = [sign for sign, _ in signs(line) if sign != "\n"]
    return bool(found) and found[-1] == "{"


def indent(text: str, at: int) -> int:
    """How many characters stand before the first one of the line that ``at`` is in."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start : text.find("\n", start) if text.find("\n", start) >= 0 else len(text)]
    return len(line) - len(line.lstrip())


def headers(statement: str) -> Iterator[str]:
    """The structure in a statement's text: ``}``, then the word of the block that it opens.

    The word is ``else when`` or ``else`` for a later branch, and empty where it is unknown.
    """
    line = statement.strip()
    if line.startswith("}"):
        yield "}"
        line = line[1:].lstrip()
    if not opens_block(line):
        return
    word = first_word(line)
    if word == "else":
        yield "else when" if first_word(line[len(word) :]) == "when" else "else"
    else:
        yield word if word in BLOCKS else closest(word, BLOCKS) or ""


def brace_on_next_line(text: str, at: int) -> tuple[bool, int]:
    """Whether the next line that holds anything is a `{` alone, and where reading goes on."""
    found = _BRACE_LINE.match(text, at)
    return (True, found.end()) if found else (False, at)


def unclosed(text: str, most: int) -> list[tuple[int, int]]:
    """The blocks whose brace is missing, as well as their indentation tells.

    Each is given by the offset of its header and the offset where its lines end at the latest.
    There are as many as braces are missing, but no more than ``most``.
    """
    missing = min(unclosed_braces(text), most)
    found: list[tuple[int, int]] = []
    opened: list[tuple[int, int]] = []  # how far each header is indented, and its offset
    row, depth = 0, -1
    for sign, at in signs(text):
        if sign == "\n":
            row, depth = at + 1, -1
            continue
        if depth < 0:
            depth = indent(text, at)
        if sign == "{":
            opened.append((depth, row + depth))
        elif sign == "}" and opened:
            while missing > len(found) and len(opened) > 1 and opened[-1][0] > depth:
                found.append((opened.pop()[1], at))
            opened.pop()
    found += [(header, len(text)) for _, header in opened]
    return sorted(found[: max(missing, 0)])


def outside(text: str, header: int, end: int) -> int | None:
    """The first line behind a block's header that is indented as if the block were closed."""
    depth = indent(text, header)
    at = text.find("\n", header) + 1
    while 0 < at < end:
        next_at = text.find("\n", at) + 1
        row = text[at : next_at or len(text)]
        body = row.lstrip()
        if body and body[0] not in "#}" and len(row) - len(body) <= depth:
            return at + len(row) - len(body)
        at = next_at
    return None


def text_end(text: str, at: int) -> int:
    """Where a text over several lines ends, whose first line ends at ``at``; else ``at``."""
    line = at
    for _ in range(_CONTINUED_LINES):
        start = line + 1
        if start >= len(text) or _begins_anew(text, start):
            return at
        end = text.find("\n", start)
        line = end if end >= 0 else len(text)
        if text.count('"', start, line) % 2:
            return line
    return at
