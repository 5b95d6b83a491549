"""``leadlark secret`` as a real process: values go in and never come out."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from conftest import Command

VALUE: Final = "the-secret-of-the-shop"
NEXT: Final = "the-next-secret-of-it"


@pytest.fixture
def kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of secrets."""
    file = folder / "kept" / "secrets.json"
    monkeypatch.setenv("LEADLARK_SECRETS", str(file))
    return file


def test_a_secret_is_set_and_listed(leadlark: Command, kept: Path) -> None:
    """A value from standard input is kept under its name and never shown."""
    done = leadlark("secret", "set", "shop", stdin=VALUE + "\n")
    listed = leadlark("secret", "list")

    assert (0, f"SHOP is kept in {kept}\n", "") == (done.status, done.out, done.err)
    assert (0, "SHOP  file\n", "") == (listed.status, listed.out, listed.err)
    assert {"SHOP": [VALUE]} == json.loads(kept.read_text())


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_end_of_a_line_is_none_of_it(leadlark: Command, kept: Path, end: str) -> None:
    """What ends the line is no part of the value, on standard input and in a file."""
    value = kept.parent.parent / "value.txt"
    value.write_bytes((VALUE + end).encode())
    leadlark("secret", "set", "A", stdin=VALUE + end)
    leadlark("secret", "set", "B", "--file", str(value))

    assert {"A": [VALUE], "B": [VALUE]} == json.loads(kept.read_text())


def test_a_secret_is_replaced_step_by_step(leadlark: Command, kept: Path) -> None:
    """With --keep-old both values hold until the former one is retired."""
    leadlark("secret", "set", "SHOP", stdin=VALUE)
    done = leadlark("secret", "set", "SHOP", "--keep-old", stdin=NEXT)

    assert "Once the sender uses the new one: leadlark secret retire SHOP" in done.err
    assert {"SHOP": [NEXT, VALUE]} == json.loads(kept.read_text())
    assert "SHOP  file, with a former value\n" == leadlark("secret", "list").out

    third = leadlark("secret", "set", "SHOP", "--keep-old", stdin=VALUE)
    assert (2, "") == (third.status, third.out)
    assert "SHOP has a former value already; run `leadlark secret retire SHOP` first" in third.err

    assert "SHOP has one value now" in leadlark("secret", "retire", "SHOP").out
    assert {"SHOP": [NEXT]} == json.loads(kept.read_text())

    again = leadlark("secret", "retire", "SHOP")
    assert (2, "leadlark: SHOP has no former value; nothing was changed\n") == (
        again.status,
        again.err,
    )


def test_a_secret_is_replaced_at_once(leadlark: Command, kept: Path) -> None:
    """Without --keep-old no other value holds any longer, the former one included."""
    for arguments in (("SHOP",), ("SHOP", "--keep-old")):
        leadlark("secret", "set", *arguments, stdin=f"{VALUE}-{len(arguments)}")
    leadlark("secret", "set", "SHOP", stdin=NEXT)

    assert {"SHOP": [NEXT]} == json.loads(kept.read_text())


def test_a_secret_is_removed(leadlark: Command, kept: Path) -> None:
    """What is removed is gone; a name that is not there gets the one that was meant."""
    leadlark("secret", "set", "SHOP", stdin=VALUE)
    missed = leadlark("secret", "remove", "SHPO")
    done = leadlark("secret", "remove", "SHOP")
    listed = leadlark("secret", "list")

    assert (2, f"leadlark: SHPO is not in {kept}; did you mean SHOP?\n") == (
        missed.status,
        missed.err,
    )
    assert f"SHOP is no longer in {kept}\n" == done.out
    assert (0, "") == (listed.status, listed.out)
    assert "No secrets" in listed.err


@pytest.mark.parametrize(
    ("stdin", "wrong"),
    [
        (b"", "is empty"),
        (b"short", "has 5 bytes; at least 16 are needed"),
        (VALUE.encode() + b" \n", "has blanks around it"),
        (VALUE.encode() + b"\n\n", "has blanks around it"),
        (VALUE.encode() + b"\n" + NEXT.encode(), "has control or unseen characters in it"),
        (VALUE.encode() + b"\xff", "is no text in UTF-8"),
        (VALUE.encode() + b"\0x", "has control or unseen characters in it"),
    ],
)
def test_values_that_will_not_do(leadlark: Command, kept: Path, stdin: bytes, wrong: str) -> None:
    """A value that no scheme can lean on is refused before anything is written, and not shown."""
    done = leadlark("secret", "set", "SHOP", stdin=stdin)

    assert (2, "") == (done.status, done.out)
    assert f"what was given for SHOP {wrong}" in done.err
    assert VALUE not in done.err
    assert not kept.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("set",), "needs the name of a secret"),
        (("retire",), "needs the name of a secret"),
        (("set", "2shop"), "cannot be the name of a secret"),
        (("set", "a=b"), "cannot be the name of a secret"),
        (("set", "SHOP", VALUE), "a value is never an argument"),
        (("remove", "SHOP", "TILDA"), "takes the name of one secret"),
        (("list", "SHOP"), "takes no name"),
        (("remove", "SHOP", "--keep-old"), "are for secret set"),
        (("list", "--file", "x"), "are for secret set"),
        (("set", "SHOP", "--format", "json"), "is for secret list"),
        (("set", "SHOP", "--file", "none.txt"), "none.txt"),
        (("keep", "SHOP"), "invalid choice"),
    ],
)
def test_mistaken_calls(
    leadlark: Command, kept: Path, arguments: tuple[str, ...], said: str
) -> None:
    """A mistake in the call is one sentence, and nothing is written."""
    done = leadlark("secret", *arguments, stdin=VALUE)

    assert done.status in (2, 3)
    assert said in done.err
    assert VALUE not in done.err
    assert not kept.exists()


def test_a_file_that_others_can_read(leadlark: Command, kept: Path) -> None:
    """A file that others can read is not used, and the way out is told."""
    leadlark("secret", "set", "SHOP", stdin=VALUE)
    kept.chmod(0o644)
    calls = (("list",), ("set", "SHOP"), ("remove", "SHOP"), ("retire", "SHOP"))
    for call in calls:
        done = leadlark("secret", *call, stdin=NEXT)
        assert (3, "") == (done.status, done.out)
        assert f"run `chmod 600 {kept}`" in done.err
        assert VALUE not in done.err


def test_a_change_under_way(leadlark: Command, kept: Path) -> None:
    """Two changes do not meet; what one that was killed has left is named."""
    kept.parent.mkdir()
    lock = kept.with_name("secrets.json.lock")
    lock.touch()
    done = leadlark("secret", "set", "SHOP", stdin=VALUE)

    assert (3, "") == (done.status, done.out)
    assert f"leadlark: {lock}: " in done.err
    assert "if none is running, remove this file" in done.err


def test_the_environment(leadlark: Command, kept: Path) -> None:
    """Secrets of the environment are listed, and what they put out of use is told."""
    env = {"LEADLARK_SECRET_SHOP": VALUE, "LEADLARK_OLD_SECRET_SHOP": NEXT}
    done = leadlark("secret", "set", "SHOP", stdin=VALUE, env=env)
    listed = leadlark("secret", "list", "--format", "json", env=env)

    assert "LEADLARK_SECRET_SHOP is set here" in done.err
    assert {
        "file": str(kept),
        "secrets": [{"name": "SHOP", "from": "environment", "former": True}],
    } == json.loads(listed.out)


def test_the_place_of_the_file(leadlark: Command, kept: Path, folder: Path) -> None:
    """--secrets comes before LEADLARK_SECRETS, and that before the folder of the user's data."""
    home = {"HOME": str(folder), "XDG_DATA_HOME": "", "LEADLARK_SECRETS": ""}
    leadlark("secret", "set", "A", "--secrets", str(folder / "mine.json"), stdin=VALUE)
    leadlark("secret", "set", "B", stdin=VALUE)
    leadlark("secret", "set", "C", stdin=VALUE, env=home)
    (own,) = folder.glob("**/leadlark/secrets.json")

    names = [list(json.loads(each.read_text())) for each in (folder / "mine.json", kept, own)]
    assert [["A"], ["B"], ["C"]] == names


def test_a_terminal_hides_what_is_typed(kept: Path) -> None:
    """On a terminal the value is asked for, and what is typed does not appear there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "leadlark", "secret", "set", "SHOP"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while b"not shown): " not in seen:
        seen += os.read(ours, 1000)
    os.write(ours, VALUE.encode() + b"\n")
    while b"is kept in" not in seen:
        seen += os.read(ours, 1000)
    assert 0 == process.wait()
    os.close(ours)

    assert VALUE.encode() not in seen
    assert {"SHOP": [VALUE]} == json.loads(kept.read_text())
