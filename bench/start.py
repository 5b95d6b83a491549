"""Times whole processes of the command against an interpreter that does nothing.

    python bench/start.py --pairs 25

Both run in an environment of their own, as an installation has it: the package copied and
compiled, the libraries those of this interpreter, but without the hooks that they or an editable
installation leave for its start. The reference is ``python -c pass`` there, with `site` and all
that comes with it. What is taken is the CPU time of each process, its own and that of the system
for it; the two run by turns, and the ratio is the median of those of each pair, with quartiles.
"""

from __future__ import annotations

import argparse
import compileall
import os
import site
import sys
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Final

from measure import Ratio, ratio_of
from rows import START, Row

ROOT: Final = Path(__file__).parents[1]
ORDER: Final = ROOT / "rules" / "reference" / "order"
RUN: Final = ("run", f"{ORDER}.channel", f"{ORDER}.json")
PAIRS: Final = 25

COMMAND: Final = "import sys; from leadlark.cli import main; sys.exit(main())"


@contextmanager
def installed() -> Iterator[Path]:
    """The interpreter of an environment with the package, and a cache folder that is empty."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place, with_pip=False, symlinks=os.name != "nt")
        (packages,) = map(Path, site.getsitepackages([str(place)])[:1])
        for source, name in (("engine", ""), ("grammar", "grammar"), ("rules", "rules")):
            left_out = ignore_patterns("__pycache__", ".*")
            copytree(ROOT / source, packages / "leadlark" / name, ignore=left_out)
        compileall.compile_dir(packages, quiet=1)
        libraries = [path for path in site.getsitepackages() if Path(path).is_dir()]
        (packages / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
        yield place / "bin" / "python"


def seconds(python: Path, *arguments: str, cache: Path) -> float:
    """The CPU time of a process; it ends well, and what it prints is thrown away."""
    quiet = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    variables = {"LEADLARK_CACHE": str(cache), "PATH": os.environ.get("PATH", "")}
    command = [str(python), *arguments]
    child = os.posix_spawn(python, command, variables, file_actions=quiet)
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ends with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def start(arguments: Sequence[str], pairs: int = PAIRS) -> Ratio:
    """The time of a command over that of an interpreter; the first calls fill the cache."""
    with installed() as python:
        cache = python.parents[1] / "cache"
        own = partial(seconds, python, "-c", COMMAND, *arguments, cache=cache)
        bare = partial(seconds, python, "-c", "pass", cache=cache)
        own(), own(), bare()
        return ratio_of([_ratio(own, bare, number % 2 == 0) for number in range(pairs)])


def _ratio(own: Callable[[], float], bare: Callable[[], float], first: bool) -> float:
    if first:
        took = own()
        return took / bare()
    reference = bare()
    return own() / reference


BARE: Final = "python -c pass"

CALLS: Final = (
    ("leadlark --help", ("--help",), 3.0),
    ("a decision from a cached rule file", RUN, 8.0),
    ("a decision from a rule file that is read", (*RUN, "--no-cache"), None),
    ("leadlark check of a rule file", ("check", f"{ORDER}.channel"), None),
)

ROWS: Final = tuple(
    Row(START, name, BARE, "the exit status", goal, partial(start, arguments))
    for name, arguments, goal in CALLS
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="of processes for each figure")
    pairs = parser.parse_args().pairs
    version = sys.version.partition(" ")[0]
    print(f"CPU time over that of `{BARE}`, Python {version}, {pairs} pairs each\n")
    for name, arguments, goal in CALLS:
        found = start(arguments, pairs)
        wished = "         " if goal is None else f"goal {goal:4.1f}"
        print(f"{found.median:6.2f}  [{found.low:5.2f} to {found.high:5.2f}]  {wished}  {name}")


if __name__ == "__main__":
    main()
