"""Params in a TextMate grammar: ``<path | filter argument>``, filters from their declarations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from lines import ChannelGrammar
from patterns import ANY_ESCAPE, Pattern, any_of, between, include, quoted, scope

from leadlark.filters import FilterSpec

# What is not closed ends before the text it stands in does, or with its line.
_TEXT_ENDS: Final = r"(?=[\"\n])|$"
_INNER_TEXT_ENDS: Final = r"(?=['\n])|$"
_ARGUMENTS_END: Final = r"(?=[|>\"]|$)"
_INNER_ARGUMENTS_END: Final = r"(?=[|>']|$)"
_INNER_TEXT: Final = r"\\'(?:[^'\\\n]|\\[^'\n])*\\'"


def path_regex(source: ChannelGrammar) -> str:
    """The regular expression of a whole path."""
    key, single = source.regex("KEY"), source.regex("SINGLE")
    step = rf"\s*\.\s*(?:{key}|{source.regex('DIGITS')}|{single})"
    index = rf"\s*\[(?:[^\]'\n]|{single})*\]"
    return rf"(?:@\s*{key}|{key}|{single})(?:{step}|{index})*"


def params(source: ChannelGrammar, filters: Mapping[str, FilterSpec]) -> Pattern:
    """The patterns of params and of what stands in them, by their names."""
    key = source.regex("KEY")
    pipe = scope("keyword.operator.pipe")
    escape = include("escape-in-single-quotes")
    number = {"match": source.regex("NUMBER"), **scope("constant.numeric")}
    table = {"match": rf"\G\s*({key})", "captures": {"1": scope("entity.name.type.table")}}
    special = {
        "pattern": [quoted([ANY_ESCAPE], "'", "regexp")],
        "template": [quoted([include("inner-param"), escape], "'", "quoted.single")],
        "table": [table],
    }
    by_kind = {
        kind: {each.name for each in filters.values() if kind in _kinds(each)} for kind in special
    }
    plain = set(filters).difference(*by_kind.values())

    def applied(
        names: Iterable[str], arguments: list[Pattern], end: str = _ARGUMENTS_END
    ) -> Pattern:
        return {
            "begin": rf"(\|)\s*({any_of(names)})(?![\w-])",
            "beginCaptures": {"1": pipe, "2": scope("support.function.filter")},
            "end": end,
            "patterns": [include("comment"), *arguments],
        }

    def param(end: str, patterns: list[Pattern]) -> Pattern:
        unknown = {"match": rf"(\|)\s*(?:{key})?", "captures": {"1": pipe}}  # left without a scope
        kind = "definition.template-expression"
        inside = [include("comment"), *patterns, unknown, include("key"), include("path")]
        return between("<", end, kind, inside, "meta.template.expression")

    text = quoted([escape], "'", "quoted.single")
    inner_text = {"match": _INNER_TEXT, **scope("string.quoted.single")}
    inner = [
        applied(filters, [inner_text, number, include("path")], _INNER_ARGUMENTS_END),
        {"match": _INNER_TEXT, **scope("variable.parameter.quoted")},
    ]
    usual = [
        applied(plain, [text, number, include("path")]),
        *(
            applied(by_kind[kind], arguments)
            for kind, arguments in special.items()
            if by_kind[kind]
        ),
    ]
    return {
        "param": param(f">|{_TEXT_ENDS}", usual),
        "param-in-parens": param('>|(?=["{}])', usual),
        "inner-param": param(f">|{_INNER_TEXT_ENDS}", inner),
        **_paths(source),
    }


def _kinds(spec: FilterSpec) -> set[str]:
    return {parameter.kind for parameter in spec.parameters}


def _paths(source: ChannelGrammar) -> Pattern:
    key, single = source.regex("KEY"), source.regex("SINGLE")
    escape = include("escape-in-single-quotes")
    quoted_key = {**scope("variable.parameter.quoted"), "patterns": [escape]}
    equals = {
        "begin": r"=\s*(?=')",
        "beginCaptures": {"0": scope("keyword.operator.comparison")},
        "end": r"(?=\])|$",
        "patterns": [quoted([escape], "'", "quoted.single")],
    }
    return {
        "key": {"match": single, "captures": {"0": quoted_key}},
        "path": {
            "patterns": [
                {
                    "match": rf"(@)\s*({key})",
                    "captures": {
                        "1": scope("punctuation.definition.variable"),
                        "2": scope("variable.language"),
                    },
                },
                {
                    "match": rf"(\.)\s*(?:({key}|{source.regex('DIGITS')})|({single}))",
                    "captures": {
                        "1": scope("punctuation.accessor"),
                        "2": scope("variable.parameter"),
                        "3": quoted_key,
                    },
                },
                between(
                    r"\[",
                    rf"\]|{_TEXT_ENDS}",
                    "section.brackets",
                    [
                        {"match": r"\*", **scope("keyword.operator.every")},
                        {"match": source.regex("INDEX"), **scope("constant.numeric.index")},
                        equals,
                        include("key"),
                        include("path"),
                    ],
                ),
                {"match": key, **scope("variable.parameter")},
            ]
        },
    }
