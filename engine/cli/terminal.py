"""Text on a terminal: colour where there is one that wants it, plain text everywhere else."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Final, TextIO

STYLES: Final[Mapping[str, str]] = {
    "error": "bold red",
    "warning": "bold yellow",
    "message": "bold",
    "place": "cyan",
    "gutter": "blue",
    "source": "",
    "related": "blue",
    "help": "bold cyan",
    "fix": "green",
    "plain": "",
    "good": "bold green",
    "bad": "bold red",
    "dim": "dim",
    "name": "cyan",
}


# Only the strings of a JSON text hold such characters, and there an escape means the same.
_OBEYED: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def write(segments: Iterable[tuple[str, str]], stream: TextIO | None = None) -> None:
    """Write pieces of text, each with the name of its style, and a line break."""
    stream = stream or sys.stdout
    if not wants_colour(stream):
        stream.write("".join(text for _, text in segments) + "\n")
        return
    # What a pipe gets does not need rich, which takes longer to import than most calls to run.
    from rich.console import Console  # noqa: PLC0415 (imported when first needed)
    from rich.text import Text  # noqa: PLC0415 (imported when first needed)

    console = Console(file=stream, highlight=False, soft_wrap=True)
    console.print(Text.assemble(*((text, STYLES[style]) for style, text in segments)))


def wants_colour(stream: TextIO) -> bool:
    """Whether the stream is a terminal whose user has not asked for plain text."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def write_markdown(text: str) -> None:
    """Write a page of Markdown to the terminal that standard output is, laid out."""
    from rich.console import Console  # noqa: PLC0415 (imported when first needed)
    from rich.markdown import Markdown  # noqa: PLC0415 (imported when first needed)

    console = Console(file=sys.stdout)
    console.print(Markdown(text), width=min(console.width, 100))


def write_json(text: str) -> None:
    """Write one JSON text on a line of standard output, in UTF-8 whatever the locale says.

    Characters that a terminal obeys, or that turn the order of text about, are written as escapes.
    """
    write_line(_OBEYED.sub(_escaped, text))


def write_line(text: str) -> None:
    """Write text for programs and a line break to standard output, in UTF-8 in every locale."""
    # Asked again and again, a stream would write out what it holds each time.
    if sys.stdout.encoding != "utf-8" and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Write a note for people to standard error."""
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
