"""Every code of LeadLark's messages and its title; a code is never reused.

``E`` errors and ``W`` warnings are about rule files, ``P`` errors about a request that cannot be
read, ``N`` notes about a payload that could be decided all the same, ``A`` findings of an audit of
recorded payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ERRORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # 1: the text
        "E101": "syntax error",
        "E102": "unknown statement",
        "E103": "text without its closing quote",
        "E104": "block without its closing brace",
        "E105": "closing brace without a block",
        "E106": "unknown escape",
        "E107": "character that cannot be seen",
        "E108": "param that cannot be read",
        "E109": "value without quotes",
        "E110": "statement in the wrong block",
        "E111": "file that is not UTF-8",
        "E112": "unknown language edition",
        "E113": "params where only plain text can stand",
        "E114": "parenthesis without its counterpart",
        # 2: names
        "E201": "unknown filter",
        "E202": "unknown table",
        "E203": "unknown type",
        "E204": "undeclared param",
        "E205": "field assigned twice",
        "E206": "address used twice",
        "E207": "second default channel",
        "E208": "name used twice",
        "E209": "unusable channel address",
        "E210": "let that hides a declared param",
        "E211": "unknown surrounding value",
        "E212": "unknown country",
        "E213": "unknown auth scheme",
        "E214": "table key used twice",
        "E215": "unusable payload schema",
        # 3: types
        "E301": "filter fed the wrong type",
        "E302": "wrong filter arguments",
        "E303": "unsupported pattern",
        "E304": "comparison that cannot hold",
        "E305": "unusable date format",
        # 4: statements
        "E401": "channel without an entity",
        "E402": "field block that does not fit the entity",
        "E403": "statement written twice",
        "E404": "branch that is never reached",
        "E405": "flags that exclude each other",
        "E406": "status or responsible written as a field",
        "E407": "value type on a field that takes one value",
        # 5: limits
        "E501": "file too large",
        "E502": "too many statements",
        "E503": "nested too deeply",
        "E504": "pattern too long",
        "E505": "text too long",
        "E506": "too many words and signs",
    }
)

WARNINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "W201": "search by a field that identifies nobody",
        "W202": "find without anything to find by",
        "W203": "search by contact in any status",
        "W204": "search key that is never searched",
        "W205": "flag without effect",
        "W206": "comparison with empty text",
        "W207": "text that looks like a param",
        "W208": "phone without a region",
        "W209": "status update without a status",
        "W210": "unused table",
        "W211": "unused let",
        "W212": "unused declared param",
        "W213": "name in mixed scripts",
        "W214": "allow comment without effect",
        "W215": "search policy without find",
        "W216": "file without a channel",
        "W217": "created in a status that is not searched",
    }
)

PAYLOAD_ERRORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "P101": "broken JSON",
        "P102": "broken form",
        "P103": "wrong encoding",
        "P104": "number that JSON does not have",
        "P105": "NUL character",
        "P106": "lone surrogate",
        "P107": "number too long",
        "P108": "neither an object nor a list of objects",
        "P109": "unsupported content",
        "P501": "payload too large",
        "P502": "too many values",
        "P503": "nested too deeply",
        "P504": "text too long",
    }
)

NOTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "N101": "key sent twice",
        "N102": "keys that differ only in case",
        "N201": "not a phone number",
        "N202": "not an e-mail address",
        "N203": "value that a filter cannot read",
        "N204": "value without a table row",
        "N205": "part of a text without a value",
        "N206": "values that cannot be compared",
        "N207": "text cut at its limit",
        "N301": "several contacts found",
        "N302": "search key of another contact",
    }
)

AUDIT: Final[Mapping[str, str]] = MappingProxyType(
    {
        # 1: payloads and rules
        "A101": "key that no rule reads",
        "A102": "param that no payload has",
        "A103": "field without a value in any payload",
        "A104": "rejected payloads",
        "A105": "payloads that cannot be read",
        # 2: values
        "A201": "phone field with other values",
        "A202": "e-mail field with other values",
        "A203": "search key of many people",
        # 3: records
        "A301": "keys of several records",
        "A302": "update that takes a value away",
        # 4: deliveries
        "A401": "repeated delivery that creates again",
        "A402": "order of deliveries that matters",
    }
)

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {**ERRORS, **WARNINGS, **PAYLOAD_ERRORS, **NOTES, **AUDIT}
)
