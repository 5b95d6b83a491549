"""``leadlark journal`` as a real process, on what the intake has kept."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from conftest import Command
from postgres_server import PostgresServer

import leadlark as package
from leadlark.adapters.gathering import Gathered
from leadlark.intake.receiving import Intake
from leadlark.proof.received import Received

ID: Final = "019b79e8-6400-7000-8000-{:012}"
ORDER: Final = {"client_phone": 74712773120, "client_name": "Мария", "order_id": 6510}
FORM: Final = b"client_phone=%2B7+903+123-45-67&client_name=Bob&order_id=6512"
SENT: Final[tuple[tuple[bytes, dict[str, Any]], ...]] = (
    (json.dumps(ORDER).encode(), {"id": b"ord-6510"}),
    (json.dumps(ORDER).encode(), {"id": b"ord-6510"}),
    (json.dumps({**ORDER, "order_id": 6511}).encode(), {"address": "old-shop"}),
    (FORM, {"type": b"application/x-www-form-urlencoded"}),
    (b"{'client_phone': 74712773120}", {}),
    (b'{"client_name": "Bob", "order_id": 6513}', {}),
    (b'{"test": 1}', {}),
    (json.dumps([{**ORDER, "order_id": n} for n in (7000, 7001)]).encode(), {}),
)
NUMBERS: Final = (8, 7, 6, 5, 4, 3, 2, 1)
ACTIONS: Final = (
    *("create", "create", "ignore", "reject"),
    *("unreadable", "create", "create", "create"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, folder: Path, shop_rules: str) -> str:
    """The URL of a store whose journal tells of what was sent."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/crm.db"
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.empty()
    fill(url, shop_rules)
    return url


@pytest.fixture
def lite(folder: Path, shop_rules: str) -> str:
    """The same in SQLite alone."""
    url = "sqlite:///crm.db"
    fill(f"sqlite:///{folder}/crm.db", shop_rules)
    return url


def fill(url: str, rules: str) -> None:
    asyncio.run(_sent(url, package.loads(rules, filename="shop.channel").only()))


async def _sent(url: str, channel: package.Channel) -> None:
    times = (datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=n) for n in range(100))
    ids = (ID.format(n) for n in range(1, 100))
    async with Gathered(package.open_store(url)) as gathered:
        intake = Intake(gathered, lambda _: [], lambda: next(ids), lambda: next(times))
        for body, given in SENT:
            headers = [(b"content-type", given.get("type", b"application/json"))]
            headers += [(b"idempotency-key", given["id"])] if "id" in given else []
            received = Received("POST", b"", headers, body)
            await intake.answer(channel, given.get("address", "shop-orders"), received)
    with package.open_store(url) as store:
        store.addresses(["shop-orders", "old-shop"])  # type: ignore[attr-defined]


def listed(leadlark: Command, store: str, *options: str) -> list[dict[str, Any]]:
    ran = leadlark("journal", "list", "--store", store, "--format", "json", *options)
    assert 0 == ran.status, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def on_a_terminal(folder: Path, columns: int, *arguments: str) -> str:
    """What a terminal of so many columns shows."""
    leader, follower = pty.openpty()
    with closing(os.fdopen(leader, "rb", buffering=0)) as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "leadlark", *arguments],
            stdout=follower,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1"},
        )
        os.close(follower)
        shown = b""
        while True:
            try:
                chunk = stream.read(65536)
            except OSError:  # the terminal is gone with its process
                break
            if not chunk:
                break
            shown += chunk
        process.wait()
    return shown.decode()


def test_decisions_are_listed_newest_first(leadlark: Command, store: str) -> None:
    """A line for each, with everything that tells them apart."""
    lines = listed(leadlark, store)

    assert NUMBERS == tuple(each["number"] for each in lines)
    assert ACTIONS == tuple(each["action"] for each in lines)
    assert [1, 0] == [each["part"] for each in lines[:2]]
    assert (400, 422) == (lines[4]["status"], lines[3]["status"])
    first = lines[-1]
    assert (2, {"type": "deal", "ids": ["1"]}, {"ids": ["1"]}) == (
        first["attempts"],
        first["entity"],
        first["contact"],
    )
    assert ("2026-01-01T12:00:00.000Z", "no deal found") == (first["received"], first["reason"])
    assert ("shop-orders", "old-shop") == (lines[6]["channel"], lines[6]["address"])


def test_a_list_is_plain_columns_in_a_pipe(leadlark: Command, lite: str) -> None:
    """With a head, the ids of deliveries and whole reasons; nothing on standard error."""
    ran = leadlark("journal", "list", "--store", lite)
    head, *lines = ran.out.splitlines()

    assert (0, "") == (ran.status, ran.err)
    assert [
        *("row", "delivery", "time (UTC)", "channel", "decision"),
        *("record", "contact", "sent", "why"),
    ] == re.split(r"\s{2,}", head)
    assert (
        f"1    {ID.format(1)}  2026-01-01 12:00:00  shop-orders                     "
        "create      200  deal 1  1        2x    no deal found"
    ) == lines[-1]
    assert "shop-orders (sent to old-shop)  create" in lines[-2]
    assert "Broken JSON" in lines[4]


@pytest.mark.parametrize("columns", [80, 100, 200])
def test_a_list_fits_a_terminal(folder: Path, lite: str, columns: int) -> None:
    """Lines are as long as it is wide at most; a wide one has room for ids."""
    shown = on_a_terminal(folder, columns, "journal", "list", "--store", lite).splitlines()

    assert 9 == len(shown)
    assert max(map(len, shown)) <= columns
    assert (columns == 200) == (ID.format(1) in shown[-1])
    assert "…" in shown[5] or columns == 200


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--action", "reject"], (5 - 1,)),
        (["--action", "reject", "--action", "unreadable"], (5, 4)),
        (["--channel", "shop-orders", "--limit", "2"], (8, 7)),
        (["--channel", "other"], ()),
        (["--before", "3"], (2, 1)),
        (["--since", "2026-01-01T12:06:00Z"], (8, 7, 6)),
        (["--until", "2026-01-01T12:02:00Z"], (1,)),
        (["--since", "2h"], ()),
        (["--text", "BOB"], (5, 3)),
        (["--text", "6511"], (2,)),
    ],
)
def test_rows_are_chosen(
    leadlark: Command, lite: str, options: list[str], numbers: tuple[int, ...]
) -> None:
    """By channel, action, time and text, and page by page."""
    lines = listed(leadlark, lite, *options)
    if "reject" in options:
        assert all(each["action"] in options for each in lines)
        assert len(numbers) == len(lines)
    else:
        assert numbers == tuple(each["number"] for each in lines)


def test_the_next_page_is_told(leadlark: Command, lite: str) -> None:
    """How many more there are, and what shows them."""
    ran = leadlark("journal", "list", "--store", lite, "--limit", "3")

    assert "leadlark: 5 more; the next page: add --before 6\n" == ran.err


def test_nothing_found_is_told_with_a_way_on(leadlark: Command, folder: Path, lite: str) -> None:
    """What may have become of a request that is not in the journal."""
    none = leadlark("journal", "list", "--store", lite, "--channel", "shop-order")
    with closing(sqlite3.connect(folder / "crm.db")) as connection, connection:
        connection.execute("DELETE FROM journal")
    empty = leadlark("journal", "list", "--store", lite)

    assert (0, "") == (none.status, none.out)
    assert "did you mean shop-orders?" in none.err
    assert "no row that this call asks for; a request that was refused" in none.err
    assert "the journal is empty" in empty.err


def test_a_list_shows_no_personal_data(leadlark: Command, folder: Path) -> None:
    """Neither phones nor names, whatever the rules write into their reasons."""
    text = (folder / "shop.channel").read_text("utf-8")
    named = text.replace('"test ping"', '"test of <client_name>, <client_phone>"')
    fill(f"sqlite:///{folder}/named.db", named.replace("<test> is present", "<order_id> > 0"))
    ran = leadlark("journal", "list", "--store", "sqlite:///named.db")

    assert "test of text-" in ran.out
    for trace in ("Мария", "Bob", "74712773120", "79031234567"):
        assert trace not in ran.out


def test_a_request_is_shown_with_all_that_became_of_it(leadlark: Command, store: str) -> None:
    """What came, how often, what was decided and answered, and how it comes about."""
    ran = leadlark("journal", "show", ID.format(1), "--store", store, "--rules", "shop.channel")

    assert (0, "") == (ran.status, ran.err)
    assert ran.out.startswith(
        f"request {ID.format(1)}\n"
        "  received  2026-01-01 12:00:00 UTC, POST /in/shop-orders\n"
        "  channel   shop-orders\n"
        "  delivered 2 times, and done once (request id ord-6510)\n"
    )
    for part in (
        "those given",
        "content-type: application/json",
        json.dumps(ORDER),
        f"read as   {json.dumps(ORDER, ensure_ascii=False)}",
        "decided then: create: no deal found",
        "contact 1: created",
        'answered: 200 {"request":',
        "explained now by the same rules",
        "(what this request created then is there now, and is found)",
        "searched",
    ):
        assert part in ran.out, part


def test_a_request_is_shown_as_json(leadlark: Command, lite: str) -> None:
    """All of it, the explanation too."""
    call = ("journal", "show", "7", "--store", lite, "--format", "json")
    told = json.loads(leadlark(*call, "--rules", "shop.channel").out)

    assert [7, 8] == [each["number"] for each in told["decisions"]]
    assert ["create", "create"] == [each["decision"]["action"] for each in told["decisions"]]
    assert 2 == len(told["explanations"])
    assert 2 == len(json.loads(told["answer"]["body"])["decisions"])
    assert (False, False, told["rules"]) == (told["purged"], told["masked"], told["rules_now"])
    bare = json.loads(leadlark(*call).out)
    assert (None, None) == (bare["explanations"], bare["rules_now"])


def test_an_unreadable_request_is_shown(leadlark: Command, lite: str) -> None:
    """With the place, and with what the code means where rules are given."""
    (number,) = (e["number"] for e in listed(leadlark, lite, "--action", "unreadable"))
    ran = leadlark("journal", "show", str(number), "--store", lite, "--rules", "shop.channel")

    assert "decided then: unreadable: P101: Broken JSON" in ran.out
    assert "answered: 400" in ran.out
    assert "what the code means" in ran.out


def test_a_request_is_shown_without_personal_data(leadlark: Command, lite: str) -> None:
    """Neither in the request nor in decisions, answers and explanations."""
    for number, format in ((1, "text"), (3, "json"), (4, "text"), (5, "text"), (7, "json")):
        call = ("journal", "show", str(number), "--store", lite, "--rules", "shop.channel")
        ran = leadlark(*call, "--mask", "--format", format)
        assert 0 == ran.status
        for trace in ("Мария", r"\u041c", "Bob", "4712773120", "903", "ord-6510"):
            assert trace not in ran.out, (number, format, trace)


def test_other_rules_are_told_of(leadlark: Command, folder: Path, lite: str) -> None:
    """An explanation by rules that did not decide says so; so does one without the channel."""
    text = (folder / "shop.channel").read_text("utf-8")
    (folder / "new.channel").write_text(text.replace("Order #", "No. "))
    (folder / "else.channel").write_text(text.replace("channel shop-orders", "channel other"))
    new = leadlark("journal", "show", "1", "--store", lite, "--rules", "new.channel")
    gone = leadlark("journal", "show", "1", "--store", lite, "--rules", "else.channel")

    assert "; those given are others (" in new.out
    assert "explained now by other rules than then" in new.out
    assert "the rules given have no channel shop-orders, and no default channel" in gone.out


def test_what_would_be_decided_now_is_compared(leadlark: Command, store: str) -> None:
    """The status is 0 where all stays as it was, else 1; nothing is written."""
    before = listed(leadlark, store)
    same = leadlark("journal", "replay", "4", "--store", store, "--rules", "shop.channel")
    call = ("journal", "replay", "--store", store, "--rules", "shop.channel")
    differs = leadlark(*call, "--channel", "shop-orders")
    told = leadlark(*call, "--action", "create", "--format", "json")

    assert (0, "") == (same.status, same.err)
    assert (1, "") == (differs.status, differs.err)
    head, *_ = differs.out.splitlines()
    assert head.startswith("7 requests: 3 would be decided otherwise now, 3 as recorded, 1 cannot")
    assert "create (no deal found) -> ignore (deal 1 found" in differs.out
    assert "create -> ignore: 4" in differs.out
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert ["compared", "compared", "no channel", "compared"] == [e["state"] for e in lines]
    assert "ignore" == lines[0]["decisions"][0]["now"]["action"]
    assert before == listed(leadlark, store)


def test_a_request_is_carried_out_again(leadlark: Command, folder: Path, store: str) -> None:
    """What new rules decide is written, as a request of its own that names the first one."""
    rules = (folder / "shop.channel").read_text("utf-8")
    (folder / "new.channel").write_text(re.sub(r"client_phone +phone +required", "client_phone phone", rules))  # fmt: skip  # noqa: E501
    (number,) = (e["number"] for e in listed(leadlark, store, "--action", "reject"))
    call = ("journal", "replay", str(number), "--store", store, "--rules", "new.channel", "--apply")
    refused = leadlark(*call)
    assert 8 == len(listed(leadlark, store))
    done = leadlark(*call, "--yes")
    (newest, *_) = listed(leadlark, store)

    assert (2, "") == (refused.status, refused.out)
    assert "add --yes" in refused.err
    assert (0, "leadlark: 1 request carried out\n") == (done.status, done.err)
    assert "reject -> create: 1" in done.out
    assert (9, "create", "replay") == (
        newest["number"],
        newest["action"],
        newest["reason"][:6],
    ) or (newest["replay_of"] is not None)
    shown = leadlark("journal", "show", newest["delivery"], "--store", store)
    assert f"replay of {newest['replay_of']}" in shown.out
    again = leadlark(*call[:2], "--since", "3000d", *call[3:7], "--format", "json")
    assert newest["delivery"] not in again.out  # replays are not replayed unless they are named


def test_requests_are_carried_out_from_the_oldest(leadlark: Command, lite: str) -> None:
    """In the order in which they came; what is decided as it was is left out."""
    call = ("--store", lite, "--rules", "shop.channel", "--channel", "shop-orders")
    ran = leadlark("journal", "replay", *call, "--apply", "--yes", "--format", "json")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    originals = [each["replay_of"] for each in lines]

    # What is decided as it was is not done again, unless it is named.
    assert [ID.format(1), ID.format(4), ID.format(8)] == originals
    assert (1, len(lines)) == (ran.status, len({each["delivery"] for each in lines}))
    named = leadlark("journal", "replay", "4", "5", *call[:4], "--apply", "--yes")
    assert "replayed as" in named.out
    assert "not carried out: Broken JSON" in named.err


def test_a_terminal_is_asked(folder: Path, lite: str) -> None:
    """Whoever does not say yes keeps everything as it is."""
    leader, follower = pty.openpty()
    call = ["journal", "replay", "4", "--store", lite, "--rules", "shop.channel", "--apply"]
    process = subprocess.Popen(
        [sys.executable, "-m", "leadlark", *call],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
        cwd=folder,
    )
    os.close(follower)
    os.write(leader, b"n\n")
    process.communicate()
    said = os.read(leader, 65536).decode()
    os.close(leader)

    assert 0 == process.returncode
    assert "[y/N]" in said
    with closing(sqlite3.connect(folder / "crm.db")) as connection:
        assert (8,) == connection.execute("SELECT count(*) FROM journal").fetchone()


def test_what_is_old_is_emptied_and_dropped(leadlark: Command, store: str) -> None:
    """Bodies go first, rows only where that is said; what is gone is told."""
    emptied = leadlark("journal", "purge", "--store", store, "--bodies-older-than", "14d")
    again = leadlark("journal", "purge", "--store", store, "--bodies-older-than", "14d")
    shown = leadlark("journal", "show", "1", "--store", store, "--rules", "shop.channel")
    replayed = leadlark("journal", "replay", "1", "--store", store, "--rules", "shop.channel")
    dropped = leadlark(
        *("journal", "purge", "--store", store, "--rows-older-than", "1w", "--format", "json")
    )

    assert "7 rows emptied: body, query and headers are gone\n" == emptied.out
    assert "0 rows emptied: body, query and headers are gone\n" == again.out
    assert "content   purged: body, query and headers are not kept any more" in shown.out
    assert 1 == replayed.status
    assert "the journal does not keep it any more" in replayed.out
    assert {"emptied": 0, "dropped": 8} == json.loads(dropped.out)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("show",), "takes one DELIVERY"),
        (("show", "99"), "the journal has no row 99"),
        (("show", "beef-beef"), "the journal has no delivery beef-beef"),
        (("show", "1", "--limit", "3"), "--limit is for journal list and journal replay"),
        (("list", "1"), "a DELIVERY is for journal show and journal replay"),
        (("list", "--since", "soon"), "--since 'soon' is no time; write how long ago"),
        (("replay", "1"), "needs --rules PATH"),
        (("replay", "--rules", "shop.channel"), "name deliveries, or choose them"),
        (("replay", "1", "--text", "a", "--rules", "shop.channel"), "not both"),
        (("replay", "1", "--yes", "--rules", "shop.channel"), "--yes is for"),
        (("purge",), "name what is old"),
        (("purge", "--bodies-older-than", "soon"), "is no age"),
        (("erase",), "invalid choice"),
    ],
)
def test_mistakes_of_a_call_are_told(
    leadlark: Command, lite: str, call: tuple[str, ...], said: str
) -> None:
    """One sentence with the way out, and the status 2."""
    ran = leadlark("journal", *call, "--store", lite)

    assert (2, "") == (ran.status, ran.out)
    assert said in ran.err


@pytest.mark.parametrize("url", ["memory:", "sqlite:///no.db", "bitrix24+https://secret@a.b"])
def test_only_databases_have_a_journal(leadlark: Command, url: str) -> None:
    """A store that is not there is not made, and no URL is shown that holds a secret."""
    ran = leadlark("journal", "list", "--store", url)

    assert 2 == ran.status
    assert "secret" not in ran.err
