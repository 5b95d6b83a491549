"""What the parser has taken of the line at hand, and the blocks that are open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from ..late_dataclass import dataclass, field
from ..messages.source import Source, Span
from .layout import FILE_BLOCKS, STATEMENTS, first_word, indent

BlockKind: TypeAlias = Literal["channel", "table", "payload", "fields", "statements"]
_KINDS: Final[dict[str, BlockKind]] = {
    "CHANNEL": "channel",
    "TABLE": "table",
    "PAYLOAD": "payload",
    "CONTACT": "fields",
    "LEAD": "fields",
    "DEAL": "fields",
}
_SIGHT: Final = re.compile(
    r"(?P<FOREIGN>=>|=<|&&|\|\||===)|(?P<EQUAL_TO>==)|(?P<NOT_EQUAL_TO>!=)|(?P<AT_MOST><=)|(?P<AT_LEAST>>=)|(?P<ARROW>->)"
    r"|(?P<NAME>[^\W\d][\w-]*)|(?P<NUMBER>-?\d+(?:\.\d+)?)|(?P<LBRACE>\{)|(?P<RBRACE>\})"
    r"|(?P<LPAR>\()|(?P<RPAR>\))|(?P<LSQB>\[)|(?P<RSQB>\])|(?P<LANGLE><)|(?P<RANGLE>>)"
    r"|(?P<COMMA>,)|(?P<DOT>\.)|(?P<EQUAL>=)|(?P<PIPE>\|)|(?P<AT>@)|(?P<STAR>\*)"
    r"|(?P<QUOTE>\")|(?P<_NL>\r?\n)"
)


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
    spans: list[Span] = field(default_factory=list)
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
        self.spans.append(Span(start, end))

    @property
    def last(self) -> str:
        """The type of the last token taken, empty before the first."""
        return self.types[-1] if self.types else ""

    def rest(self, at: int) -> str:
        """The text of the row from an offset on."""
        text = self.source.text
        end = text.find("\n", at)
        return text[at : end if end >= 0 else len(text)].rstrip("\r")

    def since(self, type: str) -> Span | None:
        """From the last token of a type to the end of what is taken."""
        for index in range(len(self.types) - 1, -1, -1):
            if self.types[index] == type:
                return Span(self.spans[index].start, self.end)
        return None

    def last_text(self) -> Span | None:
        """The text in quotes that ends what is taken, its quotes included."""
        if self.last == "PATTERN":
            return self.spans[-1]
        if self.last != "QUOTE" or self.string is not None:
            return None
        for index in range(len(self.types) - 2, -1, -1):
            if self.types[index] == "QUOTE":
                return Span(self.spans[index].start, self.end)
        return None

    def opened(self, blocks: Sequence[Block]) -> Block:
        """The block that a `{` at this place opens."""
        word = next((type for type in self.types if type in _KINDS), "")
        kind = _KINDS.get(word)
        if kind is None or self.types[0] in ("WHEN", "RBRACE", "ELSE"):
            inside = blocks[-1].kind if blocks else "channel"
            kind = "fields" if inside == "fields" else "statements"
        return Block(kind, Span(self.start, self.end))


def closes_missing(text: str, start: int, blocks: Sequence[Block]) -> bool:
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


def else_of(text: str, start: int, blocks: Sequence[Block]) -> bool:
    """Whether the line at ``start`` is the `else` of the open `when` block, its `}` left out."""
    if not blocks or first_word(text[start : start + 80]) != "else":
        return False
    header = text[blocks[-1].header.start : blocks[-1].header.end]
    return first_word(header.lstrip("} ")) in ("when", "else")
