"""Let stores decide the same random requests until one differs, and count the steps.

``python bench/agree.py --steps 100000``; each step is a request on every store, after which all
their records are compared. The steps are those of tests/properties/test_stores_agree.py, and with
``--postgres`` a PostgreSQL server is started for them.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
sys.path[:0] = [str(TESTS / "properties"), str(TESTS)]

from test_stores_agree import Agreement, compare, memory, sqlite  # noqa: E402 (found above)


def main() -> None:
    """Run until the steps are done; a difference is raised as it is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    options = parser.parse_args()
    started = time.monotonic()
    while Agreement.taken < options.steps:
        compare([memory, sqlite], examples=50, steps=100)
        print(f"{Agreement.taken:,} steps, {time.monotonic() - started:.0f} s, no difference")


if __name__ == "__main__":
    main()
