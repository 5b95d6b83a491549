"""Every example of the documentation is true; `page_reader` says what fenced blocks mean.

``UPDATE_GOLDEN=1`` writes what is printed into the pages.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import threading
from collections.abc import Iterable
from contextlib import closing
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest
from page_reader import FENCE, ROOT, SILENT, Reader, blocks

import leadlark
from leadlark.testing import StoreContract

DOCS: Final = ROOT / "docs"
GENERATED: Final = ("commands.md", "diagnostics.md", "filters.md")
PAGES: Final = tuple(sorted(DOCS.rglob("*.md")))
WRITTEN: Final = tuple(page for page in PAGES if page.name not in GENERATED)
LINKED: Final = (*PAGES, *sorted(ROOT.glob("*.md")))
UPDATE: Final = os.environ.get("UPDATE_GOLDEN") == "1"

LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)


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


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_have_nothing_to_run(name: str) -> None:
    """What is made of the code's tables has examples of its own tests only."""
    assert set() == {block.kind for block in blocks(DOCS / name)} - set(SILENT)


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


def test_generated_pages_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages made of the code's tables are what `python docs/builder/generate.py` writes."""
    monkeypatch.syspath_prepend(DOCS / "builder")
    generate = importlib.import_module("generate")

    assert set(GENERATED) == set(generate.PAGES)
    assert [] == generate.outdated()


def test_architecture_names_every_folder() -> None:
    """Each folder of engine/ has its line in the table of docs/architecture.md."""
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    folders = {each.parent.name for each in (ROOT / "engine").glob("*/__init__.py")}

    assert set() == {each for each in folders if f"`{each}/`" not in text} - {"pages", "schemas"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_fence_is_read(page: Path) -> None:
    """No fenced block is written in a way that its example would not be tried."""
    assert "```" not in FENCE.sub("", page.read_text(encoding="utf-8"))


def test_service_of_the_page_has_30_lines() -> None:
    """The service has the length that its heading says, empty lines and its docstring aside."""
    (service,) = (each for each in blocks(DOCS / "embedding.md") if each.name == "service.py")
    code = [line for line in service.text.splitlines() if line and not line.startswith('"""')]

    assert 30 == len(code)


class TestStoreOfThePage(StoreContract):
    """The store that docs/embedding.md shows keeps the contract."""

    def open_store(self, records: Iterable[leadlark.Record]) -> leadlark.Store:
        store: leadlark.Store = code_of("embedding.md", "own_store.py")["OwnStore"](records)
        return store


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
    monkeypatch.setattr(service["Intake"], "log_message", lambda *_: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), service["Intake"]) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            port = server.server_port
            made = post(port, "orders", b'{"phone": "8 471 277-31-20", "order": 6510}')
            again = post(port, "orders", b'{"phone": "+74712773120", "order": 6510}')
            refused = post(port, "orders", b"{}")
            broken = post(port, "orders", b'{"phone": ')
            unknown = post(port, "order", b"{}")
            large = post(port, "orders", b"{}".rjust(2**20 + 1))
        finally:
            server.shutdown()
            thread.join()
            service["store"].close()

    assert (200, ["create"]) == (made[0], [each["action"] for each in made[1]])
    assert (200, ["update"]) == (again[0], [each["action"] for each in again[1]])
    assert (422, ["reject"]) == (refused[0], [each["action"] for each in refused[1]])
    assert (400, "P101") == (broken[0], broken[1]["code"])
    assert (400, "P501") == (large[0], large[1]["code"])
    assert (404, "no channel `order`; did you mean `orders`?") == (
        unknown[0],
        unknown[1]["message"],
    )
