"""A store in an SQLite file, in SQL that stands in this package's own files."""

from .store import SqliteStore

__all__ = ["SqliteStore"]
