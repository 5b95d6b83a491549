"""What the site has beside the pages of docs/, called by MkDocs while it builds.

- The examples of a page name their file, or say what they are.
- Links to other files of the repository lead to the pages made of them.
- Pages are made of the codes' pages, the rules, the grammar, the schemas and the changelog.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any, Final

import channel_lexer
import made_pages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

FENCE: Final = re.compile(r"^```(\w+)(?: ([^\n]+))?$", re.MULTILINE)
FENCED: Final = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
SPAN: Final = re.compile(r"`[^`\n]+`")
LINK: Final = re.compile(r"(\]\()([^)\s#]+)([^)\s]*\))")

WEIGHTS: Final = {"recipes/": 2, "start": 2, "adr/": 0.3, "changelog": 0.3, "senders/": 0.5}

# How a kind of example is coloured, and what it is called where it has no name.
KINDS: Final = {
    "rule": ("channel", "rule file, in part"),
    "channel": ("channel", "rule file"),
    "json": ("json", "payload"),
    "form": ("text", "payload, a form"),
    "output": ("text", "what comes out"),
    "body": ("text", "body"),
    "ndjson": ("json", "payloads"),
    "lark": ("text", ""),
}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages that are made, and the decisions, into the navigation."""
    channel_lexer.register()
    config.nav = _listed(config.nav or [], Path(config.docs_dir))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    for made in made_pages.ALL:
        files.append(File.generated(config, made.site, content=made.text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Give a page's examples their titles, and its links their places in the site."""
    page.meta["search"] = {"boost": _weight(page.file.src_uri)}
    source = made_pages.SOURCES.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    parts = FENCED.split(markdown)
    parts[1::2] = [FENCE.sub(_titled, example, count=1) for example in parts[1::2]]
    parts[::2] = [_prose(text, source, page.file.src_uri) for text in parts[::2]]
    return "".join(parts)


def _prose(text: str, source: str, page: str) -> str:
    # Elsewhere a "|" in a table's code has to be escaped, here it must not be.
    plain = SPAN.sub(lambda code: code[0].replace("\\|", "|"), text)
    return LINK.sub(lambda link: _led(link, source, page), plain)


def _listed(nav: list[Any], docs: Path) -> list[Any]:
    listed: list[Any] = []
    for each in nav:
        match each:
            case "adr/":
                listed += sorted(f"adr/{file.name}" for file in (docs / "adr").glob("*.md"))
            case str() if each.endswith("/"):
                listed += made_pages.NAVIGATION[each]
            case dict():
                listed.append({title: _listed(inner, docs) for title, inner in each.items()})
            case _:
                listed.append(each)
    return listed


def _weight(site: str) -> float:
    """What a page counts in a search: how things are done stands before why they are so."""
    return next((weight for start, weight in WEIGHTS.items() if site.startswith(start)), 1)


def _titled(fence: re.Match[str]) -> str:
    kind, name = fence[1], (fence[2] or "").removesuffix(" wrong")
    language, called = KINDS.get(kind, (kind, ""))
    title = name or called
    classes = f".language-{kind}"
    return f'```{{.{language} {classes} title="{title}"}}' if title else f"```{language}"


def _led(link: re.Match[str], source: str, page: str) -> str:
    """A link between files of the repository as one between pages of the site."""
    before, target, after = link.groups()
    if "://" in target:
        return link[0]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
    site = made_pages.PLACES.get(path)
    if site is None:
        if not path.startswith("docs/"):
            raise PluginError(f"{source}: the site has no page of {path}")
        site = path.removeprefix("docs/")
    return f"{before}{posixpath.relpath(site, posixpath.dirname(page) or '.')}{after}"
