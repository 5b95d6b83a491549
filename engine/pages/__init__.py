"""The pages that explain the codes of messages, one Markdown file a code, shipped as data."""

from __future__ import annotations

from importlib.resources import files

from ..codes import TITLES


def page(code: str) -> str:
    """The page of a code, in Markdown.

    Raises:
        KeyError: There is no such code.
    """
    if code not in TITLES:
        raise KeyError(code)
    return (files(__package__) / f"{code}.md").read_text(encoding="utf-8")
