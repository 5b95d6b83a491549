"""Let stores decide the same random requests until one differs, and count the steps.

``python bench/agree.py --steps 100000``; each step is a request on every store, and after at most
50 of them all records are compared. The steps are those of tests/properties/test_stores_agree.py; a
PostgreSQL server is started for them.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS / "properties"), str(TESTS)]

from postgres_server import PostgresServer, programs  # noqa: E402 (found above)
from test_stores_agree import (  # noqa: E402 (found above)
    Agreement,
    compare,
    memory,
    postgres_on,
    sqlite,
)


def main() -> None:
    """Run until the steps are done; a difference is raised as it is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    options = parser.parse_args()
    found = programs()
    if found is None:
        sys.exit("no PostgreSQL server is installed")
    started = time.monotonic()
    while Agreement.taken < options.steps:
        with PostgresServer(found) as server:  # each with few schemas
            compare([memory, sqlite, postgres_on(server)], examples=60, steps=50)
        seconds = time.monotonic() - started
        print(f"{Agreement.taken:,} steps, {seconds:.0f} s, no difference", flush=True)


if __name__ == "__main__":
    main()
