"""The PostgreSQL store where something fails: statements, connections, the server, the operator."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from signal import SIGINT, SIGKILL
from typing import Any

import psycopg
import pytest
from postgres_server import PASSWORD, PostgresServer, rows

from leadlark.adapters.opening import open_store
from leadlark.adapters.postgres import PostgresStore, running
from leadlark.adapters.postgres import store as module
from leadlark.adapters.postgres.running import RefusedError, carry_out
from leadlark.adapters.postgres.server import Connection
from leadlark.adapters.postgres.sql import COMMIT, Batch, Call, Conversation
from leadlark.adapters.statements import RECORD_TYPES
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError, UnknownCommitError
from leadlark.journal import Recorded, Wanted
from leadlark.store import Deciding, Key, Plan, Record, Search, Task, Unit, Work, Write
from leadlark.testing.journaling import entry, unit

DECISION = Decision(
    "test", "create", "a test", "0" * 64, 1, ContactPart("none"), EntityPart("deal")
)
KEY = Key("UF", "1")
END = Call(b"SELECT pg_terminate_backend(pg_backend_pid())")


def full() -> Work:
    """Work that writes to every table."""
    contact = Write("contact", None, {"NAME": "new"}, keys=(KEY,))
    made = Write("deal", None, {"UF": 1}, keys=(KEY,), comment="c", task=Task("s", "", None))
    changed = Write("deal", "1", {"UF": "new"}, {"WEB": ("x",)}, keys=(Key("UF", "new"),))

    def work() -> Deciding:
        yield Search("contact", keys=(KEY,))
        yield Search("deal", keys=(KEY,))
        return Plan(DECISION, contact, (made, changed))

    return work


@pytest.fixture
def store(postgres: PostgresServer) -> Iterator[PostgresStore]:
    with PostgresStore(postgres.empty()) as opened:
        opened.add([Record("deal", "1", {"UF": "old"})])
        opened.transact(reading)
        yield opened


def reading() -> Deciding:
    """Searches, so that every field is known to be searched by, and writes nothing."""
    for type in RECORD_TYPES:
        yield Search(type, keys=(KEY,))
    return Plan(DECISION)


def shown(store: PostgresStore) -> list[object]:
    """Everything that a store holds."""
    records = [record for type in RECORD_TYPES for record in store.records(type)]
    beside = [
        (store.comments(each.type, each.id), store.tasks(each.type, each.id)) for each in records
    ]
    return [*records, *beside]


class Breaking:
    """Conversations with a call put in the place of the one of a number, as often as said."""

    def __init__(self, number: int, instead: Call, times: int = 1) -> None:
        self.number, self.instead, self.times = number, instead, times
        self.count = self.broken = 0

    def __call__(self, connection: Any, conversation: Conversation[Any]) -> Any:
        self.count = 0
        return carry_out(connection, self.changed(conversation))

    def changed(self, conversation: Conversation[Any]) -> Conversation[Any]:
        try:
            batch = next(conversation)
            while True:
                batch = conversation.send((yield self.with_break(batch)))
        except StopIteration as done:
            return done.value
        finally:
            conversation.close()

    def with_break(self, batch: Batch) -> Batch:
        calls = list(batch)
        place = self.number - self.count - 1
        self.count += len(calls)
        if 0 <= place < len(calls) and self.broken < self.times:
            self.broken += 1
            calls[place] = self.instead
        return calls


Break = Callable[[Breaking], None]


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Break:
    return lambda way: monkeypatch.setattr(module, "carry_out", way)


def test_a_statement_that_fails_takes_back_all_others(
    store: PostgresStore, breaking: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever statement fails, nothing is written, and the next request is fine."""
    before = shown(store)
    number = 0
    while True:
        number += 1
        way = Breaking(number, Call(b"SELECT 1 / 0"))
        breaking(way)
        with suppress(StoreError):
            store.transact(full())
        monkeypatch.undo()
        if not way.broken:
            break
        assert before == shown(store)
    assert number > 10
    assert 2 == len(store.records("deal"))


def test_a_connection_lost_on_the_way_is_made_again(
    store: PostgresStore, breaking: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the connection is lost before the end of a unit, the unit is carried out once."""
    for number in range(1, 8):
        breaking(Breaking(number, END))
        store.transact(full())
        monkeypatch.undo()
        assert number + 1 == len(store.records("deal"))


def test_a_connection_lost_again_and_again_is_told(store: PostgresStore, breaking: Break) -> None:
    """Making the connection anew ends after a few times."""
    breaking(Breaking(2, END, times=100))
    with pytest.raises(StoreError, match=r"connection was lost|shutting down"):
        store.transact(full())


def test_a_commit_without_an_answer_is_told(
    store: PostgresStore, breaking: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the connection is lost while a unit is committed, nobody pretends to know."""
    ending = Breaking(12, END)
    breaking(ending)
    with pytest.raises(StoreError, match="it is not known whether it was carried out"):
        store.transact(full())
    monkeypatch.undo()
    assert 1 == len(store.records("deal"))
    store.transact(full())
    assert 2 == len(store.records("deal"))


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_conflict_is_tried_again(store: PostgresStore, breaking: Break, state: str) -> None:
    """A unit of work that the server ends in favour of another is carried out again."""
    breaking(Breaking(3, failing(state), times=3))
    store.transact(full())
    assert 2 == len(store.records("deal"))


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("40001", "in conflict too often"),
        ("40P01", "in conflict too often"),
        ("53100", "the disk of the server is full; free some space"),
        ("53200", "out of memory"),
        ("58030", "check the disk"),
        ("25006", "name the primary server"),
        ("42501", "lacks a permission"),
        ("42P01", "a table is missing"),
        ("54000", "send smaller values"),
        ("XX001", "damaged"),
    ],
)
def test_the_way_out_of_an_error_is_told(
    store: PostgresStore, breaking: Break, state: str, message: str
) -> None:
    """What the server cannot do is told with what to do about it, and writes nothing."""
    breaking(Breaking(3, failing(state), times=100))
    before = len(store.records("deal"))
    with pytest.raises(StoreError, match=message):
        store.transact(full())
    assert before == len(store.records("deal"))


def failing(state: str) -> Call:
    """A call that fails with an SQLSTATE."""
    return Call(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$".encode())


# Units of work together


def apart(number: int) -> Unit:
    """A unit of its own person, whose row of the journal is known by the number."""
    key = Key("UF", f"person {number}")

    def work() -> Deciding:
        found = yield Search("contact", keys=(key,))
        contact = None if found else Write("contact", None, keys=(key,))
        deal = Write("deal", None, {"UF": number}, comment="c", task=Task("s", "", None))
        return Plan(DECISION, contact, (deal,), tuple(each.id for each in found))

    return unit(entry(number, str(number)), work)


def together(store: PostgresStore, *numbers: int) -> list[type]:
    """What kinds of outcomes the units of some numbers have."""
    return [type(each) for each in store.transact_all([apart(number) for number in numbers])]


def whole(store: PostgresStore, *numbers: int) -> bool:
    """Whether exactly the units of some numbers are there, each with all that it writes."""
    deals = store.records("deal")[1:]
    there = [each.fields["UF"] for each in deals]
    rows = [int(row.identity.id) for _, row in store.entries(Wanted()) if row.identity]
    parts = [(store.comments("deal", each.id), len(store.tasks("deal", each.id))) for each in deals]
    people = [each.contacts for each in deals]
    return (
        sorted(there) == sorted(rows) == sorted(numbers)
        and parts == [(("c",), 1)] * len(deals)
        and {*people} == {(each.id,) for each in store.records("contact")}
        and len(people) == len({*people})
    )


def test_what_is_refused_together_is_carried_out_alone(
    store: PostgresStore, breaking: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever statement of a group fails, each unit is there in the end, whole and once."""
    number = 0
    done: list[int] = []
    while True:
        number += 1
        way = Breaking(number, Call(b"SELECT 1 / 0"))
        breaking(way)
        units = [3 * number, 3 * number + 1, 3 * number + 2]
        assert [Decision] * 3 == together(store, *units)
        done += units
        monkeypatch.undo()
        if not way.broken:
            break
    assert number > 15
    assert whole(store, *done)


def test_what_is_refused_alone_as_well_leaves_nothing(
    store: PostgresStore, breaking: Break
) -> None:
    """Where the server carries nothing out, every unit has its error and none is there."""
    breaking(Breaking(8, Call(b"SELECT 1 / 0"), times=100))
    assert [RefusedError] * 3 == together(store, 1, 2, 3)
    assert whole(store)


def test_one_that_is_refused_touches_no_other(postgres: PostgresServer) -> None:
    """What the server does not take of one unit takes nothing back of the others."""
    url = postgres.empty()
    with PostgresStore(url) as store:
        store.add([Record("deal", "1", {})])
        rows(url, "ALTER TABLE deal ADD CHECK (fields NOT LIKE '%: 2}' AND fields NOT LIKE '%:2}')")
        assert [Decision, RefusedError, Decision] == together(store, 1, 2, 3)
        assert whole(store, 1, 3)


def test_a_group_whose_connection_is_lost_is_carried_out_once(
    store: PostgresStore, breaking: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the connection is lost before the last exchange, each unit is there once."""
    counting = Breaking(1000, END)
    breaking(counting)
    done = [0, 1]
    assert [Decision] * 2 == together(store, *done)
    last = 8  # the calls of the last exchange, which ends with COMMIT
    assert counting.count > last
    for number in range(1, counting.count - last + 1):
        breaking(Breaking(number, END))
        assert [Decision] * 2 == together(store, 2 * number, 2 * number + 1)
        monkeypatch.undo()
        done += [2 * number, 2 * number + 1]
    assert whole(store, *done)


def test_a_group_whose_commit_has_no_answer_is_told(
    store: PostgresStore, breaking: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every unit of a group that may be there or not says so, and can be delivered again."""
    counting = Breaking(1000, END)
    breaking(counting)
    together(store, 1, 2)
    breaking(Breaking(counting.count - 1, END))
    assert [UnknownCommitError] * 2 == together(store, 3, 4)
    monkeypatch.undo()
    assert [Decision] * 2 == together(store, 3, 4)
    assert [Recorded] * 4 == together(store, 1, 2, 3, 4)
    assert whole(store, 1, 2, 3, 4)


@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_a_group_in_conflict_is_carried_out(
    store: PostgresStore, breaking: Break, times: int
) -> None:
    """A group that the server ends in favour of others is tried again, and then each unit alone."""
    breaking(Breaking(5, failing("40P01"), times=times))
    assert [Decision] * 3 == together(store, 1, 2, 3)
    assert whole(store, 1, 2, 3)


def test_units_without_a_server_are_none_carried_out(store: PostgresStore) -> None:
    """Where the store is out of reach the call raises."""
    store.close()
    with pytest.raises(StoreError, match="closed"):
        together(store, 1, 2)


# Servers


@pytest.fixture(scope="module")
def ending(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """A server that other tests do not use."""
    with PostgresServer(postgres.programs) as server:
        yield server


@pytest.mark.parametrize("signal", [SIGINT, SIGKILL], ids=["fast", "as where the power fails"])
def test_a_restarted_server_keeps_what_was_answered(ending: PostgresServer, signal: int) -> None:
    """The request after a restart is fine, and what was answered before it is there."""
    with PostgresStore(ending.empty()) as store:
        store.add([Record("deal", "1", {"UF": "old"})])
        store.transact(full())
        before = shown(store)
        ending.restart(signal)
        assert before == shown(store)
        store.transact(full())
        assert 3 == len(store.records("deal"))


def test_a_server_that_is_gone_is_told(ending: PostgresServer) -> None:
    """A request waits as long as said for the server, which cannot be reached; the next is fine."""
    url = ending.empty()
    with PostgresStore(url, wait=0.5) as store:
        store.transact(reading)
        ending.stop()
        for use in (lambda: store.records("deal"), lambda: PostgresStore(url, wait=0.5)):
            with pytest.raises(StoreError, match="cannot be reached"):
                use()
        ending.start()
        assert () == store.records("deal")


def test_what_an_operator_can_get_wrong_is_told(postgres: PostgresServer) -> None:
    """A wrong password, user, database, host or port is told with the way out, without password."""
    wrong = postgres.url(password="secret")
    asked = {
        wrong: "refuses the user or the password",
        postgres.url(user="nobody", password="secret"): "refuses the user or the password",
        postgres.url("nothing"): "there is no such database",
        "postgresql://u:secret@127.0.0.1:1/crm": "cannot be reached",
        "postgresql://u:secret@host.invalid/crm": "cannot be reached",
        "postgresql://u:se@cret@host/crm": "not understood",
        "postgresql://u:1/secret@host/crm": "not understood",
        "postgresql://u:secret@host:port/crm": "not understood",
    }
    for url, message in asked.items():
        with pytest.raises(StoreError, match=message) as caught:
            open_store(url)
        for secret in ("secret", "cret", PASSWORD, "p%40ss"):
            assert secret not in str(caught.value).replace("refuses", "")


def test_a_server_without_connections_left_is_told(postgres: PostgresServer) -> None:
    """A limit of the server is told with what to change."""
    postgres.run("CREATE ROLE few LOGIN PASSWORD 'few' CONNECTION LIMIT 0")
    with pytest.raises(StoreError, match="raise its max_connections"):
        PostgresStore(postgres.url(user="few", password="few"))


def test_a_closed_store_is_told(store: PostgresStore) -> None:
    """A store that is closed says so."""
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.records("deal")


def test_a_damaged_value_is_told(postgres: PostgresServer) -> None:
    """A record that another program has broken is named."""
    url = postgres.empty()
    with PostgresStore(url) as store:
        store.add([Record("deal", "1", {})])
        rows(url, "UPDATE deal SET fields = '{'")
        with pytest.raises(StoreError, match="deal 1 is damaged"):
            store.records("deal")


def test_a_missing_driver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, a person is told how to install it."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install 'psycopg\[binary,pool\]'"):
        open_store("postgresql://localhost/crm")


@pytest.mark.parametrize("connected", [True, False], ids=["held for open", "closed"])
def test_a_commit_that_the_driver_has_lost_is_not_sent_again(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, *, connected: bool
) -> None:
    """However the driver tells that a server has ended, what it may have committed is not redone.

    It says so with a connection that it holds for open where it fails to leave a pipeline.
    """
    answers = running._answers

    def lost(connection: Connection, batch: Batch) -> Any:
        told = answers(connection, batch)
        if COMMIT in batch:
            if not connected:
                connection.close()
            raise psycopg.OperationalError("cannot exit pipeline mode while busy")
        return told

    monkeypatch.setattr(running, "_answers", lost)
    assert [UnknownCommitError] * 2 == together(store, 1, 2)
    monkeypatch.undo()
    assert [Recorded] * 2 == together(store, 1, 2)
    assert whole(store, 1, 2)
