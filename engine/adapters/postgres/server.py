"""Connections to a PostgreSQL server whose database has LeadLark's tables."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import Any, Final, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict

from ...errors import StoreError, StoreUrlError
from ...late_dataclass import dataclass
from ..version import VERSION, outdated
from .faults import reason
from .sql import BEGIN, COMMIT, SQL

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

_PAUSE: Final = 0.05  # seconds between attempts to make the tables
_ATTEMPTS: Final = 100

_MADE_MEANWHILE: Final = (
    psycopg.errors.DuplicateTable,
    psycopg.errors.DuplicateObject,
    psycopg.errors.UniqueViolation,  # two servers' processes enter one name into the catalogue
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)

# One plan for each statement, made from how it is written and not from how many rows there are.
_PLANS: Final = b"""
SELECT set_config(name, CASE name WHEN 'plan_cache_mode' THEN 'force_generic_plan' ELSE 'off' END,
    false)
FROM pg_settings WHERE name IN ('plan_cache_mode', 'enable_seqscan', 'jit')
"""
_DURABLE: Final = b"""
SELECT set_config(name, 'on', false) FROM pg_settings
WHERE name = 'synchronous_commit' AND setting = 'off'
"""
_WAITS: Final = b"""
SELECT set_config(name, CASE name WHEN 'lock_timeout' THEN %(wait)s ELSE %(idle)s END, false)
FROM pg_settings WHERE name IN ('lock_timeout', 'idle_in_transaction_session_timeout')
"""
_IDLE: Final = 30.0  # seconds after which a process that stands still gives up what it holds


@dataclass(frozen=True, slots=True)
class Server:
    """Where a store is: its URL, with the password, and how many seconds to wait for it.

    ``name`` is what messages call it, ``shown`` the URL without its password.
    """

    url: str
    wait: float
    shown: str

    @property
    def name(self) -> str:
        """What messages call the store."""
        return f"PostgreSQL store {self.shown}"

    def error(self, error: psycopg.Error, *, connected: bool = False) -> StoreError:
        """What is raised for an error of the driver."""
        return StoreError(f"{self.name}: {reason(error, connected=connected)}")

    @property
    def options(self) -> dict[str, Any]:
        """How to connect, beside the URL."""
        return {
            "autocommit": True,
            "prepare_threshold": 0,
            "connect_timeout": max(2, round(self.wait)),
            "fallback_application_name": "leadlark",
        }


def server(url: str, wait: float) -> Server:
    """The server of a URL; raises `StoreUrlError`, without the URL, for none."""
    parts = _parts(url)
    user = f"{parts['user']}@" if parts.get("user") else ""
    host = str(parts.get("host") or "")
    port = f":{parts['port']}" if parts.get("port") else ""
    folder = f"?host={host}" if host.startswith("/") else ""
    place = "" if folder else host
    shown = f"postgresql://{user}{place}{port}/{parts.get('dbname') or ''}{folder}"
    return Server(url, wait, shown)


def _parts(url: str) -> dict[str, Any]:
    """What a URL names; one whose password has signs of its own is taken apart wrongly."""
    parts: dict[str, Any] = {"port": "?"}
    with suppress(psycopg.Error):  # its text may hold parts of a password
        parts = conninfo_to_dict(url)
    torn = f"{parts.get('host', '')}{parts.get('dbname', '')}"
    if "@" in torn or not re.fullmatch(r"[0-9,]*", str(parts.get("port", ""))):
        raise StoreUrlError(
            "the store URL is not understood; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE "
            "with %40 for @, %3A for :, %2F for /, %3F for ?, %23 for # and %25 for % in user and "
            "password"
        )
    return parts


def connect(server: Server) -> Connection:
    """A connection of its own, ready for use; raises `psycopg.Error`."""
    connection = psycopg.connect(server.url, **server.options)
    try:
        configure(connection, server.wait)
    except BaseException:
        connection.close()
        raise
    return connection


def configure(connection: Connection, wait: float) -> None:
    """Set how a connection plans, how long it waits, and that a commit is on the disk."""
    connection.execute(_PLANS)
    connection.execute(_DURABLE)
    idle = max(wait, _IDLE)
    connection.execute(
        _WAITS, {"wait": f"{max(1, round(wait * 1000))}ms", "idle": f"{round(idle * 1000)}ms"}
    )


def prepare(connection: Connection, server: Server) -> None:
    """Make the tables where there are none; several processes may do so at once.

    Raises `StoreError` for a database with tables of another version or of another program, and
    for one that does not hold all of Unicode.
    """
    for attempt in range(_ATTEMPTS):
        if is_ready(connection, server):
            return
        try:
            _make(connection)
        except _MADE_MEANWHILE as error:
            connection.execute(b"ROLLBACK")
            is_foreign = isinstance(error, psycopg.errors.DuplicateTable)
            if is_foreign and not is_ready(connection, server):
                raise StoreError(
                    f"{server.name}: it has tables of another program with the names of "
                    "LeadLark's; name an empty database"
                ) from error
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)


def is_ready(connection: Connection, server: Server) -> bool:
    """Whether the database has LeadLark's tables; raises `StoreError` as `prepare` does."""
    encoding, table = connection.execute(
        b"SELECT current_setting('server_encoding'), to_regclass('alembic_version')"
    ).fetchone() or ("", None)
    if encoding != "UTF8":
        raise StoreError(
            f"{server.name}: its encoding is {encoding}, which cannot hold all characters; make "
            "the database with `createdb --encoding UTF8 --template template0 NAME`"
        )
    if table is None:
        return False
    row = connection.execute(b"SELECT version_num FROM alembic_version").fetchone()
    version = row[0] if row is not None else "0000"
    if version != VERSION:
        raise StoreError(outdated(server.name, version, server.shown))
    return True


def _make(connection: Connection) -> None:
    """Make the tables and write down their version, in one transaction."""
    connection.execute(BEGIN.statement)
    for statement in SQL.schema():
        connection.execute(statement.encode())
    connection.execute(
        b"INSERT INTO alembic_version (version_num) VALUES (%(version)s)", {"version": VERSION}
    )
    connection.execute(COMMIT.statement)
