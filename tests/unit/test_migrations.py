"""The tables by revisions: equal to a fresh store's, whole after any end, once with two at once."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any, Final

import pytest
from postgres_server import PostgresServer, rows

import leadlark
from leadlark.adapters.bulk import open_bulk
from leadlark.adapters.migrations.opened import NONE
from leadlark.adapters.migrations.upgrade import REVISIONS, upgrade
from leadlark.adapters.statements import RECORD_TYPES
from leadlark.adapters.version import VERSION
from leadlark.decision import Decision
from leadlark.errors import StoreError, StoreUrlError
from leadlark.journal import Recorded
from leadlark.store import Record
from leadlark.testing.journaling import entry, unit

REVISION: Final = """\
from alembic import op
revision = {revision!r}
down_revision = {before!r}
def upgrade() -> None:
    op.execute("CREATE TABLE made_{revision} (id bigint)")
    {end}
    op.execute("INSERT INTO made_{revision} (id) VALUES (1)")
"""
KILLED: Final = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
CHILD: Final = """\
import sys
from pathlib import Path
from leadlark.adapters.migrations.upgrade import upgrade
upgrade(sys.argv[1], revisions=Path(sys.argv[2]), to="0004")
"""
CATALOGUE: Final = (
    "SELECT table_name, column_name, ordinal_position, data_type, collation_name, is_nullable, "
    "column_default, is_identity FROM information_schema.columns WHERE table_schema = '{schema}' "
    "ORDER BY 1, 3",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = '{schema}' "
    "ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = '{schema}'::regnamespace ORDER BY 1, 2",
    "SELECT sequencename, data_type, start_value, increment_by FROM pg_sequences "
    "WHERE schemaname = '{schema}' ORDER BY 1",
)


def schema_of(file: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        found = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        versions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        pragmas = (
            connection.execute("PRAGMA application_id"),
            connection.execute("PRAGMA user_version"),
        )
        return [*connection.execute(found), *versions, *(each.fetchone() for each in pragmas)]


def catalogue(postgres: PostgresServer, url: str) -> list[list[tuple[Any, ...]]]:
    schema = url.rpartition("%3D")[2]
    found = [postgres.run(each.format(schema=schema)) for each in CATALOGUE]
    named: list[list[tuple[Any, ...]]] = [
        [tuple(str(cell).replace(f"{schema}.", "") for cell in row) for row in each]
        for each in found
    ]
    return [*named, rows(url, "SELECT version_num FROM alembic_version")]


def revisions(folder: Path, end: str) -> Path:
    """The revisions, and two more, the second of which ends in its midst."""
    made = folder / "revisions"
    copytree(REVISIONS, made, ignore=ignore_patterns("__pycache__"), dirs_exist_ok=True)
    write(made, "0003", "0002", "pass")
    write(made, "0004", "0003", end)
    return made


def write(folder: Path, revision: str, before: str, end: str) -> None:
    text = REVISION.format(revision=revision, before=before, end=end)
    (folder / "versions" / f"v{revision}.py").write_text(text, encoding="utf-8")


def killed(url: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, url, str(folder)], capture_output=True, check=False
    )
    assert -9 == done.returncode, done.stderr.decode()


def test_sqlite_tables_are_those_of_a_fresh_store(tmp_path: Path) -> None:
    """All revisions on an empty file give what a new store makes, and the store opens it."""
    leadlark.open_store(f"sqlite:///{tmp_path}/fresh.db").close()
    done = upgrade(f"sqlite:///{tmp_path}/upgraded.db")

    assert (NONE, VERSION) == (done.before, done.after)
    assert schema_of(tmp_path / "fresh.db") == schema_of(tmp_path / "upgraded.db")
    leadlark.open_store(f"sqlite:///{tmp_path}/upgraded.db").close()


def test_postgres_tables_are_those_of_a_fresh_store(postgres: PostgresServer) -> None:
    """Columns, indexes, constraints and sequences of both are equal, and the store opens it."""
    fresh, upgraded = postgres.empty(), postgres.empty()
    leadlark.open_store(fresh).close()
    done = upgrade(upgraded)

    assert (NONE, VERSION) == (done.before, done.after)
    assert catalogue(postgres, fresh) == catalogue(postgres, upgraded)
    leadlark.open_store(upgraded).close()


def test_the_last_revision_is_the_version() -> None:
    """Every revision follows the one before, and the last is the version that stores need."""
    names = sorted(path.stem for path in (REVISIONS / "versions").glob("v*.py"))
    numbers = [name.removeprefix("v") for name in names]

    assert [f"{number:04}" for number in range(1, len(numbers) + 1)] == numbers
    assert numbers[-1] == VERSION


def test_upgrading_again_changes_nothing(tmp_path: Path) -> None:
    """A database of this version stays as it is."""
    url = f"sqlite:///{tmp_path}/crm.db"
    leadlark.open_store(url).close()
    before = schema_of(tmp_path / "crm.db")

    assert (VERSION, VERSION) == (upgrade(url).before, upgrade(url).after)
    assert before == schema_of(tmp_path / "crm.db")


def test_a_file_of_the_first_release_is_taken_over(tmp_path: Path) -> None:
    """Tables of version 1 whose version stands in the head of the file keep their records."""
    file = tmp_path / "crm.db"
    leadlark.open_store(f"sqlite:///{tmp_path}/fresh.db").close()
    upgrade(f"sqlite:///{file}", to="0001")
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("INSERT INTO contact VALUES (7, NULL, NULL, '{\"NAME\": \"M\"}', '{}')")
        connection.execute("DROP TABLE alembic_version")
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(StoreError, match=r"run `leadlark db upgrade --store sqlite:///.*crm.db`"):
        leadlark.open_store(f"sqlite:///{file}")

    assert VERSION == upgrade(f"sqlite:///{file}").after
    assert schema_of(tmp_path / "fresh.db") == schema_of(file)
    with closing(open_bulk(f"sqlite:///{file}")) as bulk:
        assert 1 == bulk.count()


def test_a_store_of_version_1_gains_the_journal(url_of_version_1: str) -> None:
    """It is refused with the way out; once it is upgraded its records stand and it keeps rows."""
    way_out = r"have version 0001 and this LeadLark needs .* `leadlark db upgrade --store "
    for call in (leadlark.open_store, open_bulk):
        with pytest.raises(StoreError, match=way_out):
            call(url_of_version_1)

    done = upgrade(url_of_version_1)

    assert ("0001", VERSION) == (done.before, done.after)
    store: Any = leadlark.open_store(url_of_version_1)
    with store:
        assert [Record("contact", "7", {"NAME": "Maria"})] == list(store.records("contact"))
        row = entry(1, "a")
        assert [Decision, Recorded] == [
            type(each) for each in store.transact_all([unit(row), unit(row)])
        ]
        assert {"shop"} == store.addresses(["shop"])
        assert (1, 0) == store.purge("9")


@pytest.fixture(params=["sqlite", "postgresql"])
def url_of_version_1(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of version 1 that holds a contact."""
    statement = """INSERT INTO contact (id, fields, types) VALUES (7, '{"NAME": "Maria"}', '{}')"""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres").empty()
        upgrade(url, to="0001")
        rows(url, statement)
        return url
    upgrade(f"sqlite:///{tmp_path}/crm.db", to="0001")
    with closing(sqlite3.connect(tmp_path / "crm.db", isolation_level=None)) as connection:
        connection.execute(statement)
    return f"sqlite:///{tmp_path}/crm.db"


def test_a_killed_upgrade_of_sqlite_goes_on(tmp_path: Path) -> None:
    """Killed in the midst of a revision, those before it stand, and the next call does the rest."""
    url, file = f"sqlite:///{tmp_path}/crm.db", tmp_path / "crm.db"
    folder = revisions(tmp_path, KILLED)
    killed(url, folder)
    names = {row[1] for row in schema_of(file)[:-3]}
    assert "made_0003" in names
    assert "made_0004" not in names
    write(folder, "0004", "0003", "pass")

    done = upgrade(url, revisions=folder, to="0004")

    assert ("0003", "0004") == (done.before, done.after)
    assert "made_0004" in {row[1] for row in schema_of(file)[:-3]}


def test_a_killed_upgrade_of_postgres_goes_on(postgres: PostgresServer, tmp_path: Path) -> None:
    """The same on a server."""
    url = postgres.empty()
    folder = revisions(tmp_path, KILLED)
    killed(url, folder)
    found = "SELECT to_regclass('made_0003')::text, to_regclass('made_0004')::text"
    assert [("made_0003", None)] == rows(url, found)
    write(folder, "0004", "0003", "pass")

    done = upgrade(url, revisions=folder, to="0004")

    assert ("0003", "0004") == (done.before, done.after)
    assert [("made_0003", "made_0004")] == rows(url, found)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_failing_revision_leaves_nothing(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What a revision has done before it fails is taken back, and the message names the store."""
    url = f"sqlite:///{tmp_path}/crm.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").empty()
    folder = revisions(tmp_path, 'op.execute("INSERT INTO nowhere VALUES (1)")')

    with pytest.raises(StoreError, match=r"^(SQLite|PostgreSQL) store .*nowhere"):
        upgrade(url, revisions=folder, to="0004")

    write(folder, "0004", "0003", "pass")
    assert "0003" == upgrade(url, revisions=folder, to="0004").before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_upgrades_at_once_do_each_revision_one_time(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Four upgrades of one empty database end with its version, without an error."""
    url = f"sqlite:///{tmp_path}/crm.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").empty()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(_upgraded, [url] * 4))

    assert [VERSION] * 4 == done


def _upgraded(url: str) -> str:
    child = "import sys; from leadlark.adapters.migrations.upgrade import upgrade\n"
    child += "print(upgrade(sys.argv[1]).after)"
    done = subprocess.run(
        [sys.executable, "-c", child, url], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr


def test_newer_tables_are_left_alone(tmp_path: Path) -> None:
    """Tables of a version that is not known yet are refused, whoever asks."""
    url = f"sqlite:///{tmp_path}/crm.db"
    leadlark.open_store(url).close()
    with closing(sqlite3.connect(tmp_path / "crm.db", isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")

    for call in (upgrade, leadlark.open_store, open_bulk):
        with pytest.raises(StoreError, match="use the LeadLark that upgraded it or a newer one"):
            call(url)


def test_another_programs_tables_are_left_alone(postgres: PostgresServer, tmp_path: Path) -> None:
    """Databases of other programs are refused and not changed."""
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE contact (id)")
    url = postgres.empty()
    rows(url, "CREATE TABLE contact (id bigint)")

    with pytest.raises(StoreError, match="it is no LeadLark database; name another file"):
        upgrade(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="or name an empty database"):
        upgrade(url)
    assert [(None,)] == rows(url, "SELECT to_regclass('alembic_version')::text")


@pytest.mark.parametrize("url", ["memory:", "bitrix24+https://secret@host", "sqlite:x"])
def test_other_stores_are_refused(url: str) -> None:
    """What is no database is told of without what may be a password."""
    with pytest.raises(StoreUrlError) as refused:
        upgrade(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("version", "of_one", "known"),
    [("0001", {"claim"}, set(RECORD_TYPES)), ("0002", set(), {"journal", "address"})],
)
def test_revisions_have_sql_for_each_database(
    version: str, of_one: set[str], known: set[str]
) -> None:
    """No revision makes fewer tables in one database than in the other, claims aside."""
    made = {}
    for kind in ("sqlite", "postgresql"):
        text = (REVISIONS / "versions" / f"v{version}.{kind}.sql").read_text(encoding="utf-8")
        made[kind] = set(re.findall(r"CREATE (?:TABLE|(?:UNIQUE )?INDEX) (\w+)", text))

    assert of_one == made["sqlite"] ^ made["postgresql"]
    assert known < made["sqlite"]
