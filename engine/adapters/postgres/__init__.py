"""A store in a PostgreSQL database, in SQL that stands in this package's own files."""

from .store import PostgresStore, has_tables

__all__ = ["PostgresStore", "has_tables"]
