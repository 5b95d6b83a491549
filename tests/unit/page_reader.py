r"""Reads a page of the documentation as a person does who tries every example of it.

A page is read from top to bottom; what a fenced block is, its first line says:

- ``channel [NAME.channel]``: a whole rule file, without errors and without warnings. What follows
  is about it, on an empty store. With ``wrong`` behind its name it has errors, and is kept as a
  file only.
- ``rule``: statements of a channel, without errors: ``channel example {`` goes around them, and
  ``entity deal`` and ``region RU`` go before them where they do not say so themselves.
- ``json`` and ``form``: a payload for the rules above it, processed at 2026-01-01T00:00:00Z.
- ``output``: what `leadlark run` prints for the payload, or the Python code, right above it.
- ``json NAME``, ``form NAME``, ``ndjson NAME``, ``csv NAME``, ``yaml NAME``, ``toml NAME``: a file
  beside the rule file. A case file, ``yaml NAME.test.yaml``, is run, and all of its cases pass.
- ``python [NAME.py]``: runs behind the page's code above it, in the folder of the page's files.
- ``console``: commands behind ``$``, each with what a terminal shows of it, run in that folder,
  where ``rules/`` is the one of the repository. ``leadlark`` runs as a process of its own, ``cat``
  shows a file, and ``echo $?`` the exit status; a call that is at fault shows it. A blank line
  stands between what one command prints and the next.
- ``sh``, ``text``, ``lark`` are for the eye only; there are no others.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Final

from ruamel.yaml import YAML

import leadlark
from leadlark.cases import SUFFIX, read_case_file, run_cases
from leadlark.cli.decision_text import segments

ROOT: Final = Path(__file__).parents[2]
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
SILENT: Final = ("sh", "text", "lark")
FENCE: Final = re.compile(r"^```(\w*)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND: Final = re.compile(r"^\$ (.*)\n", re.MULTILINE)
WRONG: Final = " wrong"


@dataclass(frozen=True)
class Block:
    """A fenced block: ``kind`` and ``name`` are its first line, ``start`` is its text's offset."""

    page: Path
    kind: str
    name: str
    text: str
    start: int
    line: int

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Block(page, found[1], found[2] or "", found[3], found.start(3), line)


@dataclass
class Reader:
    """What a reader of a page has tried so far; ``changes`` are outputs that differ."""

    folder: Path
    channel: leadlark.Channel | None = None
    store: leadlark.MemoryStore = field(default_factory=leadlark.MemoryStore)
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "docs"})
    printed: str | None = None
    status: int = 0
    changes: list[tuple[Block, str]] = field(default_factory=list)

    def read(self, block: Block) -> None:
        if block.kind in SILENT:
            return
        printed, self.printed = self.printed, None
        match block.kind:
            case "channel" if block.name.endswith(WRONG):
                self.keep_wrong(block)
            case "channel" | "rule":
                self.load(block)
            case "json" | "form" if not block.name:
                self.send(block)
            case "yaml" if block.name.endswith(SUFFIX):
                self.run_cases(block)
            case "json" | "form" | "ndjson" | "yaml" | "toml" | "csv" if block.name:
                self.keep(block)
            case "python":
                self.run_code(block)
            case "console":
                self.type_in(block)
            case "output":
                assert printed is not None, f"{block}: nothing above it prints"
                self.compare(block, printed)
            case other:
                raise AssertionError(f"{block}: no kind of block is called {other!r}")

    def compare(self, block: Block, printed: str) -> None:
        if printed != block.text:
            self.changes.append((block, printed))

    def keep(self, block: Block) -> Path:
        """The block as a file; what has a syntax of its own keeps it."""
        match block.kind:
            case "json":
                json.loads(block.text)
            case "ndjson":
                list(map(json.loads, block.text.splitlines()))
            case "yaml":
                YAML(typ="safe").load(block.text)
            case "toml":
                tomllib.loads(block.text)
        path = self.folder / block.name.removesuffix(WRONG)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = block.text.rstrip("\n") if block.kind == "form" else block.text
        path.write_text(text, encoding="utf-8")
        return path

    def keep_wrong(self, block: Block) -> None:
        found = leadlark.check_paths([self.keep(block)])
        assert any(each.severity == "error" for each in found), f"{block}: there is no error in it"

    def load(self, block: Block) -> None:
        text = block.text if block.kind == "channel" else wrapped(block.text)
        name = self.folder / (block.name or "rules.channel")
        name.write_text(text, encoding="utf-8")
        try:
            rules = leadlark.load(name)
        except leadlark.RuleError as error:
            raise AssertionError(f"{block}: {error}") from None
        if block.kind == "channel":
            told = [f"{each.code} {each.message}" for each in rules.warnings]
            assert [] == told, f"{block}: {told}"
        self.channel = next(iter(rules.values()))
        self.store = leadlark.MemoryStore()

    def send(self, block: Block) -> None:
        assert self.channel is not None, f"{block}: no rules above it"
        if block.kind == "json":
            request = leadlark.Request.from_http(body=block.text.encode())
        else:
            body = block.text.strip().encode()
            request = leadlark.Request.from_http(headers=FORM, body=body)
        decisions = self.channel.process_all(request, self.store, NOW)
        self.printed = "\n".join(
            "".join(text for _, text in segments(each)) + "\n" for each in decisions
        )

    def run_cases(self, block: Block) -> None:
        file, mistakes = read_case_file(self.keep(block))
        assert file is not None, f"{block}: {mistakes}"
        assert [] == list(mistakes), f"{block}: {mistakes}"
        results = list(run_cases(file, leadlark.load(file.rules)))
        assert results, f"{block}: no cases"
        assert [] == [each for each in results if not each.fine], f"{block}"

    def run_code(self, block: Block) -> None:
        if block.name:
            self.keep(block)
        with redirect_stdout(StringIO()) as stdout:
            exec(compile(block.text, str(block), "exec"), self.names)
        self.printed = stdout.getvalue()

    def type_in(self, block: Block) -> None:
        parts = COMMAND.split(block.text)
        assert parts[0] == "", f"{block}: it begins with no command"
        commands = parts[1::2]
        shown = []
        for at, command in enumerate(commands):
            last = at + 1 == len(commands)
            text = self.call(block, command).rstrip()
            text += "\n" if text else ""
            told = not last and commands[at + 1] == "echo $?"
            assert self.status <= 1 or told, f"{block}: {command} ends with {self.status}: {text}"
            space = "" if last or told or not text else "\n"
            shown.append(f"$ {command}\n{text}{space}")
        self.compare(block, "".join(shown))

    def call(self, block: Block, command: str) -> str:
        """What a terminal shows of a command."""
        if command == "echo $?":
            return f"{self.status}\n"
        program, *arguments = shlex.split(command)
        self.status = 0
        if program == "cat":
            return "".join((self.folder / each).read_text(encoding="utf-8") for each in arguments)
        assert program == "leadlark", f"{block}: {program} is not run here"
        if any(each.startswith("rules/") for each in arguments):
            skipped = ignore_patterns("__pycache__", "*.py")
            copytree(ROOT / "rules", self.folder / "rules", ignore=skipped, dirs_exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "leadlark", *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.status = done.returncode
        return done.stdout


def wrapped(statements: str) -> str:
    """Statements as the channel that they are a part of."""
    said = {line.split(maxsplit=1)[0] for line in statements.splitlines() if line.strip()}
    head = [line for line in ("entity deal", "region RU") if line.split(maxsplit=1)[0] not in said]
    return "\n".join(["channel example {", *head, statements, "}", ""])
