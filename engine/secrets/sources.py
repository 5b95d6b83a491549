"""The values of secrets, from the environment and from the file that `leadlark secret` keeps."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ..errors import SecretsError
from ..proof.names import FORMER, VARIABLE, canonical
from .keeping import Kept, read
from .place import file_of

Origin: TypeAlias = Literal["environment", "file"]

log: Final = logging.getLogger(__name__)


class Secrets:
    """The secrets of the environment, and of the file, which is read again when it has changed.

    A secret that the environment has is not looked for in the file. No value is ever shown.
    """

    def __init__(
        self, file: Path | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        """Read them all.

        Args:
            file: The file of secrets; that of the environment or of the user where None.
            environment: The environment variables.

        Raises:
            SecretsError: the file is open to others or damaged.
            OSError: the file cannot be read.
        """
        self.path = file_of(file, environment)
        self._environment = from_environment(environment)
        self._seen = _state(self.path)
        self._kept = read(self.path)

    def of(self, name: str) -> tuple[str, ...]:
        """The values of a secret: the one in use, then a former one; none if it is not set."""
        wanted = canonical(name)
        return self._environment.get(wanted) or self._current().get(wanted, ())

    def names(self) -> Iterator[tuple[str, Origin]]:
        """The names of all secrets in order, and where each comes from."""
        for name in sorted({*self._environment, *self._current()}):
            yield name, "environment" if name in self._environment else "file"

    def _current(self) -> Kept:
        """What the file holds; what it held before while it cannot be used, which the log tells."""
        seen = _state(self.path)
        if seen != self._seen:
            self._seen = seen
            try:
                self._kept = read(self.path)
            except (SecretsError, OSError) as error:
                log.warning("secrets stay as they were: %s", error)
        return self._kept


def from_environment(environment: Mapping[str, str]) -> Kept:
    """What ``LEADLARK_SECRET_NAME`` and ``LEADLARK_OLD_SECRET_NAME`` hold; empty ones are not set.

    A former value alone is not in use.
    """
    found: Kept = {}
    for variable, value in environment.items():
        name = variable.removeprefix(VARIABLE)
        if name == variable or not name or not value:
            continue
        former = environment.get(FORMER + name)
        found[canonical(name)] = (value, former) if former else (value,)
    return found


def _state(file: Path) -> tuple[int, int, int] | None:
    """What changes whenever the file is replaced; None where it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns
