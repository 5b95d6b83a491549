"""What holds for every command: help, versions, mistakes in the call, outputs that close."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest


def test_help_names_the_commands(leadlark):
    """`--help` goes to standard output and lists the commands and the exit statuses."""
    ran = leadlark("--help")

    assert (0, "") == (ran.status, ran.err)
    assert {"check", "run", "test"} <= set(ran.out.split())
    assert "exit status:" in ran.out


def test_help_imports_no_library():
    """The help needs neither the grammar nor the metadata of phones nor a colour library."""
    code = (
        "import sys; from leadlark.cli import main; main(['--help']); "
        "heavy = {'lark', 'pydantic', 'phonenumbers', 'rich', 'ruamel', 'jsonschema', 're2', "
        "'email_validator', 'sqlite3', 'simplejson'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "[]\n" == done.stderr


def test_version(leadlark):
    """`--version` prints the version of the distribution."""
    assert f"leadlark {version('leadlark')}\n" == leadlark("--version").out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("chek", "shop.channel"),
        ("check",),
        ("check", "--formt", "json", "shop.channel"),
        ("check", "none.channel"),
        ("check", "empty"),
        ("run", "none.channel", "order.json"),
        ("run", "shop.channel"),
        ("run", "shop.channel", "none.json"),
        ("run", "shop.channel", "order.json", "--channel", "other"),
        ("run", "shop.channel", "order.json", "--now", "tomorrow"),
        ("run", "shop.channel", "order.json", "--header", "no colon"),
        ("test", "none.test.yaml"),
    ],
)
def test_call_at_fault(leadlark, folder: Path, arguments: tuple[str, ...]):
    """A mistake in the call is a sentence on standard error and exit status 2."""
    (folder / "empty").mkdir()

    ran = leadlark(*arguments)

    assert (2, "") == (ran.status, ran.out)
    assert ran.err.startswith("leadlark")
    assert "bug" not in ran.err


def test_output_that_closes_is_no_error(folder: Path):
    """A reader that leaves early ends the command quietly, as a pipe to `head` does."""
    order = (folder / "order.json").read_text()
    (folder / "many.ndjson").write_text((order + "\n") * 3000)
    command = [sys.executable, "-m", "leadlark", "run", "shop.channel", "many.ndjson"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"" == process.stderr.read()

    assert 141 == process.returncode


def test_interrupted_command_says_so(folder: Path):
    """Ctrl-C ends a command with one word and the status that a shell reports for it."""
    command = [sys.executable, "-m", "leadlark", "run", "shop.channel", "-", "--format", "json"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        # A shell in the background hands on that SIGINT is to be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b'{"test": 1}\n{"test": 2}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert b"leadlark: interrupted\n" == process.stderr.read()

    assert 130 == process.returncode


def test_output_in_a_locale_without_cyrillic(leadlark):
    """Text of a payload that the output's encoding lacks is escaped, not an error."""
    ran = leadlark("run", "shop.channel", "order.json", env={"PYTHONIOENCODING": "ascii"})

    assert 0 == ran.status
    assert "\\u041c" in ran.out


def test_bug_says_so():
    """An exception that nobody foresaw is called a bug, with what a report needs."""
    code = (
        "import sys; import leadlark.cli.check as c; from leadlark.cli import main; "
        "c.run = lambda options: 1 / 0; sys.exit(main(['check', '.']))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert 70 == done.returncode
    assert done.stderr.startswith("leadlark: this is a bug in LeadLark (ZeroDivisionError: ")
    assert 1 == done.stderr.count("\n")
