"""The version of the tables of SQL stores: what `alembic_version` holds."""

from __future__ import annotations

from typing import Final

VERSION: Final = "0002"
"""The last revision of migrations/versions; a fresh schema writes it, too."""


def outdated(store: str, found: str, url: str) -> str:
    """The sentence of a store, by its name for people, whose tables have another version."""
    if found < VERSION:
        return (
            f"{store}: its tables have version {found} and this LeadLark needs {VERSION}; "
            f"back it up, then run `leadlark db upgrade --store {url}`"
        )
    return (
        f"{store}: its tables have version {found} and this LeadLark knows {VERSION}; "
        "use the LeadLark that upgraded it or a newer one"
    )
