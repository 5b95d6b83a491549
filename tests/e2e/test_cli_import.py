"""``leadlark import`` as a real process: what it adds, leaves, reports, and goes on with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import Command, Ran
from postgres_server import PostgresServer

import leadlark as package
from leadlark.adapters.bulk import open_bulk

CLIENTS: Final = """\
id;NAME;PHONE.MOBILE;PHONE;EMAIL;UF_CODE
1;Мария;8 (471) 277-31-20;;maria@example.com;C-1
2;"Иван
Петров";+7 903 123-45-67, +7 471 277-31-20;84712773121;;C-2
3;Анна;нет;;anna@example.com, boss@example.org;C-3
"""
DEALS: Final = (
    '{"type": "contact", "id": 1, "fields": {"PHONE": ["+74712773120"]}}',
    '{"type": "deal", "id": "5", "status": "NEW", "responsible": 12, "contacts": [1], '
    '"fields": {"TITLE": "Order", "UF_SUM": 3500.00}, "comments": ["first", "second"], '
    '"activities": [{"subject": "Call", "due": "2026-01-01T01:00:00Z", "responsible": "12"}]}',
)
RU: Final = ("--type", "contact", "--region", "RU")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{folder}/crm.db"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.empty()


def records(url: str, type: Any = "contact") -> list[package.Record]:
    with closing(open_bulk(url)) as bulk:
        return [each.stored.record for each in bulk.read(type)]


def imported(leadlark: Command, *arguments: str, stdin: str | bytes = b"") -> tuple[Ran, Any]:
    ran = leadlark("import", *arguments, "--format", "json", stdin=stdin)
    return ran, json.loads(ran.out) if ran.out else None


def test_csv_becomes_contacts(leadlark: Command, folder: Path, store: str) -> None:
    """Columns are fields; phones and e-mails are split, normalised, and have their value types."""
    (folder / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    ran = leadlark("import", "clients.csv", "--store", store, *RU)

    assert (0, "") == (ran.status, ran.err)
    assert "3 records read\n  added          3 contacts\n" in ran.out
    first, second, third = records(store)
    assert {
        "NAME": "Мария",
        "PHONE": ["+74712773120"],
        "EMAIL": ["maria@example.com"],
        "UF_CODE": "C-1",
    } == first.fields
    assert ["+79031234567", "+74712773120", "+74712773121"] == second.fields["PHONE"]
    assert ("MOBILE", "MOBILE", "WORK") == tuple(second.types["PHONE"])
    assert "Иван\nПетров" == second.fields["NAME"]
    assert ["anna@example.com", "boss@example.org"] == third.fields["EMAIL"]
    assert ["нет"] == third.fields["PHONE"]


def test_shared_keys_and_values_without_a_key_are_told(
    leadlark: Command, folder: Path, store: str
) -> None:
    """Phones of several contacts are listed with their ids; a phone that is none is told."""
    (folder / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    ran = leadlark("import", "clients.csv", "--store", store, *RU)

    assert ran.out.endswith(
        "  without key    1, whose phone or e-mail is none, the first clients.csv:5: нет\n"
        "\n1 value leads to several contacts (PHONE 1):\n"
        "  PHONE +74712773120  2 contacts: 1, 2\n"
    )
    _, told = imported(leadlark, "clients.csv", "--store", store, *RU)
    shared = {"field": "PHONE", "value": "+74712773120", "count": 2, "contacts": ["1", "2"]}
    assert {"count": 1, "by_field": {"PHONE": 1}, "examples": [shared]} == told["shared_keys"]


def test_requests_find_what_is_imported(leadlark: Command, folder: Path, store: str) -> None:
    """A contact is found by its phone, however that was written; new ids go on above it."""
    (folder / "clients.csv").write_text(CLIENTS.replace("\n3;", "\n41;"), encoding="utf-8")
    leadlark("import", "clients.csv", "--store", store, *RU)
    order = '{"client_phone": "8-903-123-45-67", "order_id": 1}'
    found = leadlark("run", "shop.channel", "-", "--store", store, "--format", "json", stdin=order)
    new = '{"client_phone": "+7 903 000-00-00", "order_id": 2}'
    made = leadlark("run", "shop.channel", "-", "--store", store, "--format", "json", stdin=new)

    assert ["2"] == json.loads(found.out)["contact"]["ids"]
    assert ["42"] == json.loads(made.out)["contact"]["ids"]


def test_importing_again_adds_nothing(leadlark: Command, folder: Path, store: str) -> None:
    """Equal records are there already; another one with a taken id is reported and left out."""
    (folder / "clients.csv").write_text(CLIENTS, encoding="utf-8")
    leadlark("import", "clients.csv", "--store", store, *RU)
    (folder / "clients.csv").write_text(CLIENTS.replace("Анна", "Инна"), encoding="utf-8")
    ran, told = imported(leadlark, "clients.csv", "--store", store, *RU)

    assert (1, {}, {"contact": 2}, 1) == (
        ran.status,
        told["added"],
        told["already_there"],
        told["differing"],
    )
    message = "clients.csv:5: contact 3 is there already with other content and left as it is\n"
    assert message == ran.err
    assert "Анна" == records(store)[2].fields["NAME"]


def test_ndjson_has_all_of_a_record(leadlark: Command, folder: Path, store: str) -> None:
    """Links, status, responsible, comments and activities come along, numbers with their digits."""
    (folder / "deals.ndjson").write_text("\n".join(DEALS), encoding="utf-8")
    ran, told = imported(leadlark, "deals.ndjson", "--store", store)

    assert (0, {"contact": 1, "deal": 1}) == (ran.status, told["added"])
    (deal,) = records(store, "deal")
    assert (("1",), "NEW", "12") == (deal.contacts, deal.status, deal.responsible)
    assert "3500.00" == str(deal.fields["UF_SUM"])
    with package.open_store(store) as opened:
        assert ("first", "second") == opened.comments("deal", "5")  # type: ignore[attr-defined]
        (task,) = opened.tasks("deal", "5")  # type: ignore[attr-defined]
        assert ("Call", "2026-01-01T01:00:00Z", "12") == (task.subject, task.due, task.responsible)


def test_links_need_their_contacts(leadlark: Command, folder: Path, store: str) -> None:
    """A deal whose contact is not there is not added; once the contact is, the same call does."""
    contact, deal = DEALS
    (folder / "deals.ndjson").write_text(deal, encoding="utf-8")
    ran, told = imported(leadlark, "deals.ndjson", "--store", store)
    assert (1, 1, {}) == (ran.status, told["failed"], told["added"])
    assert "deals.ndjson:1: there is no contact 1 to link deal 5 to; import the" in ran.err

    imported(leadlark, "-", "--store", store, stdin=contact)
    ran, told = imported(leadlark, "deals.ndjson", "--store", store)
    assert (0, {"deal": 1}) == (ran.status, told["added"])


MISTAKES: Final = {
    "x;a": "the id 'x' is no positive integer",
    "007;a": "the id '007' is no positive integer",
    ";a": "there is no id; import needs those of the CRM, so that the same record is not added "
    "again when the import is repeated",
    "9223372036854775808;a": "the id 9223372036854775808 is too large: the largest is "
    "9223372036854775807",
    "1": "the row has 1 cells and the header 2",
    "1;a\r2;b": "a lone carriage return stands outside of quotes; end lines with LF or CRLF",
    "1;a;b": "the row has 3 cells and the header 2",
    '1;"a"b': "the quotes of a cell are not closed where it ends; write a quote in a cell twice",
    "1;"
    + "x" * 200_000: "a cell has more than 131,072 characters; perhaps its quote is not closed",
    "1;a\0b": "field 'NAME' of contact 1 holds a NUL character, which stores cannot keep",
}


@pytest.mark.parametrize("row", MISTAKES)
def test_a_row_that_cannot_be_read_stops_no_other(
    leadlark: Command, folder: Path, row: str
) -> None:
    """Its file, line and reason are told, the others are added, and the status is 1."""
    (folder / "a.csv").write_text(f"id;NAME\n8;before\n{row}\n9;after\n", encoding="utf-8")
    ran = leadlark("import", "a.csv", "--store", "sqlite:///crm.db", "--type", "contact")

    assert (1, f"a.csv:3: {MISTAKES[row]}\n") == (ran.status, ran.err)
    assert ["8", "9"] == [each.id for each in records(f"sqlite:///{folder}/crm.db")]


LINES: Final = {
    "[1]": "the line is no JSON object; write one record a line",
    '{"id": 1, "fields": {}': "Broken JSON: the text ends before the JSON value is complete "
    "(at column 23)",
    '{"id": 1}': "the record has no type; write contact, lead or deal, or name that of all by "
    "--type",
    '{"type": "client", "id": 1}': "the type 'client' is none of contact, lead, deal",
    '{"type": "deal", "id": true}': "`id` holds what is no text",
    '{"type": "deal", "id": 1, "feilds": {}}': "unknown key 'feilds'; did you mean 'fields'?",
    '{"type": "deal", "id": 1, "fields": []}': "`fields` is no object",
    '{"type": "contact", "id": 1, "contacts": [2]}': "a contact is linked to contacts; only leads "
    "and deals are",
    '{"type": "deal", "id": 1, "activities": [1]}': "an activity is an object of `subject`, `due` "
    "and `responsible`",
}


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_cannot_be_read_stops_no_other(
    leadlark: Command, folder: Path, line: str
) -> None:
    """The same for NDJSON."""
    whole = '{"type": "deal", "id": 8}'
    (folder / "a.ndjson").write_text(f"{line}\n\n{whole}\n", encoding="utf-8")
    ran = leadlark("import", "a.ndjson", "--store", "sqlite:///crm.db")

    assert (1, f"a.ndjson:1: {LINES[line]}\n") == (ran.status, ran.err)
    assert ["8"] == [each.id for each in records(f"sqlite:///{folder}/crm.db", "deal")]


HEADERS: Final = {
    "": "the file is empty; its first line names the columns",
    "NAME,PHONE": "the header has no column id; import needs it: without the CRM's ids a repeated "
    "import would add every record again",
    "ID,NAME": "the header has no column id; if 'ID' holds it, add --column ID=id: without the "
    "CRM's ids a repeated import would add every record again",
    "id,NAME": "the header has no column type; say what the rows are, as in --type contact",
    "id,type,NAME,NAME": "the header has two columns 'NAME'; leave one of them out",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_cannot_be_used_is_told(leadlark: Command, folder: Path, header: str) -> None:
    """Nothing of such a file is added, and the way out is named."""
    (folder / "a.csv").write_text(f"{header}\n1,2\n" if header else "", encoding="utf-8")
    ran = leadlark("import", "a.csv", "--store", "sqlite:///crm.db")

    assert (1, "", f"leadlark: a.csv: {HEADERS[header]}\n") == (ran.status, ran.out, ran.err)


def test_columns_may_be_renamed(leadlark: Command, folder: Path) -> None:
    """--column says what the columns of an export are, value types among them."""
    text = "ID\tТелефон\tTYPE=X\n7\t+7 471 277-31-20\ty\n"
    (folder / "a.csv").write_text(text, encoding="utf-8-sig")
    named = ("--column", "ID=id", "--column", "Телефон=PHONE.HOME", "--column", "TYPE=X=UF_X")
    store = ("--store", "sqlite:///crm.db")
    ran = leadlark("import", "a.csv", *store, "--type", "contact", *named)

    assert (0, "") == (ran.status, ran.err)
    (record,) = records(f"sqlite:///{folder}/crm.db")
    assert {"PHONE": ["+74712773120"], "UF_X": "y"} == record.fields
    assert ("HOME",) == tuple(record.types["PHONE"])
    wrong = leadlark("import", "a.csv", *store, "--type", "contact", "--column", "A=B")
    assert "--column 'A': the header has no such column" in wrong.err


def test_delimiter_and_encoding_may_be_named(leadlark: Command, folder: Path) -> None:
    """Windows-1251 is told of and read where it is named; a delimiter is found or named."""
    text = "id,type,NAME,NOTE\n1,contact,Мария Иванова;,a;b;c;d\n"
    (folder / "a.csv").write_bytes(text.encode("windows-1251"))
    arguments = ("a.csv", "--store", "sqlite:///crm.db")
    told = leadlark("import", *arguments)
    ran = leadlark("import", *arguments, "--encoding", "windows-1251", "--delimiter", ",")

    sentence = "they look like Windows-1251: add --encoding windows-1251"
    assert f"a.csv:2: the bytes are no UTF-8 text; {sentence}\n" == told.err
    assert (0, "") == (ran.status, ran.err)
    (record,) = records(f"sqlite:///{folder}/crm.db")
    assert {"NAME": "Мария Иванова;", "NOTE": "a;b;c;d"} == record.fields


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.csv", "--store", "sqlite:///crm.db"), "none.csv: no such file or folder"),
        (("order.json", "--store", "memory:"), "a store in memory is empty at every start"),
        (("order.json", "--store", "mysql://u:secret@h/d"), "'mysql' is no database"),
        (("order.json",), "the following arguments are required: --store"),
        (("order.json", "--store", "sqlite:///a.db", "--region", "XX"), "--region 'XX' is no ISO"),
        (("order.json", "--store", "sqlite:///a.db", "--encoding", "hex"), "--encoding 'hex' is"),
        (("order.json", "--store", "sqlite:///a.db", "--column", "id"), "is not of the form"),
    ],
)
def test_calls_at_fault(leadlark: Command, arguments: tuple[str, ...], message: str) -> None:
    """What is wrong with the call is one sentence, without a password, and status 2."""
    ran = leadlark("import", *arguments)

    assert (2, "") == (ran.status, ran.out)
    assert message in ran.err
    assert "secret" not in ran.err


def test_terminal_controls_are_shown_not_obeyed(leadlark: Command, folder: Path) -> None:
    """What stands in a file does not reach the terminal as it is."""
    (folder / "a.csv").write_text("id,type,PHONE\n\x1b[2J,contact,\n1,contact,\x1b]0;x\n", "utf-8")
    ran = leadlark("import", "a.csv", "--store", "sqlite:///crm.db")

    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_import_goes_on(
    kind: str, leadlark: Command, folder: Path, request: pytest.FixtureRequest
) -> None:
    """Killed and started again, it adds what is missing and nothing twice."""
    url = f"sqlite:///{folder}/crm.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres").empty()
    rows = [f"{id},contact,+7903{id:07}\n" for id in range(1, 12_001)]
    (folder / "a.csv").write_text("id,type,PHONE\n" + "".join(rows), encoding="utf-8")
    command = [sys.executable, "-m", "leadlark", "import", "a.csv", "--store", url]
    package.open_store(url).close()
    with closing(open_bulk(url)) as bulk:
        process = subprocess.Popen(command, cwd=folder)
        while not bulk.count() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = bulk.count()
    ran, told = imported(leadlark, "a.csv", "--store", url)

    assert 0 < before < 12_000
    assert (0, 12_000) == (ran.status, told["added"]["contact"] + told["already_there"]["contact"])
    assert 12_000 == len(records(url))
    assert 0 == told["shared_keys"]["count"]
    assert 0 == leadlark("db", "check", "--store", url).status
