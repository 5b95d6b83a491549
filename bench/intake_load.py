"""Senders of orders to the intake service, and what must hold of the database behind it.

The senders do what those of sites and shops do: they keep a connection, send one request after the
other, and send some of those again that they got no answer to. What they were told is kept in a
`Book`, and `faults` holds it against the journal and the records, row by row and both ways.
"""

from __future__ import annotations

import json
import random
import socket
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any, Final

RULES: Final = Path(__file__).parent / "data" / "intake.channel"
PEOPLE: Final = 50
"""Few, so that many requests are of one person at the same moment."""

REPEATED: Final = 0.5
"""The share of requests without an answer that are sent again."""

AGAIN: Final = 0.05
"""The share of answered requests with an id that are sent again all the same."""

PATIENCE: Final = 60.0  # seconds


@dataclass(frozen=True)
class Asked:
    """A request: its path, its body, its id in the header; ``tokens`` name its payloads.

    ``identified`` tells that all its payloads have request ids.
    """

    path: str
    body: bytes
    id: str | None
    tokens: tuple[str, ...]
    identified: bool


@dataclass(frozen=True)
class Told:
    """What the answer says of one payload: where its row is, and what was done."""

    delivery: str
    action: str
    entity: tuple[str, ...]
    contact: tuple[str, ...]


@dataclass
class Book:
    """What senders sent and were told, for all of them."""

    asked: dict[str, Asked] = field(default_factory=dict)
    told: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    repeated: int = 0
    strange: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def answered(self, asked: Asked, status: int, body: bytes) -> None:
        """Note an answer."""
        with self.lock:
            self.statuses[status] += 1
            if status == 503:
                return
            if status != 200:
                self.strange.append(f"{asked.path} {asked.tokens}: {status} {body[:200]!r}")
                return
            document = json.loads(body)
            parts = document.get("decisions", [document])
            if len(parts) != len(asked.tokens):
                self.strange.append(f"{asked.tokens}: {len(parts)} decisions")
            for token, part in zip(asked.tokens, parts, strict=False):
                self.told[token].append(told_of(part))


def told_of(part: dict[str, Any]) -> Told:
    """One decision of an answer."""
    entity, contact = part.get("entity", {}), part.get("contact", {})
    return Told(
        part["request"],
        part.get("action", f"status {part.get('status')}"),
        tuple(entity.get("ids", ())),
        tuple(contact.get("ids", ())),
    )


class Wire:
    """A connection that is kept; an answer is a status and a body."""

    def __init__(self, port: int, timeout: float = PATIENCE) -> None:
        self._port = port
        self._timeout = timeout
        self._socket: socket.socket | None = None
        self._rest = b""

    def connect(self) -> None:
        """Connect, unless it is; raises `OSError`."""
        if self._socket is None:
            made = socket.create_connection(("127.0.0.1", self._port), self._timeout)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket, self._rest = made, b""

    def ask(self, data: bytes) -> tuple[int, bytes]:
        """Send and wait for the answer; raises `OSError` and is closed then."""
        self.connect()
        assert self._socket is not None
        try:
            self._socket.sendall(data)
            return self._answer()
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _answer(self) -> tuple[int, bytes]:
        held = self._rest
        while (end := held.find(b"\r\n\r\n")) < 0:
            held += self._more()
        head = held[:end].lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(held) < end + 4 + length:
            held += self._more()
        self._rest = held[end + 4 + length :]
        if b"connection: close" in head:
            self.close()
        return int(head[9:12]), held[end + 4 : end + 4 + length]

    def _more(self) -> bytes:
        assert self._socket is not None
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionResetError("closed by the service")
        return data


def posted(asked: Asked) -> bytes:
    """A request as it goes over the wire."""
    id = "" if asked.id is None else f"idempotency-key: {asked.id}\r\n"
    head = (
        f"POST {asked.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"content-length: {len(asked.body)}\r\n{id}\r\n"
    )
    return head.encode() + asked.body


class Senders:
    """Threads that send until they are stopped; ``port`` may answer now and then only."""

    def __init__(self, port: int, book: Book, count: int = 8, seed: int = 1) -> None:
        self.book = book
        self.answers = 0
        self._port = port
        self._stop = Event()
        self._threads = [
            Thread(target=self._send, args=(index, random.Random(f"{seed}.{index}")))
            for index in range(count)
        ]

    def __enter__(self) -> Senders:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let each end with the request that it is about to send; the service has to be up."""
        self._stop.set()
        for each in self._threads:
            each.join()

    def _send(self, thread: int, chance: random.Random) -> None:
        wire = Wire(self._port)
        number = 0
        while not self._stop.is_set():
            number += 1
            asked = an_order(thread, number, chance)
            with self.book.lock:
                self.book.asked |= dict.fromkeys(asked.tokens, asked)
            self._deliver(wire, asked, chance)
        wire.close()

    def _deliver(self, wire: Wire, asked: Asked, chance: random.Random) -> None:
        data = posted(asked)
        again = asked.identified and chance.random() < AGAIN
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                wire.connect()
            except OSError:  # nothing was sent
                if time.monotonic() > deadline:
                    with self.book.lock:
                        self.book.strange.append("the service has not come back")
                    return
                time.sleep(0.003)
                continue
            try:
                status, body = wire.ask(data)
            except OSError:
                give_up = chance.random() >= REPEATED
                with self.book.lock:
                    self.book.broken += 1
                    self.book.repeated += not give_up
                if give_up:
                    return
                continue
            self.book.answered(asked, status, body)
            if status == 503:
                time.sleep(0.02)
                continue
            self.answers += 1
            if not again:
                return
            again = False


def an_order(thread: int, number: int, chance: random.Random) -> Asked:
    """The next request of a thread: an order with or without an id, or several orders."""
    kind = chance.random()
    token = f"{thread}-{number}"
    if kind < 0.15:
        items = [one_order(thread, f"{token}-{part}", chance) for part in range(3)]
        body = json.dumps({"items": items}).encode()
        tokens = tuple(item["token"] for item in items)
        return Asked("/in/lines", body, None, tokens, identified=True)
    body = json.dumps(one_order(thread, token, chance)).encode()
    id = f"id-{token}" if kind < 0.6 else None
    return Asked("/in/orders", body, id, (token,), identified=id is not None)


def one_order(thread: int, token: str, chance: random.Random) -> dict[str, Any]:
    """An order of one of a few people; one in five has a number that came before."""
    number = int.from_bytes(token.encode()) if chance.random() < 0.8 else chance.randrange(99)
    return {
        "phone": f"+7903{chance.randrange(PEOPLE):07}",
        "name": f"Person {thread}",
        "order": number,
        "token": token,
    }


# What is in the database


@dataclass(frozen=True)
class Row:
    """A row of the journal."""

    number: int
    delivery: str
    channel: str
    request_id: str | None
    action: str
    status: int
    decision: dict[str, Any]
    attempts: int
    rules: str


@dataclass
class Kept:
    """What a database holds."""

    rows: list[Row]
    contacts: list[str]
    deals: list[str]
    keys: list[tuple[str, str, str, str]]  # type, field, value, record
    links: list[tuple[str, str]]  # deal, contact
    comments: list[tuple[str, str]]  # deal, text
    fields: dict[str, dict[str, Any]]  # of deals
    damage: list[str]


_STATEMENTS: Final = {
    "journal": "SELECT number, delivery, channel, request_id, action, status, decision, attempts, "
    "rules FROM journal ORDER BY number",
    "contact": "SELECT id FROM contact",
    "deal": "SELECT id, fields FROM deal",
    "key": "SELECT type, field, value, record FROM search_key WHERE field IN ('PHONE', 'ORDER')",
    "link": "SELECT record, contact FROM link WHERE type = 'deal'",
    "comment": "SELECT record, text FROM comment WHERE type = 'deal'",
}


def kept(store: str) -> Kept:
    """What is in the database of a store's URL."""
    found: dict[str, list[Any]] = {}
    damage: list[str] = []
    if store.startswith("sqlite:///"):
        with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as file:
            said = [str(row[0]) for row in file.execute("PRAGMA integrity_check")]
            damage += [] if said == ["ok"] else said
            damage += [f"link to nothing {row}" for row in file.execute("PRAGMA foreign_key_check")]
            for name, statement in _STATEMENTS.items():
                found[name] = file.execute(statement).fetchall()
    else:
        import psycopg  # noqa: PLC0415 (an extra)

        with psycopg.connect(store) as server:
            for name, statement in _STATEMENTS.items():
                found[name] = server.execute(statement.encode()).fetchall()
    rows = [Row(*row[:6], json.loads(row[6]), *row[7:]) for row in found["journal"]]
    return Kept(
        rows,
        [str(row[0]) for row in found["contact"]],
        [str(row[0]) for row in found["deal"]],
        [(type, name, value, str(record)) for type, name, value, record in found["key"]],
        [(str(record), str(contact)) for record, contact in found["link"]],
        [(str(record), text) for record, text in found["comment"]],
        {str(id): json.loads(fields) for id, fields in found["deal"]},
        damage,
    )


def faults(held: Kept, book: Book) -> list[str]:
    """What is wrong, a sentence each; none at best."""
    return [*held.damage, *book.strange, *_lost(held, book), *_doubled(held), *_apart(held)]


def _lost(held: Kept, book: Book) -> Iterator[str]:
    """Answers that the journal does not have, and ids that had more than one effect."""
    by_token: dict[str, list[Row]] = defaultdict(list)
    for row in held.rows:
        by_token[row.decision.get("comment") or ""].append(row)
    for token, answers in book.told.items():
        rows = {row.delivery: row for row in by_token[token]}
        for told in answers:
            row = rows.get(told.delivery)
            if row is None:
                yield f"{token} was answered {told} and is not in the journal"
            elif told != _told_by(row):
                yield f"{token} was answered {told} and the journal has {_told_by(row)}"
        if book.asked[token].identified and len({*answers}) > 1:
            yield f"{token} got different answers under one id: {answers}"
    for token, rows_of in by_token.items():
        asked = book.asked.get(token)
        if asked is None:
            yield f"the journal has {token!r}, which nobody sent"
        elif asked.identified and len(rows_of) > 1:
            yield f"{token} has an id and {len(rows_of)} rows"
        elif asked.identified and not all(row.request_id for row in rows_of):
            yield f"{token} has an id and its row has none"


def _told_by(row: Row) -> Told:
    return told_of({**row.decision, "request": row.delivery})


def _doubled(held: Kept) -> Iterator[str]:
    """Records that share what makes them one."""
    seen = Counter((type, name, value) for type, name, value, _ in held.keys)
    yield from (f"{count} records have {key}" for key, count in seen.items() if count > 1)
    for type, ids in (("contact", held.contacts), ("deal", held.deals)):
        having = Counter(record for kind, _, _, record in held.keys if kind == type)
        yield from (f"{type} {id} has {having[id]} keys" for id in ids if having[id] != 1)
    linked = Counter(deal for deal, _ in held.links)
    yield from (f"deal {id} has no contact" for id in held.deals if not linked[id])


def _apart(held: Kept) -> Iterator[str]:
    """Where journal and records do not agree."""
    yield from _made("contact", held.contacts, _ids(held.rows, "contact"))
    yield from _made("deal", held.deals, _ids(held.rows, "entity"))
    there = {"contact": {*held.contacts}, "entity": {*held.deals}}
    noted: Counter[tuple[str, str]] = Counter()
    for row in held.rows:
        for part, ids in there.items():
            named = (row.decision.get(part) or {}).get("ids", [])
            if row.action in ("create", "update") and (not named or not {*named} <= ids):
                yield f"row {row.number} names {part} {named}, which is not there"
        if row.action in ("create", "update"):
            noted.update((id, row.decision["comment"]) for id in row.decision["entity"]["ids"])
    comments = Counter(held.comments)
    yield from (f"comment {each} and no row" for each in comments - noted)
    yield from (f"a row of {each} and no comment" for each in noted - comments)


def _ids(rows: Sequence[Row], part: str) -> Counter[str]:
    """The ids that rows say were created."""
    made: Counter[str] = Counter()
    for row in rows:
        done = row.decision.get(part) or {}
        action = row.action if part == "entity" else done.get("action")
        if action == "create":
            made.update(done["ids"])
    return made


def _made(type: str, ids: Sequence[str], made: Counter[str]) -> Iterator[str]:
    yield from (f"{type} {id} and {made[id]} rows that make it" for id in ids if made[id] != 1)
    for id in made.keys() - {*ids}:
        yield f"a row makes {type} {id}, which is not there"
