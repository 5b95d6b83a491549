"""Many processes that send the requests of the same people make no duplicate."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest
from postgres_server import PostgresServer

RACES = Path(__file__).parents[2] / "bench" / "races.py"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'crm.db'}"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.empty()


@pytest.mark.parametrize("options", [[], ["--kill", "--connections", "8"]], ids=["", "killed"])
def test_everybody_is_one_contact_and_one_deal(url: str, options: list[str]) -> None:
    """Whoever is first, and whoever is killed, there is one contact and one deal of each person."""
    asked = ["--people", "50", "--processes", "4", "--store", url, *options]
    done = run([sys.executable, RACES, *asked], capture_output=True, text=True, check=False)
    assert "" == done.stderr
    assert "50 people: 50 contacts, 50 deals, 0 duplicates, 0 faults" in done.stdout
    assert 0 == done.returncode
