"""Many requests of one person, and many times the same request, at the same moment."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest
from postgres_server import PostgresServer

RACES = Path(__file__).parents[2] / "bench" / "intake_races.py"


@pytest.mark.parametrize(("kind", "workers"), [("sqlite", 1), ("postgresql", 4)])
def test_one_contact_and_one_effect(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, workers: int
) -> None:
    """50 orders of a new person: one contact, 50 rows, no 5xx. One id 50 times: one effect."""
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    if kind == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.empty()
    asked = ["--rounds", "3", "--workers", str(workers), "--store", url]
    done = run([sys.executable, RACES, *asked], capture_output=True, text=True, check=False)
    assert "" == done.stderr
    assert done.stdout.endswith(": 0 faults\n"), done.stdout
    assert 0 == done.returncode
