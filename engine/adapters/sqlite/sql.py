"""The statements of this package."""

from __future__ import annotations

from typing import Final

from ..statements import Statements

SQL: Final = Statements(__package__)
JOURNAL: Final = Statements(__package__, "journal.sql")
