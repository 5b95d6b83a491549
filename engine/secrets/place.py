"""Where the file of secrets is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILE: Final = "LEADLARK_SECRETS"
"""The environment variable that names the file."""


def file_of(named: str | Path | None, environment: Mapping[str, str]) -> Path:
    """The file that is named, else that of ``LEADLARK_SECRETS``, else one of the user's data."""
    if named is not None:
        return Path(named)
    if environment.get(FILE):
        return Path(environment[FILE])
    from platformdirs import user_data_path  # noqa: PLC0415 (imported when first needed)

    return user_data_path("leadlark", appauthor=False) / "secrets.json"
