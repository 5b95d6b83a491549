"""What a line begins with, where that is no statement of its block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ...messages.diagnostics import Diagnostic, Edit, Label
from ...messages.source import Span
from ...messages.suggest import closest
from ..layout import BLOCKS, FILE_BLOCKS, STATEMENTS
from ..line import Block, Found, Line
from .words import Explained

# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKE_LETTERS: Final = "аеорсухіјѕԁһлкмнтвοαερυι"
_LOOKALIKES: Final = str.maketrans(_LOOKALIKE_LETTERS, "aeopcyxijsdhlkmhtboaepui")
# Words of other languages for what a statement does; the block words stand before `{` only.
_MEANT: Final[dict[str, str]] = {
    **dict.fromkeys(("if",), "when"),
    **dict.fromkeys(("set", "var", "const", "define"), "let"),
    **dict.fromkeys(("for", "foreach", "loop"), "each"),
    **dict.fromkeys(("stage", "state"), "status"),
    **dict.fromkeys(("assign", "assigned", "manager", "owner", "responsible_id"), "responsible"),
    **dict.fromkeys(("country",), "region"),
    **dict.fromkeys(("skip", "drop"), "ignore"),
    **dict.fromkeys(("deny", "refuse"), "reject"),
    **dict.fromkeys(("search", "lookup", "match"), "find"),
    **dict.fromkeys(("task", "todo", "call"), "activity"),
    **dict.fromkeys(("note", "remark"), "comment"),
    **dict.fromkeys(("params", "input", "body", "declare"), "payload"),
    **dict.fromkeys(("client", "customer", "person"), "contact"),
    **dict.fromkeys(("create", "type"), "entity"),
    **dict.fromkeys(("route", "endpoint", "hook", "webhook", "form"), "channel"),
    **dict.fromkeys(("map", "dictionary", "mapping"), "table"),
}
_CERTAIN: Final = ("if", "var", "const", "foreach", "stage")
_JSON_PAIR: Final = re.compile(r'"([^"\\\r\n]+)"[ \t]*:[ \t]*(.*)$')
_BARE_KEY: Final = re.compile(r"[^\W\d][\w.-]*")
_OWN_STATEMENT: Final = re.compile(
    r"(?P<name>status_?id|stage_?id|assigned_?by_?id)[ \t]*[=:][ \t]*"
    r"(?P<value>\"[^\"\r\n]*\"|[\w:]+)?",
    re.IGNORECASE,
)
_STATUS: Final = re.compile(r"[^\W\d]\w*(?::\w+)?")


def outside_of_channel(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A statement where no channel is open."""
    if blocks or not line.fresh or found.text not in STATEMENTS:
        return None
    return Diagnostic(
        "E110",
        f"`{found.text}` stands inside a channel",
        line.source,
        found.span,
        label="no channel is open here",
        help="put it between the braces of `channel ADDRESS {` and `}`",
    )


def own_statement(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """The status or the responsible person assigned as a field of the channel."""
    if not line.fresh or not blocks or blocks[-1].kind not in ("channel", "statements"):
        return None
    match = _OWN_STATEMENT.match(line.source.text, found.start)
    if match is None:
        return None
    keyword = "responsible" if match["name"].lower().startswith("assigned") else "status"
    value = (match["value"] or "").strip('"')
    plain = value.isdecimal() if keyword == "responsible" else _STATUS.fullmatch(value) is not None
    written = value if plain else match["value"] or ("12" if keyword == "responsible" else "NEW")
    whole = Span(match.start(), match.end())
    return Diagnostic(
        "E406",
        f"`{match['name']}` is set by the `{keyword}` statement",
        line.source,
        found.span,
        label="not a field",
        help=f"write `{keyword} {written}`",
        fix=(Edit(whole, f"{keyword} {written}"),) if match["value"] else (),
    )


def field_outside(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A field, or a table row, among statements."""
    inside = blocks[-1].kind if blocks else None
    if not line.fresh or inside not in ("channel", "statements"):
        return None
    after = line.rest(found.end).lstrip()
    if found.type == "QUOTE" and "->" in after:
        return Diagnostic(
            "E110",
            "a table row does not stand in a channel",
            line.source,
            found.span,
            label="rows stand in `table NAME {…}`",
            help="move the row into a table of its own, outside of the channel",
        )
    assigned = after.startswith((".", "=")) and not after.startswith("==")
    if found.type != "NAME" or (not assigned and not _yaml(found.text, after)):
        return None
    if found.text in STATEMENTS:
        return None
    return Diagnostic(
        "E110",
        f"the field `{found.text}` is assigned outside of a field block",
        line.source,
        found.span,
        label="fields stand in `contact {…}`, `lead {…}` or `deal {…}`",
        help="move the line into the block of the record whose field it is",
    )


def _yaml(word: str, after: str) -> bool:
    return word.isupper() and after.startswith(":")


def pasted_pair(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A pair of JSON where a param is declared."""
    inside = blocks[-1].kind if blocks else None
    if inside != "payload" or not line.fresh or found.type != "QUOTE":
        return None
    pair = _JSON_PAIR.match(line.rest(found.start))
    if pair is None:
        return Diagnostic(
            "E101",
            "a declared param stands without double quotes",
            line.source,
            found.span,
            help="write its path and its type: `client_phone phone`, `'First Name' text`",
        )
    key = pair[1] if _BARE_KEY.fullmatch(pair[1]) else f"'{pair[1]}'"
    value = pair[2].rstrip(" \t,")
    declared = f"{key} {_type(value)}"
    span = Span(found.start, found.start + len(pair[0].rstrip()))
    return Diagnostic(
        "E101",
        "this is JSON: a param is declared by its path and its type",
        line.source,
        span,
        help=f"write `{declared}`",
        fix=(Edit(span, declared),) if value[:1] not in ("{", "[") and "'" not in pair[1] else (),
    )


def _type(value: str) -> str:
    """The type of what a pair of JSON holds, by how its value begins."""
    if value in ("true", "false"):
        return "bool"
    if value.lstrip("-").isdecimal():
        return "integer"
    if value.lstrip("-").replace(".", "", 1).isdecimal():
        return "decimal"
    return {'"': "text", "{": "object", "[": "list"}.get(value[:1], "any")


def branch_of_fields(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A block with a condition among fields, where a word stands for `when`."""
    if line.types != ["NAME"] or found.type != "LANGLE" or "EQUAL" not in expected:
        return None
    if not line.rest(line.end).partition("#")[0].rstrip().endswith("{"):
        return None
    word, span = line.words[0], line.spans[0]
    certain = word.lower() in _CERTAIN and _MEANT[word.lower()] == "when"
    return Diagnostic(
        "E102",
        f"unknown statement `{word}`",
        line.source,
        span,
        label="a block with a condition begins with `when`",
        help="write `when`" if certain else "write `when` and the condition, or `when not (…)`",
        fix=(Edit(span, "when"),) if certain else (),
    )


def unknown_word(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A line that begins with a word that no statement begins with."""
    if not line.fresh or found.type in ("_NL", "$END", ""):
        return None
    word = found.text
    if blocks and word in FILE_BLOCKS:
        return Diagnostic(
            "E110",
            f"a `{word}` does not stand inside a channel or a table",
            line.source,
            found.span,
            label="a block is open here",
            help="move it out, or close the block before it with `}` on a line of its own",
            related=(Label(blocks[-1].header, "opened here"),),
        )
    known = STATEMENTS if blocks else FILE_BLOCKS
    latin = word.lower().translate(_LOOKALIKES)
    if latin != word.lower() and (meant := _near(latin, known, line, found)) is not None:
        foreign = next(letter for letter in word.lower() if letter in _LOOKALIKE_LETTERS)
        return Diagnostic(
            "E102",
            f"`{word}` has a letter of another alphabet in it",
            line.source,
            found.span,
            label=f"`{foreign}` is U+{ord(foreign):04X}",
            help=f"write `{meant}` in Latin letters",
            fix=(Edit(found.span, meant),),
        )
    alias = _MEANT.get(word.lower())
    meant = alias if alias in known else _near(word, known, line, found)
    certain = meant is not None and (alias is None or word.lower() in _CERTAIN)
    if found.type != "NAME":
        return Diagnostic(
            "E101",
            "a line begins with the word of a statement",
            line.source,
            found.span,
            label="no statement begins so",
            help=_known(known),
        )
    return Diagnostic(
        "E102",
        f"unknown statement `{word}`",
        line.source,
        found.span,
        label="no statement begins so",
        help=f"did you mean `{meant}`?" if meant else _known(known),
        fix=(Edit(found.span, meant),) if meant and certain else (),
    )


def _near(word: str, known: Sequence[str], line: Line, found: Found) -> str | None:
    """The word meant; before the brace of a block only words that open one."""
    if word in known:
        return word
    opens = line.rest(found.end).split("#")[0].rstrip().endswith("{")
    return closest(word, [each for each in known if not opens or each in BLOCKS])


def _known(known: Sequence[str]) -> str:
    if known is FILE_BLOCKS:
        return "a file holds channels and tables: `channel ADDRESS {` or `table NAME {`"
    return f"statements are {', '.join(known)}"
