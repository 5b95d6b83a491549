"""Explanations of hostile payloads; masked ones let nobody be known."""

from __future__ import annotations

import json
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from strategies import NOW, Payload, keys, orders, payloads

from leadlark import Explanation, Mask, MemoryStore, Request, Rules, explain, loads
from leadlark.cli.explain_text import segments
from leadlark.reports.explanations import explanations_page

SCHEMA: Final = Draft202012Validator(
    json.loads(files("leadlark.schemas").joinpath("explanation.json").read_text("utf-8"))
)
ADDRESSES: Final = st.sampled_from(("everything", "each-item", "oldest-one", "shop"))

names = st.text("бвгджзклмнпрст", min_size=6, max_size=12).map(str.title)
phones = st.integers(0, 9_999).map(lambda number: f"+7471277{number:04}")
emails = st.text("bcdfghjk", min_size=6, max_size=10).map(lambda name: f"{name}@example.com")
persons = st.one_of(names, phones, emails, phones.map(lambda text: int(text[1:])))
people = st.dictionaries(
    keys,
    st.recursive(
        persons,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=2),
        max_leaves=4,
    ),
    max_size=8,
).map(lambda payload: {"need": "x", **payload})
"""Payloads whose every value is about somebody: names, phones (numbers, too), e-mails."""


def outputs(several: tuple[Explanation, ...]) -> tuple[str, str, str]:
    """Every form that explanations are given in."""
    return (
        "".join(text for each in several for _, text in segments(each)),
        "\n".join(each.to_json() for each in several),
        explanations_page(several),
    )


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [str(value)]


@given(address=ADDRESSES, first=people, payload=people)
@settings(max_examples=25)
def test_masked_output_names_nobody(
    everything: Rules, address: str, first: Payload, payload: Payload
) -> None:
    """No name, phone or e-mail of the payload or of a record stands in any form of it."""
    channel, store = everything[address], MemoryStore()
    channel.process_all(Request(first), store, NOW)
    personal = {leaf for sent in (first, payload) for leaf in leaves(sent) if len(leaf) > 5}

    shown = outputs(explain(channel, Request(payload), store, NOW, mask=Mask()))

    assert [] == [leaf for leaf in personal for text in shown if leaf in text]


PEOPLE: Final = loads(
    """
channel people {
    entity deal
    region RU
    payload {
        name   text
        phone  phone  required
        email  email
        note   text
    }
    reject when <note> contains "no" "refused by <name>: <note>"
    let who = "<name> (<phone>)"
    find
    contact update {
        NAME  = "<name | upper>"  search
        PHONE = "<phone>"         search
        EMAIL = "<email>"         search
    }
    deal {
        TITLE = "Call <who>"  search
        NOTE  = "<note | truncate 20>"
    }
    comment payload
    activity "<who>: <note | default 'none'>"
}
"""
)["people"]


@given(
    name=names | phones, phone=phones | names, email=emails | names, note=names | emails | phones
)
@settings(max_examples=30)
def test_sentences_name_nobody(name: str, phone: str, email: str, note: str) -> None:
    """Neither reasons, problems and warnings nor texts made of params name anybody."""
    payload = {"name": name, "phone": phone, "email": email, "note": note}
    with MemoryStore(region="RU") as store:
        PEOPLE.process_all(Request(payload), store, NOW)
        for sent in (payload, {**payload, "note": f"no {note}"}):
            shown = outputs(explain(PEOPLE, Request(sent), store, NOW, mask=Mask()))
            for leaf in payload.values():
                assert [] == [text for text in shown if leaf in text or leaf.upper() in text]


@given(address=ADDRESSES, first=orders, payload=payloads | orders, masked=st.booleans())
@settings(max_examples=30)
def test_any_payload_is_told(
    everything: Rules, address: str, first: Payload, payload: Payload, masked: bool
) -> None:
    """What is told is what `decide_all` decides, fits the schema, and writes nothing."""
    channel, store = everything[address], MemoryStore()
    channel.process_all(Request(first), store, NOW)
    held = [store.records(type) for type in ("contact", "lead", "deal")]

    several = explain(channel, Request(payload), store, NOW, mask=Mask() if masked else None)

    assert held == [store.records(type) for type in ("contact", "lead", "deal")]
    decided = channel.decide_all(Request(payload), store, NOW)
    assert [each.action for each in decided] == [each.action for each in several]
    for decision, each in zip(decided, several, strict=True):
        shown = json.loads(each.to_json(), parse_float=Decimal)
        assert [] == [error.message for error in SCHEMA.iter_errors(shown)]
        if not masked:
            assert decision.to_dict() == each.decision
        assert written(decision.to_dict()) == {
            (field.target, field.field)
            for field in each.fields
            for outcome in field.outcomes
            if outcome.writes
        }


def written(decision: dict[str, Any]) -> set[tuple[str, str]]:
    """The fields that a decision writes, with what they are of."""
    contact, entity = decision["contact"], decision["entity"]
    found = {("contact", name) for name in contact["fields"]} if contact else set()
    for part in (entity, *(entity["records"] or ())) if entity else ():
        found |= {(entity["type"], name) for name in part["fields"] or ()}
    return found


class Tags(HTMLParser):
    """The tags of a page, and the texts between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "style")]


_TAGS: Final = """
    html head meta title style body main h1 h2 h3 h4 p span div code strong ol ul li a article
    table thead tbody tr th td details summary
"""
ALLOWED: Final = frozenset(_TAGS.split())
hostile = st.sampled_from(
    (
        "<script>alert(1)</script>",
        "</style><img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "{{ 7*7 }}{% raw %}",
        "\u202e<b>gpj.exe\u202c",
        "`</code><script>`",
        "\x1b[2J",
    )
)


@given(payload=st.dictionaries(keys, hostile | st.lists(hostile, max_size=2), max_size=8))
@settings(max_examples=25)
def test_page_is_inert(everything: Rules, payload: Payload) -> None:
    """Whatever a payload holds is text on the page, and no unseen character gets there."""
    several = explain(everything["everything"], Request(payload), MemoryStore(), NOW)
    page = explanations_page(several)
    parser = Tags()
    parser.feed(page)
    parser.close()

    assert frozenset() == parser.tags - ALLOWED
    assert 1 == page.count("</style>")
    assert [] == [sign for sign in "\u202e\u202c\x1b" if sign in page]
