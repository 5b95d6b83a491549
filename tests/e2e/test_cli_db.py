"""``leadlark db`` as a real process: databases upgraded, checked and exported."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import Command
from postgres_server import PostgresServer, rows

import leadlark as package
from leadlark.adapters.version import VERSION
from leadlark.testing.holding import STORABLE

ORDERS: Final = "".join(
    json.dumps({"client_phone": f"+7 903 000-00-{n % 7:02}", "order_id": n, "client_name": "Я"})
    + "\n"
    for n in range(1, 12)
)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    name: str = request.param
    return name


@pytest.fixture
def store(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of an empty database of each kind."""
    if kind == "sqlite":
        return f"sqlite:///{folder}/crm.db"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.empty()


def run_sql(url: str, statement: str) -> None:
    file = url.removeprefix("sqlite:///")
    if file == url:
        rows(url, statement)
        return
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def other(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """Another empty database."""
    if kind == "sqlite":
        return f"sqlite:///{folder}/other.db"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.empty()


def filled(leadlark: Command, folder: Path, url: str) -> None:
    """Records by requests, and records with every value that stores hold."""
    (folder / "orders.ndjson").write_text(ORDERS, encoding="utf-8")
    ran = leadlark("run", "shop.channel", "orders.ndjson", "--store", url)
    assert 0 == ran.status, ran.err
    with package.open_store(url) as store:
        several = {f"UF_{number}": value for number, value in enumerate(STORABLE)}
        add: Any = store.add  # type: ignore[attr-defined]
        add([package.Record("contact", "1000", {"PHONE": ["84712773120", "x"], **several})], "RU")
        add([package.Record("lead", str(2**63 - 1), {}, {}, "NEW", "a", ("1000", "1"))])
    for number in range(5):
        run_sql(url, f"INSERT INTO comment (type, record, text) VALUES ('deal', 1, 'c{number}')")


def exported(leadlark: Command, url: str) -> list[Any]:
    ran = leadlark("db", "export", "--store", url)
    assert (0, "") == (ran.status, ran.err)
    return [json.loads(line) for line in ran.out.splitlines()]


def test_what_is_exported_comes_back(
    kind: str, leadlark: Command, folder: Path, store: str, request: pytest.FixtureRequest
) -> None:
    """Export, import into another database, export: both files are equal, byte by byte."""
    filled(leadlark, folder, store)
    into = other(kind, folder, request)
    first = leadlark("db", "export", "--store", store, "--output", "first.ndjson")
    loaded = leadlark("import", "first.ndjson", "--store", into, "--region", "RU")
    leadlark("db", "export", "--store", into, "--output", "second.ndjson")

    assert (0, "", "20 records written to first.ndjson\n") == (first.status, first.out, first.err)
    assert (0, "") == (loaded.status, loaded.err)
    assert (folder / "first.ndjson").read_bytes() == (folder / "second.ndjson").read_bytes()
    again = leadlark("import", "first.ndjson", "--store", into, "--region", "RU")
    assert "already there  8 contacts, 1 lead, 11 deals\n" in again.out
    assert 0 == leadlark("db", "check", "--store", into, "--region", "RU").status


def test_records_move_from_sqlite_to_postgres(
    leadlark: Command, folder: Path, postgres: PostgresServer
) -> None:
    """Export from one kind of database and import into the other lose nothing."""
    one, two = f"sqlite:///{folder}/crm.db", postgres.empty()
    filled(leadlark, folder, one)
    leadlark("db", "export", "--store", one, "--output", "a.ndjson")
    leadlark("import", "a.ndjson", "--store", two, "--region", "RU")

    assert exported(leadlark, one) == exported(leadlark, two)


def test_an_export_has_the_names_of_case_files(leadlark: Command, folder: Path, store: str) -> None:
    """A line is a record with its type, and what it does not have is left out."""
    filled(leadlark, folder, store)
    lines = exported(leadlark, store)
    deal = next(line for line in lines if (line["type"], line["id"]) == ("deal", "1"))

    assert ["contact"] * 8 + ["lead"] + ["deal"] * 11 == [line["type"] for line in lines]
    assert {
        "type": "deal",
        "id": "1",
        "fields": {"TITLE": "Order #1", "UF_CRM_ORDER_ID": 1},
        "status": "NEW",
        "contacts": ["1"],
        "comments": ["c0", "c1", "c2", "c3", "c4"],
    } == deal


def test_a_store_that_requests_have_filled_is_fine(
    leadlark: Command, folder: Path, store: str
) -> None:
    """The keys that deciding writes are those that the values have."""
    filled(leadlark, folder, store)
    ran = leadlark("db", "check", "--store", store, "--format", "json")
    told = json.loads(ran.out)

    assert (0, 20, VERSION, []) == (ran.status, told["records"], told["version"], told["faults"])
    assert (0, 0, 1) == (told["missing_keys"], told["stray_keys"], told["undecided"])
    assert (
        0
        == json.loads(
            leadlark("db", "check", "--store", store, "--region", "RU", "--format", "json").out
        )["undecided"]
    )


def test_wrong_keys_are_found(leadlark: Command, folder: Path, store: str) -> None:
    """A key that a value lacks, and one that no value has, are told with their record."""
    filled(leadlark, folder, store)
    run_sql(store, "DELETE FROM search_key WHERE field = 'UF_CRM_ORDER_ID' AND record = 3")
    run_sql(store, "INSERT INTO search_key VALUES ('contact', 'PHONE', '+79990000000', 2)")
    ran = leadlark("db", "check", "--store", store)

    assert 1 == ran.status
    assert ran.out.endswith(
        "20 records: it is damaged\n"
        "  1 search key of values missing: records are not found by them\n"
        "  1 search key of no value: records are found by them wrongly\n"
        "    contact 2: PHONE +79990000000 is of no value\n"
        "    deal 3: UF_CRM_ORDER_ID 3 is missing\n"
        "  1 record with phones without a country code not looked at; add --region\n"
        "  Export the records and import them into a new database: that makes keys.\n"
    )


def test_rows_of_no_record_are_found(leadlark: Command, folder: Path, store: str) -> None:
    """Links, keys, comments and activities of records that are not there are counted."""
    filled(leadlark, folder, store)
    run_sql(store, "DELETE FROM deal WHERE id = 4")
    run_sql(store, "INSERT INTO comment (type, record, text) VALUES ('lead', 77, 'x')")
    ran = leadlark("db", "check", "--store", store, "--format", "json")

    assert 1 == ran.status
    assert [
        "1 comments on leads that are not there, the first of lead 77",
        "2 search keys of deals that are not there, the first of deal 4",
        "1 links of deals that are not there, the first of deal 4",
    ] == json.loads(ran.out)["faults"]


def test_a_damaged_file_is_told(leadlark: Command, folder: Path) -> None:
    """What SQLite finds in a file that is not whole is told, and the status is not 0."""
    url = f"sqlite:///{folder}/crm.db"
    filled(leadlark, folder, url)
    run_sql(url, "PRAGMA wal_checkpoint(TRUNCATE)")
    file = folder / "crm.db"
    data = bytearray(file.read_bytes())
    for page in range(4, len(data) // 4096):
        data[page * 4096 + 200 : page * 4096 + 3800] = bytes(3600)
    file.write_bytes(data)
    ran = leadlark("db", "check", "--store", url)

    assert ran.status in (1, 3)
    assert "damaged" in ran.out + ran.err


def test_upgrade_makes_tables(leadlark: Command, store: str) -> None:
    """An empty database gets its tables; a second call says that there is nothing to do."""
    first = leadlark("db", "upgrade", "--store", store, "--format", "json")
    second = leadlark("db", "upgrade", "--store", store)

    assert 0 == first.status, first.err
    told = json.loads(first.out)
    assert ("0000", VERSION) == (told["before"], told["after"])
    assert second.out.endswith(f": its tables have version {VERSION} already\n")
    assert [] == exported(leadlark, store)


def test_an_old_version_is_told_with_the_way_out(leadlark: Command, store: str) -> None:
    """Every command refuses tables of another version and names what to do."""
    leadlark("db", "upgrade", "--store", store)
    run_sql(store, "UPDATE alembic_version SET version_num = '0000'")
    for call in (("db", "check"), ("db", "export"), ("run", "shop.channel", "order.json")):
        ran = leadlark(*call, "--store", store)

        assert (3, "") == (ran.status, ran.out)
        assert "run `leadlark db upgrade --store " in ran.err
        assert "p%40ss" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "--store", "sqlite:///none.db"), "sqlite:///none.db: there is no file none.db"),
        (("export", "--store", "memory:"), "a store in memory is empty at every start"),
        (("repair", "--store", "sqlite:///none.db"), "invalid choice: 'repair'"),
        (("check", "--store", "sqlite:///a.db", "--output", "x"), "--output is for db export"),
        (("export", "--store", "sqlite:///a.db", "--region", "RU"), "--region is for db check"),
        (("export", "--store", "sqlite:///a.db", "--output", "a.db-wal"), "is read by this call"),
        (("export", "--store", "sqlite:///a.db", "--output", "shop.channel"), "would replace"),
    ],
)
def test_calls_at_fault(leadlark: Command, arguments: tuple[str, ...], message: str) -> None:
    """What is wrong with the call is one sentence and status 2."""
    ran = leadlark("db", *arguments)

    assert (2, "") == (ran.status, ran.out)
    assert message in ran.err


def test_a_file_of_another_program_is_left_alone(leadlark: Command, folder: Path) -> None:
    """What is no database of LeadLark is not changed by any of the commands."""
    before = (folder / "shop.channel").read_bytes()
    for action in ("upgrade", "check", "export"):
        ran = leadlark("db", action, "--store", "sqlite:///shop.channel")

        assert (3, "") == (ran.status, ran.out)
        assert "it is no LeadLark database; name another file" in ran.err
    assert before == (folder / "shop.channel").read_bytes()


def test_a_missing_package_is_named(folder: Path) -> None:
    """Without alembic an upgrade says what to install; checks and exports do without."""
    code = "import sys; sys.modules['alembic'] = None\n"
    code += "from leadlark.cli import main; sys.exit(main(sys.argv[1:]))"
    package.open_store(f"sqlite:///{folder}/crm.db").close()
    done = {}
    for action in ("upgrade", "check", "export"):
        done[action] = subprocess.run(
            [sys.executable, "-c", code, "db", action, "--store", "sqlite:///crm.db"],
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
        )

    assert [3, 0, 0] == [each.returncode for each in done.values()]
    assert done["upgrade"].stderr.endswith("install it with `pip install alembic`\n")


def test_export_to_what_is_no_file(leadlark: Command, tmp_path: Path) -> None:
    """A device or a pipe is written to and stays what it is; a link stays one."""
    store = f"sqlite:///{tmp_path / 'crm.db'}"
    leadlark("db", "upgrade", "--store", store)
    pipe, link, file = tmp_path / "pipe", tmp_path / "link", tmp_path / "file"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    file.write_text("old")
    link.symlink_to(file)
    try:
        assert 0 == leadlark("db", "export", "--store", store, "--output", str(pipe)).status
        assert 0 == leadlark("db", "export", "--store", store, "--output", str(link)).status
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert (True, "") == (link.is_symlink(), file.read_text())
