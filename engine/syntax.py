"""What is wrong with a line that cannot be read, said for the person who wrote it.

The parser says what it found, what it could have taken, and what the line held so far; here
that becomes a diagnostic. The checks are tried in order, from the sure ones to the general.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from .diagnostics import Diagnostic, Edit, Label
from .layout import FILE_BLOCKS, STATEMENTS, first_word, indent
from .lexemes import BadEscape
from .source import Source, Span
from .suggest import closest

BlockKind: TypeAlias = Literal["channel", "table", "payload", "fields", "statements"]

_KINDS: Final[dict[str, BlockKind]] = {
    "CHANNEL": "channel",
    "TABLE": "table",
    "PAYLOAD": "payload",
    "CONTACT": "fields",
    "LEAD": "fields",
    "DEAL": "fields",
}

# How the sorts of tokens are called in messages; the others are called by their own text.
_CALLED: Final[dict[str, str]] = {
    "_NL": "the end of the line",
    "$END": "the end of the file",
    "NAME": "a name",
    "ADDRESS": "an address",
    "STATUS_NAME": "a status",
    "NUMBER": "a number",
    "DURATION": "a duration such as `1h`",
    "QUOTE": "text in quotes",
    "PATTERN": "a pattern in quotes",
    "KEY": "a key",
    "DIGITS": "a key",
    "INDEX": "an index",
    "SINGLE": "text in single quotes",
    "TEXT": "text",
    "ESCAPE": "text",
    "COMMENT_WORD": "`comment`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LANGLE": "`<`",
    "RANGLE": "`>`",
    "COMMA": "`,`",
    "DOT": "`.`",
    "EQUAL": "`=`",
    "ARROW": "`->`",
    "PIPE": "`|`",
    "AT": "`@`",
    "STAR": "`*`",
    "EQUAL_TO": "`==`",
    "NOT_EQUAL_TO": "`!=`",
    "AT_MOST": "`<=`",
    "AT_LEAST": "`>=`",
}
# Not worth a word in a list of what could stand somewhere.
_UNSAID: Final = frozenset({"UNREADABLE", "$END", "NAME", "COMMENT", "_NL"})
_SHOWN: Final = 6
_OPERATORS: Final = frozenset({"EQUAL_TO", "NOT_EQUAL_TO", "CONTAINS"})
_BEFORE_VALUES: Final = _OPERATORS | {
    "EQUAL",
    "ARROW",
    "LPAR",
    "COMMA",
    "LANGLE",
    "AT_MOST",
    "RANGLE",
    "AT_LEAST",
    "WITH",
    "COMMENT_WORD",
    "ACTIVITY",
    "ID",
    "STATUS",
    "RESPONSIBLE",
}
_FLAGS: Final = re.compile(r"(\s+(search|required|fill|once|clear)\b)+$")
_PARAM: Final = re.compile(r"[^\W\d][\w.\[\]*-]*")
_TYPOGRAPHIC: Final = "“”„«»‘’`´"


@dataclass(frozen=True, slots=True)
class Found:
    """The token that does not fit; ``type`` is empty for a character that begins no token."""

    type: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Its place, at least one character wide."""
        return Span(self.start, max(self.end, self.start + 1))


_SIGHT: Final = re.compile(
    r"(?P<EQUAL_TO>==)|(?P<NOT_EQUAL_TO>!=)|(?P<AT_MOST><=)|(?P<AT_LEAST>>=)|(?P<ARROW>->)"
    r"|(?P<NAME>[^\W\d][\w-]*)|(?P<NUMBER>-?\d+(?:\.\d+)?)|(?P<LBRACE>\{)|(?P<RBRACE>\})"
    r"|(?P<LPAR>\()|(?P<RPAR>\))|(?P<LSQB>\[)|(?P<RSQB>\])|(?P<LANGLE><)|(?P<RANGLE>>)"
    r"|(?P<COMMA>,)|(?P<DOT>\.)|(?P<EQUAL>=)|(?P<PIPE>\|)|(?P<AT>@)|(?P<STAR>\*)"
    r"|(?P<QUOTE>\")|(?P<_NL>\r?\n)"
)


def sighted(text: str, at: int) -> Found:
    """What a reader sees at an offset: a word, a number or a sign, whatever could stand there."""
    if at >= len(text):
        return Found("$END", "", at, at)
    seen = _SIGHT.match(text, at)
    if seen is None:
        return Found("", text[at], at, at + 1)
    return Found(seen.lastgroup or "", seen[0], at, seen.end())


@dataclass(frozen=True, slots=True)
class Block:
    """An open block and the place of the header that opened it."""

    kind: BlockKind
    header: Span


@dataclass(slots=True)
class Line:
    """What the parser has taken of the statement at hand."""

    source: Source
    text: str
    types: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0
    string: int | None = None
    param: int | None = None
    filter: str | None = None

    @property
    def fresh(self) -> bool:
        """Whether nothing of the statement is taken yet."""
        return not self.types

    def add(self, type: str, text: str, start: int, end: int) -> None:
        """Take one more token."""
        before = self.types[-1] if self.types else ""
        if type == "QUOTE":
            self.string = start if self.string is None else None
        elif type == "LANGLE":
            if before != "RANGLE" or self.string is not None:
                self.param = start
        elif type == "RANGLE":
            self.param = self.filter = None
        elif before == "PIPE":
            self.filter = text
        if not self.types:
            self.start = start
        self.end = end
        self.types.append(type)
        self.words.append(text)

    def opened(self, blocks: Sequence[Block]) -> Block:
        """The block that a `{` at this place opens."""
        word = next((type for type in self.types if type in _KINDS), "")
        kind = _KINDS.get(word)
        if kind is None or self.types[0] in ("WHEN", "RBRACE", "ELSE"):
            inside = blocks[-1].kind if blocks else "channel"
            kind = "fields" if inside == "fields" else "statements"
        return Block(kind, Span(self.start, self.end))


def explain(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Diagnostic:
    """The diagnostic for a token that does not fit."""
    for explanation in (
        _open_string,
        _open_param,
        _unreadable_param,
        _stray_brace,
        _first_word,
        _misplaced,
        _equal_signs,
        _misspelt,
        _bare_value,
        _parenthesis,
        _typography,
    ):
        problem = explanation(line, found, expected, blocks)
        if problem is not None:
            return problem
    return _general(line, found, expected)


Explained: TypeAlias = "Diagnostic | None"


def _open_string(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    if line.string is not None and line.param is None:
        if found.type == "LANGLE" and "LANGLE" not in expected:
            return Diagnostic(
                "E113",
                "a param cannot stand here: only plain text can",
                line.source,
                found.span,
                label="this would be read from the payload",
                help=r"for a literal `<` write `\<`",
            )
        if found.type in ("_NL", "$END") or found.text in ("\\", ""):
            return Diagnostic(
                "E103",
                "this text has no closing quote",
                line.source,
                Span(line.string, max(found.start, line.string + 1)),
                label="begins here and runs to the end of the line",
                help='close it with `"`; for a line break in the text write `\\n`',
            )
    if found.text == "'" and found.type == "":
        return Diagnostic(
            "E103" if line.param is not None else "E101",
            "this text in single quotes is not closed"
            if line.param is not None
            else "text stands in double quotes",
            line.source,
            found.span,
            help="single quotes stand only inside `<…>`, in pairs: `<name | default 'none'>`",
        )
    if found.text == '"' and found.type == "" and "PATTERN" in expected:
        return Diagnostic(
            "E103",
            "this pattern has no closing quote",
            line.source,
            found.span,
            help='close it with `"`',
        )
    return None


def _open_param(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    if line.param is None or found.type not in ("_NL", "$END", "QUOTE", "LANGLE"):
        return None
    if found.type == "QUOTE" and line.filter is not None and line.types[-1] != "PIPE":
        what = "a table's name stands without quotes" if line.filter == "lookup" else ""
        return Diagnostic(
            "E108",
            "inside `<…>` text stands in single quotes",
            line.source,
            found.span,
            label="this quote ends the whole text",
            help=what or f"write `{line.filter} '…'`, and close the param with `>`",
        )
    return Diagnostic(
        "E108",
        "this param is not closed by `>`",
        line.source,
        Span(line.param, max(found.start, line.param + 1)),
        label="a param begins at `<`",
        help=r"write `<name>`; for a literal `<` in a text write `\<`",
    )


def _unreadable_param(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    if line.param is None:
        return None
    if (
        line.types[-1] in ("KEY", "SINGLE")
        and "PIPE" in expected
        and found.type in ("", "NAME", "KEY")
    ):
        message = "the path of a param ends here"
        advice = "a key with blanks or signs in it stands in single quotes: `<'First Name'>`"
    elif line.types[-1] == "PIPE":
        message = "a filter's name stands behind `|`"
        advice = "for example `<name | trim>`"
    else:
        message = f"{_calls(found)} cannot stand here in a param"
        advice = _expectation(expected) or "a param is written `<path>` or `<path | filter>`"
    return Diagnostic(
        "E108", message, line.source, found.span, label="not understood from here", help=advice
    )


def _stray_brace(line: Line, found: Found, _: frozenset[str], blocks: Sequence[Block]) -> Explained:
    if found.type != "RBRACE" or blocks or not line.fresh:
        return None
    return Diagnostic(
        "E105",
        "this `}` closes nothing",
        line.source,
        found.span,
        label="no block is open here",
        help="take it out, or look for a `}` too many above",
    )


def _first_word(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A line that begins with a word that no statement begins with."""
    if not line.fresh or found.type in ("_NL", "$END", ""):
        return None
    kind = blocks[-1].kind if blocks else None
    row = line.source.line(line.source.position(found.start).line)
    word = found.text
    if kind is None and word in STATEMENTS:
        return Diagnostic(
            "E110",
            f"`{word}` stands inside a channel",
            line.source,
            found.span,
            label="no channel is open here",
            help="put it between the braces of `channel ADDRESS {` and `}`",
        )
    if kind in ("channel", "statements"):
        after = row[row.find(word) + len(word) :].lstrip()
        if after.startswith((".", "=")) and not after.startswith("=="):
            return Diagnostic(
                "E110",
                f"the field `{word}` is assigned outside of a field block",
                line.source,
                found.span,
                label="fields stand in `contact {…}`, `lead {…}` or `deal {…}`",
                help="move the line into the block of the record whose field it is",
            )
    if kind == "table":
        return Diagnostic(
            "E101",
            "a table row begins with a text in quotes, or with `else`",
            line.source,
            found.span,
            help='write `"key" -> "value"`',
        )
    known = FILE_BLOCKS if kind is None else STATEMENTS
    meant = closest(word, known)
    return Diagnostic(
        "E102",
        f"unknown statement `{word}`",
        line.source,
        found.span,
        help=f"did you mean `{meant}`?" if meant else f"known here: {', '.join(known)}",
        fix=(Edit(found.span, meant),) if meant else (),
    )


def _misplaced(
    line: Line, found: Found, expected: frozenset[str], blocks: Sequence[Block]
) -> Explained:
    """A statement's word where a field name stands."""
    kind = blocks[-1].kind if blocks else None
    if kind != "fields" or line.types != ["NAME"] or "EQUAL" not in expected:
        return None
    word = line.words[0]
    span = Span(line.start, line.end)
    if word in STATEMENTS:
        return Diagnostic(
            "E110",
            f"`{word}` does not stand in a field block",
            line.source,
            span,
            label="only fields and `when` stand here",
            help="move the line out of the block, into the channel",
            related=(Label(blocks[-1].header, "in this block"),),
        )
    if found.type in ("EQUAL_TO", "QUOTE", ""):
        return None
    return Diagnostic(
        "E101",
        f"`{word}` is followed by {_calls(found)} instead of `=`",
        line.source,
        found.span,
        help=f'a field is assigned as `{word} = "<param>"`',
    )


def _equal_signs(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    doubled = found.type == "EQUAL" and line.types[-1:] == ["EQUAL"] and line.end == found.start
    if doubled:
        found = Found("EQUAL_TO", "==", found.start - 1, found.end)
    if doubled or (found.type == "EQUAL_TO" and "EQUAL" in expected):
        wrong, right, use = "==", "=", "is assigned with"
    elif found.type == "EQUAL" and expected >= _OPERATORS:
        wrong, right, use = "=", "==", "is compared with"
    else:
        return None
    return Diagnostic(
        "E101",
        f"a value {use} `{right}`, not `{wrong}`",
        line.source,
        found.span,
        help=f"write `{right}`",
        fix=(Edit(found.span, right),),
    )


def _misspelt(line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]) -> Explained:
    """A word that is nearly one of those that could stand here."""
    if found.type != "NAME" or line.fresh:
        return None
    words = [_keyword(type) for type in sorted(expected) if type not in _CALLED]
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


def _bare_value(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    """A word where a value in quotes is due."""
    if "QUOTE" not in expected or not line.types or line.types[-1] not in _BEFORE_VALUES:
        return None
    if found.type not in ("NAME", "LANGLE", "AT", "STAR"):
        return None
    row = line.source.line(line.source.position(found.start).line)
    rest = row[line.source.position(found.start).column - 1 :].split("#")[0].rstrip()
    if found.type == "LANGLE" and ">" in rest:
        text = rest[: rest.index(">") + 1]
        if rest[len(text) :].lstrip().startswith('"'):
            span = Span(found.start, found.start + len(text))
            return Diagnostic(
                "E109",
                "the quote before this param is missing",
                line.source,
                span,
                label="the text begins here",
                help='put `"` before it',
                fix=(Edit(Span(found.start, found.start), '"'),),
            )
    elif line.types[-1] == "EQUAL":
        text = _FLAGS.sub("", rest)
    else:
        text = found.text
    span = Span(found.start, found.start + max(len(text), 1))
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if found.type == "LANGLE":
        return Diagnostic(
            "E109",
            "a param stands inside a text in quotes",
            line.source,
            span,
            label="without quotes",
            help=f"write `{quoted}`",
            fix=(Edit(span, quoted),),
        )
    param = f', or `"<{text}>"` for the param' if _PARAM.fullmatch(text) else ""
    return Diagnostic(
        "E109",
        "a text stands in double quotes",
        line.source,
        span,
        label="without quotes",
        help=f"write `{quoted}` for this text{param}",
    )


def _parenthesis(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    if found.type == "RPAR":
        message, label = "this `)` closes nothing", "no parenthesis is open here"
    elif "RPAR" in expected and line.types.count("LPAR") > line.types.count("RPAR"):
        message, label = "a parenthesis is not closed", "`)` is missing before this"
    else:
        return None
    return Diagnostic("E114", message, line.source, found.span, label=label)


def _typography(
    line: Line, found: Found, expected: frozenset[str], _: Sequence[Block]
) -> Explained:
    if found.type != "":
        return None
    sign = found.text
    if sign in _TYPOGRAPHIC and sign:
        advice: str | None = 'text stands in straight double quotes: `"`'
    elif sign == "\u00a0":
        advice = "this is a no-break space; write an ordinary one"
    elif sign == ";":
        advice = "a statement ends with its line; take the `;` out"
    elif sign == ":":
        advice = "a field is assigned with `=`"
    elif sign == "/":
        advice = "a comment begins with `#`"
    else:
        advice = _expectation(expected)
    shown = f"`{sign}`" if sign.isprintable() and sign.strip() else f"U+{ord(sign or ' '):04X}"
    return Diagnostic(
        "E101", f"the character {shown} cannot stand here", line.source, found.span, help=advice
    )


def _general(line: Line, found: Found, expected: frozenset[str]) -> Diagnostic:
    last = line.words[-1] if line.words else ""
    where = f" after `{last}`" if last.strip() and len(last) <= 40 else ""
    return Diagnostic(
        "E101",
        f"{_calls(found)} cannot stand here{where}",
        line.source,
        found.span,
        label="not understood from here",
        help=_expectation(expected),
    )


def _keyword(type: str) -> str:
    return type.lower()


def _calls(found: Found) -> str:
    if found.type in ("_NL", "$END"):
        return _CALLED[found.type]
    text = found.text if len(found.text) <= 30 else found.text[:30] + "…"
    return f"`{text}`"


def _expectation(expected: frozenset[str]) -> str | None:
    names = sorted({_CALLED.get(type) or f"`{_keyword(type)}`" for type in expected - _UNSAID})
    if not names or len(names) > _SHOWN:
        return None
    if len(names) == 1:
        return f"expected {names[0]}"
    return f"expected {', '.join(names[:-1])} or {names[-1]}"


# Mistakes that are no tokens out of place


def forbidden_character(source: Source, at: int) -> Diagnostic:
    """A control character, or a bidirectional one."""
    code = ord(source.text[at])
    return Diagnostic(
        "E107",
        f"the character U+{code:04X} cannot be seen and does not stand in a rule file",
        source,
        Span(at, at + 1),
        label="here",
        help=f"take it out; in a text write `\\u{{{code:X}}}` where it is meant",
    )


def bad_escape(source: Source, bad: BadEscape) -> Diagnostic:
    """A backslash before something that it gives no meaning to."""
    rewrite = "\\" + bad.text
    return Diagnostic(
        "E106",
        f"`{bad.text}` is no escape",
        source,
        bad.span,
        label="unknown behind a backslash",
        help=r"known are `\"`, `\\`, `\n`, `\t`, `\<` and `\u{…}`; for a backslash write "
        f"`{rewrite}`",
        fix=(Edit(bad.span, rewrite),),
    )


def unclosed_block(source: Source, block: Block, before: int | None) -> Diagnostic:
    """A block whose closing brace is missing, before a line or at the end of the file."""
    related: tuple[Label, ...] = ()
    if before is not None:
        line = source.position(before).line
        end = before + len(source.line(line).strip())
        related = (Label(Span(before, end), "this line cannot stand in the block"),)
    return Diagnostic(
        "E104",
        "this block has no closing `}`",
        source,
        block.header,
        label="opened here",
        related=related,
        help="put `}` on a line of its own where the block ends",
    )


def unknown_edition(source: Source, span: Span, known: Sequence[int]) -> Diagnostic:
    """A language edition that this version does not read."""
    return Diagnostic(
        "E112",
        "this edition of the language is unknown",
        source,
        span,
        help=f"known: {', '.join(map(str, known))}",
    )


def closes_missing(line: Line, text: str, start: int, blocks: Sequence[Block]) -> bool:
    """Whether the line at ``start`` shows that a brace is missing before it."""
    if not blocks:
        return False
    row = text[start : text.find("\n", start) if text.find("\n", start) >= 0 else len(text)]
    word = first_word(row)
    kind = blocks[-1].kind
    if word in FILE_BLOCKS:
        return True
    rest = row.lstrip()[len(word) :].lstrip()
    if kind in ("fields", "payload", "table"):
        outside = indent(text, start) <= indent(text, blocks[-1].header.start)
        return outside and word in STATEMENTS and not rest.startswith(("=", "."))
    return False
