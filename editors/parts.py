"""The parts of lines in a TextMate grammar: conditions, values, texts.

They follow the rules of the same names in ``grammar/channel.lark``; words and signs are read from
there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lines import ChannelGrammar
from params import params
from patterns import ANY_ESCAPE, Pattern, any_of, between, include, keywords, quoted, scope

from leadlark.filters import FilterSpec

_ESCAPED: Final = r"[\"\\nt<]|u\{[0-9A-Fa-f]{1,6}\}"


def parts(source: ChannelGrammar, filters: Mapping[str, FilterSpec]) -> Pattern:
    """The patterns of all parts by their names."""
    return {**_conditions(source), **_texts(), **params(source, filters)}


# Conditions and values


def _conditions(source: ChannelGrammar) -> Pattern:
    sides = ("subject", "value")
    words = source.words("condition", without=sides)
    (matches,) = source.words("matches", without=sides)
    signs = [sign for each in sorted(source.within("operator")) if (sign := source.sign(each))]
    signs.sort(key=len, reverse=True)  # `<=` is tried before `<`
    compared = "|".join(re.escape(sign) for sign in signs if sign not in words)
    comparison = scope("keyword.operator.comparison")
    group = [include("condition-in-parens"), include("sign")]

    def condition(param: str) -> Pattern:
        return {
            "patterns": [
                include("comment"),
                between(r"\(", r"\)", "section.parens", group),
                {
                    "begin": rf"\b({matches})\s*(?=\")",
                    "beginCaptures": {"1": scope("keyword.operator.wordlike")},
                    "end": r"(?<=\")|$",
                    "patterns": [quoted([ANY_ESCAPE], name="regexp")],
                },
                # What stands behind a param or before a value compares, else `<` begins a param.
                {
                    "match": rf"(?<=>)\s*({compared})"
                    rf"|({compared})(?=\s*(?:\"|-?\d|(?:true|false)\b(?!\s*[>|.\[])))",
                    "captures": {"1": comparison, "2": comparison},
                },
                include(param),
                include("value"),
                *keywords(words, "operator.wordlike"),
            ]
        }

    return {
        "condition": condition("param"),
        "condition-in-parens": condition("param-in-parens"),
        "value": {"patterns": [include("string"), include("boolean"), include("number")]},
        "constant": {"patterns": [include("literal"), include("boolean"), include("number")]},
        "boolean": {
            "match": rf"\b(?:{any_of(source.words('boolean'))})\b",
            **scope("constant.language.boolean"),
        },
        "number": {"match": rf"(?<![\w.]){source.regex('NUMBER')}", **scope("constant.numeric")},
    }


# Texts


def _texts() -> Pattern:
    def escapes(known: str) -> Pattern:
        return {
            "patterns": [
                {"match": rf"\\(?:{known})", **scope("constant.character.escape")},
                {"match": r"\\[^\n]", **scope("invalid.illegal.escape")},
            ]
        }

    return {
        "comment": {
            "match": r"(#).*",
            "captures": {"1": scope("punctuation.definition.comment")},
            **scope("comment.line.number-sign"),
        },
        "string": quoted([include("escape"), include("param")]),
        "literal": quoted([include("escape")]),
        "escape": escapes(_ESCAPED),
        "escape-in-single-quotes": escapes(rf"'|{_ESCAPED}"),
        "sign": {
            "patterns": [
                {"match": "->", **scope("keyword.operator.arrow")},
                {"match": "=", **scope("keyword.operator.assignment")},
                {"match": ",", **scope("punctuation.separator")},
            ]
        },
    }
