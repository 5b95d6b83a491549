"""Checked rule files by what they hold: the codec and the folder behind two methods."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Final

from ..language.nodes import File, Region
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic
from ..messages.source import Source
from ..release import EDITIONS, __version__
from ..values.numbering import calling_codes, plan_of, plans_as_json, use_plans
from .folder import Folder
from .stored import Checked, UnreadableError, restore, store

_FORMAT: Final = 1
"""Counts up with every change of what `stored` writes."""

_MAKERS: Final = ("language", "language/explain", "check", "filters", "values")
"""The folders of this package on which nodes and warnings depend; the grammar is beside it."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Checked files in a folder, by the SHA-256 of their rule files.

    A rule file that has changed, another release and another edition have other keys. So has
    another state of the package's own files, which change without a release where it is worked on.
    """

    folder: Path

    def get(self, rules: str, source: Source) -> Checked | None:
        """The checked file of a rule file, if it is kept; its warnings are about ``source``.

        Phones of its countries can be read from now on without importing their library.
        """
        text = Folder(self.folder).read(_key(rules))
        if text is None:
            return None
        try:
            checked = restore(text, source)
            if checked.plans:
                use_plans(dict(checked.plans))
        except (UnreadableError, ValueError):
            return None
        return checked

    def put(self, rules: str, file: File, warnings: tuple[Diagnostic, ...]) -> None:
        """Keep a checked file without errors, if that is possible."""
        try:
            Folder(self.folder).write(_key(rules), store(Checked(file, warnings, _plans(file))))
        except UnreadableError:
            return


def _plans(file: File) -> dict[str, Any]:
    """The numbering plans of the countries that a file names, and of those that share a code."""
    statements = (each for channel in file.channels for each in channel.statements)
    countries = {each.country.text.upper() for each in statements if isinstance(each, Region)}
    if not countries:
        return {}
    sharing = [key for keys in calling_codes().values() if countries & {*keys} for key in keys]
    for key in sharing:
        plan_of(key)  # which reads it, if it is not known yet
    known = plans_as_json()
    return known | {"plans": {key: known["plans"][key] for key in sharing}}


def _key(rules: str) -> str:
    return f"leadlark {_FORMAT} {__version__} {EDITIONS} {_state()} {_library()} {rules}"


def _library() -> str:
    """Which phonenumbers is there; that is not imported to ask for its version."""
    found = PathFinder.find_spec("phonenumbers")
    if found is None or found.origin is None:
        return "none"
    file = Path(found.origin).stat()
    return f"{file.st_mtime_ns} {file.st_size}"


def _state() -> str:
    """When the last of the files was written that make nodes and warnings, and their sizes."""
    here = Path(__file__).parents[1]
    grammar = import_module(f"{__package__.partition('.')[0]}.grammar").__path__
    newest = size = 0
    for folder in (*(here / name for name in _MAKERS), *grammar):
        with os.scandir(str(folder)) as entries:
            for entry in entries:
                if entry.name.endswith((".py", ".lark")):
                    found = entry.stat()
                    newest, size = max(newest, found.st_mtime_ns), size + found.st_size
    return f"{newest} {size}"
