"""What two versions of rules decide differently: whole outputs, and single comparisons.

Each folder of tests/cases/diff holds ``old.channel``, ``new.channel`` and ``payloads.ndjson``;
``store.json`` are records that are there. ``UPDATE_GOLDEN=1`` writes ``text.out``, ``json.out``,
``masked.out`` and ``page.html``.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

import pytest
import simplejson
from jsonschema import Draft202012Validator

import leadlark
from leadlark.cli.diff_text import segments
from leadlark.comparing.changes import Change, changes
from leadlark.comparing.compare import compare, matched
from leadlark.comparing.difference import MAX_GROUPS, Difference
from leadlark.comparing.masking import masked
from leadlark.decision import ContactPart, Decision, EntityPart, Note, Problem
from leadlark.explaining.masking import Mask
from leadlark.reports.difference import difference_page
from leadlark.request.payload import Request, payloads_from_file
from leadlark.request.place import Place, placed
from leadlark.store import Found, Search
from leadlark.values.value import write_json

CASES: Final = Path(__file__).parents[1] / "cases" / "diff"
FOLDERS: Final = sorted(each for each in CASES.iterdir() if each.is_dir())
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
SCHEMA: Final = Draft202012Validator(
    json.loads(files("leadlark.schemas").joinpath("difference.json").read_text("utf-8"))
)


def difference_of(folder: Path) -> Difference:
    old, new = (leadlark.load(folder / f"{name}.channel") for name in ("old", "new"))
    versions, addresses = matched(old, new)
    assert versions is not None
    store = leadlark.MemoryStore(records(folder), versions[0].region)
    data = (folder / "payloads.ndjson").read_bytes()
    sent = placed(("payloads.ndjson", each) for each in payloads_from_file("a.ndjson", data))
    return compare(*versions, sent, store.search, NOW, addresses)


def records(folder: Path) -> list[leadlark.Record]:
    path = folder / "store.json"
    held = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [
        leadlark.Record(**{**each, "contacts": tuple(each.get("contacts", ()))}) for each in held
    ]


def text(difference: Difference) -> str:
    return "".join(text for _, text in segments(difference)) + "\n"


def shared(folder: Path) -> Difference:
    mask = Mask()
    for name in ("old", "new"):
        for channel in leadlark.load(folder / f"{name}.channel").values():
            mask.learn(channel.program)
    return masked(difference_of(folder), mask)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_outputs_are_the_golden_ones(folder: Path) -> None:
    """Text, JSON, the page and the masked text are, character by character, as they are kept."""
    difference = difference_of(folder)
    outputs = {
        "text.out": text(difference),
        "json.out": write_json(difference.to_dict(), indent=2) + "\n",
        "masked.out": text(shared(folder)),
        "page.html": difference_page(difference) + "\n",
    }
    for name, output in outputs.items():
        if UPDATE:
            (folder / name).write_text(output, encoding="utf-8")
        assert (folder / name).read_text(encoding="utf-8") == output


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_json_is_as_its_schema_says(folder: Path) -> None:
    """The published schema describes each difference, masked or not."""
    for difference in (difference_of(folder), shared(folder)):
        shown = simplejson.loads(write_json(difference.to_dict()))
        assert [] == [error.message for error in SCHEMA.iter_errors(shown)]


def test_masked_outputs_hold_no_personal_data() -> None:
    """Names, phones, e-mails and free text of payloads and records are replaced."""
    difference = shared(CASES / "kinds")
    shown = text(difference) + write_json(difference.to_dict()) + difference_page(difference)

    assert [] == [
        each
        for each in ("Мария", "Анна", "7712773120", "+747", "example.com", "call first")
        if each in shown
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_pages_and_texts_are_inert(folder: Path) -> None:
    """What payloads hold is neither markup of a page nor a control character anywhere."""
    page = (folder / "page.html").read_text(encoding="utf-8")
    shown = (folder / "text.out").read_text(encoding="utf-8")

    assert [] == [each for each in ("<script", "<b>", "onmouseover=x>", "://") if each in page]
    assert [] == [each for each in page + shown if each in "\x1b\r\u202e"]


def decision(**parts: object) -> Decision:
    given = {"channel": "shop", "action": "create", "reason": "no deal found", **parts}
    return Decision(**{"rules": "", "edition": 1, **given})  # type: ignore[arg-type]


def entity(**parts: object) -> EntityPart:
    return EntityPart("deal", **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (decision(), decision(rules="other", edition=2), ()),
        (decision(), None, (Change("action", "changed", "create", "nothing"),)),
        (
            decision(action="ignore", reason='line 3: ignore when <a> == "x"'),
            decision(action="ignore", reason='line 9: ignore when (<a> == "x")'),
            (),
        ),
        (
            decision(action="reject", reason="a", problems=(Problem("a", "a"),)),
            decision(action="reject", reason="b", problems=(Problem("b", "b"),)),
            (
                Change("problem", "gone", "a", None, None, "a"),
                Change("problem", "new", None, "b", None, "b"),
            ),
        ),
        (
            decision(entity=entity(fields={"A": 1, "B": None})),
            decision(entity=entity(fields={"A": "1", "C": None})),
            (
                Change("field", "changed", 1, "1", "deal", "A"),
                Change("field", "gone", None, None, "deal", "B"),
                Change("field", "new", None, None, "deal", "C"),
            ),
        ),
        (
            decision(contact=ContactPart("keep", ("1",))),
            decision(contact=ContactPart("create", (), {"NAME": "Anna"})),
            (
                Change("contact", "changed", "keep", "create"),
                Change("link", "gone", ["1"], None),
            ),
        ),
        (
            decision(entity=EntityPart("lead", fields={"A": 1})),
            decision(entity=EntityPart("deal", fields={"A": 2})),
            (Change("type", "changed", "lead", "deal"),),
        ),
        (
            decision(warnings=(Note("N201", "one", "a"),)),
            decision(warnings=(Note("N201", "two", "a"), Note("N202", "no", "b"))),
            (Change("warning", "new", None, "no", None, "N202"),),
        ),
    ],
)
def test_changes_between_two_decisions(
    old: Decision, new: Decision | None, expected: tuple[Change, ...]
) -> None:
    """Each part is compared to the digit; where rules stand is no part of what they decide."""
    assert expected == changes(old, new)


def test_kinds_of_change_are_bounded() -> None:
    """However many paths a sender makes up, only so many kinds are kept; the rest is counted."""
    old, new = (leadlark.loads(_strict(name)) for name in ("x", "y"))
    payloads = [{f"k{number}": 1, "x": 1, "y": 1} for number in range(MAX_GROUPS + 20)]
    sent = placed(("many", Request(each)) for each in payloads)

    difference = compare(old["a"], new["a"], sent, leadlark.MemoryStore().search, NOW)

    assert (2, 0) == (len(difference.groups), difference.groups_left_out)


def _strict(name: str) -> str:
    return f"""channel a {{
    entity lead
    payload strict {{
        {name}  any
    }}
    lead {{
        TITLE = "<{name}>"
    }}
}}
"""


def test_thousand_payloads_keep_one_example_of_each_kind() -> None:
    """Payloads are read one by one and let go; counts are exact, the example is the first."""
    old, new = (
        leadlark.loads(f'channel a {{\n entity lead\n lead {{\n TITLE = "{text}"\n }}\n}}\n')["a"]
        for text in ("Order <n>", "Order <n | replace '7' 'seven'>")
    )
    asked: list[int] = []

    def sent() -> object:
        for number in range(1_000):
            asked.append(number)
            yield Place("orders.ndjson", number + 1), Request({"n": number})

    difference = compare(old, new, sent(), leadlark.MemoryStore().search, NOW)  # type: ignore[arg-type]

    (group,) = difference.groups
    sevens = sum("7" in str(number) for number in range(1_000))
    assert (sevens, 1_000 - sevens) == (difference.changed, difference.same)
    assert (sevens, 8) == (group.count, group.example.place.payload)
    assert 1_000 == len(asked)


def test_both_versions_see_the_same_records() -> None:
    """A store that changes all the time answers each question of a payload once."""
    rules = leadlark.load(CASES / "kinds" / "old.channel")
    answers = iter(range(1_000))

    def search(asked: Search) -> Found:
        return (leadlark.Record(asked.type, str(next(answers) + 1), {}, status="NEW"),)

    sent = [(Place("a", 1), Request({"phone": "+74712773120", "order": 1}))]

    assert compare(rules["shop"], rules["shop"], sent, search, NOW).is_same


def test_nothing_compared_is_not_the_same() -> None:
    """Where no payload could be compared nothing is known, and that is no success."""
    channel = leadlark.load(CASES / "alike" / "old.channel")["shop"]

    assert not compare(channel, channel, [], leadlark.MemoryStore().search, NOW).is_same


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (None, "there are several channels: name one of a, b"),
        ("d", "no channel `d`; known: a, b, c"),
    ],
)
def test_channel_has_to_be_known(address: str | None, message: str) -> None:
    """Of several channels in both versions one is named; an unknown one is told so."""
    old, new = (
        leadlark.loads("\n".join(f"channel {each} {{\n entity lead\n}}" for each in names))
        for names in ("ab", "abc")
    )

    with pytest.raises(leadlark.UnknownChannelError) as caught:
        matched(old, new, address)

    assert message == str(caught.value)


def test_rules_know_what_they_hold() -> None:
    """An address that no rule file has is not in the rules, and looking is no mistake."""
    rules = leadlark.load(CASES / "alike" / "old.channel")

    assert (True, False, None) == ("shop" in rules, "shops" in rules, rules.get("shops"))
