"""Properties run on the same examples every time; bench/fuzz.py looks for new ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from strategies import EVERYTHING

from leadlark import Rules, load

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("ci")


@pytest.fixture(scope="session")
def everything() -> Rules:
    """Channels that use every statement, filter, flag and condition."""
    return load(EVERYTHING)
