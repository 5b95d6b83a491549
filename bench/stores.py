"""The SQLite store against sqlite3 itself, on a file of the same tables.

Time is that of the clock: a durable write waits for the disk.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import orders
from mapping import NOW, channel
from measure import Ratio, in_slices
from rows import STORES, Row

from leadlark import Key, Record, Request, Search
from leadlark.adapters.sqlite import SqliteStore
from leadlark.adapters.sqlite.sql import SQL
from leadlark.deciding.decide import decide
from leadlark.store import Deciding, Work, settle

CONTACTS: Final = 100_000
SLICE: Final = 50
CLIENTS: Final = 32
BATCH: Final = 160


def look_up() -> Ratio:
    with TemporaryDirectory() as folder, SqliteStore(Path(folder) / "crm.db") as store:
        store.add(_contact(number) for number in range(CONTACTS))
        with closing(sqlite3.connect(Path(folder) / "crm.db", isolation_level=None)) as raw:
            statement = SQL.queries("contact")["find_by_key"]

            def by_sqlite(number: int) -> list[tuple[str, Any, Any]]:
                rows = raw.execute(statement, ("PHONE", _phone(number))).fetchall()
                return [
                    (str(id), json.loads(fields), json.loads(types))
                    for id, _, _, fields, types in rows
                ]

            def by_store(number: int) -> Sequence[Record]:
                return store.search(Search("contact", (Key("PHONE", _phone(number)),)))

            numbers = [index * 7_919 % CONTACTS for index in range(60 * SLICE)]
            for number in numbers[:500]:
                found = [(each.id, each.fields, each.types) for each in by_store(number)]
                told = [
                    (id, fields, {name: tuple(of) for name, of in types.items()})
                    for id, fields, types in by_sqlite(number)
                ]
                assert found == told
                assert len(found) == 1
            slices = [numbers[at : at + SLICE] for at in range(0, len(numbers), SLICE)]
            return in_slices(by_store, by_sqlite, slices)


def _contact(number: int) -> Record:
    fields = {"NAME": "Мария", "UF_CRM_NOTE": f"client {number}", "PHONE": [_phone(number)]}
    return Record("contact", str(number + 1), fields, {"PHONE": ["MOBILE"]})


def _phone(number: int) -> str:
    return f"+7903{number + 1_000_000:07}"


class RawWriter:
    """Sends to sqlite3 what the store sends for an order of a new client."""

    def __init__(self, path: Path) -> None:
        SqliteStore(path).close()  # makes the tables
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA foreign_keys = ON")

    def write(self, order: orders.Fields, phone: str) -> None:
        """Search for both records, and create them."""
        run, contact, deal = self.connection.execute, SQL.queries("contact"), SQL.queries("deal")
        mapped, fields, key = orders.four(order)
        name = {"NAME": mapped["NAME"], "PHONE": [phone]}
        run("BEGIN IMMEDIATE")
        assert not run(contact["find_by_key"], ("PHONE", phone)).fetchall()
        assert not run(deal["find_by_key"], ("UF_CRM_ORDER_ID", key)).fetchall()
        person = run(contact["create"], _columns(None, name, {"PHONE": ["WORK"]})).lastrowid
        run(contact["add_key"], ("NAME", mapped["NAME"], person))
        run(contact["add_key"], ("PHONE", phone, person))
        made = run(deal["create"], _columns("NEW", fields, {})).lastrowid
        for each in sorted(fields):
            run(deal["add_key"], (each, str(fields[each]), made))
        run(deal["add_link"], (made, 0, person))
        run("COMMIT")


def _columns(status: str | None, fields: Any, types: Any) -> tuple[Any, ...]:
    return (None, status, None, json.dumps(fields, ensure_ascii=False), json.dumps(types))


def durable() -> Ratio:
    """An order from its payload to the disk."""
    way = channel("four.channel", "with-phone")
    return _durable(
        lambda request, store: way.process(request, store, NOW), lambda request: request
    )


def carried_out() -> Ratio:
    """The same from the plan on: the searches of deciding, and the writes."""
    way = channel("four.channel", "with-phone")

    def ready(request: Request) -> Work:
        mapped = way.map(request, NOW)
        keys = mapped.keys
        plan = settle(decide(way.program, mapped, NOW), lambda _: ())

        def work() -> Deciding:
            yield Search("contact", keys=keys.contact)
            yield Search("deal", keys=keys.entity)
            return plan

        return work

    return _durable(lambda work, store: store.transact(work), ready)


def _durable(own: Callable[[Any, SqliteStore], object], ready: Callable[[Request], Any]) -> Ratio:
    """What ``own`` does with what ``ready`` makes of a request, over `RawWriter`."""
    way = channel("four.channel", "with-phone")
    pairs = []
    for order in _numbered(60 * SLICE):
        request = Request(order)
        (phone,) = way.map(request, NOW).contact["PHONE"]  # type: ignore[misc, union-attr]
        pairs.append((order, ready(request), phone))
    with TemporaryDirectory() as folder:
        own_file, raw_file = Path(folder) / "own.db", Path(folder) / "raw.db"
        raw = RawWriter(raw_file)
        with SqliteStore(own_file) as store, closing(raw.connection):
            own(pairs[0][1], store)
            raw.write(pairs[0][0], pairs[0][2])
            assert _tables(own_file) == _tables(raw_file)
            slices = [pairs[at : at + SLICE] for at in range(1, len(pairs), SLICE)]
            measured = in_slices(
                lambda each: own(each[1], store),
                lambda each: raw.write(each[0], each[2]),
                slices,
                clock=time.perf_counter,
            )
        assert _tables(own_file) == _tables(raw_file)
    return measured


def clients() -> Ratio:
    """Orders by many clients at once, each waiting for its own, over orders one by one."""
    way = channel("four.channel", "with-phone")
    requests = [Request(order) for order in _numbered(60 * BATCH)]
    batches = [requests[at : at + BATCH] for at in range(0, len(requests), BATCH)]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(CLIENTS) as pool:
        files = [Path(folder) / "many.db", Path(folder) / "one.db"]
        with SqliteStore(files[0]) as many, SqliteStore(files[1]) as one:

            def at_once(batch: Sequence[Request]) -> None:
                list(pool.map(lambda each: way.process(each, many, NOW), batch))

            def one_by_one(batch: Sequence[Request]) -> None:
                for each in batch:
                    way.process(each, one, NOW)

            at_once(batches[0])
            one_by_one(batches[0])
            assert _records(many) == _records(one)
            slices = [[batch] for batch in batches[1:]]
            measured = in_slices(at_once, one_by_one, slices, clock=time.perf_counter)
            assert _records(many) == _records(one)
    return measured


def _numbered(count: int) -> list[orders.Fields]:
    """Orders of new clients, each with a number of its own."""
    return [
        {**order, "order_id": number} for number, order in enumerate(orders.four_orders(count), 1)
    ]


def _records(store: SqliteStore) -> list[str]:
    """All that a store holds, but for ids, which are given in the order of coming."""
    people = {each.id: str(each.fields) for each in store.records("contact")}
    deals = [
        f"{each.fields} {each.status} {[people[id] for id in each.contacts]}"
        for each in store.records("deal")
    ]
    return sorted([*people.values(), *deals])


def _tables(file: Path) -> list[Any]:
    """All that a file holds, its JSON read."""
    with closing(sqlite3.connect(file)) as raw:
        return [
            [
                tuple(json.loads(each) if str(each)[:1] in "{[" else each for each in row)
                for row in raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            ]
            for table in ("contact", "deal", "link", "search_key")
        ]


ROWS: Final = (
    Row(
        STORES,
        "look-up by phone, 100,000 contacts in SQLite",
        "sqlite3 with the same statement",
        "the contact",
        1.3,
        look_up,
    ),
    Row(
        STORES,
        "a durable order, one writer on SQLite",
        "sqlite3 with the same statements",
        "all tables, before and after",
        1.25,
        durable,
    ),
    Row(
        STORES,
        "the same order, mapped and decided before",
        "sqlite3 with the same statements",
        "all tables, before and after",
        None,
        carried_out,
    ),
    Row(
        STORES,
        "durable orders of 32 clients at once on SQLite",
        "the same orders one by one",
        "all records",
        0.4,
        clients,
    ),
)
