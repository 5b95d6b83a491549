"""Search keys: every spelling of a phone or an e-mail reaches the same contact."""

from __future__ import annotations

import unicodedata
from typing import Final

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st
from strategies import NOW

from leadlark import Channel, MemoryStore, Request, loads

REGIONS: Final = ("RU", "KZ", "DE", "US", "GB", "IT", "AR", "BR")


def channel_of(region: str) -> Channel:
    """A channel that finds contacts by phone and by e-mail."""
    text = (
        f"channel people {{\n entity lead\n region {region}\n contact {{\n"
        '  PHONE = "<phone>" search\n  EMAIL = "<email>" search\n }\n}\n'
    )
    return loads(text)["people"]


CHANNELS: Final = {region: channel_of(region) for region in REGIONS}
FULL_WIDTH: Final = str.maketrans("0123456789+", "０１２３４５６７８９＋")
ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, phonenumbers.PhoneNumber]:
    """A region and a valid number of it, near the one that its metadata give as an example."""
    region = draw(st.sampled_from(REGIONS))
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    text = str(example.national_number)
    changed = text[:-4] + draw(st.from_regex(r"[0-9]{4}", fullmatch=True))
    number = phonenumbers.PhoneNumber(
        country_code=example.country_code, national_number=int(changed)
    )
    return region, number if phonenumbers.is_valid_number(number) else example


def plain_digits(region: str, number: phonenumbers.PhoneNumber) -> list[str | int]:
    """The international digits alone, unless they are another number of the region by themselves.

    ``4915123450000`` is a number of Germany as it stands.
    """
    digits = f"{number.country_code}{number.national_number}"
    national = phonenumbers.parse(digits, region)
    if national != number and phonenumbers.is_valid_number(national):
        return []
    return [digits, int(digits)]


def spellings(region: str, number: phonenumbers.PhoneNumber) -> list[str | int]:
    """What people and programs write for a number."""
    styles = phonenumbers.PhoneNumberFormat
    written = [
        phonenumbers.format_number(number, style)
        for style in (styles.E164, styles.INTERNATIONAL, styles.NATIONAL, styles.RFC3966)
    ]
    e164, international, national, _ = written
    return [
        *written,
        f"  {international}\u00a0",
        international.replace(" ", "-").replace("-", "\u2011"),
        international.replace(" ", "."),
        e164.translate(FULL_WIDTH),
        e164.translate(ARABIC),
        f"{e164};ext=5",
        f"{national} ext. 12",
        *plain_digits(region, number),
        f"\u202a{e164}\u202c",
    ]


@given(found=numbers(), data=st.data())
def test_spellings_of_a_phone_reach_one_contact(
    found: tuple[str, phonenumbers.PhoneNumber], data: st.DataObject
) -> None:
    """Whichever spelling came first, all others find the contact that it made."""
    region, number = found
    written = data.draw(st.permutations(spellings(region, number)))
    store = MemoryStore()

    for each in written:
        decision = CHANNELS[region].process(Request({"phone": each}), store, NOW)
        assert decision.contact is not None
        assert ("1",) == decision.contact.ids, each

    assert 1 == len(store.records("contact"))


NAMES: Final = st.from_regex(r"[a-z][a-z0-9._+-]{0,8}[a-z0-9]", fullmatch=True).filter(
    lambda name: ".." not in name and ".+" not in name
)
DOMAINS: Final = st.sampled_from(("example.com", "пример.рф", "bücher.example", "mail.example.org"))


@given(name=NAMES, domain=DOMAINS, data=st.data())
def test_spellings_of_an_email_reach_one_contact(
    name: str, domain: str, data: st.DataObject
) -> None:
    """Case, blanks, normal form and punycode make no difference."""
    idna = domain.encode("idna").decode()
    addresses = [
        f"{name}@{domain}",
        f"{name}@{idna}",
        f"{name.upper()}@{domain.upper()}",
        f"  {name}@{domain}\n",
        unicodedata.normalize("NFD", f"{name}@{domain}"),
        f"{name.title()}@{idna.title()}",
    ]
    store = MemoryStore()

    for each in data.draw(st.permutations(addresses)):
        decision = CHANNELS["RU"].process(Request({"email": each}), store, NOW)
        assert decision.contact is not None
        assert ("1",) == decision.contact.ids, each

    assert 1 == len(store.records("contact"))


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(texts=st.tuples(words, words))
def test_what_is_no_phone_finds_nobody(texts: tuple[str, str]) -> None:
    """Two people are never taken for one because of values that are no phone and no e-mail."""
    channel = CHANNELS["RU"]
    store = MemoryStore()

    for text in texts:
        request = Request({"phone": f"call {text} me", "email": f"{text} at home"})
        if not channel.map(request, NOW).keys.contact:
            decision = channel.process(request, store, NOW)
            assert decision.contact is not None
            assert "create" == decision.contact.action
