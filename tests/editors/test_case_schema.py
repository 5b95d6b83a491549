"""The JSON Schema of case files says what the reader of case files says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from leadlark.cases import read_case_file
from leadlark.cases.located import plain, read_yaml
from leadlark.cases.matching import EXACTLY, REGEX
from leadlark.cases.shapes import (
    AfterRecordShape,
    CaseShape,
    FileShape,
    ParametersShape,
    RecordShape,
    Shape,
    StoreShape,
)
from leadlark.decision import (
    ActivityPart,
    ContactPart,
    Decision,
    EntityPart,
    Note,
    Problem,
    RecordPart,
)

ROOT: Final = Path(__file__).parents[2]
BUNDLED: Final = sorted((ROOT / "rules").rglob("*.test.yaml"))
OTHERS: Final = sorted((ROOT / "tests" / "cases").rglob("*.test.yaml"))
SCHEMA: Final[dict[str, Any]] = json.loads(
    files("leadlark.schemas").joinpath("case-file.json").read_text(encoding="utf-8")
)
PARTS: Final = SCHEMA["$defs"]
SKIPPING: Final = "rules: a\ncases:\n  - {name: x, json: {}, skip: later}\n"
"""A file to which lines of the file are added."""


def complaints(text: str) -> list[str]:
    """Where the schema refuses a case file."""
    value = plain(read_yaml(text, "x.test.yaml"))
    errors = Draft202012Validator(SCHEMA).iter_errors(value)
    return [".".join(map(str, error.absolute_path)) for error in errors]


def told(text: str, folder: Path) -> list[str]:
    """What the reader says is wrong with a case file."""
    path = folder / "x.test.yaml"
    path.write_text(text, encoding="utf-8")
    (folder / "a.json").write_text("{}", encoding="utf-8")
    _, mistakes = read_case_file(path)
    return [each.message for each in mistakes]


def case(lines: str) -> str:
    """A file of one case that has these lines."""
    return "rules: a\ncases:\n  - name: x\n" + "".join(f"    {each}\n" for each in _lines(lines))


def _lines(lines: str) -> Iterator[str]:
    return (each.strip() for each in lines.strip().split("\n"))


def expecting(expect: str) -> str:
    """A file of one case that expects this."""
    return case(f"json: {{}}\nexpect: {expect}")


def stating(after: str) -> str:
    """A file of one case that states this of the store."""
    return case(f"json: {{}}\nafter: {after}")


def test_schema_is_one() -> None:
    """The schema itself is valid, and every definition in it is used."""
    Draft202012Validator.check_schema(SCHEMA)
    text = json.dumps(SCHEMA)

    assert set() == {name for name in PARTS if f'"#/$defs/{name}"' not in text}


@pytest.mark.parametrize("path", [*BUNDLED, *OTHERS], ids=lambda path: path.name)
def test_case_files_fit(path: Path) -> None:
    """Every case file of the repository fits the schema."""
    assert [] == complaints(path.read_text(encoding="utf-8"))


def _keys(model: type[Shape]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _names(part: type[Any]) -> set[str]:
    return {field.name for field in fields(part)} | {EXACTLY}


@pytest.mark.parametrize(
    ("schema", "keys"),
    [
        (SCHEMA, _keys(FileShape)),
        (PARTS["case"], _keys(CaseShape) | _keys(ParametersShape)),
        (PARTS["store"], _keys(StoreShape)),
        (PARTS["record"], _keys(RecordShape)),
        (PARTS["statedRecord"], _keys(AfterRecordShape)),
        (PARTS["decision"], _names(Decision) | {"error"}),
        (PARTS["contact"], _names(ContactPart)),
        (PARTS["entity"], _names(EntityPart)),
        (PARTS["activity"], _names(ActivityPart)),
        (PARTS["problem"], _names(Problem)),
        (PARTS["warning"], _names(Note)),
        (PARTS["found"], _names(RecordPart)),
        (PARTS["expectation"], {REGEX, EXACTLY}),
    ],
)
def test_keys_are_those_that_are_read(schema: dict[str, Any], keys: set[str]) -> None:
    """Where keys are fixed, the schema has those of the reader, and no others are allowed."""
    assert keys == set(schema["properties"])
    assert schema["additionalProperties"] is False or schema is PARTS["expectation"]


GOOD: Final = [
    SKIPPING + "channel: shop\nnow: 2026-01-01T00:00:00Z",
    SKIPPING + "channel: ~\nnow: ~\nstore: {}",
    SKIPPING + "store: {contacts: [{id: 1, fields: {PHONE: ['+7']}, types: {PHONE: [WORK]}}]}",
    SKIPPING
    + "store: {deals: [{id: a, status: NEW, responsible: ~, contacts: [1, '2']}], leads: []}",
    case("json: [{}, {a: [1, ~, true]}]\nexpect: []"),
    case("json: ~\nexpect: [{action: ignore}]"),
    case("form: a=1&b=2\nexpect: {}"),
    case("form: {a: 3500.00, b: [x, y], c: {d: 1}}\nexpect: {}\ntodo: later"),
    case("query: {a: 1}\nheaders: {X-Key: a, X-Count: 5}\nexpect: {}"),
    case("body: '{'\ncontent_type: application/json\nexpect: {error: {code: P101, place: $any}}"),
    case("file: a.json\nnow: 2026-01-01\nstore: {leads: [{id: 1}]}\nafter: {leads: [{id: 1}]}"),
    case("params: [a, b]\neach: [[1, 2], [{}, []]]\njson: {a: $a}\nexpect: {contact: $b}"),
    case("params: [s]\neach: [[{}]]\njson: {}\nstore: $s\nexpect: $s"),
    case("params: [h]\neach: [[{a: b}]]\njson: {}\nheaders: $h\nexpect: {entity: {fields: $h}}"),
    expecting("~"),
    expecting("{action: ~, contact: {action: $absent}, entity: {type: ~}}"),
    expecting("{action: $any, reason: {$regex: ^no}, channel: a, rules: $any, edition: 1}"),
    expecting("{contact: {action: keep, ids: [1], fields: {}, types: {PHONE: [WORK]}}}"),
    expecting("{contact: ~, entity: ~, comment: ~, activity: ~, problems: ~, warnings: []}"),
    expecting("{contact: $absent, entity: $any, activity: $any, warnings: $any}"),
    expecting("{entity: {type: deal, ids: [1], status: NEW, responsible: 1, records: ~}}"),
    expecting("{entity: {fields: {A: $any, B: $absent, C: {$regex: x}, D: {$exactly: {E: 1}}}}}"),
    expecting("{entity: {fields: {$exactly: {A: {$regex: 5}}}}}"),
    expecting("{entity: {records: [{id: 1, status: ~, fields: {A: 1}}]}}"),
    expecting("{activity: {subject: a, due: {$regex: Z$}, responsible: ~}}"),
    expecting("{activity: {$exactly: {subject: a, due: b, responsible: ~}}}"),
    expecting("{problems: [{path: a, message: {$regex: b}}], warnings: [{code: N201}]}"),
    expecting("{$exactly: {action: ignore}}"),
    expecting("{contact: {$exactly: {action: {$regex: e}}}}"),
    stating("{deals: [{id: 5, status: $any, fields: {A: {$exactly: {}}}, contacts: [1]}]}"),
    stating("{deals: {$exactly: [{id: 5}, {fields: {A: $absent}}]}, leads: []}"),
]

BAD: Final = [
    ("rules: a", [""]),
    ("cases: [{name: x, json: {}, expect: {}}]", [""]),
    ("- a", [""]),
    ("rules: [a]\ncases: [{name: x, json: {}, expect: {}}]", ["rules"]),
    ("rules: a\ncases: {}", ["cases"]),
    ("rules: a\ncases: [x]", ["cases.0"]),
    (SKIPPING + "chanel: shop", [""]),
    (SKIPPING + "store: {contact: []}", ["store"]),
    (SKIPPING + "store: []", ["store"]),
    (SKIPPING + "store: {contacts: {}}", ["store.contacts"]),
    (SKIPPING + "store: {contacts: [{fields: {}}]}", ["store.contacts.0"]),
    (SKIPPING + "store: {contacts: [{id: 1, field: {}}]}", ["store.contacts.0"]),
    (SKIPPING + "store: {contacts: [{id: 1, fields: []}]}", ["store.contacts.0.fields"]),
    (SKIPPING + "store: {leads: [{id: ~}]}", ["store.leads.0.id"]),
    (SKIPPING + "store: {deals: [{id: 1, contacts: 1}]}", ["store.deals.0.contacts"]),
    (SKIPPING + "store: {deals: [{id: 1, types: {A: B}}]}", ["store.deals.0.types.A"]),
    (case("json: {}"), ["cases.0"]),
    (case("expect: {}"), ["cases.0"]),
    (case("json: {}\nexpected: {}\nexpect: {}"), ["cases.0"]),
    (case("json: {}\nform: a\nexpect: {}"), ["cases.0"]),
    (case("body: a\nfile: a.json\nexpect: {}"), ["cases.0"]),
    (case("form: [a]\nexpect: {}"), ["cases.0.form"]),
    (case("json: {}\nquery: [a]\nexpect: {}"), ["cases.0.query"]),
    (case("json: {}\nheaders: [a]\nexpect: {}"), ["cases.0.headers"]),
    (case("json: {}\nheaders: {a: [b]}\nexpect: {}"), ["cases.0.headers.a"]),
    (case("json: {}\ncontent_type: a/b\nexpect: {}"), ["cases.0"]),
    (case("json: {}\nbody: [a]\nexpect: {}"), ["cases.0.body", "cases.0"]),
    (case("json: {}\nparams: [a]\nexpect: {}"), ["cases.0"]),
    (case("json: {}\neach: [[1]]\nexpect: {}"), ["cases.0"]),
    (case("json: {}\nparams: [a]\neach: [1]\nexpect: {}"), ["cases.0.each.0"]),
    (case("json: {}\nparams: [a, a]\neach: [[1, 2]]\nexpect: {}"), ["cases.0.params"]),
    (case("json: {}\nparams: [any]\neach: [[1]]\nexpect: {}"), ["cases.0.params.0"]),
    (expecting("create"), ["cases.0.expect"]),
    (expecting("[create]"), ["cases.0.expect.0"]),
    (expecting("{acton: create}"), ["cases.0.expect"]),
    (expecting("{contact: {id: 1}}"), ["cases.0.expect.contact"]),
    (expecting("{entity: {field: {}}}"), ["cases.0.expect.entity"]),
    (expecting("{activity: {subjekt: a}}"), ["cases.0.expect.activity"]),
    (expecting("{$exactly: {acton: create}}"), ["cases.0.expect.$exactly"]),
    (expecting("{entity: {$exactly: {field: {}}}}"), ["cases.0.expect.entity.$exactly"]),
    (expecting("{$exactly: {}, action: create}"), ["cases.0.expect"]),
    (expecting("{entity: {fields: {A: {$regexp: a}}}}"), ["cases.0.expect.entity.fields.A"]),
    (
        expecting("{entity: {fields: {A: {$regex: a, b: c}}}}"),
        ["cases.0.expect.entity.fields.A"],
    ),
    (expecting("{entity: {fields: {$exactly: []}}}"), ["cases.0.expect.entity.fields.$exactly"]),
    (expecting("{reason: {$regex: [a]}}"), ["cases.0.expect.reason.$regex"]),
    (expecting("{entity: {fields: {A: [{$any: 1}]}}}"), ["cases.0.expect.entity.fields.A.0"]),
    (stating("[]"), ["cases.0.after"]),
    (stating("{contact: []}"), ["cases.0.after"]),
    (stating("{deals: {}}"), ["cases.0.after.deals"]),
    (stating("{deals: [{ids: 1}]}"), ["cases.0.after.deals.0"]),
    (stating("{deals: {$exactly: {}}}"), ["cases.0.after.deals.$exactly"]),
    (stating("{deals: [{fields: {A: {$regx: a}}}]}"), ["cases.0.after.deals.0.fields.A"]),
    (expecting("{action: created}"), ["cases.0.expect.action"]),
    (expecting("{entity: {type: contact}}"), ["cases.0.expect.entity.type"]),
    (expecting("{contact: {action: found}}"), ["cases.0.expect.contact.action"]),
    (expecting("{error: {kode: P101}}"), ["cases.0.expect.error"]),
    (expecting("{problems: [{code: a}]}"), ["cases.0.expect.problems.0"]),
    (expecting("{warnings: [{kode: a}]}"), ["cases.0.expect.warnings.0"]),
    (expecting("{entity: {records: [{ids: 1}]}}"), ["cases.0.expect.entity.records.0"]),
]

STRICTER: Final = [
    "rules: a\ncases: []",
    expecting("{contact: [1]}"),
    expecting("{activity: call}"),
    expecting("{$regex: a}"),
]
"""What can be read and can never pass: an editor says so before the case is run."""


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_is_accepted(text: str, tmp_path: Path) -> None:
    """The schema takes what the reader takes."""
    assert ([], []) == (told(text, tmp_path), complaints(text))


@pytest.mark.parametrize(("text", "places"), BAD)
def test_what_is_wrong_is_refused(text: str, places: list[str], tmp_path: Path) -> None:
    """The schema refuses what the reader refuses, and at the value that is wrong."""
    assert told(text, tmp_path)
    assert places == complaints(text)


@pytest.mark.parametrize("text", STRICTER)
def test_what_can_never_pass_is_refused(text: str, tmp_path: Path) -> None:
    """The schema also refuses values that no decision has at their place."""
    assert [] == told(text, tmp_path)
    assert complaints(text)
