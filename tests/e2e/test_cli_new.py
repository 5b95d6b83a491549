"""``leadlark new`` as a real process: what it writes, says, refuses and leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Command

ENQUIRY = '{"name": "Maria", "phone": "+7 471 277-31-20", "message": "Call me"}'


def files(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


def test_draft_checks_and_passes(leadlark: Command, folder: Path) -> None:
    """What is written is free of warnings, laid out, and its cases pass."""
    made = leadlark("new", "order.json", "--output", "drafts")

    assert (0, "") == (made.status, made.err)
    assert {"order.channel", "order.test.yaml"} == files(folder / "drafts")
    assert 0 == leadlark("check", "--strict", "drafts").status
    assert 0 == leadlark("fmt", "--check", "drafts").status
    tested = leadlark("test", "drafts")
    assert (0, "2 passed\n") == (tested.status, tested.out)


def test_it_says_what_it_guessed(leadlark: Command, folder: Path) -> None:
    """The files, each guess, what is uncertain, and the command to go on with are printed."""
    made = leadlark("new", "order.json")

    assert made.out.startswith("wrote order.channel and order.test.yaml\n")
    assert "  phone      client_phone  -> PHONE\n" in made.out
    assert "- A request becomes a deal, because of order_id and order_amount" in made.out
    assert made.out.endswith("leadlark test order.test.yaml\n")
    assert {"order.channel", "order.test.yaml"} <= files(folder)


def test_json_writes_nothing(leadlark: Command, folder: Path) -> None:
    """As JSON the texts and the guesses are printed, and no file is written."""
    before = files(folder)
    made = leadlark("new", "order.json", "--format", "json")
    shown = json.loads(made.out)

    assert before == files(folder)
    assert ("order", "deal") == (shown["address"], shown["entity"])
    assert 'UF_CRM_ORDER_ID = "<order_id>"' in shown["channel"]
    assert shown["cases"].startswith("# What the draft of order.channel decides")
    key = {"meaning": "key", "path": "order_id", "field": "UF_CRM_ORDER_ID", "samples": 1}
    assert key in shown["guesses"]
    assert {} == shown["files"]


def test_files_are_not_replaced(leadlark: Command, folder: Path) -> None:
    """A file that is there stops the command before it writes any; --force replaces it."""
    (folder / "order.test.yaml").write_text("mine", encoding="utf-8")
    made = leadlark("new", "order.json")

    assert 2 == made.status
    assert (
        "leadlark: order.test.yaml is there already; --force replaces it, --channel names another\n"
        == made.err
    )
    assert "order.channel" not in files(folder)
    assert "mine" == (folder / "order.test.yaml").read_text(encoding="utf-8")
    assert 0 == leadlark("new", "order.json", "--force").status
    assert "mine" != (folder / "order.test.yaml").read_text(encoding="utf-8")


def test_samples_of_several_files_and_standard_input(leadlark: Command, folder: Path) -> None:
    """All samples make one draft: lines, forms, arrays, and what comes by standard input."""
    (folder / "more.ndjson").write_text(f"{ENQUIRY}\n{ENQUIRY}\n", encoding="utf-8")
    (folder / "ping.form").write_text("test=test", encoding="utf-8")
    made = leadlark(
        "new", "more.ndjson", "ping.form", "-", "--format", "json", stdin=f"[{ENQUIRY}]"
    )
    shown = json.loads(made.out)

    assert "more" == shown["address"]
    assert (
        "# A draft, made of 4 samples: more.ndjson 1, more.ndjson 2, ping.form, standard input."
        in (shown["channel"])
    )
    assert 'ignore when <test> is present "a test"' in shown["channel"]


def test_options_are_obeyed(leadlark: Command) -> None:
    """Entity, address and region are those that the call names."""
    made = leadlark(
        *("new", "order.json", "--entity", "lead", "--channel", "web", "--region", "de"),
        *("--format", "json"),
    )
    shown = json.loads(made.out)

    assert ("web", "lead") == (shown["address"], shown["entity"])
    assert "    entity lead\n    region DE\n" in shown["channel"]


def test_large_sample_becomes_a_file(leadlark: Command, folder: Path) -> None:
    """A sample too large to be read in a case file stands beside it, and its cases pass."""
    text = json.dumps({"phone": "+74712773120", "message": "x" * 10_000})
    (folder / "long.json").write_text(text, encoding="utf-8")
    made = leadlark("new", "long.json", "--output", "drafts")

    assert 0 == made.status
    written = {"long.channel", "long.test.yaml", "long-1.json", "long-1-twice.ndjson"}
    assert written == files(folder / "drafts")
    assert 0 == leadlark("test", "drafts").status


def test_unreadable_samples_are_told_and_nothing_is_written(
    leadlark: Command, folder: Path
) -> None:
    """Each sample that cannot be read is told with its place; the exit status is 1."""
    (folder / "bad.json").write_text('{"phone": ', encoding="utf-8")
    (folder / "lines.ndjson").write_text(f"{ENQUIRY}\n[1]\n", encoding="utf-8")
    before = files(folder)
    made = leadlark("new", "bad.json", "lines.ndjson")

    assert (1, "") == (made.status, made.out)
    first, second = made.err.splitlines()
    assert first.startswith("bad.json: P101: ")
    assert "(at line 1, column" in first
    assert second.startswith("lines.ndjson: P108: ")
    assert "line 2" in second
    assert before == files(folder)


def test_calls_at_fault(leadlark: Command, folder: Path) -> None:
    """A call that cannot be meant is told in a sentence; the exit status is 2."""
    (folder / "empty.ndjson").write_text("\n", encoding="utf-8")
    calls = {
        ("none.json",): "none.json: no such file or folder",
        ("empty.ndjson",): "the samples hold no payload",
        ("order.json", "--region", "XX"): (
            "--region 'XX' is no ISO 3166 country, such as RU or US"
        ),
        ("order.json", "--channel", "Web Shop"): (
            "--channel 'Web Shop' is no address: 1 to 64 of the small letters a-z, digits and -"
        ),
        ("shop.channel",): "shop.channel is a rule file; a draft is made from payloads",
    }
    for arguments, sentence in calls.items():
        made = leadlark("new", *arguments)
        assert (2, "", f"leadlark: {sentence}\n") == (made.status, made.out, made.err)


def test_hostile_texts_stay_where_they_are(leadlark: Command, folder: Path) -> None:
    """Control characters of a payload reach neither the terminal nor the rule file."""
    key = "phone\x1b[31m\u202e"
    (folder / "sample.json").write_text(json.dumps({key: "+74712773120"}), encoding="utf-8")
    made = leadlark("new", "sample.json")

    assert 0 == made.status
    written = (folder / "sample.channel").read_text(encoding="utf-8")
    assert not {"\x1b", "\u202e"} & set(made.out + made.err + written)
