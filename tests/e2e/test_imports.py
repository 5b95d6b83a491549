"""What commands import: a start that needs little loads little, and the cache keeps it so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

HEAVY: Final = frozenset(
    (
        *("asyncio", "email_validator", "inspect", "jinja2", "jsonschema", "lark", "multipart"),
        *("phonenumbers", "platformdirs", "pydantic", "pytest", "rich", "ruamel", "sqlite3"),
    )
)
CALL: Final = """\
import sys
before = set(sys.modules)
from leadlark.cli import main
main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), sep="\\n", file=sys.stderr)
"""


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def loaded(folder: Path, cache: Path, *arguments: str) -> set[str]:
    """The modules that a call of the command imports."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", CALL, *arguments],
        capture_output=True,
        cwd=folder,
        # Without `site`, whose hooks of other packages import what they please.
        env={
            **os.environ,
            "LEADLARK_CACHE": str(cache),
            "PYTHONPATH": os.pathsep.join((str(linked(folder)), *filter(None, sys.path))),
        },
        text=True,
        check=True,
    )
    return set(done.stderr.split())


def linked(folder: Path) -> Path:
    """A folder that has the package as a wheel would install it."""
    place, root = folder / "installed", Path(__file__).parents[2]
    package = place / "leadlark"
    if not package.exists():
        package.mkdir(parents=True)
        for each in (*(root / "engine").iterdir(), root / "grammar", root / "rules"):
            if each.name != "__pycache__":
                (package / each.name).symlink_to(each)
    return place


def tops(modules: set[str]) -> set[str]:
    return {each.partition(".")[0] for each in modules}


def test_help(folder: Path, cache: Path) -> None:
    """Help needs argparse; neither typing nor dataclasses nor anything of what is decided."""
    modules = loaded(folder, cache, "--help")

    assert set() == tops(modules) & {*HEAVY, "typing", "dataclasses", "pathlib", "shutil"}
    assert {"leadlark.cli.arguments", "leadlark.cli.options", "leadlark.cli.status"} == {
        each for each in modules if each.startswith("leadlark.cli.")
    }


def test_run_from_the_cache(folder: Path, cache: Path) -> None:
    """The second start decides, a phone included, without grammar, parser, checks and libraries."""
    first = loaded(folder, cache, "run", "shop.channel", "order.json")
    second = loaded(folder, cache, "run", "shop.channel", "order.json")

    assert {"lark", "phonenumbers"} <= tops(first)
    assert set() == tops(second) & {*HEAVY, "dataclasses", "tempfile", "difflib", "simplejson"}
    assert set() == {
        each
        for each in second
        if each.startswith(("leadlark.check", "leadlark.language.", "leadlark.mapping.schema"))
    } - {"leadlark.language.nodes"}


@pytest.mark.parametrize("command", ["run", "explain", "audit"])
def test_commands_use_the_cache(folder: Path, cache: Path, command: str) -> None:
    """Every command that decides uses it; with --no-cache it is neither read nor written."""
    call = (command, "shop.channel", "order.json")

    assert "lark" in tops(loaded(folder, cache, *call, "--no-cache"))
    assert not cache.exists()
    loaded(folder, cache, *call)
    assert "lark" not in tops(loaded(folder, cache, *call))
    assert "lark" in tops(loaded(folder, cache, *call, "--no-cache"))


def test_diff_and_test_use_the_cache(folder: Path, cache: Path) -> None:
    """So do the two that name rules in another way."""
    for call in (
        ("diff", "shop.channel", "shop.channel", "order.json"),
        ("test", "shop.test.yaml"),
    ):
        loaded(folder, cache, *call)
        assert "lark" not in tops(loaded(folder, cache, *call))
        assert "lark" in tops(loaded(folder, cache, *call, "--no-cache"))


def test_check_and_fmt_do_not(folder: Path, cache: Path) -> None:
    """What tells of mistakes and writes rule files reads them each time, and keeps nothing."""
    for command in ("check", "fmt"):
        modules = loaded(folder, cache, command, "shop.channel")

        assert "lark" in tops(modules)
        assert set() == tops(modules) & {
            *("asyncio", "email_validator", "jinja2", "jsonschema", "multipart", "platformdirs"),
            *("pydantic", "pytest", "rich", "ruamel", "sqlite3"),
        }
    assert not cache.exists()


def test_what_is_wrong_is_shown_again(folder: Path, cache: Path) -> None:
    """A damaged file of the cache changes nothing but the time."""
    first = loaded(folder, cache, "run", "shop.channel", "order.json")
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")

    assert first == loaded(folder, cache, "run", "shop.channel", "order.json")
