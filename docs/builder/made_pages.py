"""The pages that are made of other files of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any, Final

from codes_page import RANGES

import leadlark
from leadlark.codes import TITLES

ROOT: Final = Path(__file__).parents[2]
PAYLOADS: Final = {".json": "json", ".form": "form", ".ndjson": "ndjson"}

GRAMMAR: Final = """\
# Grammar

The grammar that rule files are read by, in the notation of [Lark](https://lark-parser.readthedocs.io/).
What it means is told by [the language](language.md).
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A page: its place in the site, its text, and the file of the repository that it is of."""

    site: str
    text: str
    source: str


def _codes() -> Iterator[Made]:
    for code in TITLES:
        source = f"engine/pages/{code}.md"
        text = _read(source)
        # The pages are plain text in a terminal, where a link would be noise.
        text = re.sub(r"\bdocs/(\w+\.md)\b", r"[\1](../../docs/\1)", text)
        text += f"\n---\n\n`leadlark explain {code}` prints this page. "
        text += "All codes: [Codes of messages](../../docs/diagnostics.md).\n"
        yield Made(f"diagnostics/{code}.md", text, source)


def _sender(folder: Path) -> Made:
    rules = sorted(folder.glob("*.channel"))
    sent = [file for file in sorted(folder.iterdir()) if file.suffix in PAYLOADS]
    parts = [
        f"# {_titles(rules)}\n",
        *(_example("channel", file) for file in rules),
        "## Payloads\n",
        "Of the sender's own shape; the case file sends each of them.\n",
        *(_example(PAYLOADS[file.suffix], file) for file in sent),
        "## Cases\n",
        *(_example("yaml", file) for file in sorted(folder.glob("*.test.yaml"))),
    ]
    return Made(f"senders/{folder.name}.md", "\n".join(parts), f"rules/{folder.name}")


def _titles(rules: Iterable[Path]) -> str:
    return ", ".join(each.title for file in rules for each in leadlark.load(file).values())


def _example(kind: str, file: Path) -> str:
    return f"```{kind} {file.relative_to(ROOT).as_posix()}\n{_text(file)}```\n"


def _senders() -> Iterator[Made]:
    yield Made("senders/index.md", _read("rules/README.md"), "rules/README.md")
    for folder in sorted((ROOT / "rules").iterdir()):
        if any(folder.glob("*.channel")):
            yield _sender(folder)


def _grammar() -> Iterator[Made]:
    parts = [GRAMMAR]
    for name, title in (("channel", "Rules"), ("terminals", "Words and signs")):
        parts.append(
            f"## {title}\n\n```lark grammar/{name}.lark\n{_read(f'grammar/{name}.lark')}```\n"
        )
    yield Made("grammar.md", "\n".join(parts), "docs/grammar.md")


def _copies() -> Iterator[Made]:
    yield Made("changelog.md", _read("CHANGELOG.md"), "CHANGELOG.md")
    for file in sorted((ROOT / "engine" / "schemas").glob("*.json")):
        yield Made(f"schemas/{file.name}", _text(file), f"engine/schemas/{file.name}")


def _read(name: str) -> str:
    return _text(ROOT / name)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8").rstrip("\n") + "\n"


ALL: Final = tuple(chain(_codes(), _senders(), _grammar(), _copies()))

SOURCES: Final = {made.site: made.source for made in ALL}
"""Which file of the repository a page is of: its links are relative to that."""

PLACES: Final = {
    **{made.source: made.site for made in ALL},
    "grammar/channel.lark": "grammar.md",
    "grammar/terminals.lark": "grammar.md",
}
"""Where in the site a file of the repository is read."""

NAVIGATION: Final[dict[str, list[Any]]] = {
    "diagnostics/": [
        {f"{beginning}xx {RANGES[beginning]}": [f"diagnostics/{code}.md" for code in codes]}
        for beginning, codes in groupby(TITLES, key=lambda code: code[:2])
    ],
    "senders/": [site for site in SOURCES if site.startswith("senders/")],
}
"""The entries that stand for a folder of pages that are made."""
