"""Kill -9 amid requests loses none that was answered and doubles nothing."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from subprocess import run

import pytest
from postgres_server import PostgresServer

KILLS = Path(__file__).parents[2] / "bench" / "intake_kills.py"
CYCLES = 100  # of each store


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'crm.db'}"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.empty()


def test_what_was_answered_is_there_once(url: str) -> None:
    """Journal and records agree with each other and with all that senders were told."""
    asked = ["--cycles", str(CYCLES), "--store", url]
    done = run([sys.executable, KILLS, *asked], capture_output=True, text=True, check=False)
    assert "" == done.stderr
    assert re.match(rf"{CYCLES} kills .*; 0 faults\n", done.stdout), done.stdout
    assert 0 == done.returncode
