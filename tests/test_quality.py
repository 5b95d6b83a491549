"""The checks that a change has to pass beside the tests of what it does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "--strict", "engine"),
)


@pytest.mark.parametrize("check", CHECKS, ids=" ".join)
def test_code_is_clean(check: tuple[str, ...]) -> None:
    """Linter, formatter and type checker have nothing to say."""
    done = subprocess.run(
        [sys.executable, "-m", *check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
