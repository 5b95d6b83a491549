"""The README shows what is there: its rule file, and what its commands print."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def calls(block: str) -> list[tuple[str, str]]:
    """Each command of a console block with the output shown below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return [(parts[at], parts[at + 1].strip()) for at in range(1, len(parts), 2)]


def test_rule_file_is_the_shipped_one() -> None:
    """The rule file of the first screen stands in rules/ as it is shown."""
    shown = re.findall(r"```\n(channel .*?)```", README, re.DOTALL)
    shipped = (ROOT / "rules" / "reference" / "order.channel").read_text(encoding="utf-8")

    assert shipped[shipped.index("channel ") :] == shown[0]


def test_commands_print_what_is_shown(tmp_path: Path) -> None:
    """The first console block, run word for word, prints what stands there."""
    copytree(ROOT / "rules", tmp_path / "rules")
    for command, shown in calls(CONSOLE[0]):
        program, *arguments = shlex.split(command)
        assert program == "leadlark"
        done = subprocess.run(
            [sys.executable, "-m", "leadlark", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (shown, "", 0) == (done.stdout.strip(), done.stderr, done.returncode)


def test_diagnostic_is_the_golden_one() -> None:
    """The diagnostic shown is the rendered message that the golden file keeps."""
    ((_, shown),) = calls(CONSOLE[1])
    golden = (ROOT / "tests" / "cases" / "diagnostics" / "E204.out").read_text(encoding="utf-8")

    assert golden.partition("\n\n")[0].replace("E204.channel", "shop.channel") == shown


@pytest.mark.parametrize("command", re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL))
def test_set_up_commands_are_those_of_ci(command: str) -> None:
    """Each set-up command is one line; the one with the tests is what CI runs."""
    assert 1 == len(command.splitlines())
    if "pytest" in command:
        assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
