"""Diagnostics: mistakes in rule files as values; rendering them is another module's work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ..late_dataclass import dataclass
from .source import Source, Span

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that matters to a diagnostic, and why.

    It is in the diagnostic's own source unless ``source`` names another one.
    """

    span: Span
    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of ``span`` by ``text``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake, or one piece of advice, at one place of one source.

    ``code`` is stable and never reused; ``message`` is one line without a full stop;
    ``label`` stands under the carets; ``help`` says the way out; ``fix`` holds the edits that
    carry it out, where one rewrite is certain.
    """

    code: str
    message: str
    source: Source
    span: Span
    label: str = ""
    related: tuple[Label, ...] = ()
    help: str | None = None
    fix: tuple[Edit, ...] = ()

    @property
    def severity(self) -> Severity:
        """Codes that begin with ``E`` are errors, those with ``W`` warnings."""
        return "error" if self.code.startswith("E") else "warning"

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Sorting key: by file, then by place, then by code."""
        return (self.source.name, self.span.start, self.span.end, self.code)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the diagnostics keeps its file from being used."""
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)
