"""Lark's parser for the grammar in `grammar/`, made once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from threading import Lock
from typing import Final

from lark import Lark, Token

from .builder import Builder

_LOADING: Final = Lock()


class Lines:
    """Which terminals lark's lexer accepts in every state: what any line may hold."""

    always_accept = ("_NL", "NAME", "COMMENT")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Hand the tokens on: who drives the parser settles line breaks."""
        return stream


def parser() -> Lark:
    """The parser, whose rules build nodes as they complete; may be used by several threads."""
    with _LOADING:
        return _load()


@cache
def _load() -> Lark:
    folder = resources.files("leadlark.grammar")
    with resources.as_file(folder) as path:
        return Lark(
            (path / "channel.lark").read_text(encoding="utf-8"),
            parser="lalr",
            lexer="contextual",
            start=["file", "template", "path"],
            transformer=Builder(),
            postlex=Lines(),
            import_paths=[str(path)],
            source_path=str(path / "channel.lark"),
            maybe_placeholders=True,
        )
