"""Errors of the driver and the server, told to people with the way out."""

from __future__ import annotations

import re
from typing import Final

import psycopg

CONFLICTS: Final = frozenset(("40001", "40P01", "23505"))
"""The server ended one of several units of work; 23505: another took the same id first."""

HELD: Final = "55P03"
"""A lock was not to be had in time."""

UNKNOWN_STATEMENT: Final = frozenset(("0A000", "42601"))
"""The server, which may be a distributed one, lacks what a statement asks for."""

_WAYS_OUT: Final = {
    "08": "the connection was lost; check the server and the network",
    "23503": "a contact that is linked is not there any more; try again",
    "25006": "it cannot be written to; name the primary server, not a standby",
    "25P03": "the unit of work took too long; try again",
    "28": "the server refuses the user or the password; check them in the URL, in PGPASSWORD or "
    "in ~/.pgpass",
    "3D000": "there is no such database; make it with `createdb --encoding UTF8 NAME`",
    "40": "units of work were in conflict too often; try again",
    "42501": "the user lacks a permission; make it the owner of the database or of its schema",
    "42P01": "a table is missing; name an empty database or restore this one from a backup",
    "53100": "the disk of the server is full; free some space",
    "53200": "the server is out of memory; try again, and give it more",
    "53300": "the server has no connection left; raise its max_connections, or run fewer "
    "processes or smaller pools",
    "54": "a value is larger than the server can hold; send smaller values",
    "55P03": "other units of work hold the same records for too long; try again",
    "57P": "the server is starting or shutting down; try again",
    "58": "the disk of the server reports an error; check the disk, then the database",
    "XX": "the database is damaged or the server is broken; check its log",
}
"""By SQLSTATE or by how it begins, the longest first."""

_REFUSALS: Final = (
    (r"password|authentication|role .* does not exist|pg_hba", "28"),
    (r"database .* does not exist", "3D000"),
    (r"too many (clients|connections)|remaining connection slots", "53300"),
    (r"starting up|shutting down|not (yet )?accepting connections|recovery", "57P"),
)
"""What a server says to who connects: SQLSTATEs are not told then."""

_UNREACHED: Final = (
    "the server cannot be reached; check that it runs and that host and port in the URL are right"
)


def reason(error: psycopg.Error, *, connected: bool) -> str:
    """One sentence for an error, before or after a connection was made: the way out, and why."""
    said = " ".join(str(error).split())
    way_out = _way_out(error, said, connected=connected)
    return f"{way_out} ({said})" if way_out else said


def may_pass(error: psycopg.Error) -> bool:
    """Whether a refused connection may be granted a moment later, as while a server restarts."""
    return _sqlstate(error, str(error)) in ("", "53300", "57P")


def _way_out(error: psycopg.Error, said: str, *, connected: bool) -> str | None:
    state = _sqlstate(error, said)
    if not state and isinstance(error, psycopg.OperationalError):
        return _WAYS_OUT["08"] if connected else _UNREACHED
    for length in (5, 3, 2):
        if state[:length] in _WAYS_OUT:
            return _WAYS_OUT[state[:length]]
    return None


def _sqlstate(error: psycopg.Error, said: str) -> str:
    if error.sqlstate:
        return error.sqlstate
    for pattern, state in _REFUSALS:
        if "FATAL" in said and re.search(pattern, said):
            return state
    return "28" if "no password supplied" in said else ""
