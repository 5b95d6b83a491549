"""The PostgreSQL store against psycopg itself, on a database of the same tables.

Time is that of the clock: every exchange waits for the server, and a durable write for the disk.
The reference sends what the store sends, its parameters made before, in the same exchanges.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import orders
from mapping import NOW, channel
from measure import Ratio, in_slices
from rows import STORES, Row

from leadlark import Key, Record, Request, Search
from leadlark.adapters.postgres import PostgresStore
from leadlark.adapters.postgres import store as module
from leadlark.adapters.postgres.running import carry_out
from leadlark.adapters.postgres.server import Connection, connect, server
from leadlark.adapters.postgres.sql import SQL, Batch, Conversation
from leadlark.deciding.decide import decide
from leadlark.decision import Decision
from leadlark.journal import Delivery, Entry, Identity
from leadlark.store import Deciding, Unit, settle

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from postgres_server import PostgresServer, programs  # (the tests' own server)

if programs() is None:
    raise ModuleNotFoundError("no PostgreSQL server is installed", name="a PostgreSQL server")

CONTACTS: Final = 100_000
SLICE: Final = 20
SLICES: Final = 40
GROUP: Final = 64


@contextmanager
def databases(count: int) -> Iterator[list[str]]:
    """The URLs of so many empty databases of one server."""
    with PostgresServer(programs()) as running:  # type: ignore[arg-type]  # looked at above
        yield [running.empty() for _ in range(count)]


def look_up() -> Ratio:
    with databases(1) as (url,), PostgresStore(url) as store, connect(server(url, 10)) as raw:
        store.add(_contact(number) for number in range(CONTACTS))
        raw.execute("ANALYZE")
        statement = SQL.queries("contact")["find_by_key"].encode()

        def by_psycopg(number: int) -> list[tuple[str, Any, Any]]:
            asked = {"key_fields": ["PHONE"], "key_values": [_phone(number)]}
            rows = raw.execute(statement, asked).fetchall()
            return [
                (str(id), json.loads(fields), json.loads(types))
                for id, _, _, fields, types, _ in rows
            ]

        def by_store(number: int) -> Sequence[Record]:
            return store.search(Search("contact", (Key("PHONE", _phone(number)),)))

        numbers = [index * 7_919 % CONTACTS for index in range(60 * SLICE)]
        for number in numbers[:200]:
            found = [(each.id, each.fields, each.types) for each in by_store(number)]
            told = [
                (id, fields, {name: tuple(of) for name, of in types.items()})
                for id, fields, types in by_psycopg(number)
            ]
            assert found == told
            assert len(found) == 1
        slices = [numbers[at : at + SLICE] for at in range(0, len(numbers), SLICE)]
        return in_slices(by_store, by_psycopg, slices, clock=time.perf_counter)


def _contact(number: int) -> Record:
    fields = {"NAME": "Мария", "UF_CRM_NOTE": f"client {number}", "PHONE": [_phone(number)]}
    return Record("contact", str(number + 1), fields, {"PHONE": ["MOBILE"]})


def _phone(number: int) -> str:
    return f"+7903{number + 1_000_000:07}"


Act = Callable[[PostgresStore, Any], object]


def against_psycopg(act: Act, items: Sequence[Any], at_once: int) -> Ratio:
    """What a store does with items over psycopg with the same exchanges, in slices."""
    with databases(3) as (first, second, third):
        recorded = [_recorded(first, act, items), items]
        assert all(len(each) == len(items) for each in recorded)
        with PostgresStore(second) as store, connect(server(third, 10)) as raw:
            PostgresStore(third).close()  # makes the tables
            act(store, items[0])
            _replay(raw, recorded[0][0])
            assert _tables(second) == _tables(third)
            pairs = list(zip(items, recorded[0], strict=True))[1:]
            slices = [pairs[at : at + at_once] for at in range(0, len(pairs), at_once)]
            measured = in_slices(
                lambda each: act(store, each[0]),
                lambda each: _replay(raw, each[1]),
                slices,
                clock=time.perf_counter,
            )
        assert _tables(second) == _tables(third)
    return measured


def _recorded(url: str, act: Act, items: Sequence[Any]) -> list[list[Batch]]:
    """The exchanges for each item, which change a database that has gone the same way."""
    batches: list[Batch] = []

    def recording(connection: Connection, conversation: Conversation[Any]) -> Any:
        def through() -> Conversation[Any]:
            batch = next(conversation)
            while True:
                batches.append(batch)
                try:
                    batch = conversation.send((yield batch))
                except StopIteration as done:
                    return done.value

        return carry_out(connection, through())

    exchanges = []
    with PostgresStore(url) as store:
        for item in items:
            batches = []
            with patch.object(module, "carry_out", recording):
                act(store, item)
            exchanges.append(batches)
    return exchanges


def _replay(connection: Connection, batches: Sequence[Batch]) -> None:
    for batch in batches:
        with connection.pipeline():
            cursors = [connection.execute(call.statement, call.parameters) for call in batch]
        for cursor in cursors:
            if cursor.pgresult is not None and cursor.pgresult.nfields:
                cursor.fetchall()


def _tables(url: str) -> list[Any]:
    """All that a database holds, but for what fields are searched by."""
    tables = ("contact", "deal", "link", "search_key", "claim", "journal")
    with connect(server(url, 10)) as raw:
        return [
            raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3".encode()).fetchall()
            for table in tables
        ]


def durable() -> Ratio:
    """Orders one by one, from their payloads to the disk."""
    way = channel("four.channel", "with-phone")
    requests = [Request(order) for order in _numbered(SLICES * SLICE + 1)]
    return against_psycopg(lambda store, item: way.process(item, store, NOW), requests, SLICE)


def carried_out() -> Ratio:
    """The same from the plan on: the searches of deciding, and the writes."""
    units = _units(SLICES * SLICE + 1)
    return against_psycopg(lambda store, item: store.transact(item.work), units, SLICE)


def journaled() -> Ratio:
    """Orders in groups, each with its row of the journal, from their plans on."""
    units = _units((SLICES + 1) * GROUP, rows=True)
    groups = [units[at : at + GROUP] for at in range(0, len(units), GROUP)]
    return against_psycopg(lambda store, item: store.transact_all(item), groups, 1)


def together() -> Ratio:
    """Orders in groups over the same orders, one in a call."""
    units = _units((SLICES + 1) * GROUP, rows=True)
    groups = [units[at : at + GROUP] for at in range(0, len(units), GROUP)]
    with databases(2) as urls, PostgresStore(urls[0]) as many, PostgresStore(urls[1]) as one:

        def one_by_one(group: Sequence[Unit]) -> None:
            for each in group:
                one.transact_all([each])

        many.transact_all(groups[0])
        one_by_one(groups[0])
        slices = [[group] for group in groups[1:]]
        measured = in_slices(many.transact_all, one_by_one, slices, clock=time.perf_counter)
        assert [each.fields for each in many.records("deal")] == [
            each.fields for each in one.records("deal")
        ]
    return measured


def _units(count: int, *, rows: bool = False) -> list[Unit]:
    """Orders that are mapped and decided before; ``rows`` gives each a row of the journal."""
    way = channel("four.channel", "with-phone")

    def unit(number: int, order: orders.Fields) -> Unit:
        mapped = way.map(Request(order), NOW)
        plan = settle(decide(way.program, mapped, NOW), lambda _: ())
        keys = mapped.keys

        def work() -> Deciding:
            yield Search("contact", keys=keys.contact)
            yield Search("deal", keys=keys.entity)
            return plan

        if not rows:
            return Unit(work)
        identity = Identity("with-phone", str(number), f"{number:064}")
        delivery = Delivery(
            f"019b79ee-0000-7000-8000-{number:012}",
            "2026-01-01T12:00:00.000Z",
            "with-phone",
            "with-phone",
            "POST",
            "",
            {"content-type": "application/json"},
            json.dumps(order).encode(),
            "0" * 64,
        )

        def entry(decision: Decision) -> Entry:
            text = decision.to_json()
            return Entry(delivery, 0, True, identity, "create", 200, text, decision.reason)

        return Unit(work, entry, identity)

    return [unit(number, order) for number, order in enumerate(_numbered(count))]


def _numbered(count: int) -> list[orders.Fields]:
    """Orders of new clients, each with a number of its own."""
    return [
        {**order, "order_id": number} for number, order in enumerate(orders.four_orders(count), 1)
    ]


ROWS: Final = (
    Row(
        STORES,
        "look-up by phone, 100,000 contacts in PostgreSQL",
        "psycopg with the same statement",
        "the contact",
        1.3,
        look_up,
    ),
    Row(
        STORES,
        "a durable order, one by one on PostgreSQL",
        "psycopg with the same statements",
        "all tables, before and after",
        1.25,
        durable,
    ),
    Row(
        STORES,
        "the same order, mapped and decided before, on PostgreSQL",
        "psycopg with the same statements",
        "all tables, before and after",
        None,
        carried_out,
    ),
    Row(
        STORES,
        "64 orders with their rows of the journal in one call on PostgreSQL",
        "psycopg with the same statements",
        "all tables, before and after",
        None,
        journaled,
    ),
    Row(
        STORES,
        "64 orders with their rows of the journal in one call on PostgreSQL",
        "the same orders one by one",
        "all deals",
        0.4,
        together,
    ),
)
