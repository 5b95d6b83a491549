"""Rule files change while requests come: each request is decided by one good version."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import run

import pytest
from service import RunningService

EDITS = Path(__file__).parents[2] / "bench" / "intake_edits.py"
PATIENCE = 60.0

RULES = """\
channel {address} {{
    entity deal
    deal {{
        TITLE = "{title}"
    }}
}}
"""
DEFAULT = RULES.replace("entity deal", "entity deal\n    default")


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_no_request_mixes_versions(tmp_path: Path) -> None:
    """Whatever is written into the file, rows and records have one version's number."""
    asked = ["--edits", "40", "--store", f"sqlite:///{tmp_path / 'crm.db'}"]
    done = run([sys.executable, EDITS, *asked], capture_output=True, text=True, check=False)
    assert "" == done.stderr
    assert re.match(r"40 edits: .*, 0 faults\n", done.stdout), done.stdout
    assert 0 == done.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "rules"
    made.mkdir()
    (made / "one.channel").write_text(RULES.format(address="one", title="first"))
    (made / "two.channel").write_text(RULES.format(address="two", title="first"))
    return made


def test_a_broken_file_keeps_its_last_good_version(tmp_path: Path, folder: Path) -> None:
    """It is told by readiness, metric and log, while other files go on changing."""
    store = f"sqlite:///{tmp_path / 'crm.db'}"
    with RunningService(tmp_path, folder, store) as service, service.client() as client:

        def problems() -> list[str]:
            ready = client.get("/health/ready")
            assert 200 == ready.status_code
            told: list[str] = ready.json()["problems"]
            return told

        def broken() -> str:
            return next(
                line.split()[1]
                for line in client.get("/metrics").text.splitlines()
                if line.startswith("leadlark_rule_files_broken")
            )

        assert ([], "0.0") == (problems(), broken())
        (folder / "one.channel").write_text("channel one {")
        until(lambda: bool(problems()))
        (folder / "two.channel").write_text(RULES.format(address="two", title="second"))
        until(lambda: "swapped in" in service.log.read_text())
        assert ("1.0", 1) == (broken(), len(problems()))
        assert "one.channel" in problems()[0]
        assert "last good version" in problems()[0]
        assert 200 == client.post("/in/one", json={}).status_code
        assert 200 == client.post("/in/two", json={}).status_code
        (folder / "one.channel").write_text(RULES.format(address="one", title="third"))
        until(lambda: not problems())
        assert "0.0" == broken()
    errors = [line for line in service.logged() if line["level"] == "ERROR"]
    assert [str(folder / "one.channel")] == [line["file"] for line in errors]


def test_a_removed_channel_is_remembered(tmp_path: Path, folder: Path) -> None:
    """Its requests get 410, or go to the default channel; the memory outlives the process."""
    store = f"sqlite:///{tmp_path / 'crm.db'}"

    def status(address: str) -> int:
        with service.client() as client:
            return client.post(f"/in/{address}", json={}).status_code

    with RunningService(tmp_path, folder, store) as service:
        assert (200, 404) == (status("one"), status("three"))
        (folder / "one.channel").unlink()
        until(lambda: status("one") == 410)
        assert (200, 404) == (status("two"), status("three"))
        service.stop()
        service.start()
        assert (410, 404) == (status("one"), status("three"))
        (folder / "rest.channel").write_text(DEFAULT.format(address="rest", title="default"))
        until(lambda: status("one") == 200)
        assert (200, 404) == (status("rest"), status("three"))
        (folder / "one.channel").write_text(RULES.format(address="one", title="again"))
        until(lambda: "/in/one" in _paths(service))
        assert 200 == status("one")


def _paths(service: RunningService) -> set[str]:
    with service.client() as client:
        return set(client.get("/openapi.json").json()["paths"])
