"""`leadlark diff`: two versions of rules, recorded payloads, what changes."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

NEW = (
    ("on found ignore", "on found update fields"),
    ('"Order #<order_id>"', '"Order No <order_id>"'),
)


@pytest.fixture
def new(folder: Path) -> Path:
    text = (folder / "shop.channel").read_text()
    for old, changed in NEW:
        text = text.replace(old, changed)
    (folder / "new.channel").write_text(text)
    return folder / "new.channel"


def test_changes_are_told_and_fail(leadlark, new):
    """What changes stands on standard output, and the status is 1."""
    ran = leadlark("diff", "shop.channel", new.name, "order.json")

    assert (1, "") == (ran.status, ran.err)
    assert [
        "1 decision of shop-orders changes",
        "",
        "deal fields",
        "  TITLE: 1 changed",
        "    order.json, create: no deal found",
        '      old  "Order #6510"    line 20: "Order #<order_id>"',
        '      new  "Order No 6510"  line 20: "Order No <order_id>"',
    ] == ran.out.splitlines()


def test_same_decisions_are_fine(leadlark, folder: Path):
    """A file of another layout that decides alike is told to do so, and the status is 0."""
    (folder / "same.channel").write_text("# moved\n\n" + (folder / "shop.channel").read_text())
    ran = leadlark("diff", "shop.channel", "same.channel", "order.json")

    said = "both versions decide alike, though the files differ: 1 decision of shop-orders\n"
    assert (0, said, "") == (ran.status, ran.out, ran.err)


def test_store_is_read_and_not_made(leadlark, folder: Path, new):
    """Records of a store are found and stay; a store that is not there is not made."""
    missing = leadlark("diff", "shop.channel", new.name, "order.json", "--store", "sqlite:///no.db")
    leadlark("run", "shop.channel", "order.json", "--store", "sqlite:///crm.db")
    before = (folder / "crm.db").read_bytes()
    ran = leadlark("diff", "shop.channel", new.name, "order.json", "--store", "sqlite:///crm.db")

    assert (1, False) == (missing.status, (folder / "no.db").exists())
    assert before == (folder / "crm.db").read_bytes()
    assert "ignore -> update: 1" in ran.out


def test_unreadable_payloads_do_not_stop_the_others(leadlark, folder: Path, new):
    """A payload that cannot be read is counted and told with its place."""
    order = (folder / "order.json").read_text()
    (folder / "all.ndjson").write_text(f"{{broken\n{order}\n")
    ran = leadlark("diff", "shop.channel", new.name, "all.ndjson")

    assert 1 == ran.status
    assert "1 payload could not be read:\n  all.ndjson payload 1: P101:" in ran.out
    assert "all.ndjson payload 2, create" in ran.out


def test_json_fits_its_schema_and_keeps_digits(leadlark, new):
    """JSON is one object, as the published schema says."""
    ran = leadlark("diff", "shop.channel", new.name, "order.json", "--format", "json")

    schema = json.loads(files("leadlark.schemas").joinpath("difference.json").read_text())
    shown = json.loads(ran.out)
    Draft202012Validator(schema).validate(shown)
    assert ({"same": 0, "changed": 1}, 1) == (shown["decisions"], ran.status)


def test_page_is_written_where_it_is_asked_for(leadlark, folder: Path, new):
    """With `--output` nothing is printed, and the file is a page of its own, masked on demand."""
    ran = leadlark(
        "diff", "shop.channel", new.name, "order.json",
        "--format", "html", "--output", "page.html", "--mask",
    )  # fmt: skip
    page = (folder / "page.html").read_text(encoding="utf-8")

    assert (1, "", "") == (ran.status, ran.out, ran.err)
    assert (True, False, False) == (
        page.startswith("<!doctype html>"),
        "<script" in page,
        "Мария" in page,
    )


def test_output_that_cannot_be_written_is_told(leadlark, new):
    """A folder that is not there is the call's fault."""
    ran = leadlark("diff", "shop.channel", new.name, "order.json", "--output", "no/such.txt")

    assert (2, "leadlark: --output no/such.txt: there is no folder no\n") == (ran.status, ran.err)


def test_versions_without_a_common_channel(leadlark, folder: Path):
    """Addresses that only one version has are told; nothing is compared, and that is a change."""
    text = (folder / "shop.channel").read_text()
    (folder / "renamed.channel").write_text(text.replace("shop-orders", "web-orders"))
    ran = leadlark("diff", "shop.channel", "renamed.channel", "order.json")

    assert 1 == ran.status
    assert [
        "no channel is in both versions: nothing is compared",
        "channel shop-orders is only in the old rules",
        "channel web-orders is only in the new rules",
    ] == ran.out.splitlines()


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("shop.channel", "new.channel"), 2, "there is nothing to decide"),
        (("shop.channel", "no.channel", "order.json"), 2, "no.channel"),
        (
            ("shop.channel", "new.channel", "order.json", "--channel", "shop-order"),
            2,
            "no channel `shop-order`; did you mean `shop-orders`?",
        ),
        (("shop.channel", "broken.channel", "order.json"), 1, "broken.channel"),
    ],
)
def test_mistakes_in_the_call(leadlark, folder: Path, arguments, status, said):
    """What is wrong with the call or the rules is said in a sentence on standard error."""
    (folder / "broken.channel").write_text("channel broken {\n    entity dela\n}\n")
    ran = leadlark("diff", *arguments)

    assert (status, "") == (ran.status, ran.out)
    assert said in ran.err
