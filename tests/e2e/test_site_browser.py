"""The documentation in a browser: what a reader searches for is found, on any screen."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM: Final = which("chromium") or which("chromium-browser") or which("google-chrome")
ABSENT: Final = "no Chromium on PATH (Debian's package is called chromium)"
RESULT: Final = ".md-search-result__item > .md-search-result__link"
SCREENS: Final = {"desktop": (1280, 800), "phone": (400, 800)}
PAGES: Final = (
    "",
    "start",
    "recipes/orders",
    "language",
    "commands",
    "diagnostics/E204",
    "filters",
)

if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip(ABSENT, allow_module_level=True)


class Quiet(SimpleHTTPRequestHandler):
    """Files without a log."""

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The site, served on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, ABSENT
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(params=SCREENS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page on a screen; in the end nothing was asked of another host, and nothing went wrong."""
    width, height = SCREENS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en")
    shown = context.new_page()
    shown.set_default_timeout(120_000)  # a machine at work on many tests may be slow
    asked: list[str] = []
    wrong: list[str] = []
    shown.on("request", lambda each: asked.append(each.url))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    yield shown
    context.close()
    assert asked
    assert [] == [url for url in asked if not url.startswith((address, "data:", "blob:"))]
    assert [] == wrong


def search(page: Page, words: str) -> list[str]:
    """The places that a search leads to, the best first."""
    field = page.locator("[data-md-component=search-query]")
    if not field.is_visible():
        page.locator(".md-header label[for=__search]").click()
    field.fill(words)
    page.locator(RESULT).first.wait_for()
    return [str(each.get_attribute("href")) for each in page.locator(RESULT).all()]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("duplicate", "recipes/orders/"),
        ("E204", "diagnostics/E204/"),
        ("undeclared param", "diagnostics/E204/"),
        ("phone", "recipes/clients/"),
        ("телефон", "recipes/values/"),
    ],
)
def test_search_finds(page: Page, address: str, words: str, place: str) -> None:
    """A search leads to the pages on its words, and the first result opens."""
    page.goto(address)

    found = search(page, words)
    page.locator(RESULT).first.click()
    page.wait_for_url(lambda url: url.partition("?")[0] != address)

    assert any(place in each for each in found), found
    assert page.locator("h1").first.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_its_screen(page: Page, address: str, name: str) -> None:
    """No page is wider than the screen: long lines and wide tables scroll in their own box."""
    page.goto(f"{address}{name}/" if name else address)

    width, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")

    assert width <= screen


def test_colours_change(page: Page, address: str) -> None:
    """The button in the header turns light into dark."""
    page.goto(address)
    body = page.locator("body")

    assert "default" == body.get_attribute("data-md-color-scheme")
    page.locator("[data-md-component=palette] label:visible").click()
    assert "slate" == body.get_attribute("data-md-color-scheme")
