"""Exceptions for programmers and operators; mistakes in rule files and payloads are data first.

Every message is one sentence for a person: what is wrong, where, and the way out.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` takes long to import for what prints help
if TYPE_CHECKING:
    from .messages.diagnostics import Diagnostic


class LeadLarkError(Exception):
    """The base of every exception that LeadLark raises on purpose."""


class RuleError(LeadLarkError):
    """Rule files have mistakes; ``diagnostics`` holds every one, warnings too, in order."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        shown = []
        for diagnostic in diagnostics:
            if diagnostic.severity == "error":
                place = diagnostic.source.position(diagnostic.span.start)
                where = f"{diagnostic.source.name}:{place.line}:{place.column}"
                shown.append(f"{where}: {diagnostic.code} {diagnostic.message}")
        super().__init__("\n".join(shown))


class UnknownChannelError(LeadLarkError, KeyError):
    """No channel has that address, or one has to be named and is not."""

    def __str__(self) -> str:
        """The sentence itself, not its quoted form, which is the text of a KeyError."""
        return str(self.args[0])


class SeveralPayloadsError(LeadLarkError):
    """A request holds several payloads where one decision was asked for."""


class PayloadError(LeadLarkError):
    """A request cannot be read: broken JSON, form, encoding, or a limit exceeded.

    ``code`` is one of `codes.PAYLOAD_ERRORS`; ``place`` names where: a line and column, a key or
    a path.
    """

    def __init__(self, code: str, message: str, place: str | None = None) -> None:
        self.code = code
        self.message = message
        self.place = place
        super().__init__(f"{message} (at {place})" if place else message)


class StoreError(LeadLarkError):
    """A store is out of reach or broken: an operator's problem; nothing was written."""


class UnknownCommitError(StoreError):
    """The store was lost while a unit of work was being committed: whether it was is not known."""


class StoreUrlError(StoreError):
    """A store URL names no store: a mistake in the call, not in the store."""


class SettingsError(LeadLarkError):
    """Settings of a service cannot be used, or do not go together; nothing was started."""


class SecretsError(LeadLarkError):
    """The file of secrets is open to others, damaged or being changed: an operator's problem."""


class CaseError(LeadLarkError):
    """A case file cannot be used; ``path``, ``line`` and ``column`` (from 1) say where."""

    def __init__(self, message: str, path: str, line: int = 1, column: int = 1) -> None:
        self.message = message
        self.path = path
        self.line = line
        self.column = column
        super().__init__(f"{path}:{line}:{column}: {message}")
