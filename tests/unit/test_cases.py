"""Case files: what is read, what is refused, what passes and what fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from leadlark.adapters.memory import MemoryStore
from leadlark.cases import CaseFile, CaseResult, read_case_file, report, run_cases
from leadlark.cases.located import Entries, Node, Scalar, plain, read_yaml
from leadlark.cases.shapes import CaseShape, FileShape, RecordShape, StoreShape
from leadlark.decision import ContactPart, Decision, EntityPart, Note
from leadlark.errors import CaseError, UnknownChannelError
from leadlark.request.payload import Request

Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        path = tmp_path / "shop.test.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@dataclass
class OneChannel:
    """Rules of one channel that answers every payload with what a function makes of it."""

    decide: Callable[[Request], Sequence[Decision]]
    region: str | None = "RU"
    seen: list[tuple[Request, datetime, tuple[Any, ...]]] = field(default_factory=list)

    def only(self, address: str | None) -> OneChannel:
        if address not in (None, "shop"):
            raise UnknownChannelError(f"no channel {address}; there is shop")
        return self

    def process_all(
        self, request: Request, store: MemoryStore, now: datetime
    ) -> Sequence[Decision]:
        self.seen.append((request, now, store.records("contact")))
        return self.decide(request)


def a_decision(**changes: Any) -> Decision:
    given: dict[str, Any] = {
        "channel": "shop",
        "action": "create",
        "reason": "no deal found",
        "rules": "0" * 64,
        "edition": 1,
        "contact": ContactPart("keep", ("1",)),
        "entity": EntityPart(
            "deal",
            ("7",),
            "NEW",
            "12",
            {"TITLE": "Order", "SUM": Decimal("3500.00"), "PAID": True, "PHONE": ["+74712773120"]},
            {"PHONE": ["WORK"]},
        ),
        "warnings": (Note("N201", "not a phone", "phone"),),
    }
    return Decision(**given | changes)


def read(path: Path) -> CaseFile:
    file, mistakes = read_case_file(path)
    assert () == mistakes
    assert file is not None
    return file


def ran(path: Path, channel: OneChannel | None = None, wanted: str = "") -> list[CaseResult]:
    channel = channel or OneChannel(lambda _: [a_decision()])
    return list(run_cases(read(path), cast(Any, channel), wanted))


def case(expect: str, rest: str = "") -> str:
    return f"rules: r.channel\ncases:\n  - name: one\n    json: {{}}\n    expect: {expect}\n{rest}"


PASSING = [
    "{action: create}",
    "{entity: {fields: {SUM: 3500}}}",
    "{entity: {fields: {SUM: 3500.0, PAID: true}}}",
    "{entity: {ids: [7], responsible: 12}}",
    "{contact: {ids: ['1']}}",
    "{entity: {fields: {PHONE: [+74712773120]}}}",
    "{comment: ~, activity: ~, entity: {fields: {OTHER: ~}}}",
    "{entity: {fields: {TITLE: $any, OTHER: $absent}}}",
    "{entity: {fields: {TITLE: {$regex: '^Ord'}, SUM: {$regex: '00$'}}}}",
    "{entity: {types: {$exactly: {PHONE: [WORK]}}}}",
    "{warnings: [{code: N201}]}",
    "[{action: create}]",
]

FAILING = [
    ("{action: update}", "action", '"update"', '"create"'),
    ("{entity: {fields: {SUM: '3500.00'}}}", "entity.fields.SUM", '"3500.00"', "3500.00"),
    ("{entity: {fields: {PAID: 1}}}", "entity.fields.PAID", "1", "true"),
    ("{comment: $any}", "comment", "any value", "null"),
    ("{comment: $absent}", "comment", "nothing", "null"),
    ("{entity: {fields: {TITLE: ~}}}", "entity.fields.TITLE", "null", '"Order"'),
    ("{entity: {fields: {OTHER: 1}}}", "entity.fields.OTHER", "1", "nothing"),
    (
        "{entity: {fields: {TITLE: {$regex: '^x'}}}}",
        "entity.fields.TITLE",
        "a match of ^x",
        '"Order"',
    ),
    ("{entity: {types: {$exactly: {}}}}", "entity.types.PHONE", "nothing", '["WORK"]'),
    ("{entity: {ids: [7, 8]}}", "entity.ids", '["7", "8"]', '["7"]'),
    ("{activity: {subject: x}}", "activity", "a map", "null"),
    ("{warnings: []}", "warnings", "[]", None),
    ("[{action: create}, {action: create}]", "", "2 decisions", "1"),
]


@pytest.mark.parametrize("expect", PASSING)
def test_expectation_holds(written: Written, expect: str) -> None:
    """A map is a subset; numbers compare as numbers, ids and phones as text; matchers match."""
    (result,) = ran(written(case(expect)))

    assert ((), "passed") == (result.differences, result.outcome)


@pytest.mark.parametrize(("expect", "path", "expected", "got"), FAILING)
def test_expectation_fails(
    written: Written, expect: str, path: str, expected: str, got: str | None
) -> None:
    """A failure names the place in the decision, the line, what was expected and what is so."""
    (result,) = ran(written(case(expect)))

    (difference,) = result.differences
    assert ("failed", path, 5, expected) == (
        result.outcome,
        difference.path,
        difference.line,
        difference.expected,
    )
    assert got is None or got == difference.actual
    assert "create, no deal found" == result.reason


def test_all_differences_of_a_case_are_reported(written: Written) -> None:
    """One run shows every field that differs."""
    (result,) = ran(written(case("{action: ignore, reason: no, entity: {type: lead}}")))

    assert ["action", "reason", "entity.type"] == [each.path for each in result.differences]


REFUSED = [
    ("cases: []", 1, 1, "the key `rules` is missing"),
    ("rules: a\ncase: []\ncases: []", 2, 1, "unknown key `case`; did you mean `cases`?"),
    ("rules: [a]\ncases: []", 1, 1, "a text is expected here"),
    ("rules: a\ncases:\n  - name: x\n    json: {}", 3, 5, "the key `expect` is missing"),
    (
        "rules: a\ncases:\n  - {name: x, json: {}, exept: {}, expect: {}}",
        3,
        25,
        "unknown key `exept`; did you mean `expect`?",
    ),
    (case("{acton: create}"), 5, 14, "a decision has no key `acton`; did you mean `action`?"),
    (case("{contact: {id: 1}}"), 5, 24, "a contact of a decision has no key `id`"),
    (case("{action: crate}"), 5, 22, "`crate` is no action of a decision; did you mean `create`?"),
    (
        case("{action: keep}"),
        5,
        22,
        "`keep` is no action of a decision: it is create, update, ignore or reject",
    ),
    (case("[{action: $create}]"), 5, 23, "`$create` is no action of a decision; did you mean"),
    (
        case("{contact: {$exactly: {action: completed}}}"),
        5,
        43,
        "`completed` is no action of a contact; did you mean `complete`?",
    ),
    (
        case("{entity: {type: deals}}"),
        5,
        29,
        "`deals` is no type of an entity; did you mean `deal`?",
    ),
    (
        case("{warnings: [{cod: N1}]}"),
        5,
        26,
        "a warning of a decision has no key `cod`; did you mean",
    ),
    (case("{reason: {$regex: '('}}"), 5, 31, "unsupported pattern: "),
    (case("{reason: {$regexp: x}}"), 5, 23, "there is no matcher `$regexp`"),
    (case("{reason: {$regex: x, a: 1}}"), 5, 22, "`$regex` stands alone in its map"),
    (case("create"), 5, 13, "an expectation is a map, or a list of maps"),
    (case("{}", "    after: {deal: []}"), 6, 13, "unknown key `deal`; did you mean `deals`?"),
    (case("{}", "    form: {}"), 6, 5, "a case sends one of json and form, not both"),
    (case("{}", "    content_type: a/b"), 6, 5, "`content_type` belongs to `body`"),
    (case("{}", "    now: yesterday"), 6, 5, "`yesterday` is no ISO 8601 date and time"),
    (case("{}", "    json: {}"), 6, 5, "the key `json` stands already in line 4"),
    (
        case("{}", "    store: {contacts: [{id: 1}, {id: 1}]}"),
        6,
        5,
        "the store has two contacts with the id 1",
    ),
    (
        case("{}", "    store: {contacts: [{id: 1, field: {}}]}"),
        6,
        32,
        "unknown key `field`; did you mean `fields`?",
    ),
    (
        case("{}", "    params: [a]\n    each: [[1, 2]]"),
        7,
        13,
        "a row has one value for each name of `params`: this one has 2 values for 1 name",
    ),
    (
        case("{}", "    params: [a]\n    each: [1]"),
        7,
        12,
        "a row is a list of values: write one in brackets, such as [1]",
    ),
    (
        case("{}", "    params: [a]\n    each: []"),
        7,
        5,
        "`each` has no row, so the case never runs",
    ),
    (case("{}", "    params: [a]"), 3, 5, "the key `each` is missing"),
    ("rules: a\ncases:\n  - {name: x, expect: {}}", 3, 5, "the case sends nothing"),
    ("rules: a\ncases: [", 2, 9, "broken YAML: "),
    ("rules: a\ncases: !x []", 2, 8, "the tag !x has no meaning"),
    ("rules: a\n<<: {cases: []}", 2, 1, "YAML 1.2 has no merge key"),
    ("rules: a\ncases: [.nan]", 2, 9, "JSON has no number .nan"),
    ("rules: a\ncases: [" + "9" * 5000 + "]", 2, 9, "a number of more than 4,000 digits"),
    ("rules: a\ncases: " + "[" * 100 + "]" * 100, 2, 71, "nested deeper than 64 levels"),
    ("[" * 100_000, 1, 1, "nested deeper than 64 levels"),
    ("", 1, 1, "the file is empty"),
    ("rules: \0", 1, 1, "broken YAML: a character"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), REFUSED)
def test_mistake_has_a_place(
    written: Written, text: str, line: int, column: int, message: str
) -> None:
    """A case file that cannot be used is refused with line, column and a sentence."""
    file, mistakes = read_case_file(written(text))

    assert file is None
    first = mistakes[0]
    assert (line, column) == (first.line, first.column)
    assert first.message.startswith(message)


def test_several_mistakes_are_reported_at_once(written: Written) -> None:
    """One run shows the mistakes of all cases, those of the file's head too."""
    text = "rule: a\ncases:\n  - {name: x, json: 1}\n  - {json: 1, expect: {}, nam: y}"

    _, mistakes = read_case_file(written(text))

    assert [1, 1, 3, 4, 4] == [each.line for each in mistakes]


def test_all_mistakes_of_a_case_are_reported_at_once(written: Written) -> None:
    """What is wrong with one key of a case does not hide what is wrong with others."""
    text = """
rules: a
cases:
  - name: x
    json: {a: .nan, a: 1}
    form: {}
    content_type: a/b
    exept: {}
    expect: {action: crate, contact: {acton: keep}, entity: {type: !x dael}}
    after: {deal: []}
  - {name: y, json: {}, expect: {action: ignored}}
"""
    _, mistakes = read_case_file(written(text))

    assert [
        (5, "JSON has no number .nan"),
        (5, "the key `a` stands already in line 5"),
        (6, "a case sends one of json and form, not both"),
        (7, "`content_type` belongs to `body`"),
        (8, "unknown key `exept`; did you mean `expect`?"),
        (9, "`crate` is no action of a decision; did you mean `create`?"),
        (9, "a contact of a decision has no key `acton`; did you mean `action`?"),
        (9, "the tag !x has no meaning in a case file"),
        (10, "unknown key `deal`; did you mean `deals`?"),
        (11, "`ignored` is no action of a decision; did you mean `ignore`?"),
    ] == [(each.line, each.message) for each in mistakes]


def test_times_and_stores_are_reported_with_other_mistakes(written: Written) -> None:
    """A wrong time and an id that stands twice are told whatever else is wrong, rows too."""
    text = """
rules: a
chanel: shop
now: yesterday
store: {deals: [{id: 1}, {id: 1}, {}]}
cases:
  - name: x
    query: a=1
    now: today
    expekt: {}
  - name: y
    params: [a]
    each: [1]
    json: {a: $a}
    now: tomorrow
    store: {leads: [{id: 1}, {id: 1}]}
    expect: {action: $any, reasn: x}
"""
    _, mistakes = read_case_file(written(text))

    assert [
        (3, "unknown key `chanel`; did you mean `channel`?"),
        (4, "`yesterday` is no ISO 8601 date and time"),
        (5, "the store has two deals with the id 1"),
        (5, "the key `id` is missing"),
        (9, "`today` is no ISO 8601 date and time"),
        (10, "unknown key `expekt`; did you mean `expect`?"),
        (13, "a row is a list of values: write one in brackets, such as [1]"),
        (15, "`tomorrow` is no ISO 8601 date and time"),
        (16, "the store has two leads with the id 1"),
        (17, "a decision has no key `reasn`; did you mean `reason`?"),
    ] == [(each.line, each.message) for each in mistakes]


ROWS = """    params: [first, second]
    each: [[1, 2], [3, 4]]
"""
NOTED = [
    ("{action: $any}", "", []),
    ("{action: $any}", "    after: {}", []),
    ("{}", "    after: {deals: []}", []),
    ("{}", "    skip: no time", []),
    ("{}", "", [(5, "`expect: {}` holds whatever is decided, so the case tests nothing; leave")]),
    (
        "{}",
        "    after: {}",
        [(5, "`expect: {}` holds whatever is decided, so the case tests nothing; leave")],
    ),
    ("{reason: $second, comment: [$first]}", ROWS, []),
    (
        "{reason: $secnd, comment: $first}",
        ROWS,
        [(5, "`$secnd` is no param of this case and stands for itself; did you mean `$second`?")],
    ),
    (
        "{reason: $b, comment: $first}",
        ROWS,
        [(5, "`$b` is no param of this case and stands for itself; nothing uses `$second`")],
    ),
    (
        "{reason: [$second, $USD], comment: $first}",
        ROWS,
        [
            (
                5,
                "`$USD` is no param of this case and stands for itself; its params are `$first`",
            )
        ],
    ),
    ("{reason: $any, comment: $first}", ROWS, []),
    ("{reason: $5, comment: [$first, $second, $]}", ROWS, []),
]


@pytest.mark.parametrize(("expect", "rest", "notes"), NOTED)
def test_what_is_hardly_meant_is_noted(
    written: Written, expect: str, rest: str, notes: list[tuple[int, str]]
) -> None:
    """A case that tests nothing, or has a param that is none, runs and is told of once."""
    found = [note for result in ran(written(case(expect, rest))) for note in result.notes]

    assert len(notes) == len(found)
    for (line, message), note in zip(notes, found, strict=True):
        assert line == note.line
        assert note.message.startswith(message)


def test_words_may_be_anything_where_they_are_free(written: Written) -> None:
    """Statuses are the CRM's own; matchers and null are no words."""
    free = "{action: $any, contact: {action: {$regex: e}}, entity: {type: ~, status: NEWW}}"

    _, mistakes = read_case_file(written(case(free)))

    assert () == mistakes


def test_empty_expectation_fails_and_says_how_to_fill_it(written: Written) -> None:
    """A case whose `expect` is empty is no mistake of the file: its others are run."""
    path = written(case("") + "  - {name: two, json: {}, expect: {action: create}}\n")

    first, second = ran(path)

    assert ("failed", "passed") == (first.outcome, second.outcome)
    (difference,) = first.differences
    assert ("expect", 5) == (difference.path, difference.line)
    assert "`leadlark test --update` fills it in" in difference.expected


def test_aliases_are_bounded(written: Written) -> None:
    """Aliases that multiply values beyond measure are refused, not expanded."""
    levels = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 12))

    file, (mistake,) = read_case_file(written("x0: &x0 [1]\n" + levels))

    assert file is None
    assert "more than 100,000 values, aliases included" == mistake.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.50", Decimal("1.50")),
        ("1e3", Decimal("1E+3")),
        ("010", 10),
        ("0x1F", 31),
        ("0o17", 15),
        ("12345678901234567890123", 12345678901234567890123),
        ("+74712773120", 74712773120),
        ("1_000", "1_000"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01", "2026-01-01"),
        ("yes", "yes"),
        ("'5'", "5"),
        ("!!str 5", "5"),
        ("~", None),
        ("", None),
        ("TRUE", True),
        ("=", "="),
        ("12:30", "12:30"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    """Plain scalars follow the core schema; decimals keep digits, timestamps stay text."""
    node = read_yaml(f"a: {text}", "x")

    assert isinstance(node, Entries)
    assert {"a": value} == plain(node)
    assert (type(value), str(value)) == (type(plain(node)["a"]), str(plain(node)["a"]))  # type: ignore[index,call-overload]


def test_written_text_of_a_scalar_is_kept() -> None:
    """A phone without quotes is a number whose plus sign is still known."""
    assert isinstance(node := read_yaml("+7471", "x"), Scalar)
    assert (7471, "+7471") == (node.value, node.text)


SENT = [
    ("json: {phone: 7471, sum: 3500.00}", "POST", {"phone": 7471, "sum": Decimal("3500.00")}),
    ("json: [{a: 1}, {a: 2}]", "POST", [{"a": 1}, {"a": 2}]),
    ("form: {phone: +7471, sum: 3500.00, ok: True, no: ~}", "POST", None),
    ("form: {a: {b: [x, y]}, c: [{d: 1}, {d: 2}]}", "POST", None),
    ("form: 'a=1&b=%D0%AF'", "POST", {"a": "1", "b": "Я"}),
    ("query: {a: 1, b: Я}", "GET", {"a": "1", "b": "Я"}),
    ("body: '{\"a\": 1}'\n    content_type: application/json", "POST", {"a": 1}),
    ("body: a=1", "POST", {"a": "1"}),
]
FORMS = [
    {"phone": "+7471", "sum": "3500.00", "ok": "true", "no": ""},
    {"a": {"b": ["x", "y"]}, "c": [{"d": "1"}, {"d": "2"}]},
]


@pytest.mark.parametrize(("sent", "method", "payload"), SENT)
def test_request_is_what_the_case_sends(
    written: Written, sent: str, method: str, payload: object
) -> None:
    """json, form, query and body reach the channel as a request from the network would."""
    channel = OneChannel(lambda _: [a_decision()])
    text = f"rules: a\ncases:\n  - name: x\n    {sent}\n    headers: {{X-Key: k}}\n    expect: {{}}"

    ran(written(text), channel)

    ((request, _, _),) = channel.seen
    assert (method, "k") == (request.method, request.header("x-key"))
    assert (request.payload in FORMS) if payload is None else (payload == request.payload)


def test_file_of_payloads_gives_a_request_each(written: Written, tmp_path: Path) -> None:
    """A file beside the case file is sent payload by payload; a line that is none is an error."""
    (tmp_path / "all.ndjson").write_text('{"n": 1}\nnonsense\n{"n": 3}\n')
    expect = "[{action: create}, {error: {code: P101, place: $any}}, {action: create}]"
    text = f"rules: a\ncases:\n  - {{name: x, file: all.ndjson, expect: {expect}}}"

    (result,) = ran(written(text))

    assert ((), "passed") == (result.differences, result.outcome)


def test_request_that_cannot_be_read_is_expected_as_an_error(written: Written) -> None:
    """Half a surrogate pair, which YAML can write, reaches the channel as a broken request."""
    text = 'rules: a\ncases:\n  - {name: x, json: {a: "\\ud800"}, expect: {error: {code: P103}}}'

    (result,) = ran(written(text))

    assert ((), "passed") == (result.differences, result.outcome)


def test_file_that_was_meant_is_named(written: Written, tmp_path: Path) -> None:
    """A payload file whose name is nearly that of one beside the case file is told of."""
    (tmp_path / "order.json").write_text("{}")

    _, (mistake,) = read_case_file(
        written("rules: a\ncases:\n  - {name: x, file: oder.json, expect: {action: create}}")
    )

    assert mistake.message.endswith("of this case file; did you mean `order.json`?")


@pytest.mark.parametrize("name", ["../secret.json", "/etc/hostname", "link.json", "none.json", "."])
def test_file_stays_in_its_folder(written: Written, tmp_path: Path, name: str) -> None:
    """Neither dots, nor absolute paths, nor links lead out of the case file's folder."""
    outside = tmp_path.parent / "secret.json"
    outside.write_text("{}")
    (tmp_path / "link.json").symlink_to(outside)

    text = f"rules: a\ncases:\n  - {{name: x, file: {name}, expect: {{}}}}"
    _, (mistake,) = read_case_file(written(text))

    assert f"the file `{name}` is not in the folder of this case file" == mistake.message


def test_store_and_now_of_a_case_replace_those_of_the_file(written: Written) -> None:
    """What a case says of the store and the time counts for it alone."""
    channel = OneChannel(lambda _: [a_decision()])
    text = """
rules: a
now: 2026-02-01T00:00:00Z
store: {contacts: [{id: 1, fields: {PHONE: [+74712773120]}}]}
cases:
  - {name: a, json: {}, expect: {}}
  - {name: b, json: {}, expect: {}, now: 2026-03-01T03:00:00+03:00, store: {contacts: [{id: 2}]}}
"""
    ran(written(text), channel)

    (_, first, before), (_, second, other) = channel.seen
    assert ["2026-02-01T00:00:00+00:00", "2026-03-01T03:00:00+03:00"] == [
        first.isoformat(),
        second.isoformat(),
    ]
    assert (["1"], ["2"]) == ([each.id for each in before], [each.id for each in other])
    assert ["+74712773120"] == before[0].fields["PHONE"]


def test_case_with_parameters_runs_once_a_row(written: Written) -> None:
    """A text that is exactly a param's name is its value; other texts stay as they are."""
    channel = OneChannel(lambda _: [a_decision()])
    text = """
rules: a
cases:
  - name: sums
    params: [a, title]
    each: [[1.50, Order], [2, Other]]
    json: {sum: $a, text: "costs $a", other: $b}
    expect: {entity: {fields: {TITLE: $title}}}
"""
    results = ran(written(text), channel)

    assert ["sums [a=1.50, title=Order]", "sums [a=2, title=Other]"] == [
        each.name for each in results
    ]
    assert ["passed", "failed"] == [each.outcome for each in results]
    assert [
        {"sum": Decimal("1.50"), "text": "costs $a", "other": "$b"},
        {"sum": 2, "text": "costs $a", "other": "$b"},
    ] == [request.payload for request, _, _ in channel.seen]


def test_mistake_in_a_case_with_parameters_is_one_mistake(written: Written) -> None:
    """Rows do not multiply what is wrong with their case."""
    _, mistakes = read_case_file(
        written(case("{}", "    params: [a]\n    each: [[1], [2]]\n    nam: x"))
    )

    assert ["unknown key `nam`; did you mean `name`?"] == [each.message for each in mistakes]


@pytest.mark.parametrize(
    ("rest", "expect", "outcome", "fine"),
    [
        ("skip: no time", "{action: ignore}", "skipped", True),
        ("todo: later", "{action: ignore}", "todo", True),
        ("todo: later", "{action: create}", "unexpected pass", False),
    ],
)
def test_cases_that_are_skipped_or_to_do(
    written: Written, rest: str, expect: str, outcome: str, fine: bool
) -> None:
    """A skipped case is not run; one to do must fail, and its passing is a fault."""
    (result,) = ran(written(case(expect, f"    {rest}")))

    assert (outcome, fine) == (result.outcome, result.fine)


@pytest.mark.parametrize(
    ("after", "paths"),
    [
        ("{contacts: [{id: 1, fields: {NAME: Anna}}]}", []),
        ("{contacts: [{id: 1, fields: {NAME: Boris}}]}", ["after.contacts[id=1].fields.NAME"]),
        ("{contacts: [{id: 9}]}", ["after.contacts[id=9]"]),
        ("{contacts: [{fields: {NAME: $any}}], deals: []}", []),
        ("{contacts: []}", ["after.contacts[id=1]", "after.contacts[id=2]"]),
        ("{contacts: {$exactly: [{id: 2}]}}", ["after.contacts[id=1]"]),
        ("{leads: [{fields: {}}]}", ["after.leads[0]"]),
    ],
)
def test_records_after_the_decision(written: Written, after: str, paths: list[str]) -> None:
    """Stated records are looked up by id; an empty list states that there are none."""
    store = "{contacts: [{id: 1, fields: {NAME: Anna}}, {id: 2, fields: {NAME: Vera}}]}"
    (result,) = ran(written(case("{}", f"    after: {after}\n    store: {store}")))

    assert paths == [each.path for each in result.differences]


def test_filter_takes_cases_by_name(written: Written) -> None:
    """Only cases whose name contains the text, in any case, are run."""
    text = "rules: a\ncases: [{name: One, json: {}, expect: {}}, {name: Two, json: {}, expect: {}}]"

    assert ["Two"] == [each.name for each in ran(written(text), wanted="tWO")]


def test_unknown_channel_is_a_mistake_of_the_case_file(written: Written) -> None:
    """The message stands where the case file names the channel."""
    path = written("rules: a\nchannel: other\ncases: [{name: x, json: {}, expect: {}}]")

    with pytest.raises(CaseError) as caught:
        ran(path)

    assert (2, 1) == (caught.value.line, caught.value.column)


def test_report_shows_expected_and_actual(written: Written) -> None:
    """A failing case shows file and line, what was decided, and both values."""
    path = written(case("{entity: {fields: {TITLE: Bill}}}"))
    (result,) = ran(path)

    assert [
        f"FAILED  {path}:3  one",
        "    decided: create, no deal found",
        f"    {path}:5  entity.fields.TITLE",
        '        expected  "Bill"',
        '             got  "Order"',
    ] == list(report.case_lines(result))
    assert "1 failed" == report.summary([result])


def test_schema_names_the_keys_that_are_read() -> None:
    """The schema for editors and the models of case files know the same keys."""
    schema = json.loads(files("leadlark.schemas").joinpath("case-file.json").read_text())
    parts = schema["$defs"]
    models = {"case": CaseShape, "store": StoreShape, "record": RecordShape}

    def keys(model: type[FileShape | CaseShape | StoreShape | RecordShape]) -> set[str]:
        return {field.alias or name for name, field in model.model_fields.items()}

    assert keys(FileShape) == set(schema["properties"])
    for name, model in models.items():
        extra = {"params", "each"} if name == "case" else set()
        assert keys(model) | extra == set(parts[name]["properties"])


def test_case_files_fit_their_schema() -> None:
    """Every case file that is shipped is one for editors as well."""
    schema = json.loads(files("leadlark.schemas").joinpath("case-file.json").read_text())
    Draft202012Validator.check_schema(schema)
    rules = Path(__file__).parents[2] / "rules"

    for path in rules.rglob("*.test.yaml"):
        value = plain(read_yaml(path.read_text(encoding="utf-8"), str(path)))
        assert [] == [each.message for each in Draft202012Validator(schema).iter_errors(value)]


@pytest.mark.parametrize("expect", PASSING)
def test_expectations_fit_their_schema(expect: str) -> None:
    """What a case may expect is what editors are told."""
    schema = json.loads(files("leadlark.schemas").joinpath("case-file.json").read_text())

    value = plain(read_yaml(case(expect), "x"))

    assert [] == [each.message for each in Draft202012Validator(schema).iter_errors(value)]


@settings(max_examples=60)
@given(st.text(alphabet="{}[]&*!|>'\"%@`:-?,#\n\t ab1.~$<", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever stands in a case file, reading it gives a value or a case error."""
    try:
        node: Node | None = read_yaml(text, "x")
    except CaseError:
        node = None
    assert node is None or plain(node) is not NotImplemented
