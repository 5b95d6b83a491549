"""What names a channel and its surroundings: addresses, countries, schemes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..language import nodes
from ..messages.diagnostics import Diagnostic, Edit
from ..values.phones import is_region
from .context import Context
from .names import known

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
_COUNTRY_WORDS: Final = {"UK": "GB", "EN": "GB", "SU": "RU", "KZT": "KZ", "RUS": "RU", "USA": "US"}


def address_is_usable(context: Context) -> Iterator[Diagnostic]:
    """E209: an address of other characters than lower-case letters, digits and hyphens."""
    address = context.channel.address
    if not address.text or _ADDRESS.fullmatch(address.text):
        return  # an empty one could not be read, which is told already
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
        help=f"write `{meant}`"
        if usable
        else "write it in Latin letters: the address is part of a URL, /in/ADDRESS",
        fix=[Edit(address.span, meant)] if usable else (),
    )


def countries_exist(context: Context) -> Iterator[Diagnostic]:
    """E212: a region, or the argument of `phone`, that is no ISO 3166 country."""
    named: list[tuple[str, nodes.Node]] = [
        (each.country.text, each.country)
        for each in context.of(nodes.Region)
        if isinstance(each, nodes.Region)
    ]
    for node in context.of(nodes.Filter):
        if node.name == "phone" and node.arguments:
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
    suggester = context.effort.suggester("schemes")
    for auth in context.of(nodes.Auth):
        name = auth.scheme
        if name.text not in _SCHEMES:
            meant = suggester.closest(name.text, _SCHEMES)
            yield context.report(
                "E213",
                f"unknown auth scheme `{name.text}`",
                name,
                "not a scheme",
                help=f"did you mean `{meant}`?" if meant else known(_SCHEMES),
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
