"""The hooks for pre-commit, run by pre-commit on repositories that are made here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).parents[2]
MANIFEST: Final = ROOT / ".pre-commit-hooks.yaml"
PAGE: Final = ROOT / "docs" / "editors.md"
HOOKS: Final = ("leadlark-check", "leadlark-fmt", "leadlark-test")
BUILT: Final = (".venv", ".git", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
CONFIG: Final = ".pre-commit-config.yaml"

RULES: Final = """\
channel orders {
    entity deal
    deal {
        TITLE = "Order #<order>"
    }
}
"""
CASES: Final = """\
rules: shop.channel
cases:
  - name: an order makes a deal
    file: order.json
    expect: {entity: {fields: {TITLE: "Order #1"}}}
"""

Run = Callable[..., tuple[int, str]]


def _call(*command: str, cwd: Path, **environment: str) -> tuple[int, str]:
    """The exit status and both outputs of a process that knows nothing of this machine's git."""
    programs = Path(sys.executable).parent
    done = subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        env={
            **{key: text for key, text in os.environ.items() if not key.startswith("GIT_")},
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_AUTHOR_NAME": "x",
            "GIT_AUTHOR_EMAIL": "x@example.com",
            "GIT_COMMITTER_NAME": "x",
            "GIT_COMMITTER_EMAIL": "x@example.com",
            **environment,
        },
    )
    return done.returncode, done.stdout + done.stderr


def _git(*arguments: str, cwd: Path) -> str:
    status, shown = _call("git", *arguments, cwd=cwd)
    assert 0 == status, shown
    return shown.strip()


def _yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


def _config(repository: Path, config: Any) -> None:
    with (repository / CONFIG).open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(config, stream)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a rule file, its cases and a payload, all of them fine and added."""
    folder = tmp_path / "shop"
    folder.mkdir()
    _git("init", "--quiet", cwd=folder)
    (folder / "shop.channel").write_text(RULES, encoding="utf-8")
    (folder / "shop.test.yaml").write_text(CASES, encoding="utf-8")
    (folder / "order.json").write_text('{"order": 1}', encoding="utf-8")
    (folder / "README.md").write_text("A shop.\n", encoding="utf-8")
    _git("add", ".", cwd=folder)
    return folder


@pytest.fixture
def run(repository: Path, tmp_path: Path) -> Run:
    """pre-commit on that repository, its own files in a folder of the test."""

    def run(*arguments: str) -> tuple[int, str]:
        command = (sys.executable, "-m", "pre_commit", *arguments)
        return _call(*command, cwd=repository, PRE_COMMIT_HOME=str(tmp_path / "home"))

    return run


@pytest.fixture
def installed(repository: Path) -> None:
    """The hooks of the manifest, run by the `leadlark` that is installed here."""
    hooks = [{**hook, "language": "system"} for hook in _yaml(MANIFEST.read_text("utf-8"))]
    _config(repository, {"repos": [{"repo": "local", "hooks": hooks}]})
    _git("add", ".", cwd=repository)


def _shown(name: str) -> Any:
    """A configuration that the page shows."""
    block = rf"^```yaml {re.escape(name)}\n(.*?)^```$"
    (text,) = re.findall(block, PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return _yaml(text)


def _results(shown: str) -> dict[str, str]:
    """What pre-commit says of each hook."""
    return dict(re.findall(r"^leadlark (\w+)\.*(?:\(.*\))?([A-Z]\w+)$", shown, re.MULTILINE))


def test_manifest_is_valid(run: Run) -> None:
    """pre-commit finds nothing wrong with the manifest, which has the hooks that are documented."""
    assert (0, "") == run("validate-manifest", str(MANIFEST))
    assert [*HOOKS] == [hook["id"] for hook in _yaml(MANIFEST.read_text("utf-8"))]


@pytest.mark.usefixtures("installed")
def test_what_is_fine_passes(run: Run) -> None:
    """On a repository that is in order every hook runs and passes."""
    status, shown = run("run", "--all-files")

    assert (0, dict.fromkeys(("check", "fmt", "test"), "Passed")) == (status, _results(shown))


@pytest.mark.usefixtures("installed")
def test_mistakes_stop_a_commit(repository: Path, run: Run) -> None:
    """A rule file with an error fails the check, with the message that the command prints."""
    wrong = RULES.replace("<order>", "<order | trimm>")
    (repository / "shop.channel").write_text(wrong, encoding="utf-8")
    _git("add", ".", cwd=repository)

    status, shown = run("run")

    assert (1, "Failed") == (status, _results(shown)["check"])
    assert "error[E201]: unknown filter `trimm`\n --> shop.channel:4:" in shown


@pytest.mark.usefixtures("installed")
def test_layout_is_mended(repository: Path, run: Run) -> None:
    """A rule file of another layout is rewritten, which stops the commit once."""
    crooked = RULES.replace("    ", " ")
    (repository / "shop.channel").write_text(crooked, encoding="utf-8")
    _git("add", ".", cwd=repository)

    first, second = run("run", "leadlark-fmt"), run("run", "--all-files", "leadlark-fmt")

    assert ["Failed", "Passed"] == [_results(shown)["fmt"] for _, shown in (first, second)]
    assert "files were modified by this hook" in first[1]
    assert RULES == (repository / "shop.channel").read_text(encoding="utf-8")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("file", "results"),
    [
        ("order.json", {"check": "Skipped", "fmt": "Skipped", "test": "Failed"}),
        ("README.md", {"check": "Skipped", "fmt": "Skipped", "test": "Skipped"}),
    ],
)
def test_cases_run_where_they_may_change(
    repository: Path, run: Run, file: str, results: dict[str, str]
) -> None:
    """A payload that changes runs the cases; a file that no case can read does not."""
    _git("commit", "--quiet", "--message", "x", cwd=repository)
    (repository / file).write_text('{"order": 2}', encoding="utf-8")
    _git("add", ".", cwd=repository)

    _, shown = run("run")

    assert results == _results(shown)
    assert ('expected  "Order #1"' in shown) == (results["test"] == "Failed")


def test_page_shows_how(repository: Path, run: Run, tmp_path: Path) -> None:
    """The configuration and the commands of the page work, the environment set up by pre-commit.

    `LEADLARK` is a repository of the tree as it is, with the tag that the page names.
    """
    leadlark = tmp_path / "leadlark"
    copytree(ROOT, leadlark, ignore=ignore_patterns(*BUILT))
    config = _shown(CONFIG)
    (source,) = config["repos"]
    _git("init", "--quiet", cwd=leadlark)
    _git("add", "--all", cwd=leadlark)
    _git("commit", "--quiet", "--message", "x", cwd=leadlark)
    _git("tag", source["rev"], cwd=leadlark)
    assert "LEADLARK" == source["repo"]
    source["repo"] = str(leadlark)
    _config(repository, config)
    _git("add", ".", cwd=repository)

    page = PAGE.read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n((?:pre-commit .*\n)+)```$", page, re.MULTILINE)
    commands = [line.removeprefix("pre-commit ") for line in block.splitlines()]
    done = [run(*command.split()) for command in commands]

    assert ["install", "run --all-files"] == commands
    assert [0, 0] == [status for status, _ in done], done
    assert dict.fromkeys(("check", "fmt", "test"), "Passed") == _results(done[-1][1])


def test_page_shows_a_hook_without_an_environment(repository: Path, run: Run) -> None:
    """The hook of the page that takes the installed `leadlark` works as it is written."""
    _config(repository, _shown("local.yaml"))
    _git("add", ".", cwd=repository)

    status, told = run("run", "--all-files")

    assert (0, {"check": "Passed"}) == (status, _results(told))
