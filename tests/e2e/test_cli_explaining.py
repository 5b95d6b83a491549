"""`leadlark explain RULES PAYLOAD…`: decisions told as text, as JSON, and as a page."""

from __future__ import annotations

import json
import re
import shlex
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from shutil import copytree

from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "explain.md").read_text(encoding="utf-8")
STORE = ("--store", "sqlite:///crm.db", "--now", "2026-01-01T00:00:00Z")
HOSTILE = ("<script>alert(1)</script>", "</style><b onclick=x>", "\u202egpj.exe", "{{ 7 * 7 }}")


def test_answer_comes_first(leadlark):
    """The first two lines say why no deal is created, and nothing is written."""
    leadlark("run", "shop.channel", "order.json", *STORE)

    ran = leadlark("explain", "shop.channel", "order.json", *STORE)
    again = leadlark("explain", "shop.channel", "order.json", *STORE)

    assert (0, "", again.out) == (ran.status, ran.err, ran.out)
    assert [
        "No deal would be created: deal 1 is found, and `on found ignore` (line 13) leaves it as it"
        " is.",
        "Deal 1 has UF_CRM_ORDER_ID 6510 and is in status NEW.",
        "  order.json: channel shop-orders of shop.channel, at 2026-01-01T00:00:00Z",
    ] == ran.out.splitlines()[:3]


def test_store_is_not_made(leadlark, folder: Path):
    """A store that is not there stays so."""
    assert 0 == leadlark("explain", "shop.channel", "order.json", *STORE).status
    assert not (folder / "crm.db").exists()


def test_several_payloads_in_order(leadlark, folder: Path):
    """Every payload has its explanation, one that is rejected or cannot be read, too."""
    order = (folder / "order.json").read_text()
    (folder / "all.ndjson").write_text(f'{order}\n{{"test": 1}}\n{{"a": \n{{"order_id": "x"}}\n')

    ran = leadlark("explain", "shop.channel", "all.ndjson", "--format", "json", *STORE[2:])

    shown = [json.loads(line) for line in ran.out.splitlines()]
    schema = json.loads(files("leadlark.schemas").joinpath("explanation.json").read_text())
    for each in shown:
        Draft202012Validator(schema).validate(each)
    actions = [each["decision"] and each["decision"]["action"] for each in shown]
    assert ["create", "ignore", None, "reject"] == actions
    assert ("P101", 1, "") == (shown[2]["error"]["code"], ran.status, ran.err)


def test_page_is_one_inert_file(leadlark, folder: Path):
    """The page parses, has no scripts and asks for nothing; hostile payloads stay text."""
    payload = {"client_phone": 74712773120, "order_id": 1, "client_name": " ".join(HOSTILE)}
    (folder / "hostile.json").write_text(json.dumps([payload, {"test": HOSTILE[0]}]))

    ran = leadlark(
        *("explain", "shop.channel", "hostile.json", *STORE[2:]),
        *("--format", "html", "--output", "page.html"),
    )

    page = (folder / "page.html").read_text(encoding="utf-8")
    parser = HTMLParser()
    parser.feed(page)
    parser.close()
    assert (0, "", "") == (ran.status, ran.out, ran.err)
    assert page.startswith("<!doctype html>")
    assert 2 == page.count("<article")
    assert [] == re.findall(
        r"<script|https?:|\son\w+=|url\(|@import", page.replace(" onclick=x", "")
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;/style&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert "\u202e" not in page


def test_masked_page_and_text_name_nobody(leadlark):
    """With --mask no form of the explanation holds the name or the phone."""
    for form in ("text", "json", "html"):
        call = ("explain", "shop.channel", "order.json", "--mask", "--format", form, *STORE)
        shown = leadlark(*call).out
        assert "phone-1" in shown
        assert [] == [each for each in ("Мария", "4712773120") if each in shown]


def test_output_goes_into_the_file(leadlark, folder: Path):
    """Each form can be written into a file; nothing is printed then."""
    for form in ("text", "json", "html"):
        call = ("explain", "shop.channel", "order.json", "--format", form, *STORE)
        printed = leadlark(*call)
        written = leadlark(*call, "--output", "out")
        assert "" == written.out
        assert printed.out == (folder / "out").read_text(encoding="utf-8")


def test_output_that_cannot_be_written(leadlark):
    """A file in a folder that is not there is the call's fault, in one sentence."""
    ran = leadlark("explain", "shop.channel", "order.json", "--output", "no/such", *STORE)

    assert (2, 1) == (ran.status, ran.err.count("\n"))


def test_rules_without_a_payload(leadlark):
    """Rules alone ask for a payload, with the way to name one."""
    ran = leadlark("explain", "shop.channel")

    assert (2, "") == (ran.status, ran.out)
    assert "name a payload to explain, such as order.json, - or --query" in ran.err


def test_payload_cannot_move_the_cursor(leadlark):
    """Control characters of a payload are not carried to the terminal."""
    payload = '{"client_phone": 74712773120, "order_id": 1, "client_name": "a\\u001b[2Jb\\u202e"}'

    ran = leadlark("explain", "shop.channel", "-", stdin=payload)

    assert [] == [sign for sign in "\x1b\u202e" if sign in ran.out]


def test_transcript_is_what_is_printed(leadlark, folder: Path):
    """The console block of docs/explain.md, run word for word, prints what stands there."""
    copytree(ROOT / "rules", folder / "rules")
    (block,) = re.findall(r"```text\n(\$ .*?)```", PAGE, re.DOTALL)
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    for at in range(1, len(parts), 2):
        program, *arguments = shlex.split(parts[at])
        ran = leadlark(*arguments)
        assert ("leadlark", 0, "") == (program, ran.status, ran.err)
        assert parts[at + 1].strip() == ran.out.strip()


def test_no_payload_is_said(leadlark, folder: Path):
    """Where the files hold no payload, that is said beside the empty result."""
    (folder / "none.ndjson").write_text("\n", encoding="utf-8")
    ran = leadlark("explain", "shop.channel", "none.ndjson")

    said = "leadlark: the files hold no payload, so there is nothing to explain\n"
    assert (0, "", said) == (ran.status, ran.out, ran.err)


def test_store_that_is_not_there_is_told_of(leadlark):
    """A store's file that is not there counts as empty, which a mistyped name must not hide."""
    ran = leadlark("explain", "shop.channel", "order.json", "--store", "sqlite:///crn.db")

    assert (0, "leadlark: there is no crn.db yet; the store counts as empty\n") == (
        ran.status,
        ran.err,
    )


def test_unread_keys_are_bounded(leadlark, folder: Path):
    """Of keys that no rule reads the text names the first hundred, each cut where it is long."""
    keys = [f"key{number}{'x' * 200}" for number in range(150)]
    (folder / "wide.json").write_text(json.dumps(dict.fromkeys(keys, 1)), encoding="utf-8")
    ran = leadlark("explain", "shop.channel", "wide.json", "--mask")

    assert "…, key99" in ran.out
    assert "key100" not in ran.out
    assert " and 50 more; --format json has all of them\n" in ran.out
