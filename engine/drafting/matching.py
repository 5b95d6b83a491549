"""Fields against the table of meanings: which name and which values mean what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ..mapping.scope import elements
from ..values.emails import parse_email
from ..values.phones import parse_phone, phone_text, split_phones
from ..values.value import Json, has_value, number_of, to_text, trim
from .fields import Field, fits
from .meanings import (
    KINDS,
    NEUTRAL,
    OTHERS,
    OWN_IDS,
    PARTIAL,
    PARTS,
    PEOPLE,
    THINGS,
    Meaning,
    table,
    word_list,
)

_NAMES: Final = "name first last full имя"
_LONGEST_NAME: Final = 100
_NO_IDS: Final = ("0", "-1")  # what stands where there is no id
_LONGEST_KEY: Final = 64
_FEWEST_DIGITS: Final = 5
_MOST_DIGITS: Final = 30
_SHARE: Final = 0.5  # of a field's values that have to be e-mails or phones to count as such
_LOOKED_AT: Final = 200  # values of one field
_MORE_WORDS: Final = 100  # a name of two words is surer than any of one


def named(field: Field, meaning: Meaning) -> tuple[int, str, frozenset[str]] | None:
    """How a field's words name a meaning: rank, language, and the words left over, or None.

    A key that says nothing by itself (`value`, `text`) means what the key above it says.
    """
    words = field.words
    if words <= word_list(NEUTRAL) | word_list(PARTIAL):
        words = words | field.around
    found = [entry for entry in table(meaning) if entry[2] <= words]
    if not found:
        return None
    # What says the same in another language is left over by no name.
    left = field.words.difference(*(name for _, _, name in found))
    rank, language = min((_MORE_WORDS * (1 - len(name)) + at, told) for told, at, name in found)
    return rank, language, left


def is_email(field: Field) -> bool:
    """Whether a field holds e-mail addresses, whatever its name is."""
    return _mostly(field, lambda value: isinstance(value, str) and _address(value))


def _address(value: str) -> bool:
    return "@" in value and parse_email(value) is not None


def is_phone(field: Field) -> bool:
    """Whether a field holds phone numbers with a country code, whatever its name is."""

    def test(value: Json) -> bool:
        plus = isinstance(value, str) and trim(value).startswith(("+", "tel:", "＋"))
        return plus and split_phones(to_text(value), None) is not None

    return _mostly(field, test)


def phone_like(field: Field, region: str | None) -> bool:
    """Whether values of a field that is named so can be phones; most of them, if it has any."""

    def test(value: Json) -> bool:
        if isinstance(value, bool) or (not isinstance(value, str) and number_of(value) is None):
            return False
        text = phone_text(value)
        digits = sum(map(str.isdigit, text[:_LOOKED_AT]))
        return _FEWEST_DIGITS <= digits <= _MOST_DIGITS and (
            parse_phone(text, region) is not None or 2 * digits >= len(text)
        )

    return not field.values or _mostly(field, test)


def _mostly(field: Field, test: Callable[[Json], bool]) -> bool:
    values = list(_some(field))
    return bool(values) and sum(map(test, values)) >= _SHARE * len(values)


def _some(field: Field) -> Iterator[Json]:
    count = 0
    for value in field.values.values():
        for each in elements(value):
            if has_value(each):
                yield each
                count += 1
            if count >= _LOOKED_AT:
                return


def is_others(field: Field) -> bool:
    """Whether a field is about somebody at the receiver's end, not the client."""
    return bool(field.words & word_list(OTHERS))


def about(left: frozenset[str]) -> bool:
    """Whether words left over make a name one about a thing: `phone_verified`."""
    return bool(left & word_list(KINDS))


def is_name(field: Field, left: frozenset[str]) -> bool:
    """Whether a field can be a person's name: text that looks so, and named as no thing's."""
    if not fits(field, _name_text) or is_others(field):
        return False
    others = left - word_list(NEUTRAL) - word_list(PEOPLE) - word_list(_NAMES)
    person = field.around & word_list(PEOPLE)
    return not others and (bool(person) or not field.around & word_list(THINGS))


def _name_text(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    digits = sum(map(str.isdigit, value[:_LONGEST_NAME]))
    return len(value) <= _LONGEST_NAME and 4 * digits <= len(value) and "@" not in value


def is_amount(field: Field, left: frozenset[str]) -> bool:
    """Whether a field can be what the whole costs: a number, and named as no part of it."""
    plain = fits(field, lambda each: number_of(each) is not None)
    return plain and not field.listed and not left & word_list(PARTS)


def is_currency(field: Field) -> bool:
    """Whether a field holds codes of currencies, such as ``RUB``."""

    def code(value: Json) -> bool:
        return isinstance(value, str) and len(trim(value)) == 3 and trim(value).isalpha()

    return not field.listed and fits(field, code)


def is_id(field: Field) -> bool:
    """Whether a field's values can tell records apart: short ones, no text of several words."""
    some = any(trim(to_text(value)) not in _NO_IDS for value in field.values.values())
    return some and not field.listed and fits(field, _id_value)


def differs(field: Field) -> bool:
    """Whether a field's values are not the same in every sample."""
    values = {trim(to_text(value)) for value in field.values.values()}
    return len(field.values) == 1 or len(values) > 1


def _id_value(value: Json) -> bool:
    if isinstance(value, bool):
        return False
    text = trim(to_text(value))
    return len(text) <= _LONGEST_KEY and not text.count(" ") > 1


def is_bare_id(field: Field) -> bool:
    """Whether a field is the `id` of the payload itself, or of what the payload is about."""
    return field.words in (frozenset(("id",)), frozenset(("number",))) and not (
        field.around & (word_list(OWN_IDS) | word_list(PEOPLE))
    )


def is_own_id(left: frozenset[str]) -> bool:
    """Whether the words beside `id` name something else than the request."""
    return bool(left & word_list(OWN_IDS))
