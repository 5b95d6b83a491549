"""`leadlark audit`: rules and recorded payloads, and what weak points they show."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from jsonschema import Draft202012Validator

SEVERAL = """\
{"client_phone": "+74712773120", "client_name": "Мария", "order_id": 6510, "order_amount": 1}
{"client_phone": "+74712773120", "client_name": "Мария", "order_id": 6511, "source": "\\u001b[2J"}
{"client_phone": "+74712773120"}
"""


def recorded(folder: Path, text: str = SEVERAL) -> str:
    (folder / "orders.ndjson").write_text(text, encoding="utf-8")
    return "orders.ndjson"


def test_findings_are_told(leadlark, folder: Path):
    """Warnings alone are no failure; each stands with its count, place and way out."""
    ran = leadlark("audit", "shop.channel", recorded(folder))

    assert (0, "") == (ran.status, ran.err)
    assert [
        "3 payloads for shop-orders: 2 create, 1 reject; "
        "decided in order, repeated, and in 2 other orders",
        "3 warnings",
        "",
        "warning[A101]: key that no rule reads",
        '  `source` is in 1 payload, and no rule reads it, such as "\\u001b[2J"',
        "  = help: give it to a field where the CRM is to have it",
        "",
        "warning[A102]: param that no payload has",
        "  `test` is in no payload (line 9); see how the sender spells it",
        "",
        "warning[A104]: rejected payloads",
        "  1 payload is rejected because of `order_id`",
        "    orders.ndjson payload 3: `order_id` is missing",
        "  = help: tests belong to `ignore when`; a param that may be missing is not `required`",
        "",
        "`leadlark explain A101` tells more, as for every code",
    ] == ran.out.splitlines()


def test_strict_fails_on_warnings(leadlark, folder: Path):
    """With `--strict` a warning is enough for the status 1."""
    assert 1 == leadlark("audit", "shop.channel", recorded(folder), "--strict").status


def test_errors_fail(leadlark, folder: Path):
    """A payload that cannot be read is an error; the others are looked at all the same."""
    ran = leadlark("audit", "shop.channel", recorded(folder, "{\n" + SEVERAL))

    assert 1 == ran.status
    assert "error[A105]: payloads that cannot be read\n" in ran.out
    assert "4 payloads for shop-orders: 2 create, 1 reject, 1 unreadable; decided in o" in ran.out


def test_nothing_readable_is_no_success(leadlark, folder: Path):
    """Where no payload can be read it is said in the first line, with a way out."""
    ran = leadlark("audit", "shop.channel", recorded(folder, "order_id=6510\n"))

    assert 1 == ran.status
    assert [
        "the only payload for shop-orders cannot be read, so nothing was decided; "
        "the suffix of a file says what it holds: .json, .ndjson, .jsonl or .form",
        "1 error",
    ] == ran.out.splitlines()[:2]


def test_no_payload_is_no_success(leadlark, folder: Path):
    """An audit of nothing says so; it does not pass for rules without weak points."""
    ran = leadlark("audit", "shop.channel", recorded(folder, "\n"))

    assert (1, "") == (ran.status, ran.err)
    assert "there is no payload for shop-orders in the files, so nothing was audited\n" == ran.out


def test_store_is_read_and_not_made(leadlark, folder: Path):
    """Payloads are tried on copies of the records; the file stays as it is, or away."""
    name = recorded(folder)
    absent = leadlark("audit", "shop.channel", name, "--store", "sqlite:///no.db")
    leadlark("run", "shop.channel", name, "--store", "sqlite:///crm.db")
    before = (folder / "crm.db").read_bytes()
    ran = leadlark("audit", "shop.channel", name, "--store", "sqlite:///crm.db")

    assert not (folder / "no.db").exists()
    assert "leadlark: there is no no.db yet; the store counts as empty\n" == absent.err
    assert before == (folder / "crm.db").read_bytes()
    assert "2 ignore, 1 reject" in ran.out


def test_json_fits_its_schema(leadlark, folder: Path):
    """JSON is one object, as the published schema says, masked on demand."""
    ran = leadlark("audit", "shop.channel", recorded(folder), "--format", "json", "--mask")

    schema = json.loads(files("leadlark.schemas").joinpath("audit.json").read_text())
    shown = json.loads(ran.out)
    Draft202012Validator(schema).validate(shown)
    assert ["A101", "A102", "A104"] == [each["code"] for each in shown["findings"]]
    assert ["text-1"] == shown["findings"][0]["examples"][0]["values"]


def test_page_of_a_finding_is_shown(leadlark):
    """`leadlark explain` knows the codes of findings."""
    ran = leadlark("explain", "A401")

    assert (0, True) == (ran.status, ran.out.startswith("# A401: repeated delivery"))


def test_mistake_in_the_call(leadlark):
    """Without payloads there is nothing to look at, and that is the call's fault."""
    ran = leadlark("audit", "shop.channel")

    assert (2, "") == (ran.status, ran.out)
    assert "there is nothing to decide" in ran.err
