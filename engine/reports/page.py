"""Pages: Jinja2 templates filled with values, self-contained and inert.

Every value that is filled in is escaped, and its control, bidirectional and other unseen
characters are shown as ``U+FFFD``: whatever a payload holds stays text in its place. A page has
no scripts and asks for no other resource; its policy forbids both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from ..messages.snippet import visible


def render(template: str, helpers: Mapping[str, Callable[..., Any]], **values: Any) -> str:
    """The page that a template of this folder makes of values; ``helpers`` are called in it."""
    return _environment().get_template(template, globals=dict(helpers)).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _source(name: str) -> str | None:
    file = files(__package__) / name
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _shown(value: object) -> object:
    """What is filled in, without what cannot be seen; markup of the templates' own as it is."""
    if hasattr(value, "__html__"):
        return value
    return visible(str(value))
