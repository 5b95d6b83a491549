"""The documentation as a site: it is built without a warning, whole, and of its own files alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from leadlark.codes import TITLES

LOADED: Final = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""What a browser fetches by itself, and the attribute that names it."""


@dataclass
class Html(HTMLParser):
    """What a page links to, what it loads, and which places of it can be linked to."""

    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.anchors.update(filter(None, (named.get("id"), named.get("name"))))
        if tag == "a" and named.get("href"):
            self.links.append(str(named["href"]))
        if LOADED.get(tag) and named.get(LOADED[tag]):
            self.loaded.append(str(named[LOADED[tag]]))


def read(file: Path) -> Html:
    html = Html()
    html.feed(file.read_text(encoding="utf-8"))
    return html


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Html]:
    return {file: read(file) for file in site.rglob("*.html")}


def test_build_has_nothing_to_warn_of(built) -> None:
    """`mkdocs build --strict` passes: links and anchors are there, every page is in the menu."""
    assert (0, "", "") == (built.said.status, built.said.out, built.said.err)


def test_every_code_has_a_page(site: Path) -> None:
    """The page of each code stands in the site under its name."""
    found = {each.parent.name for each in (site / "diagnostics").glob("*/index.html")}

    assert set(TITLES) == found


def test_every_link_leads_somewhere(site: Path, pages: dict[Path, Html]) -> None:
    """Every link inside the site leads to a file that is there, and to a place in it."""

    def leads(file: Path, link: str) -> bool:
        path, anchor = urldefrag(link)
        target = (file.parent / unquote(path)).resolve() if path else file
        target = target / "index.html" if target.is_dir() else target
        if not anchor or target not in pages:
            return target.is_relative_to(site) and target.exists()
        return unquote(anchor) in pages[target].anchors

    dead = [
        f"{file.relative_to(site)}: {link}"
        for file, page in pages.items()
        for link in page.links
        # The links of the page for what is not there begin at the root of the host.
        if file.name != "404.html" and not urlsplit(link).scheme and not leads(file, link)
    ]

    assert [] == dead


def test_nothing_is_loaded_from_another_host(site: Path, pages: dict[Path, Html]) -> None:
    """Scripts, styles, fonts and images are files of the site."""
    loaded = {each for page in pages.values() for each in page.loaded}
    for style in site.rglob("*.css"):
        loaded.update(re.findall(r"(?:url\(|@import )[\"']?(\w+://[^)\"']+)", style.read_text()))

    assert set() == {each for each in loaded if urlsplit(each).netloc}


def test_rule_files_are_coloured(site: Path) -> None:
    """The words of the channel language stand out in the pages' rule files."""
    text = (site / "language" / "index.html").read_text(encoding="utf-8")

    assert re.search(r'<span class="k">entity</span>', text)
    assert not re.search(r'<span class="err">', text)
