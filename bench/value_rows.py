"""Phones and e-mails; the inputs and the libraries' calls are those of `values`."""

from __future__ import annotations

import random
from functools import partial
from typing import Final

import values
from email_validator import validate_email
from measure import Ratio, in_slices
from phonenumbers import PhoneNumberFormat
from rows import VALUES, Row

from leadlark.values.emails import parse_email
from leadlark.values.phones import Phone, split_phones

COUNT: Final = 12_000
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
INTERNATIONAL: Final = (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)
NATIONAL: Final = (PhoneNumberFormat.NATIONAL,)


def phones(formats: tuple[int, ...]) -> Ratio:
    chance = random.Random(1)
    cases = [values.spelled(chance, formats) for _ in range(COUNT)]
    assert all((Phone(values.read_by_library(case)),) == split_phones(*case) for case in cases)
    return in_slices(lambda case: split_phones(*case), values.read_by_library, values.slices(cases))


def emails() -> Ratio:
    chance = random.Random(1)
    addresses = [
        f"{''.join(chance.choices(LETTERS, k=9))}.{chance.choice(LETTERS)}@mail{number}.example.com"
        for number in range(COUNT)
    ]
    check = partial(validate_email, check_deliverability=False)
    for address in addresses:
        read = parse_email(address)
        assert read is not None
        assert read.text == check(address).normalized
    return in_slices(parse_email, check, values.slices(addresses))


ROWS: Final = (
    Row(
        VALUES,
        "an international phone to E.164",
        "phonenumbers",
        "the number",
        0.12,
        partial(phones, INTERNATIONAL),
    ),
    Row(
        VALUES,
        "a national phone to E.164",
        "phonenumbers",
        "the number",
        0.3,
        partial(phones, NATIONAL),
    ),
    Row(VALUES, "a plain e-mail", "email-validator", "the address", 0.05, emails),
)
