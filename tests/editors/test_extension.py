"""The extension for Visual Studio Code: its folder is complete and says what is true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Final

import pytest

import leadlark
from leadlark.language.parser import parse
from leadlark.language.printer import print_file
from leadlark.messages.source import Source

ROOT: Final = Path(__file__).parents[2]
EXTENSION: Final = ROOT / "editors" / "vscode"
BUNDLED: Final = sorted((ROOT / "rules").rglob("*.channel"))


def _json(name: str) -> Any:
    return json.loads((EXTENSION / name).read_text(encoding="utf-8"))


PACKAGE: Final = _json("package.json")
LANGUAGE: Final = _json("language-configuration.json")
SNIPPETS: Final[dict[str, dict[str, Any]]] = _json("snippets/leadlark.json")


# What is generated


def _generate(root: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, root / "editors" / "generate.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the generator reads and writes."""
    copytree(ROOT / "editors", tmp_path / "editors", ignore=ignore_patterns("__pycache__"))
    copytree(ROOT / "grammar", tmp_path / "grammar", ignore=ignore_patterns("malformed"))
    (tmp_path / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    return tmp_path


def test_generated_files_are_up_to_date() -> None:
    """Grammar, schema and licence are what `python editors/generate.py` writes."""
    assert (0, "") == _generate(ROOT, "--check")


def test_a_changed_word_is_written_anew(copy: Path) -> None:
    """Where the grammar changes, `--check` names the file, and the generator mends it."""
    terminals = copy / "grammar" / "terminals.lark"
    text = terminals.read_text(encoding="utf-8")
    terminals.write_text(text.replace('FILL: "fill"', 'FILL: "keep"'), encoding="utf-8")
    name = "editors/vscode/syntaxes/leadlark.tmLanguage.json"

    stale = _generate(copy, "--check")
    written = _generate(copy)

    message = f"{name} is out of date: run `python editors/generate.py`\n"
    assert [(1, message), (0, ""), (0, "")] == [stale, written, _generate(copy, "--check")]
    assert r"(?:clear|keep|once|required|search)" in (copy / name).read_text(encoding="utf-8")


def test_wrong_call_of_the_generator() -> None:
    """An unknown option is refused with the usage."""
    usage = "usage: python editors/generate.py [--check]\n"
    assert (2, usage) == _generate(ROOT, "--chek")


# The folder


def _files(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for each in value.values():
                yield from _files(each)
        case list():
            for each in value:
                yield from _files(each)
        case str() if value.startswith("./"):
            yield value.removeprefix("./")


def test_files_are_there_and_packed() -> None:
    """Every file that the extension names exists and gets into its package; no other is there."""
    named = set(_files(PACKAGE["contributes"]))
    found = {
        path.relative_to(EXTENSION).as_posix()
        for path in EXTENSION.rglob("*")
        if path.is_file() and path.suffix != ".vsix"
    }

    assert named | {"package.json", "README.md", "LICENSE"} == found
    assert {"LICENSE"} | {name.partition("/")[0] for name in named} == set(PACKAGE["files"])


def test_extension_is_of_this_version() -> None:
    """Version and licence are those of the project, and the readme names the file it packs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (EXTENSION / "README.md").read_text(encoding="utf-8")

    assert (project["version"], project["license"]) == (PACKAGE["version"], PACKAGE["license"])
    assert f"{PACKAGE['name']}-{PACKAGE['version']}.vsix" in readme
    (commands,) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    assert commands in (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


def test_grammar_and_language_fit() -> None:
    """The grammar is that of the language, its scope and its files."""
    (language,), (grammar,) = (
        PACKAGE["contributes"]["languages"],
        PACKAGE["contributes"]["grammars"],
    )
    made = _json(grammar["path"])

    assert (language["id"], made["scopeName"]) == (grammar["language"], grammar["scopeName"])
    assert [f".{each}" for each in made["fileTypes"]] == language["extensions"] == [".channel"]


# Typing


@pytest.mark.parametrize("file", BUNDLED, ids=lambda file: file.name)
def test_indentation_is_that_of_the_formatter(file: Path) -> None:
    """Lines that are typed one below the other get the indentation that the formatter gives."""
    rules = LANGUAGE["indentationRules"]
    increase, decrease = (
        re.compile(rules[f"{each}IndentPattern"]) for each in ("increase", "decrease")
    )
    depth = 0
    for line in file.read_text(encoding="utf-8").split("\n"):
        depth -= bool(decrease.search(line))
        if line.strip():
            assert "    " * depth + line.strip() == line
        depth += bool(increase.search(line))


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("contact {", True),
        ("contact {  # fields", True),
        ("ignore when (", True),
        ('NAME = "a {"', False),
        ("# lead {", False),
        ('NAME = "x"  # {', False),
        (r'channel a "b \" {" {', True),
    ],
)
def test_only_brackets_indent(line: str, opens: bool) -> None:
    """A brace in a text or a comment indents nothing."""
    pattern = LANGUAGE["indentationRules"]["increaseIndentPattern"]

    assert opens == bool(re.search(pattern, line))


def _typed(snippet: dict[str, Any]) -> str:
    """The text of a snippet whose placeholders are left as they are."""
    text = "\n".join(snippet["body"])
    first: dict[str, str] = {}
    for number, choices, words in re.findall(r"\$\{(\d+)(?:\|([^|]*)\||:([^}]*))\}", text):
        first.setdefault(number, choices.split(",")[0] or words)
    text = re.sub(r"\$\{(\d+)[^}]*\}", lambda found: first[found[1]], text)
    return text.replace("$0", "")


def test_channel_snippet_is_a_good_channel(tmp_path: Path) -> None:
    """The snippet of a channel checks without a warning and is laid out as the formatter does."""
    text = _typed(SNIPPETS["Channel"])
    (tmp_path / "a.channel").write_text(text, encoding="utf-8")
    source = Source("a.channel", text)

    assert () == leadlark.check_paths([tmp_path])
    assert text.rstrip("\n") == print_file(source, parse(source)[0]).rstrip("\n")


@pytest.mark.parametrize("name", sorted(SNIPPETS))
def test_snippets_can_be_read(name: str) -> None:
    """Every snippet, typed where it belongs, is read without a mistake."""
    text = _typed(SNIPPETS[name])
    if not text.startswith(("channel", "table")):
        text = f"channel a {{\n{text}\n}}\n"
    _, problems = parse(Source("a.channel", text))

    assert [] == [problem.message for problem in problems]


def test_readme_lists_the_snippets() -> None:
    """The readme names every snippet by the prefix that is typed."""
    readme = (EXTENSION / "README.md").read_text(encoding="utf-8")

    listed = re.findall(r"^\| `(\w+)`", readme, re.MULTILINE)

    assert [each["prefix"] for each in SNIPPETS.values()] == listed


# The page


def test_page_writes_the_schema(tmp_path: Path) -> None:
    """The command of the page writes the schema of the installed package."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    (code, name) = re.findall(r'^python -c "(.*)" > (\S+)$', page, re.MULTILINE)[0]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert _json("schemas/case-file.json") == json.loads(done.stdout)
    assert f"# yaml-language-server: $schema={name}\n" in page
