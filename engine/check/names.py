"""Filters, tables, types, countries, schemes and addresses that a channel names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from .. import nodes
from ..diagnostics import Diagnostic, Edit, Label
from ..filters import FILTERS
from ..phones import is_region
from ..suggest import closest
from . import walk
from .context import Context
from .shape import TYPES

_ADDRESS: Final = re.compile(r"[a-z0-9-]{1,64}")
_SCHEMES: Final = (
    "standard",
    "woocommerce",
    "shopify",
    "typeform",
    "facebook",
    "mailgun",
    "webflow",
    "hubspot",
    "hmac",
    "token",
)
_TYPE_WORDS: Final = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "number": "decimal",
    "float": "decimal",
    "money": "decimal",
    "boolean": "bool",
    "datetime": "date",
    "mail": "email",
    "tel": "phone",
    "array": "list",
    "map": "object",
}
_FILTER_WORDS: Final = {
    "strip": "trim",
    "lowercase": "lower",
    "downcase": "lower",
    "uppercase": "upper",
    "upcase": "upper",
    "capitalize": "title",
    "int": "integer",
    "number": "decimal",
    "float": "decimal",
    "length": "count",
    "size": "count",
    "regex": "extract",
    "or": "default",
    "concat": "join",
    "from_json": "parse_json",
    "to_json": "json",
    "tel": "phone",
    "string": "text",
}
_COUNTRY_WORDS: Final = {"UK": "GB", "EN": "GB", "SU": "RU", "KZT": "KZ", "RUS": "RU", "USA": "US"}


def filters_exist(context: Context) -> Iterator[Diagnostic]:
    """E201: a filter that the language does not have."""
    for node in walk.descend(context.channel):
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            meant = _FILTER_WORDS.get(node.name.lower()) or closest(node.name, FILTERS)
            yield context.report(
                "E201",
                f"unknown filter `{node.name}`",
                node.name_span,
                "not a filter",
                help=f"did you mean `{meant}`?" if meant else _known(FILTERS),
                fix=[Edit(node.name_span, meant)] if meant else (),
            )


def tables_exist(context: Context) -> Iterator[Diagnostic]:
    """E202: `lookup` in a table that the file does not have."""
    for node in walk.descend(context.channel):
        named = walk.lookup_name(node) if isinstance(node, nodes.Filter) else None
        if named is None or named[0] in context.tables or named[0] in context.lost:
            continue
        name, span = named
        meant = closest(name, context.tables)
        way_out = f"did you mean `{meant}`?" if meant else None
        if way_out is None and context.tables:
            way_out = f"the tables of this file are {_listed(context.tables)}"
        yield context.report(
            "E202",
            f"unknown table `{name}`",
            span,
            "not a table of this file",
            related=[Label(context.tables[meant].name.span, "this one?")] if meant else (),
            help=way_out or f"add `table {name} {{ … }}` to this file, outside of the channel",
            fix=[Edit(span, meant)] if meant else (),
        )


def types_exist(context: Context) -> Iterator[Diagnostic]:
    """E203: a declared param of a type that the language does not have."""
    for payload in context.statements(nodes.Payload):
        assert isinstance(payload, nodes.Payload)
        for declared in payload.params:
            name = declared.type
            if name.text in TYPES:
                continue
            meant = _TYPE_WORDS.get(name.text.lower()) or closest(name.text, TYPES)
            yield context.report(
                "E203",
                f"unknown type `{name.text}`",
                name,
                "not a type",
                help=f"did you mean `{meant}`?" if meant else _known(TYPES),
                fix=[Edit(name.span, meant)] if meant else (),
            )


def names_are_unique(context: Context) -> Iterator[Diagnostic]:
    """E208: a let or a declared param of a name that another one has."""
    for statement in context.channel.statements:
        if isinstance(statement, nodes.Let):
            first = context.lets[statement.name.text][1]
            if first is not statement:
                yield context.report(
                    "E208",
                    f"`let {statement.name.text}` is written twice",
                    statement.name,
                    "the second one",
                    related=[Label(first.name.span, "the first one")],
                    help="give one of them another name",
                )
        elif isinstance(statement, nodes.Payload):
            seen: dict[nodes.Path, nodes.Declared] = {}
            for declared in statement.params:
                before = seen.setdefault(declared.path, declared)
                if before is not declared:
                    yield context.report(
                        "E208",
                        f"param `{context.text(declared.path)}` is declared twice",
                        declared.path,
                        "declared again",
                        related=[Label(before.path.span, "first declared here")],
                        help="leave out one of the two lines",
                    )


def address_is_usable(context: Context) -> Iterator[Diagnostic]:
    """E209: an address of other characters than lower-case letters, digits and hyphens."""
    address = context.channel.address
    if _ADDRESS.fullmatch(address.text):
        return
    meant = re.sub(r"[^a-z0-9]+", "-", address.text.lower()).strip("-")
    usable = address.text.isascii() and bool(_ADDRESS.fullmatch(meant))
    long = len(address.text) > 64
    yield context.report(
        "E209",
        f"channel address of {len(address.text)} characters"
        if long
        else f"unusable channel address `{address.text}`",
        address,
        "at most 64 characters" if long else "lower-case letters a-z, digits and `-` only",
        help=f"write `{meant}`" if usable else "the address is part of a URL: /in/ADDRESS",
        fix=[Edit(address.span, meant)] if usable else (),
    )


def countries_exist(context: Context) -> Iterator[Diagnostic]:
    """E212: a region, or the argument of `phone`, that is no ISO 3166 country."""
    named: list[tuple[str, nodes.Node]] = [
        (each.country.text, each.country)
        for each in context.statements(nodes.Region)
        if isinstance(each, nodes.Region)
    ]
    for node in walk.descend(context.channel):
        if isinstance(node, nodes.Filter) and node.name == "phone" and node.arguments:
            argument = node.arguments[0]
            if isinstance(argument, nodes.Text):
                named.append((argument.value, argument))
    for text, place in named:
        if is_region(text):
            continue
        upper = text.strip().upper()
        meant = upper if is_region(upper) else _COUNTRY_WORDS.get(upper)
        quote = "'" if isinstance(place, nodes.Text) else ""
        yield context.report(
            "E212",
            f"unknown country `{text}`",
            place,
            "not an ISO 3166 code",
            help=f"write `{quote}{meant}{quote}`"
            if meant
            else "a country is two capital letters, such as RU, KZ, DE or US",
            fix=[Edit(place.span, f"{quote}{meant}{quote}")] if meant else (),
        )


def schemes_exist(context: Context) -> Iterator[Diagnostic]:
    """E213: a way of proving who sends, its hash or its encoding, that is not known."""
    for auth in context.statements(nodes.Auth):
        assert isinstance(auth, nodes.Auth)
        name = auth.scheme
        if name.text not in _SCHEMES:
            meant = closest(name.text, _SCHEMES)
            yield context.report(
                "E213",
                f"unknown auth scheme `{name.text}`",
                name,
                "not a scheme",
                help=f"did you mean `{meant}`?" if meant else _known(_SCHEMES),
                fix=[Edit(name.span, meant)] if meant else (),
            )
        elif name.text == "hmac" and auth.algorithm not in (None, "sha256"):
            yield context.report(
                "E213",
                f"unknown hash `{auth.algorithm}`",
                auth,
                "only sha256",
                help='write `auth hmac sha256 base64 header "…"` (or `hex`)',
            )
        elif name.text == "hmac" and auth.encoding not in (None, "base64", "hex"):
            yield context.report(
                "E213",
                f"unknown encoding `{auth.encoding}`",
                auth,
                "base64 or hex",
                help='write `auth hmac sha256 base64 header "…"` (or `hex`)',
            )
        elif name.text in ("hmac", "token") and auth.place is None:
            rest = 'sha256 base64 header "X-Signature"' if name.text == "hmac" else 'header "X-Key"'
            yield context.report(
                "E213",
                f"auth scheme `{name.text}` without its details",
                name,
                "where is the proof?",
                help=f"write `auth {name.text} {rest} secret {auth.secret.text}`",
            )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _known(names: Iterable[str]) -> str:
    return f"known are {_listed(names)}"
