"""Colours for rule files: a Pygments lexer whose words are those of the grammar."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from pygments import lexers
from pygments.lexer import RegexLexer, bygroups, words
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
)

__all__ = ["ChannelLexer"]

TERMINALS: Final = files("leadlark.grammar").joinpath("terminals.lark").read_text("utf-8")
KEYWORDS: Final = tuple(re.findall(r'^[A-Z_]+: "([a-z]+)"$', TERMINALS, re.MULTILINE))
CONSTANTS: Final = ("true", "false")

# What stands first in a line is read apart from what may follow it, because words are not reserved.
WORD: Final = r"[^\W\d]\w*"
ROW: Final = r"\b"


class ChannelLexer(RegexLexer):
    """Rule files, and statements of one."""

    name = "LeadLark channel"
    aliases = ("channel",)
    filenames = ("*.channel",)

    tokens = {  # noqa: RUF012 (Pygments reads it as a table of the class)
        "root": [
            (r"[ \t\r\n]+", Text),
            (r"#[^\n]*", Comment.Single),
            (
                r"(payload)([ \t]+strict)?([ \t]*)(\{)",
                bygroups(Keyword, Keyword, Text, Punctuation),
                "declared",
            ),
            (r"(channel)([ \t]+)([\w-]+)", bygroups(Keyword, Text, Name.Class)),
            (r"(table|let)([ \t]+)(\w+)", bygroups(Keyword, Text, Name.Class)),
            (r"(secret)([ \t]+)(\w+)", bygroups(Keyword, Text, Name.Constant)),
            (r"\d+[mhd]\b", Number),
            (r"-?\d+(\.\d+)?\b", Number),
            (
                rf"({WORD})((?:\.\w+)?)([ \t]*)(=)(?!=)",
                bygroups(Name.Attribute, Name.Decorator, Text, Operator),
            ),
            (r'"(?=(?:\\.|[^"\\\n])*"((?:\.\w+)?)[ \t]*=(?!=))', Name.Attribute, "field"),
            (
                r'(matches)([ \t]+)("(?:\\.|[^"\\\n])*")',
                bygroups(Operator.Word, Text, String.Regex),
            ),
            (words(CONSTANTS, prefix=ROW, suffix=ROW), Keyword.Constant),
            (words(KEYWORDS, prefix=ROW, suffix=ROW), Keyword),
            (r"<(?=[^\s=\d\"])", Punctuation, "param"),
            (r'"', String, "text"),
            (r"->|[=!<>]=|[<>=]", Operator),
            (r"[{}(),.:]", Punctuation),
            (r"[\w:-]+", Name),
            (r".", Text),
        ],
        "declared": [
            (r"[ \t\r\n]+", Text),
            (r"#[^\n]*", Comment.Single),
            (r"\}", Punctuation, "#pop"),
            (
                r"([^\s#}]+)([ \t]+)(\w+)(?:([ \t]+)(required))?",
                bygroups(Name.Variable, Text, Keyword.Type, Text, Keyword),
            ),
            (r".", Text),
        ],
        "field": [
            (r'[^"\\\n]+|\\.', Name.Attribute),
            (r'"', Name.Attribute, "#pop"),
            (r"\n", Text, "#pop"),
        ],
        "text": [
            (r'"', String, "#pop"),
            (r"\n", Text, "#pop"),
            (r"\\(u\{[^}\"\n]*\}|[^\n])", String.Escape),
            (r"<", Punctuation, "param"),
            (r'[^"\\<\n]+', String),
        ],
        "param": [
            (r">", Punctuation, "#pop"),
            (r"\n", Text, "#pop"),
            (r"[ \t]+", Text),
            (r"(\|)([ \t]*)(\w+)", bygroups(Operator, Text, Name.Function)),
            (r"'(?:\\.|[^'\\\n])*'", String.Single),
            (r"@\w[\w-]*", Name.Builtin),
            (r"-?\d+(\.\d+)?\b", Number),
            (r"[\w-]+", Name.Variable),
            (r"[.\[\]*=]", Punctuation),
            (r".", Text),
        ],
    }


def register() -> None:
    """Let Pygments find the lexer by its name."""
    lexer = ChannelLexer
    lexers.LEXERS[lexer.__name__] = (__name__, lexer.name, lexer.aliases, lexer.filenames, ())
