"""``leadlark erase`` as a real process: a person is gone, and does not come back."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Command
from postgres_server import PostgresServer
from test_cli_journal import ID, fill

import leadlark as package


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, folder: Path, shop_rules: str) -> str:
    """The URL of a store that has taken requests of two people."""
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/crm.db"
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.empty()
    fill(url, shop_rules)
    return url


def test_a_person_is_removed_and_told_of_by_ids(leadlark: Command, store: str) -> None:
    """Counts and ids, never values; the second time there is nobody."""
    call = ("erase", "--phone", "8 (471) 277-31-20", "--region", "ru", "--store", store)
    done = leadlark(*call, "--yes")
    again = leadlark(*call, "--yes", "--format", "json")

    assert (0, "") == (done.status, done.err)
    assert [
        "removed:",
        "  contact 1, with keys, comments and activities",
        "  the person from deals 1, 2, 4, 5: links, comments and activities",
        "  the content of 5 journal rows of 4 requests",
        "  1 mark left, so that replays do not bring the person back",
        "left: the leads and deals themselves, which are the business's",
    ] == done.out.splitlines()
    told = json.loads(again.out)
    assert (1, False, []) == (again.status, told["found"], told["contacts"])
    assert told["erased_before"]
    assert 0 == leadlark("db", "check", "--store", store, "--region", "RU").status


def test_nothing_of_the_person_is_shown_any_more(leadlark: Command, store: str) -> None:
    """Neither by exports nor by the journal; the other person is there."""
    leadlark("erase", "--phone", "+74712773120", "--store", store, "--yes")
    out = leadlark("db", "export", "--store", store).out
    out += leadlark("journal", "list", "--store", store, "--format", "json").out
    for number in range(1, 9):
        out += leadlark("journal", "show", str(number), "--store", store, "--format", "json").out

    assert ("4712773120" in out, "Мария" in out, r"\u041c" in out) == (False, False, False)
    assert "+79031234567" in out
    shown = leadlark("journal", "show", "1", "--store", store).out
    assert "content   removed: the person was erased" in shown
    assert "delivered 2 times, and done once (request id ord-6510)" in shown


def test_a_replay_does_not_bring_the_person_back(
    leadlark: Command, store: str, folder: Path
) -> None:
    """Not even where a backup of the journal is restored; a new request is taken."""
    with package.open_store(store) as kept:
        rows = kept.entries(package_wanted())  # type: ignore[attr-defined]
    leadlark("erase", "--phone", "+74712773120", "--store", store, "--yes")
    restore(store, rows)
    call = ("journal", "replay", "--store", store, "--rules", "shop.channel", "--since", "9000d")
    would = leadlark(*call, "--action", "create")
    done = leadlark(*call, "--apply", "--yes")
    contacts = leadlark("db", "export", "--store", store).out

    assert "a person was erased" in would.out
    assert done.status == 1
    assert "4712773120" not in contacts
    (folder / "new.json").write_text(json.dumps({"client_phone": 74712773120, "order_id": 9000}))
    new = leadlark("run", "shop.channel", "new.json", "--store", store)
    assert 0 == new.status
    assert "4712773120" in leadlark("db", "export", "--store", store).out


def package_wanted() -> object:
    from leadlark.journal import Wanted  # noqa: PLC0415 (for one call)

    return Wanted(limit=1000)


def restore(store: str, rows: object) -> None:
    """Put rows of a backup behind those that are there."""
    from leadlark.decision import Decision  # noqa: PLC0415 (for one call)
    from leadlark.late_dataclass import replace  # noqa: PLC0415 (for one call)
    from leadlark.store import Deciding, Plan, Unit  # noqa: PLC0415 (for one call)

    def work() -> Deciding:
        return Plan(Decision("shop-orders", "ignore", "", "", 1))
        yield

    with package.open_store(store) as kept:
        for _, row in reversed(rows):  # type: ignore[call-overload]
            id = row.delivery.id.replace("019b79e8", "019b79e9")
            again = replace(row, delivery=replace(row.delivery, id=id), identity=None)
            kept.transact_all([Unit(work, lambda _, again=again: again)])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--phone", "8 471 277-31-20", "--yes"), "add --region CC"),
        (("--phone", "12", "--region", "RU", "--yes"), "--phone is no phone number that exists"),
        (("--email", "maria", "--yes"), "--email is no e-mail address"),
        (("--email", "a@b.com", "--region", "RU", "--yes"), "--region is for --phone"),
        (("--phone", "+74712773120"), "no terminal to ask at; add --yes"),
        (("--yes",), "one of the arguments --phone --email is required"),
        (("--phone", "1", "--email", "a@b.com", "--yes"), "not allowed with"),
    ],
)
def test_mistakes_of_a_call_are_told(
    leadlark: Command, options: tuple[str, ...], said: str, folder: Path, shop_rules: str
) -> None:
    """One sentence with the way out, without the value, and the status 2."""
    fill(f"sqlite:///{folder}/crm.db", shop_rules)
    ran = leadlark("erase", *options, "--store", "sqlite:///crm.db")

    assert (2, "") == (ran.status, ran.out)
    assert said in ran.err
    assert "471" not in ran.err


def test_who_is_not_there_is_told(leadlark: Command, store: str) -> None:
    """The status is 1, and nothing is changed."""
    before = leadlark("db", "export", "--store", store).out
    ran = leadlark("erase", "--email", "nobody@example.com", "--store", store, "--yes")

    assert (1, "nobody is known by this e-mail, and nothing was removed\n") == (ran.status, ran.out)
    assert before == leadlark("db", "export", "--store", store).out


@pytest.mark.parametrize(("answer", "status"), [(b"y\n", 0), (b"\n", 1), (b"no\n", 1)])
def test_a_terminal_is_asked(folder: Path, shop_rules: str, answer: bytes, status: int) -> None:
    """What would be removed is shown first; only a yes removes it."""
    fill(f"sqlite:///{folder}/crm.db", shop_rules)
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "leadlark", "erase", "--phone", "+74712773120", "--store",
         "sqlite:///crm.db"],
        stdin=follower, stdout=subprocess.PIPE, stderr=follower, cwd=folder,
    )  # fmt: skip
    os.close(follower)
    os.write(leader, answer)
    out, _ = process.communicate()
    said = os.read(leader, 65536).decode()
    os.close(leader)

    assert status == process.returncode
    assert "to be removed:" in said
    assert "cannot be undone" in said
    with package.open_store(f"sqlite:///{folder}/crm.db") as store:
        assert (status == 1) == any(
            row.delivery.id == ID.format(1) and row.delivery.body is not None
            for _, row in store.entries(package_wanted())  # type: ignore[attr-defined]
        )
    assert (status == 0) == (b"removed:" in out)
