"""The wheel, not the tree: built, installed into an empty environment, and run there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import venv
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import copytree, ignore_patterns
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
BUILD = "build", "dist", "*.egg-info", "__pycache__", ".*", "*.db*"
FOLDERS = {"engine": "leadlark", "grammar": "leadlark.grammar", "rules": "leadlark.rules"}


def _setuptools() -> int:
    try:
        return int(version("setuptools").partition(".")[0])
    except PackageNotFoundError:
        return 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the tree, so that nothing left in it from earlier gets in."""
    tree = tmp_path_factory.mktemp("tree") / "leadlark"
    copytree(ROOT, tree, ignore=ignore_patterns(*BUILD))
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tree / "dist")]
    if _setuptools() >= 77:
        command.append("--no-isolation")
    _call(*command, str(tree))
    (built,) = (tree / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    _call(str(programs / "python"), "-m", "pip", "install", "--quiet", str(wheel))
    return programs


@pytest.fixture
def leadlark(installed: Path, tmp_path: Path) -> Callable[..., str]:
    """The installed command, called in a folder far from the tree."""
    return lambda *arguments: _call(str(installed / "leadlark"), *arguments, cwd=tmp_path)


def _call(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    assert (0, command) == (done.returncode, command), done.stdout + done.stderr
    return done.stdout


def test_every_folder_is_a_package() -> None:
    """Each folder of engine/ with Python in it is listed, as are grammar/ and rules/."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = {
        ".".join(("leadlark", *path.parent.relative_to(ROOT / "engine").parts))
        for path in (ROOT / "engine").rglob("*.py")
    }

    assert found | set(FOLDERS.values()) == set(listed)


def test_data_are_in_the_wheel(wheel: Path) -> None:
    """Grammar, schemas, SQL, pages of codes, rules with their cases, the marker of types."""
    with ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    missing = set()
    for folder, package in FOLDERS.items():
        for path in (ROOT / folder).rglob("*"):
            name = path.relative_to(ROOT / folder)
            if path.is_file() and not any(
                part.startswith((".", "__pycache__")) for part in name.parts
            ):
                missing.add(f"{package.replace('.', '/')}/{name.as_posix()}")

    assert set() == missing - inside
    assert "leadlark/py.typed" in inside
    assert "leadlark/pages/E101.md" in inside
    assert any(name.startswith("leadlark/rules/") and name.endswith(".channel") for name in inside)


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    """Neither tests nor documentation nor another top-level package gets into the wheel."""
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}

    assert {"leadlark"} == {re.sub(r"-.*", "", top) for top in tops}


def test_installed_rules_check_and_pass(installed: Path, leadlark: Callable[..., str]) -> None:
    """The installed command finds the shipped rules fine, and all their cases pass."""
    code = "from importlib.resources import files; print(files('leadlark.rules'))"
    rules = _call(str(installed / "python"), "-c", code).strip()

    assert str(installed.parent) in rules
    leadlark("check", "--strict", rules)
    assert " failed" not in leadlark("test", rules)
    assert leadlark("explain", "E101").startswith("# E101: syntax error\n")


def test_installed_command_decides(leadlark: Callable[..., str], tmp_path: Path) -> None:
    """The installed command decides a payload and keeps the decision in its store."""
    (tmp_path / "a.channel").write_text(
        'channel a {\n    entity lead\n    lead {\n        TITLE = "<name>"\n    }\n}\n'
    )
    (tmp_path / "a.json").write_text('{"name": "Анна"}')
    call = ("run", "a.channel", "a.json", "--store", "sqlite:///crm.db", "--format", "json")

    shown = [json.loads(leadlark(*call)) for _ in range(2)]

    assert [["1"], ["2"]] == [each["entity"]["ids"] for each in shown]
    assert {"TITLE": "Анна"} == shown[0]["entity"]["fields"]
