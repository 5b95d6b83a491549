"""`leadlark run`: payloads in, decisions out, kept where a store is named."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

REJECTED = '{"client_phone": 74712773120}'


def decisions(text: str) -> list[dict]:
    return [json.loads(line, parse_float=Decimal) for line in text.splitlines()]


def test_text_of_a_decision(leadlark):
    """The text shows what becomes of the payload, why, and every field, aligned."""
    ran = leadlark("run", "shop.channel", "order.json")

    assert (0, "") == (ran.status, ran.err)
    assert [
        "create: no deal found",
        "",
        "  contact 1: created",
        "    NAME             Мария",
        "    PHONE            +74712773120 (MOBILE)",
        "",
        "  deal 1: created, status NEW",
        "    TITLE            Order #6510",
        "    UF_CRM_ORDER_ID  6510",
        "    OPPORTUNITY      3500.00",
    ] == ran.out.splitlines()


def test_json_of_a_decision_keeps_digits_and_fits_its_schema(leadlark):
    """JSON is one decision a line, its decimals as they were sent, as the schema says."""
    ran = leadlark("run", "shop.channel", "order.json", "--format", "json")

    (decision,) = decisions(ran.out)
    assert '"OPPORTUNITY": 3500.00' in ran.out
    assert ("create", ["1"], 6510) == (
        decision["action"],
        decision["entity"]["ids"],
        decision["entity"]["fields"]["UF_CRM_ORDER_ID"],
    )
    schema = json.loads(files("leadlark.schemas").joinpath("decision.json").read_text())
    Draft202012Validator(schema).validate(json.loads(ran.out))


def test_schema_holds_for_every_action(leadlark, folder: Path):
    """Decisions to create, ignore and reject fit the published schema."""
    order = (folder / "order.json").read_text()
    (folder / "all.ndjson").write_text(f'{order}\n{order}\n{REJECTED}\n{{"test": 1}}\n')
    ran = leadlark("run", "shop.channel", "all.ndjson", "--format", "json")

    shown = decisions(ran.out)
    assert ["create", "ignore", "reject", "ignore"] == [each["action"] for each in shown]
    schema = json.loads(files("leadlark.schemas").joinpath("decision.json").read_text())
    for line in ran.out.splitlines():
        Draft202012Validator(schema).validate(json.loads(line))


def test_reject_is_printed_and_fails(leadlark):
    """A rejected payload is shown with its problems, and the status is 1."""
    ran = leadlark("run", "shop.channel", "-", stdin=REJECTED)

    assert 1 == ran.status
    assert ran.out.startswith("reject: ")
    assert "order_id" in ran.out


def test_store_keeps_data_between_runs(leadlark):
    """With a store the same order sent twice finds what it made the first time."""
    call = ("run", "shop.channel", "order.json", "--store", "sqlite:///crm.db", "--format", "json")

    first, second = (decisions(leadlark(*call).out)[0] for _ in range(2))

    assert ("create", "ignore") == (first["action"], second["action"])


def test_without_a_store_nothing_is_kept(leadlark):
    """Each call begins with an empty store in memory."""
    call = ("run", "shop.channel", "order.json")

    assert leadlark(*call).out == leadlark(*call).out


def test_dry_run_writes_nothing(leadlark):
    """A dry run says what would happen, gives no ids, and leaves the store as it was."""
    call = ("run", "shop.channel", "order.json", "--store", "sqlite:///crm.db")

    dry = leadlark(*call, "--dry-run", "--format", "json")
    text = leadlark(*call, "--dry-run")
    after = leadlark(*call, "--format", "json")

    assert [] == decisions(dry.out)[0]["entity"]["ids"]
    assert text.out.startswith("would create: ")
    assert "create" == decisions(after.out)[0]["action"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"test": 1}, {"test": 2}]'),
        ("a.ndjson", '{"test": 1}\n\n{"test": 2}\n'),
        ("a.jsonl", '{"test": 1}\n{"test": 2}'),
    ],
)
def test_files_of_several_payloads(leadlark, folder: Path, name: str, text: str):
    """An array and lines of JSON are several payloads, decided in order."""
    (folder / name).write_text(text)

    ran = leadlark("run", "shop.channel", name, "--format", "json")

    assert ["ignore", "ignore"] == [each["action"] for each in decisions(ran.out)]


def test_form_and_query(leadlark, folder: Path):
    """A url-encoded file and a query string alone are payloads as well."""
    (folder / "a.form").write_text("client_phone=%2B74712773120&order_id=6510&client_name=")

    by_form = leadlark("run", "shop.channel", "a.form", "--format", "json")
    by_query = leadlark(
        "run",
        "shop.channel",
        "--query",
        "client_phone=74712773120&order_id=6510",
        "--format",
        "json",
    )

    by_file, by_option = decisions(by_form.out)[0], decisions(by_query.out)[0]
    assert {"file": "a.form", "payload": 1, "element": None} == by_file.pop("place")
    assert {"file": "--query", "payload": 1, "element": None} == by_option.pop("place")
    assert by_file == by_option
    assert 6510 == decisions(by_query.out)[0]["entity"]["fields"]["UF_CRM_ORDER_ID"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("run", "shop.channel", "order.json", "--query", "a=%ff"), 2, "leadlark: --query: The "),
        (("explain", "shop.channel", "order.json", "--query", "a=%ff"), 2, "leadlark: --query: T"),
        (("audit", "shop.channel", "order.json", "--query", "a=%ff"), 2, "leadlark: --query: The "),
        (("run", "shop.channel", "--query", "a=%ff"), 1, "leadlark: --query: P103: The bytes "),
        (
            ("run", "shop.channel", "order.json", "--header", f"X: {'x' * 70_000}"),
            2,
            "leadlark: --header: The text is over 64 KiB (at @header.x)\n",
        ),
    ],
)
def test_option_that_cannot_be_read_is_named(leadlark, arguments, status: int, told: str):
    """What is wrong with the query string or a header is not held against the payload files."""
    ran = leadlark(*arguments)

    assert (status, "") == (ran.status, ran.out)
    assert ran.err.startswith(told)


def test_charset_of_the_files(leadlark, folder: Path):
    """A header names the encoding of payload files, as the message about one tells."""
    order = (folder / "order.json").read_text(encoding="utf-8")
    (folder / "order.json").write_bytes(order.encode("windows-1251"))

    refused = leadlark("run", "shop.channel", "order.json")
    header = re.search("--header '(.*?)'", refused.err)
    assert header is not None
    ran = leadlark("run", "shop.channel", "order.json", "--header", header[1])

    assert (1, 0) == (refused.status, ran.status)
    assert "NAME" in ran.out
    assert "Мария" in ran.out


def test_bad_payload_does_not_stop_the_others(leadlark, folder: Path):
    """One payload that cannot be read is named on standard error; the worst status counts."""
    (folder / "bad.json").write_text('{"a": ')

    ran = leadlark("run", "shop.channel", "bad.json", "order.json", "--format", "json")

    assert 1 == ran.status
    assert ["create"] == [each["action"] for each in decisions(ran.out)]
    assert ran.err.startswith("bad.json: P101: ")
    assert 1 == ran.err.count("\n")


def test_rules_with_mistakes(leadlark, folder: Path):
    """Rules that have mistakes decide nothing; the diagnostics go to standard error."""
    (folder / "a.channel").write_text("channel a {\n    enttiy deal\n}\n")

    ran = leadlark("run", "a.channel", "order.json")

    assert (1, "") == (ran.status, ran.out)
    assert "error[E" in ran.err


def test_channel_of_several(leadlark, folder: Path):
    """Where the rules hold several channels one is named; else the sentence lists them."""
    (folder / "two.channel").write_text("channel ping {\n    entity lead\n}\n")

    unnamed = leadlark("run", ".", "order.json")
    named = leadlark("run", ".", "order.json", "--channel", "ping", "--format", "json")

    assert 2 == unnamed.status
    assert "shop-orders" in unnamed.err
    assert ["lead"] == [each["entity"]["type"] for each in decisions(named.out)]


def test_headers_query_and_time_reach_the_rules(leadlark, folder: Path):
    """`--header`, `--query` and `--now` are what the rules read as `@header`, `@query`, `@now`."""
    (folder / "at.channel").write_text(
        "channel at {\n    entity lead\n    lead {\n"
        '        A = "<@header.x-key>"\n        B = "<@query.page>"\n        C = "<@now>"\n'
        "    }\n}\n"
    )
    ran = leadlark(
        *("run", "at.channel", "-", "--header", "X-Key: k: 1", "--query", "page=a%20b"),
        *("--now", "2026-01-01T03:00:00+03:00", "--format", "json"),
        stdin='{"A": 1}',
    )

    (decision,) = decisions(ran.out)
    assert {"A": "k: 1", "B": "a b", "C": "2026-01-01T00:00:00Z"} == decision["entity"]["fields"]


def test_store_out_of_reach(leadlark):
    """A store that cannot be opened is the environment's fault: status 3 and one sentence."""
    ran = leadlark("run", "shop.channel", "order.json", "--store", "sqlite:////no/such/crm.db")

    assert (3, "", 1) == (ran.status, ran.out, ran.err.count("\n"))


def test_payload_cannot_move_the_cursor(leadlark):
    """Control characters of a payload are not carried to the terminal."""
    payload = '{"client_phone": 74712773120, "order_id": 1, "client_name": "a\\u001b[2Jb\\nc"}'

    ran = leadlark("run", "shop.channel", "-", stdin=payload)

    assert "\x1b" not in ran.out
    assert "[2Jb" in ran.out
