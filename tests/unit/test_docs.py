r"""Every example of the documentation is true.

The pages of docs/ are read from top to bottom; what a fenced block is, its first
line says:

- ``channel [NAME.channel]``: a whole rule file, without errors and without warnings. What follows
  is about it, on an empty store.
- ``rule``: statements of a channel, without errors: ``channel example {`` goes around them, and
  ``entity deal`` and ``region RU`` go before them where they do not say so themselves.
- ``json`` and ``form``: a payload for the rules above it, processed at 2026-01-01T00:00:00Z.
- ``output``: what `leadlark run` prints for the payload, or the Python code, right above it.
- ``json NAME``: a file beside the rule file.
- ``yaml NAME.test.yaml``: a case file, all of whose cases pass.
- ``python [NAME.py]``: runs behind the page's code above it, in the folder of the page's files.
- ``sh``, ``text`` and ``lark`` are for the eye only; there are no others.

``UPDATE_GOLDEN=1`` writes the output blocks anew.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

import leadlark
from leadlark.cases import read_case_file, run_cases
from leadlark.cli.decision_text import segments
from leadlark.testing import StoreContract

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
GENERATED: Final = ("filters.md", "diagnostics.md")
PAGES: Final = tuple(sorted(DOCS.rglob("*.md")))
WRITTEN: Final = tuple(page for page in PAGES if page.name not in GENERATED)
LINKED: Final = (*PAGES, *sorted(ROOT.glob("*.md")))
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"
FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
SILENT: Final = ("sh", "text", "lark")

FENCE: Final = re.compile(r"^```(\w*)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)


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
    """What a reader of a page has tried so far."""

    folder: Path
    channel: leadlark.Channel | None = None
    store: leadlark.MemoryStore = field(default_factory=leadlark.MemoryStore)
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "docs"})
    printed: str | None = None
    changes: list[tuple[Block, str]] = field(default_factory=list)

    def read(self, block: Block) -> None:
        if block.kind in SILENT:
            return
        printed, self.printed = self.printed, None
        match block.kind:
            case "channel" | "rule":
                self.load(block)
            case "json" | "form" if not block.name:
                self.send(block)
            case "json":
                (self.folder / block.name).write_text(block.text, encoding="utf-8")
            case "yaml":
                self.run_cases(block)
            case "python":
                self.run_code(block)
            case "output":
                assert printed is not None, f"{block}: nothing above it prints"
                if printed != block.text:
                    self.changes.append((block, printed))
            case other:
                raise AssertionError(f"{block}: no kind of block is called {other!r}")

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
        path = self.folder / block.name
        path.write_text(block.text, encoding="utf-8")
        file, mistakes = read_case_file(path)
        assert file is not None, f"{block}: {mistakes}"
        assert [] == list(mistakes), f"{block}: {mistakes}"
        results = list(run_cases(file, leadlark.load(file.rules)))
        assert results, f"{block}: no cases"
        assert [] == [each for each in results if not each.fine], f"{block}"

    def run_code(self, block: Block) -> None:
        if block.name:
            (self.folder / block.name).write_text(block.text, encoding="utf-8")
        with redirect_stdout(StringIO()) as stdout:
            exec(compile(block.text, str(block), "exec"), self.names)
        self.printed = stdout.getvalue()


def wrapped(statements: str) -> str:
    """Statements as the channel that they are a part of."""
    said = {line.split(maxsplit=1)[0] for line in statements.splitlines() if line.strip()}
    head = [line for line in ("entity deal", "region RU") if line.split(maxsplit=1)[0] not in said]
    return "\n".join(["channel example {", *head, statements, "}", ""])


def code_of(page: str, name: str) -> dict[str, Any]:
    """The names that a page's Python file defines."""
    (block,) = (each for each in blocks(DOCS / page) if each.name == name)
    names: dict[str, Any] = {"__name__": name.removesuffix(".py")}
    exec(compile(block.text, str(block), "exec"), names)
    return names


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples_are_true(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are free of mistakes, and payloads, cases and code do what the page says."""
    monkeypatch.chdir(tmp_path)
    reader = Reader(tmp_path)
    for block in blocks(page):
        reader.read(block)
    if "store" in reader.names:
        reader.names["store"].close()
    if UPDATE and reader.changes:
        text = page.read_text(encoding="utf-8")
        for block, printed in reversed(reader.changes):
            text = text[: block.start] + printed + text[block.start + len(block.text) :]
        page.write_text(text, encoding="utf-8")
        return

    for block, printed in reader.changes:
        assert block.text == printed, f"{block}"


@pytest.mark.parametrize("page", LINKED, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Links between pages lead to files that are there and to headings in them."""
    dead = []
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            dead.append(target)

    assert [] == dead


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    headings = HEADING.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    """filters.md and diagnostics.md are what `python docs/generate.py` writes."""
    assert [] == generator().outdated()


class TestStoreOfThePage(StoreContract):
    """The store that docs/embedding.md shows keeps the contract."""

    def open_store(self, records: Iterable[leadlark.Record]) -> leadlark.Store:
        store: leadlark.Store = code_of("embedding.md", "own_store.py")["OwnStore"](records)
        return store


class Quiet(WSGIRequestHandler):
    """A handler that writes no log."""

    def log_message(self, format: str, *args: object) -> None:
        del format, args


def post(port: int, address: str, body: bytes) -> tuple[int, Any]:
    request = HttpRequest(f"http://127.0.0.1:{port}/in/{address}", data=body, method="POST")
    request.add_header("content-type", "application/json")
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with closing(error):
            return error.code, json.load(error)


def test_service_of_the_page_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service that docs/embedding.md shows takes requests, and says what is wrong with them."""
    monkeypatch.chdir(tmp_path)
    (rules,) = (each for each in blocks(DOCS / "embedding.md") if each.kind == "channel")
    (tmp_path / rules.name).write_text(rules.text, encoding="utf-8")
    service = code_of("embedding.md", "service.py")
    with make_server("127.0.0.1", 0, service["application"], handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            port = server.server_port
            made = post(port, "orders", b'{"phone": "8 471 277-31-20", "order": 6510}')
            again = post(port, "orders", b'{"phone": "+74712773120", "order": 6510}')
            refused = post(port, "orders", b"{}")
            broken = post(port, "orders", b'{"phone": ')
            unknown = post(port, "order", b"{}")
        finally:
            server.shutdown()
            thread.join()
            service["store"].close()

    assert (200, ["create"]) == (made[0], [each["action"] for each in made[1]])
    assert (200, ["update"]) == (again[0], [each["action"] for each in again[1]])
    assert (422, ["reject"]) == (refused[0], [each["action"] for each in refused[1]])
    assert (400, "P101") == (broken[0], broken[1]["code"])
    assert (404, "no channel `order`; did you mean `orders`?") == (
        unknown[0],
        unknown[1]["message"],
    )
