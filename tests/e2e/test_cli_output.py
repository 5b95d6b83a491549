"""Where results go: never over what a call reads, and never raw where a terminal obeys them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

STORE = ("--store", "sqlite:///crm.db")
LEADLARK = (sys.executable, "-m", "leadlark")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("call", "target"),
    [
        ("explain shop.channel order.json --store sqlite:///crm.db --output", "crm.db"),
        ("explain shop.channel order.json --store sqlite:///crm.db --output", "crm.db-wal"),
        ("explain shop.channel order.json --store sqlite:///new.db --output", "new.db"),
        ("explain shop.channel order.json --output", "./order.json"),
        ("explain shop.channel order.json --output", "link.json"),
        ("explain shop.channel order.json --output", "shop.channel"),
        ("explain . order.json --output", "shop.channel"),
        ("explain E204 --output", "shop.channel"),
        ("diff shop.channel shop.channel order.json --output", "shop.channel"),
        ("diff shop.channel shop.channel order.json --output", "order.json"),
        ("test . --junit", "shop.test.yaml"),
        ("test shop.test.yaml --junit", "shop.channel"),
        ("test sent.test.yaml --junit", "order.json"),
    ],
)
def test_what_is_read_is_never_replaced(leadlark, folder: Path, call: str, target: str):
    """Rules, cases, payloads and stores stay as they are; the call is at fault."""
    leadlark("run", "shop.channel", "order.json", *STORE)
    (folder / "link.json").symlink_to("order.json")
    (folder / "sent.test.yaml").write_text(
        "rules: shop.channel\n"
        "cases:\n  - {name: sent, file: order.json, expect: {action: create}}\n"
    )
    before = content(folder)

    ran = leadlark(*call.split(), target)

    assert 2 == ran.status
    assert ran.err.startswith(f"leadlark: --{call.rpartition('--')[2]} {Path(target)} ")
    assert before == content(folder)


def test_a_result_that_cannot_be_written_is_the_environments(leadlark):
    """A full disk is named with the file, with the status that says so."""
    ran = leadlark("explain", "shop.channel", "order.json", "--output", "/dev/full")

    assert (3, "leadlark: /dev/full: No space left on device\n") == (ran.status, ran.err)


@pytest.mark.parametrize("call", ["run", "explain", "audit"])
def test_json_holds_nothing_that_a_terminal_obeys(leadlark, folder: Path, call: str):
    """C1 controls, signs of direction and line separators are escapes that mean the same."""
    obeyed = "\x7f\x85\x9b\u061c\u200f\u2028\u202e\u2066"
    name = f"a{obeyed}z"
    payload = {"client_phone": "+74712773120", "order_id": 1, "client_name": name, "other": name}
    (folder / "hostile.json").write_text(json.dumps(payload, ensure_ascii=False))

    ran = leadlark(call, "shop.channel", "hostile.json", "--format", "json")

    assert [] == [sign for sign in obeyed if sign in ran.out]
    assert name in json.dumps(json.loads(ran.out), ensure_ascii=False)


@pytest.mark.parametrize("call", ["run shop.channel -", "new -", "fmt -"])
def test_a_closed_input_is_an_empty_one(folder: Path, call: str):
    """Without a standard input nothing is read, which is no bug."""
    command = f'exec "$0" -m leadlark {call} <&-'

    ran = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=folder, capture_output=True, check=False
    )

    assert ran.returncode in (0, 1)
    assert b"bug" not in ran.stderr


def test_an_output_that_is_full_is_told(folder: Path):
    """What cannot be printed is a sentence and the status of the environment."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*LEADLARK, "--version"], cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert (3, b"leadlark: standard output: No space left on device\n") == (
        ran.returncode,
        ran.stderr,
    )


@pytest.mark.parametrize("call", ["check .", "fmt --check ."])
def test_a_file_that_cannot_be_opened_hides_no_other(leadlark, folder: Path, call: str):
    """The mistakes of the others are told, and the status is that of the environment."""
    (folder / "a.channel").symlink_to("nowhere")
    (folder / "z.channel").write_text("chanel x {\n")

    ran = leadlark(*call.split())

    assert 3 == ran.status
    assert "leadlark: a.channel: No such file or directory" in ran.err
    assert "E102" in ran.out + ran.err


def test_alike_is_only_what_was_compared(leadlark, folder: Path):
    """A payload that cannot be read keeps `diff` from saying that all is well."""
    (folder / "all.ndjson").write_text('{"order_id": 1}\n{\n')

    ran = leadlark("diff", "shop.channel", "shop.channel", "all.ndjson")

    assert 1 == ran.status
    assert "1 payload could not be read" in ran.out
