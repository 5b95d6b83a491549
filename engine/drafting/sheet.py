"""Nodes that stand in no text yet, each on a line of its own, and their canonical text.

The printer takes from the source where blank lines and comments stand. A sheet gives every
statement and every comment a line of an empty source, so that what is drafted is printed by the
printer, from nodes.
"""

from __future__ import annotations

from typing import Final

from ..language.nodes import Channel, CommentLine, File, Name
from ..language.printer import print_file
from ..language.spelling import escaped
from ..messages.source import Source, Span

_WIDTH: Final = 16  # characters of a line of the empty source; the half behind is for a comment
_BEHIND: Final = 8
_LONGEST: Final = 90  # characters of a comment line


class Sheet:
    """Lines to write nodes on, from top to bottom."""

    def __init__(self) -> None:
        self._line = 0
        self._comments: list[CommentLine] = []

    def line(self, comment: str = "") -> Span:
        """The place of a statement on the next line, with a comment behind it."""
        start = self._line * _WIDTH
        self._line += 1
        if comment:
            self._remark(comment, start + _BEHIND)
        return Span(start, start + 1)

    def blank(self) -> None:
        """Leave a line empty."""
        self._line += 1

    def remark(self, *texts: str) -> None:
        """Write comments on lines of their own."""
        for text in texts:
            self._remark(text, self._line * _WIDTH)
            self._line += 1

    def _remark(self, text: str, start: int) -> None:
        comment = f"# {text}" if text else "#"
        self._comments.append(CommentLine(comment, span=Span(start, start + 1)))

    def print(self, channel: Channel) -> str:
        """The text of a file of one channel that was written on this sheet."""
        source = Source("draft", (" " * (_WIDTH - 1) + "\n") * (self._line + 1))
        whole = Span(0, len(source.text))
        return print_file(
            source, File(1, (), (channel,), comments=tuple(self._comments), span=whole)
        )


def name(text: str, span: Span) -> Name:
    """A name at a place."""
    return Name(text, span=span)


def said(text: str, longest: int = _LONGEST) -> str:
    """Text of others as it stands in a comment: on one line, what is unseen escaped, cut."""
    shown = escaped(text[:longest], "")
    return shown if len(text) <= longest else f"{shown}…"
