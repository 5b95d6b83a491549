"""Holds the patterns for phones and e-mails against the libraries that they stand in front of.

    python bench/values.py --count 1000000 --seed 1

Phones: examples of every region and kind from the metadata of phonenumbers, and digits of their
shape, written in all ways and then changed: digits, prefixes, signs, blanks, full-width and Arabic
digits, labels, extensions; each read in a region or in none. E-mails: addresses of all kinds,
changed in the same manner. What LeadLark answers must be what the library alone gives; every
difference is printed, and the exit status is 1. The same seed gives the same inputs.

Then times are taken, as the ratio of LeadLark to the library calls that it saves, in slices of
both taken by turns: the median of the ratios and their quartiles. ``--count 0`` leaves only these.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import Any, Final

import phonenumbers
from email_validator import validate_email
from phonenumbers import PhoneMetadata, PhoneNumberFormat

from leadlark.values.emails import parse_email, parse_email_by_library
from leadlark.values.phones import Phone, split_phones, split_phones_by_library

REGIONS: Final = sorted(phonenumbers.SUPPORTED_REGIONS)
CODES: Final = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
FORMATS: Final = (
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
)
KINDS: Final = sorted(phonenumbers.PhoneNumberType.values())
SIGNS: Final = (*"- ().-/+", "  ", "\xa0", "\u2009", "\u202f", "\u2013", "\u2011", "\t")
ODD: Final = (
    *("\u200b", "\u202a", "＋", "（", "[", "*", "#", "~", "x", "ext", ";ext=5", " доб. 5"),
    *("\n", "тел. ", "tel:", "'", "a", "ABC", "_", "٥", "７", "²", "\x00", "\ud800", "\x1c"),
    *(",", ";", ", 8 903 123-45-67"),
)
PREFIXES: Final = (*("" for _ in range(4)), *"01899+", "00", "810", "011", "+ ", "(0)", "000", "++")

LOCALS: Final = (
    *("maria", "Maria.Ivanova", "info", "INFO", "Sales", "sales.team", "o'neil", "a+b", "x_y"),
    *("a..b", ".a", "a.", "a b", '"a b"', "a%40b", "mailto:a", "MAILTO:b", "a/b=c", "ſ", "\u212a"),
    *("мария", "é", "ß"),
)
LABELS: Final = (
    *("example", "Example", "mail", "a-b", "a--b", "-a", "a-", "xn--p1ai", "xn--", "ab--cd"),
    *("a_b", "a" * 63, "a" * 64, "", "ſ", "\u212a", "test", "k1", "axn--b", "пример", "1"),
)
TOPS: Final = (
    *("com", "ru", "COM", "test", "Local", "localhost", "arpa", "invalid", "onion", "рф"),
    *("c0m", "co1", "1", "info", "museum", "tests", "mylocal", "", "xn--p1ai"),
)
EMAIL_SIGNS: Final = (
    *(".", "-", "@", "_", " ", '"', "<", ">", "\\", ",", "%40", "?x=1", "\u200b", "\u0301", "\xa0"),
    *("\u3002", "＠", "é", "A", "z", "0", "\n", "\x00", "\ud800", "[", "]", ":", "~", "'"),
)

Case = tuple[str, str | None]
Slices = Sequence[Sequence[Any]]


def examples() -> list[tuple[str, str]]:
    """National numbers of the metadata, one of every kind of every region, with its code."""
    found = set()
    for region in REGIONS:
        numbers = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
        found |= {(region, number) for number in map(written, filter(None, numbers))}
    for code in CODES:
        number = phonenumbers.example_number_for_non_geo_entity(code)
        if number is not None:
            found.add(("US", written(number)))
    return sorted(found)


def written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def phones(chance: random.Random, count: int) -> Iterator[Case]:
    """Texts that are phones, nearly are, or are none, each with the region it is read in."""
    known = [(region, phonenumbers.parse(number)) for region, number in examples()]
    for _ in range(count):
        home, number = chance.choice(known)
        text = chance.choice(PREFIXES) + random_digits(chance)
        if chance.random() < 0.85:
            text = varied(chance, number, home)
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 4))):
            text = changed(chance, text, SIGNS if chance.random() < 0.8 else ODD)
        if chance.random() < 0.04:
            text = in_other_digits(chance, text)
        region = home if chance.random() < 0.6 else chance.choice((None, *REGIONS))
        yield text, region if chance.random() < 0.99 else chance.choice(("XX", "ru", "001", ""))


def random_digits(chance: random.Random) -> str:
    code = chance.choice(("", str(chance.choice(CODES))))
    return code + "".join(chance.choices("0123456789", k=chance.randrange(1, 18)))


def varied(chance: random.Random, number: phonenumbers.PhoneNumber, region: str) -> str:
    """A number with some of its last digits changed, in a way that it is written in."""
    digits = phonenumbers.national_significant_number(number)
    if chance.random() < 0.7:
        kept = chance.randrange(len(digits) + 1)
        digits = digits[:kept] + "".join(chance.choices("0123456789", k=len(digits) - kept))
    ways = chance.random()
    if ways < 0.3:
        similar = phonenumbers.PhoneNumber(
            country_code=number.country_code,
            national_number=int(digits),
            italian_leading_zero=digits.startswith("0") or None,
        )
        return str(phonenumbers.format_number(similar, chance.choice(FORMATS)))
    if ways < 0.45:
        return f"{chance.choice(('', '+', '00', '+', '011', '810'))}{number.country_code}{digits}"
    if ways < 0.5:  # as dialled inside of an area
        return digits[chance.randrange(5) :]
    metadata: Any = PhoneMetadata.metadata_for_region(region)
    prefix = chance.choice((*prefixes(metadata.national_prefix_for_parsing or ""), *PREFIXES))
    if ways < 0.65:
        abroad = chance.choice(prefixes(metadata.international_prefix or "") or ("00",))
        return f"{abroad}{number.country_code}{chance.choice((prefix, ''))}{digits}"
    if ways < 0.75:
        return f"{chance.choice(('', '+'))}{number.country_code}{prefix}{digits}"
    return f"{prefix}{digits}"


@cache
def prefixes(pattern: str) -> tuple[str, ...]:
    """The digits that a pattern of a prefix stands for, longer ones only behind 00."""
    match = re.compile(pattern).fullmatch
    short = (f"{number:0{size}}" for size in (1, 2, 3, 4) for number in range(10**size))
    long = (f"00{number:03}" for number in range(1_000))
    return tuple(filter(match, (*short, *long)))


def changed(chance: random.Random, text: str, signs: Sequence[str]) -> str:
    """The text with a part left out, doubled, put in or replaced."""
    at = chance.randrange(len(text) + 1)
    match chance.randrange(6):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at : at + 1] * 2 + text[at + 1 :]
        case 2:
            return text[:at] + chance.choice("0123456789") + text[at + 1 :]
        case 3:
            return text[:at] + chance.choice("0123456789") + text[at:]
        case _:
            return text[:at] + chance.choice(signs) + text[at:]


def in_other_digits(chance: random.Random, text: str) -> str:
    """The text with its digits of another script, all or some of them."""
    zero, share = chance.choice((0xFF10, 0x660, 0x966)), chance.choice((1.0, 0.3))
    return "".join(
        chr(zero + int(char)) if char in "0123456789" and chance.random() < share else char
        for char in text
    )


def emails(chance: random.Random, count: int) -> Iterator[Case]:
    """Texts that are addresses, nearly are, or are none."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    for _ in range(count):
        plain = ["".join(chance.choices(letters, k=chance.randrange(1, 9))) for _ in range(3)]
        local = chance.choice((plain[0], f"{plain[0]}.{plain[1]}", chance.choice(LOCALS)))
        labels = [chance.choice((plain[2], plain[1], chance.choice(LABELS))) for _ in range(2)]
        domain = ".".join((*labels[: chance.randrange(3)], chance.choice(TOPS)))
        text = f"{local}@{domain}"
        for _ in range(chance.choice((0, 0, 0, 1, 1, 3))):
            text = changed(chance, text, EMAIL_SIGNS)
        if chance.random() < 0.01:
            text = text.replace("@", "@" + "a.b-" * chance.randrange(60), 1)
        yield text, None


def compare(
    name: str,
    cases: Iterator[Case],
    own: Callable[[str, str | None], Any],
    reference: Callable[[str, str | None], Any],
) -> int:
    """Print how many inputs were compared and which ones differed; the number of the latter."""
    begun, differences, counts = time.perf_counter(), 0, Counter[str]()
    regions = set()
    for text, region in cases:
        expected, actual = reference(text, region), own(text, region)
        counts["inputs"] += 1
        counts["valid"] += expected is not None
        regions.add(region)
        if expected != actual:
            differences += 1
            print(f"{name} {text!a} {region}: {actual} instead of {expected}")
    took = time.perf_counter() - begun
    print(
        f"{name}: {counts['inputs']:,} inputs, {counts['valid']:,} valid, "
        f"{f'{len(regions)} regions, ' if len(regions) > 1 else ''}"
        f"{differences} differences, {took:.0f} s"
    )
    return differences


def ratio(name: str, own: Callable[[Any], Any], other: Callable[[Any], Any], each: Slices) -> None:
    """Print the time of LeadLark over that of a library, for slices of inputs, both by turns."""
    ratios = []
    for inputs in each:
        begun = time.process_time()
        for item in inputs:
            own(item)
        between = time.process_time()
        for item in inputs:
            other(item)
        ratios.append((between - begun) / (time.process_time() - between))
    low, middle, high = statistics.quantiles(ratios, n=4)
    print(f"{name:40} {middle:.4f}  ({low:.4f} to {high:.4f}, {len(ratios)} slices)")


def read_by_library(case: Case) -> str | None:
    """The calls of phonenumbers that give E.164."""
    number = phonenumbers.parse(*case)
    valid = phonenumbers.is_valid_number(number)
    return written(number) if valid else None


def times(chance: random.Random) -> None:
    """Print all ratios."""
    forms = {
        "phones, international": (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164),
        "phones, national": (PhoneNumberFormat.NATIONAL,),
    }
    for name, formats in forms.items():
        numbers = [spelled(chance, formats) for _ in range(20_000)]
        assert all((Phone(read_by_library(case)),) == split_phones(*case) for case in numbers)
        ratio(name, lambda case: split_phones(*case), read_by_library, slices(numbers))
    ratio(
        "phones, repeated", lambda case: split_phones(*case), read_by_library, [numbers[:50]] * 200
    )

    letters = "abcdefghijklmnopqrstuvwxyz"
    addresses = [
        f"{''.join(chance.choices(letters, k=9))}.{chance.choice(letters)}@mail{index}.example.com"
        for index in range(20_000)
    ]
    check = partial(validate_email, check_deliverability=False)
    assert all(parse_email(address).text == check(address).normalized for address in addresses)
    ratio("e-mails, plain", parse_email, check, slices(addresses))
    ratio("e-mails, repeated", parse_email, check, [addresses[:50]] * 200)


def slices(inputs: list[Any]) -> Slices:
    """The inputs in slices; there are so many that none is kept until its second turn."""
    return [inputs[at : at + 200] for at in range(0, len(inputs), 200)]


def spelled(chance: random.Random, formats: Sequence[int]) -> Case:
    """A valid number of one of some large countries, written in one of the formats."""
    while True:
        region = chance.choice(("RU", "US", "DE", "GB", "FR", "IT", "IN", "KZ", "PL", "TR"))
        number = phonenumbers.example_number_for_type(region, chance.choice((0, 1)))
        spread = 10 ** (len(str(number.national_number)) - 4)
        number.national_number += chance.randrange(spread)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, chance.choice(formats)), region


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=100_000, help="inputs of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-times", action="store_true", help="compare only")
    options = parser.parse_args()
    if not options.no_times:
        times(random.Random(options.seed))
    return 1 if options.count and differences(options.count, options.seed) else 0


def differences(count: int, seed: int) -> int:
    """Compare so many inputs of each kind; the number of those that are answered differently."""
    # Without it the library compiles its patterns again and again, as those of all regions are
    # more than Python keeps.
    getattr(phonenumbers, "enable_pattern_cache", lambda: None)()  # of later versions
    chance = random.Random(seed)
    own_email, by_library = (lambda text, _: parse_email(text)), parse_email_by_library
    return compare(
        "phones", phones(chance, count), split_phones, split_phones_by_library
    ) + compare("e-mails", emails(chance, count), own_email, lambda text, _: by_library(text))


if __name__ == "__main__":
    sys.exit(main())
