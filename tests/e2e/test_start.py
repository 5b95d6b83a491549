"""The five-minute start installs what it says, word for word."""

from __future__ import annotations

import os
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Final

ROOT: Final = Path(__file__).parents[2]
LEFT_OUT: Final = ignore_patterns("build", "dist", "*.egg-info", "__pycache__", ".*", "*.db*")


def test_installation_works(tmp_path: Path) -> None:
    """The commands of the section "Install", run in a copy of the repository, give the command."""
    (commands,) = re.findall(
        r"```sh\n(.*?)```", (ROOT / "docs" / "start.md").read_text(encoding="utf-8"), re.DOTALL
    )
    tree = tmp_path / "leadlark"
    copytree(ROOT, tree, ignore=LEFT_OUT)

    done = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=tree,
        env={**os.environ, "PIP_NO_COMPILE": "1"},  # compiling libraries is most of the work
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stderr
    assert f"leadlark {version('leadlark')}\n" == done.stdout
