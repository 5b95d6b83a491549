"""Search keys: what a field's value is found by, the same for stored and for sent values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from .emails import parse_email
from .phones import phone_text, split_phones
from .value import Json, key_text, to_text

PHONE: Final = "PHONE"
EMAIL: Final = "EMAIL"
MULTI_FIELDS: Final = frozenset((PHONE, EMAIL, "WEB", "IM"))
"""Fields that hold any number of values, each with a value type; in capitals."""


class Key(NamedTuple):
    """A search key: a field and its normalised value, never empty (see `values.key_text`)."""

    field: str
    value: str


def is_multi(field: str) -> bool:
    """Whether a field, its name in any case, holds any number of values."""
    return field.upper() in MULTI_FIELDS


def is_phone_field(field: str) -> bool:
    """Whether a field holds phone numbers by its name, in any case."""
    return field.upper() == PHONE


def is_email_field(field: str) -> bool:
    """Whether a field holds e-mail addresses by its name, in any case."""
    return field.upper() == EMAIL


def keys_of(field: str, value: Json, region: str | None = None) -> tuple[Key, ...]:
    """The search keys of a field's value, each once: those of all elements of a list.

    ``region`` is the ISO 3166 country of phones without a country code. What has no value, and
    in a phone or e-mail field what is no phone or e-mail, has no key.
    """
    elements = value if isinstance(value, list) else [value]
    texts = (text for element in elements for text in _texts(field, element, region))
    return tuple(Key(field, text) for text in dict.fromkeys(texts))


def _texts(field: str, value: Json, region: str | None) -> Iterator[str]:
    if is_phone_field(field):
        for phone in split_phones(phone_text(value), region) or ():
            yield phone.key
        return
    if is_email_field(field):
        email = parse_email(to_text(value))
        text = key_text(email.key) if email is not None else None
    else:
        text = key_text(value)
    if text is not None:
        yield text
