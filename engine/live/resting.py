"""When files that change are read: not while somebody is still writing them."""

from __future__ import annotations

from typing import Final

from .looking import Look

REST: Final = 0.3
"""Seconds for which all files have to stay as they are before they are read: a file that is being
written is another one at every look."""

GONE: Final = 2.0
"""The same where a file is gone or empty, which it is for a moment while editors replace it and
while it is being renamed."""

PATIENCE: Final = 10.0
"""Seconds after which files are read although they never rest."""


class Rest:
    """How long the files have been as they are, by looks at them and a clock of seconds."""

    def __init__(self) -> None:
        self._seen: Look | None = None
        self._since = 0.0
        self._first = 0.0

    def end(self) -> None:
        """Forget what was seen: it is read, or it is again what it was."""
        self._seen = None

    def wait(self, seen: Look, taken: Look, now: float) -> float:
        """The seconds until the files can be read; ``taken`` is what they were read as last."""
        if self._seen is None:
            self._first = now
        if self._seen != seen:
            self._seen, self._since = seen, now
        rest = GONE if seen.has_lost(taken) else REST if seen != taken else 0.0
        return 0.0 if self.is_late(now) else max(self._since + rest - now, 0.0)

    def is_late(self, now: float) -> bool:
        """Whether the files have been changing for too long to wait on."""
        return self._seen is not None and now >= self._first + PATIENCE
