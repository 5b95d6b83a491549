"""`leadlark test --update`: expectations written anew in their places, and nothing else."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parents[1] / "cases" / "update"
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"


def golden(name: str, text: str) -> str:
    path = FOLDER / name
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def path(folder: Path) -> Path:
    """The case file of the golden files, beside its rules."""
    (folder / "shop.channel").write_bytes((FOLDER / "shop.channel").read_bytes())
    path = folder / "shop.test.yaml"
    path.write_bytes((FOLDER / "shop.before.yaml").read_bytes())
    return path


def test_what_is_written_is_shown(leadlark, path: Path):
    """The file, the difference, and what is told of cases left as they are."""
    ran = leadlark("test", ".", "--update")

    after = path.read_text(encoding="utf-8")
    assert golden("shop.after.yaml", after) == after
    assert golden("shop.out", ran.out) == ran.out
    assert golden("shop.err", ran.err) == ran.err
    assert 1 == ran.status


def test_nothing_is_written_twice(leadlark, path: Path):
    """What was written holds: a second time nothing changes, and no difference is shown."""
    leadlark("test", ".", "--update")
    written = path.read_bytes(), path.stat().st_mtime_ns

    ran = leadlark("test", ".", "--update")

    assert written == (path.read_bytes(), path.stat().st_mtime_ns)
    assert "---" not in ran.out
    assert "wrote" not in ran.err


def test_file_passes_afterwards(leadlark, folder: Path):
    """A file whose failures can all be mended passes at once, with its mode as it was."""
    path = folder / "shop.test.yaml"
    path.write_text(path.read_text().replace("Order #6510", "Order #1"))
    path.chmod(0o640)

    ran = leadlark("test", ".", "--update")

    assert (0, "wrote what is decided into 1 case of shop.test.yaml\n") == (ran.status, ran.err)
    assert "2 passed" == ran.out.splitlines()[-1]
    assert 0o640 == stat.S_IMODE(path.stat().st_mode)


def test_filter_selects_what_is_written(leadlark, folder: Path):
    """Cases whose names do not contain the text stay as they are, though they fail."""
    path = folder / "shop.test.yaml"
    text = path.read_text().replace("Order #6510", "Order #1").replace("test ping", "pong")
    path.write_text(text)

    leadlark("test", ".", "--update", "--filter", "ping")

    assert text.replace("pong", "test ping") == path.read_text()


def test_json_stays_json(leadlark, folder: Path):
    """The result of a run for programs is alone on standard output."""
    path = folder / "shop.test.yaml"
    path.write_text(path.read_text().replace("Order #6510", "Order #1"))

    ran = leadlark("test", ".", "--update", "--format", "json")

    assert ran.out.startswith('{"counts"')
    assert '+      entity: {fields: {TITLE: "Order #6510"}}' in ran.err


def test_update_is_not_watched(leadlark):
    """Writing at every change would make every mistake an expectation."""
    ran = leadlark("test", ".", "--update", "--watch")

    assert 2 == ran.status
    assert "--update and --watch exclude one another" in ran.err
