"""Nothing that runs in a test keeps checked rules in the folder of the user's caches."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache") / "leadlark"
    with patch.dict(os.environ, {"LEADLARK_CACHE": str(folder)}):
        yield folder
