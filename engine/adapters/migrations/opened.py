"""Databases as alembic needs them: connections of SQLAlchemy, whose transactions hold DDL, too."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from ...errors import StoreError
from ...late_dataclass import dataclass
from ..opening import need_driver
from ..sqlite.file import APPLICATION_ID, NO_DATABASE, translated

NONE: Final = "0000"
"""The version of a database without tables."""

WAIT: Final = 60.0

_MADE_MEANWHILE: Final = ("23505", "40001", "40P01", "42710", "42P07")


class MadeMeanwhileError(StoreError):
    """Another process makes the same tables at the same moment, or another program has them."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database.

    ``name`` is what messages call it, ``shown`` its URL without a password. ``version`` reads
    the version of its tables in a transaction, in which nobody else upgrades it then.
    """

    name: str
    shown: str
    connection: Connection
    version: Callable[[], str]


@contextmanager
def sqlite(file: Path) -> Iterator[Database]:
    """The database in a file, which is made if it is missing; raises `StoreError`."""
    path = file.absolute()
    name = f"SQLite store {file}"
    with (
        translated(path),
        closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as raw,
    ):
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        event.listen(engine, "begin", lambda each: each.exec_driver_sql("BEGIN IMMEDIATE"))
        with _driver_errors(), engine.connect() as connection:
            yield Database(
                name, f"sqlite:///{path}", connection, lambda: _of_sqlite(connection, name)
            )


@contextmanager
def postgres(url: str) -> Iterator[Database]:
    """The database of a URL; raises `StoreError`."""
    need_driver()
    import psycopg  # noqa: PLC0415 (an extra: it may not be there)

    from ..postgres.server import server  # noqa: PLC0415

    place = server(url, WAIT)
    options = {**place.options, "autocommit": False}
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(place.url, **options),
        poolclass=StaticPool,
    )
    try:
        with _driver_errors(), engine.connect() as connection:
            yield Database(place.name, place.shown, connection, lambda: _of_postgres(connection))
    except psycopg.Error as error:
        if error.sqlstate in _MADE_MEANWHILE:
            raise MadeMeanwhileError(
                f"{place.name}: another process makes its tables, or another program has tables "
                f"of their names there; try again, or name an empty database ({error})"
            ) from error
        raise place.error(error) from error
    finally:
        engine.dispose()


def _of_sqlite(connection: Connection, name: str) -> str:
    def number(statement: str) -> int:
        return int(connection.exec_driver_sql(statement).scalar_one())

    application = number("PRAGMA application_id")
    tables = number("SELECT count(*) FROM sqlite_schema")
    if application != APPLICATION_ID and (tables or application):
        raise StoreError(f"{name}: {NO_DATABASE}")
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    if not number("SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"):
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (\n    version_num VARCHAR(32) NOT NULL,\n"
            "    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)"
        )
        if tables:  # of version 1, which a number in the head of the file told of
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('0001')")
            connection.exec_driver_sql("PRAGMA user_version = 0")
    return _told(connection, "SELECT version_num FROM alembic_version")


def _of_postgres(connection: Connection) -> str:
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)"
    )
    return _told(connection, "SELECT version_num FROM alembic_version FOR UPDATE")


def _told(connection: Connection, statement: str) -> str:
    found = connection.exec_driver_sql(statement).scalar()
    return NONE if found is None else str(found)


@contextmanager
def _driver_errors() -> Iterator[None]:
    """Raise the driver's own errors, which the stores know how to tell."""
    try:
        yield
    except DBAPIError as error:
        raise error.orig or error from error
