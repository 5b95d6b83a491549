"""Reading and checking rule files, and finding one channel of many.

Reading is held against stock lark: the same grammar and the same functions that build the nodes,
called by lark's parser while it runs, without anything that explains a mistake or goes on behind
it. What the grammar leaves to who feeds it (line breaks inside of parentheses, quoted text,
templates in a text) is done by the hooks that lark has for that.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token
from measure import Ratio, in_slices, repeated
from rows import RULES, Row

from leadlark import Rules, loads
from leadlark.check import check
from leadlark.language import lexemes
from leadlark.language.builder import Builder
from leadlark.language.nodes import Filter
from leadlark.language.parser import parse
from leadlark.messages.diagnostics import Diagnostic
from leadlark.messages.source import Source

SAMPLE: Final = Path(__file__).parent.parent / "rules" / "woocommerce" / "orders.channel"
LINES: Final = 1_000
PAIRS: Final = 15


def rules(lines: int) -> str:
    """A rule file of about so many lines: the channel of a real one, at many addresses."""
    head, _, channel = SAMPLE.read_text(encoding="utf-8").partition("channel woocommerce")
    count = max(1, (lines - head.count("\n")) // channel.count("\n"))
    return head + "\n".join(f"channel shop-{number}{channel}" for number in range(count))


class Settled:
    """Leaves out comments, and line breaks that end no statement."""

    always_accept = ("_NL", "NAME", "COMMENT")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens that the grammar is made for."""
        depth, last = 0, "_NL"
        for token in stream:
            if token.type == "COMMENT" or (token.type == "_NL" and (depth or last == "_NL")):
                continue
            last = token.type
            depth += {"LPAR": 1, "RPAR": -1}.get(last, 0)
            yield token


class Nodes(Builder):
    """Builds nodes, those of the template of a `map` too."""

    def filter(self, children: list[Any]) -> Filter:
        """A filter, the text of a `map` read."""
        made = super().filter(children)
        if made.name != "map":
            return made
        return replace(made, arguments=(stock().parse(made.arguments[0].value, "template"),))


def meaning(function: Callable[[str, int], Any]) -> Callable[[Token], Token]:
    return lambda token: Token.new_borrow_pos(
        token.type, function(str(token), token.start_pos), token
    )


@cache
def stock() -> Lark:
    """Stock lark for the grammar of rule files."""
    with resources.as_file(resources.files("leadlark.grammar")) as folder:
        return Lark(
            (folder / "channel.lark").read_text(encoding="utf-8"),
            parser="lalr",
            lexer="contextual",
            start=["file", "template"],
            transformer=Nodes(),
            postlex=Settled(),
            lexer_callbacks={
                "ESCAPE": meaning(lambda text, at: lexemes.escape(text, at)[0]),
                "SINGLE": meaning(lambda text, at: lexemes.single_quoted(text, at)[0]),
                "PATTERN": meaning(lexemes.pattern),
                "NUMBER": meaning(lexemes.number),
            },
            import_paths=[str(folder)],
            source_path=str(folder / "channel.lark"),
            maybe_placeholders=True,
        )


def by_stock(text: str) -> Any:
    return stock().parse(text, "file")


def reading() -> Ratio:
    text = rules(LINES)
    source = Source("rules.channel", text)
    file, problems = parse(source)
    assert problems == ()
    assert replace(file, comments=()) == by_stock(text)
    return repeated(lambda _: parse(source), lambda _: by_stock(text), slices=PAIRS)


def checking() -> Ratio:
    text = rules(LINES)
    source = Source("rules.channel", text)
    file, _ = parse(source)
    assert check(source, file) == ()
    return repeated(lambda _: check(source, file), lambda _: by_stock(text), slices=PAIRS)


def growth() -> Ratio:
    """The time a line takes in 10,000 lines over that in a file of 60.

    A file has at most 2,000 statements, so the lines are those of several files.
    """
    small = [Source("rules.channel", rules(60))]
    large = [Source("rules.channel", rules(2_000))] * 5
    assert all(_checked([each]) == () for each in (*small, *large))
    lines = [sum(each.line_count for each in files) for files in (large, small)]
    return repeated(lambda _: _checked(large), lambda _: _checked(small), slices=PAIRS).over(
        lines[0] / lines[1]
    )


def _checked(files: list[Source]) -> tuple[Diagnostic, ...]:
    found: list[Diagnostic] = []
    for source in files:
        file, problems = parse(source)
        found += (*problems, *check(source, file))
    return tuple(found)


def by_address() -> Ratio:
    many = {
        address: channel
        for begin in range(0, 1_000, 250)
        for address, channel in _named(begin, 250).items()
    }
    assert len(many) == 1_000
    one, several = _named(0, 1), Rules(many)
    addresses = random.Random(1).choices(sorted(several), k=1_000)
    assert all(several[address].address == address for address in addresses)
    return in_slices(lambda address: several[address], lambda _: one["c-0"], [addresses * 5] * 60)


def _named(begin: int, count: int) -> Rules:
    text = "".join(
        f'channel c-{number} {{\n    entity deal\n    deal {{\n        TITLE = "<t>"\n    }}\n}}\n'
        for number in range(begin, begin + count)
    )
    return loads(text)


ROWS: Final = (
    Row(
        RULES,
        "1,000 lines to nodes",
        "stock lark with the same functions, called inline",
        "the nodes",
        1.2,
        reading,
    ),
    Row(
        RULES,
        "1,000 lines checked, once read",
        "stock lark reading them",
        "no diagnostic",
        0.1,
        checking,
    ),
    Row(
        RULES,
        "a line of 10,000, read and checked",
        "a line of 60",
        "no diagnostic",
        1.2,
        growth,
    ),
    Row(
        RULES,
        "one channel of 1,000 by its address",
        "the only channel of one",
        "the channel asked for",
        1.2,
        by_address,
    ),
)
