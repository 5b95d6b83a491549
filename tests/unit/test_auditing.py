"""Audits: whole outputs, and what deliveries that are repeated or reordered must come to.

Each folder of tests/cases/audit holds ``rules.channel`` and ``payloads.ndjson``; ``store.json``
are records that are there. ``UPDATE_GOLDEN=1`` writes ``text.out``, ``json.out`` and
``masked.out``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
import simplejson
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import leadlark
from leadlark.auditing.audit import Audit, audit
from leadlark.auditing.finding import Finding
from leadlark.auditing.observed import MAX_SUBJECTS
from leadlark.cli.audit_text import segments
from leadlark.codes import AUDIT
from leadlark.explaining.masking import Mask
from leadlark.request.payload import Request, payloads_from_file
from leadlark.request.place import Place, placed
from leadlark.values.value import write_json

CASES: Final = Path(__file__).parents[1] / "cases" / "audit"
FOLDERS: Final = sorted(each for each in CASES.iterdir() if each.is_dir())
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA: Final = Draft202012Validator(
    json.loads(files("leadlark.schemas").joinpath("audit.json").read_text("utf-8"))
)


def channel_of(folder: Path) -> leadlark.Channel:
    return leadlark.load(folder / "rules.channel").only()


def store_of(folder: Path) -> leadlark.MemoryStore:
    path = folder / "store.json"
    held = json.loads(path.read_text("utf-8")) if path.exists() else []
    records = [
        leadlark.Record(**{**each, "contacts": tuple(each.get("contacts", ()))}) for each in held
    ]
    return leadlark.MemoryStore(records, "RU")


def audit_of(folder: Path, store: leadlark.MemoryStore | None = None) -> Audit:
    data = (folder / "payloads.ndjson").read_bytes()
    sent = placed(("payloads.ndjson", each) for each in payloads_from_file("a.ndjson", data))
    search = (store or store_of(folder)).search
    return audit(channel_of(folder), sent, search, NOW)


def shared(folder: Path) -> Audit:
    mask = Mask()
    mask.learn(channel_of(folder).program)
    return audit_of(folder).masked(mask)


def text(result: Audit) -> str:
    return "".join(text for _, text in segments(result)) + "\n"


def audited(rules: str, payloads: Sequence[dict[str, Any]]) -> Audit:
    sent = ((Place("a", number), Request(each)) for number, each in enumerate(payloads, 1))
    channel = leadlark.loads(rules).only()
    return audit(channel, sent, leadlark.MemoryStore().search, NOW)


def found(result: Audit, code: str) -> Finding | None:
    return next((each for each in result.findings if each.code == code), None)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_outputs_are_the_golden_ones(folder: Path) -> None:
    """Text, JSON and the masked text are, character by character, as they are kept."""
    result = audit_of(folder)
    outputs = {
        "text.out": text(result),
        "json.out": write_json(result.to_dict(), indent=2) + "\n",
        "masked.out": text(shared(folder)),
    }
    for name, output in outputs.items():
        if UPDATE:
            (folder / name).write_text(output, encoding="utf-8")
        assert (folder / name).read_text(encoding="utf-8") == output


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_json_is_as_its_schema_says(folder: Path) -> None:
    """The published schema describes each audit, masked or not."""
    for result in (audit_of(folder), shared(folder)):
        shown = simplejson.loads(write_json(result.to_dict()))
        assert [] == [error.message for error in SCHEMA.iter_errors(shown)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_texts_are_inert(folder: Path) -> None:
    """No control or bidirectional character of a payload reaches a terminal."""
    shown = text(audit_of(folder)) + text(shared(folder))

    assert [] == [each for each in shown if each in "\x1b\x07\r\u202e"]


def test_every_code_is_found_somewhere() -> None:
    """The case files show every code, so that each is seen in a whole output."""
    codes = {each.code for folder in FOLDERS for each in audit_of(folder).findings}

    assert set(AUDIT) == codes


def test_masked_audit_holds_no_personal_data() -> None:
    """Names, phones, e-mails and free text are replaced, equal values by equal stand-ins."""
    shown = text(shared(CASES / "findings")) + write_json(shared(CASES / "findings").to_dict())

    assert [] == [
        each
        for each in ("Anna", "Dora", "7712773", "+747", "@example", "evening", "call first")
        if each in shown
    ]


def test_nothing_is_written_to_the_store() -> None:
    """What the payloads would do is tried on copies: the store holds what it held."""
    store = store_of(CASES / "store")
    held = [store.records(type) for type in ("contact", "lead", "deal")]

    audit_of(CASES / "store", store)

    assert held == [store.records(type) for type in ("contact", "lead", "deal")]


ORDERS: Final = """channel shop {
    entity deal
    region RU
    find%s
    on found update
    contact {
        PHONE = "<phone>"  search
        EMAIL = "<email>"  search
    }
    deal {
        UF_ORDER = "<order>"%s
    }
    status "<stage | default 'NEW'>"
}
"""
JOINED: Final = [
    {"phone": "+74712773120", "order": 1},
    {"email": "anna@example.com", "order": 2},
    {"phone": "+74712773120", "email": "anna@example.com", "order": 3},
]
NOISE: Final = [{"phone": f"+7471277{number}", "order": number} for number in range(4000, 4120)]


def test_smallest_set_is_found_among_many() -> None:
    """Of 123 payloads the three are named that give other contacts in another order."""
    result = audited(ORDERS % ("", "  search"), [*NOISE[:60], *JOINED, *NOISE[60:]])

    finding = found(result, "A402")
    assert finding is not None
    assert [61, 62, 63] == [each.payload for each in finding.examples[0].places]


def test_pair_is_found_where_two_are_enough() -> None:
    """Two payloads of which the first, when it comes late, opens a deal of its own."""
    sent = [{"phone": "+74712773120", "order": 1}, {"phone": "+74712773120", "stage": "WON"}]
    rules = (ORDERS % (" in NEW", "")).replace("update\n", "update status\n")
    result = audited(rules, [*NOISE, *sent])

    finding = found(result, "A402")
    assert finding is not None
    assert [121, 122] == [each.payload for each in finding.examples[0].places]
    again = found(result, "A401")
    assert again is not None
    assert "error" == again.severity


def test_channel_without_find_creates_again_by_choice() -> None:
    """Without `find` a repeated delivery is a warning; with a `request id` it is none."""
    rules = 'channel a {\n entity lead\n lead {\n TITLE = "<n>"\n }\n%s}\n'
    payloads = [{"n": 1}, {"n": 2}]

    plain = found(audited(rules % "", payloads), "A401")
    known = found(audited(rules % ' request id "<n>"\n', payloads), "A401")

    assert plain is not None
    assert ("warning", 2, None) == (plain.severity, plain.count, known)


keys: Final = st.fixed_dictionaries({"order": st.integers(1, 4)}).flatmap(
    lambda base: st.sampled_from(["+74712773120", "+74712773121", None]).map(
        lambda phone: {**base, "phone": phone}
    )
)


@given(payloads=st.lists(keys, max_size=8))
@settings(max_examples=25, deadline=None)
def test_entities_with_a_key_of_their_own_converge(payloads: list[dict[str, Any]]) -> None:
    """Where contacts have one key and deals one of their own, no order and no repeat matters."""
    rules = (ORDERS % ("", "  search")).replace('        EMAIL = "<email>"  search\n', "")
    result = audited(rules, payloads)

    assert (None, None) == (found(result, "A401"), found(result, "A402"))


def test_made_up_keys_are_bounded() -> None:
    """A sender that makes up keys fills no memory: only so many paths are told apart."""
    rules = 'channel a {\n entity lead\n lead {\n TITLE = "<n>"\n }\n}\n'
    payloads = [{"n": 1, **{f"k{n}": 1 for n in range(at, at + 300)}} for at in range(0, 1500, 300)]

    result = audited(rules, payloads)

    assert MAX_SUBJECTS == sum(each.code == "A101" for each in result.findings)


def test_thousand_payloads_are_tried_in_every_order() -> None:
    """A day's recording is decided, repeated and reordered as a whole, and found sound."""
    payloads = [
        {"phone": f"+7471277{number % 500 + 3000}", "order": number} for number in range(1_000)
    ]
    rules = (ORDERS % ("", "  search")).replace('        EMAIL = "<email>"  search\n', "")
    result = audited(rules.replace("<stage | default 'NEW'>", "NEW"), payloads)

    assert (1_000, 4, ()) == (result.decided, result.orders, result.findings)


def test_tries_are_told_as_they_come() -> None:
    """Whoever waits is told how many deliveries will be made, and each of them as it is made."""
    text = "".join(
        f'{{"order_id": {number}, "phone": "+7471277312{number}"}}\n' for number in (1, 2)
    )
    told: list[int] = []
    mosts: list[int] = []

    def trying(most: int) -> Callable[[int], None]:
        mosts.append(most)
        return told.append

    channel = channel_of(CASES / "sound")
    sent = placed(("a.ndjson", each) for each in payloads_from_file("a.ndjson", text.encode()))
    audit(channel, sent, leadlark.MemoryStore().search, NOW, trying=trying)

    assert [16] == mosts  # of two only one other order is there
    assert list(range(1, 11)) == told
