"""The tables of a database given the version that this LeadLark needs.

Every revision is a transaction together with the version that it writes, so an upgrade that ends
in between goes on where it was, and two at once do each revision one time.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from ...errors import StoreError
from ...late_dataclass import dataclass
from ..bulk import database_file
from ..version import VERSION, outdated
from .opened import Database, MadeMeanwhileError, postgres, sqlite

REVISIONS: Final = Path(__file__).parent

_ATTEMPTS: Final = 20
_PAUSE: Final = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What messages call a database, the version that it had and the one that it has."""

    name: str
    before: str
    after: str


def upgrade(url: str, *, revisions: Path = REVISIONS, to: str = VERSION) -> Upgraded:
    """Run the revisions that a database lacks; a database without tables gets all of them.

    Raises `StoreUrlError` for a URL of no database and `StoreError` for a database that cannot
    be used or upgraded, which is left at the last version that is whole.
    """
    before: str | None = None
    attempt = 0
    while True:
        try:
            with _opened(url) as database:
                version = _step(database, revisions, to)
        except MadeMeanwhileError:
            attempt += 1
            if attempt == _ATTEMPTS:
                raise
            time.sleep(_PAUSE)
            continue
        before = before or version
        if version == to:
            return Upgraded(database.name, before, version)


def _opened(url: str) -> AbstractContextManager[Database]:
    file = database_file(url)
    return postgres(url) if file is None else sqlite(file)


def _step(database: Database, revisions: Path, to: str) -> str:
    """Run the next revision, if there is one; the version before it."""
    with database.connection.begin():
        version = database.version()
        if version > to:
            raise StoreError(outdated(database.name, version, database.shown))
        if version < to:
            _next(database.name, database.connection, revisions, version)
    return version


def _next(name: str, connection: Connection, revisions: Path, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(revisions).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "+1")
    except CommandError as error:
        raise StoreError(
            f"{name}: it cannot be upgraded from version {version}: {error}"
        ) from error
