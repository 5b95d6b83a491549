"""What is no proper HTTP, or comes too slowly, ends in a refusal, and the next request is fine."""

from __future__ import annotations

import re
import socket
import sqlite3
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import chain, repeat
from pathlib import Path

import pytest
from service import RunningService

RULES = Path(__file__).parents[2] / "bench" / "data" / "intake.channel"
SECONDS = 1.0  # for heads, bodies and idle connections of the service
PATIENCE = 30.0

BODY = b'{"phone": "89031234567", "order": 1, "token": "a"}'
LENGTH = b"content-length: %d\r\n" % len(BODY)
JSON = b"content-type: application/json\r\n"
POST = b"POST /in/orders HTTP/1.1\r\nhost: a\r\n" + JSON
GOOD = POST + LENGTH + b"\r\n" + BODY
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n" % len(BODY) + BODY + b"\r\n0\r\n\r\n"
GET = b"GET /in/orders?phone=1 HTTP/1.1\r\n"
UPGRADE = b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAA\r\n"
MIB = b"x" * 1_048_577

CASES: dict[str, tuple[bytes, list[int]]] = {
    # bodies in chunks
    "chunks": (CHUNKED + CHUNK, [200]),
    "an extension of a chunk": (CHUNKED + CHUNK.replace(b"\r\n", b";a=b\r\n", 1), [200]),
    "a size that is no number": (CHUNKED + b"zz\r\n" + CHUNK, [400]),
    "a negative size": (CHUNKED + b"-1\r\n" + CHUNK, [400]),
    "a size of 72 bits": (CHUNKED + b"f" * 18 + b"\r\n" + CHUNK, [400]),
    "a size of 63 bits": (CHUNKED + b"7" + b"f" * 15 + b"\r\n" + CHUNK, [408]),
    "a chunk longer than its size": (CHUNKED + b"1\r\n" + CHUNK, [400]),
    "an extension without end": (CHUNKED + b"1;" + b"a" * 200_000, [408]),
    "trailers without end": (CHUNKED + b"0\r\n" + b"x: y\r\n" * 50_000, [431]),
    # how long a body is
    "a length and chunks": (
        POST + LENGTH + b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n" + GOOD, [400],
    ),
    "chunks and a length": (
        POST + b"transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n" + GOOD, [400],
    ),
    "two lengths": (POST + LENGTH + b"content-length: 3\r\n\r\n" + BODY, [400]),
    "the same length twice": (POST + LENGTH * 2 + b"\r\n" + BODY, [400]),
    "a list of lengths": (POST + b"content-length: 5, 5\r\n\r\n" + BODY, [400]),
    "a negative length": (POST + b"content-length: -5\r\n\r\n" + BODY, [400]),
    "a length with a sign": (POST + b"content-length: +5\r\n\r\n" + BODY, [400]),
    "a length in other digits": (POST + b"content-length: \xb2\r\n\r\n" + BODY, [400]),
    "no length in the header": (POST + b"content-length:\r\n\r\n", [400]),
    "a length of 80 bits": (POST + b"content-length: 9" + b"9" * 23 + b"\r\n\r\n" + BODY, [400]),
    "a length of 63 bits": (POST + b"content-length: 9223372036854775807\r\n\r\n" + BODY, [413]),
    "two encodings of a transfer": (
        POST + b"transfer-encoding: gzip, chunked\r\n\r\n" + CHUNK, [400],
    ),
    "two headers of encodings": (
        POST + b"transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n" + CHUNK, [400],
    ),
    "the encoding identity": (POST + b"transfer-encoding: identity\r\n\r\n" + CHUNK, [400]),
    "an encoding like chunked": (POST + b"transfer-encoding: xchunked\r\n\r\n" + CHUNK, [400]),
    "chunks in HTTP/1.0": (CHUNKED.replace(b"1.1", b"1.0") + CHUNK, [400]),
    "a space before the colon": (POST + b"transfer-encoding : chunked\r\n\r\n" + CHUNK, [400]),
    "a byte more than a MiB": (POST + b"content-length: 1048577\r\n\r\n" + MIB, [413]),
    "a byte more than a MiB in chunks": (
        CHUNKED + b"100001\r\n" + MIB + b"\r\n0\r\n\r\n", [413],
    ),
    # heads
    "a header of 200 kB": (POST + b"x: " + b"a" * 200_000 + b"\r\n\r\n", [431]),
    "headers without end": (POST + b"x: y\r\n" * 50_000, [431]),
    "an address of 200 kB": (b"GET /in/orders?a=" + b"a" * 200_000, [431]),
    "line breaks without end": (b"\r\n" * 100_000, [431]),
    "a header without a colon": (POST + b"colonless\r\n\r\n", [400]),
    "a header without a name": (POST + b": a\r\n\r\n", [400]),
    "a space in a name": (POST + b"x y: a\r\n\r\n", [400]),
    "a value folded over lines": (POST + b"x: a\r\n b\r\n\r\n", [400]),
    "a length folded over lines": (POST + b"content-length:\r\n 5\r\n\r\nabcde", [400]),
    "NUL in a name": (POST + b"x\0y: a\r\n\r\n", [400]),
    "NUL in a value": (POST + b"x: a\0b\r\n\r\n", [400]),
    "CR in a value": (POST + b"x: a\rb\r\n\r\n", [400]),
    "LF alone": (GOOD.replace(b"\r\n", b"\n"), [400]),
    "CR alone": (GOOD.replace(b"\r\n", b"\r"), [400]),
    "line breaks in front": (b"\r\n\r\n" + GOOD, [200]),
    "bytes above ASCII in a header": (GOOD.replace(b"host: a", b"idempotency-key: \xff"), [200]),
    "a request id of 60 kB": (
        GOOD.replace(b"host: a", b"idempotency-key: " + b"k" * 60_000), [200],
    ),
    "a type that is none": (GOOD.replace(b"/json", b"/\xff; charset=\xfe;;=="), [415]),
    # versions and protocols
    "HTTP/0.9": (b"GET /in/orders\r\n\r\n", [400]),
    "HTTP/1.0": (GOOD.replace(b"1.1", b"1.0"), [200]),
    "HTTP/2.0 by its name": (GOOD.replace(b"1.1", b"2.0"), [400]),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", [400]),
    "TLS": (bytes.fromhex("16030100c8010000c40303") + b"\0" * 200, [400]),
    "an upgrade to WebSocket": (
        GET + b"connection: upgrade\r\nupgrade: websocket\r\n\r\n" + GOOD, [422, 200],
    ),
    "an upgrade to HTTP/2 with a body": (
        POST + UPGRADE + LENGTH + b"\r\n" + BODY + GOOD, [200, 200],
    ),
    "an upgrade with a body in chunks": (
        POST + UPGRADE + b"transfer-encoding: chunked\r\n\r\n" + CHUNK + GOOD, [200, 200],
    ),
    "Expect: 100-continue": (POST + LENGTH + b"expect: 100-continue\r\n\r\n" + BODY, [100, 200]),
    "an unknown method": (b"BREW" + GOOD[4:], [400]),
    "CONNECT": (b"CONNECT evil.example:443 HTTP/1.1\r\n\r\nabc", [405]),
    "OPTIONS of all": (b"OPTIONS * HTTP/1.1\r\n\r\n", [404]),
    # addresses
    "an absolute address": (b"GET http://evil.example/health/live HTTP/1.1\r\n\r\n", [200]),
    "half an absolute address": (b"GET http://[::/health/live HTTP/1.1\r\n\r\n", [400]),
    "junk in the path": (b"GET /in/%zz%00%ff%2e%2e%2f HTTP/1.1\r\n\r\n", [404]),
    "junk in path and query": (b"GET /in/a%2f..%2fx?%=%&&;%u0041 HTTP/1.1\r\n\r\n", [404]),
    "bytes above ASCII in the path": (b"GET /in/\xff\xfe HTTP/1.1\r\n\r\n", [400]),
    "a slash at the end": (b"GET /in/orders/ HTTP/1.1\r\nhost: evil.example\r\n\r\n", [404]),
    "a Host that is none": (GET + b"host: a b/\\@[::\r\n\r\n", [422]),
    # one after the other
    "three at once": (GOOD * 3, [200, 200, 200]),
    "close in the middle": (
        GOOD + GOOD.replace(b"host: a", b"connection: close") + GOOD, [200, 200],
    ),
    "garbage behind a request": (GOOD + b"\0\1garbage\r\n\r\n", [200]),
    "garbage behind two requests": (GOOD * 2 + b"\0\1garbage\r\n\r\n", [200, 200]),
    "a broken body behind a request": (GOOD + CHUNKED + b"zz\r\n", [200]),
    "half a head behind a request": (GOOD + POST, [200, 408]),
    "a broken body that nobody reads": (
        CHUNKED.replace(b"orders", b"nobody") + b"zz\r\n", [400],
    ),
    # too slow, or never
    "nothing": (b"", [408]),
    "half a head": (POST, [408]),
    "half a body": (POST + LENGTH + b"\r\n" + BODY[:9], [408]),
    "half a body that nobody reads": (
        POST.replace(b"orders", b"nobody") + LENGTH + b"\r\n" + BODY[:9], [404],
    ),
}  # fmt: skip

SLOW: dict[str, tuple[bytes, bytes, list[int]]] = {
    "a head byte by byte": (POST, b"x", [408]),
    "headers one by one": (POST, b"x: y\r\n", [408]),
    "line breaks one by one": (b"", b"\r\n", [408]),
    "a body byte by byte": (POST + b"content-length: 999\r\n\r\n", b"x", [408]),
    "chunks one by one": (CHUNKED, b"1\r\nx\r\n", [408]),
    "a body that nobody reads": (
        POST.replace(b"orders", b"nobody") + b"content-length: 999\r\n\r\n", b"x", [404],
    ),
    "chunks that nobody reads": (CHUNKED.replace(b"orders", b"nobody"), b"1\r\nx\r\n", [404]),
    "a request after a request": (GOOD + POST, b"x: y\r\n", [200, 408]),
}  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("hostile")
    limits = {"head_seconds": SECONDS, "body_seconds": SECONDS, "idle_seconds": 1}
    with RunningService(folder, RULES, f"sqlite:///{folder / 'crm.db'}", **limits) as running:
        yield running


def statuses(service: RunningService, pieces: Iterator[bytes], pause: float) -> list[int]:
    """Send pieces until the service ends the connection; the statuses of its answers."""
    heard = b""
    with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as connection:
        connection.settimeout(pause)
        for piece in pieces:
            try:
                connection.sendall(piece)
                while data := connection.recv(65536):
                    heard += data
                break
            except TimeoutError:
                continue
            except ConnectionError:  # it has answered and does not read what is still to come
                with suppress(OSError):
                    heard += connection.recv(65536)
                break
        else:
            raise AssertionError("the service leaves the connection open")
    return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d\d\d) ", heard)]


@pytest.fixture(scope="module")
def answers(service: RunningService) -> dict[str, list[int]]:
    """What came of all cases, sent at the same time."""
    with ThreadPoolExecutor(16) as pool:
        sent = {
            name: pool.submit(statuses, service, iter([data]), PATIENCE)
            for name, (data, _) in CASES.items()
        }
        for name, (head, piece, _) in SLOW.items():
            pieces = chain([head], repeat(piece, 200))
            sent[name] = pool.submit(statuses, service, pieces, 0.15)
        return {name: each.result() for name, each in sent.items()}


@pytest.mark.parametrize("name", [*CASES, *SLOW])
def test_it_is_answered_and_the_connection_ends(answers: dict[str, list[int]], name: str) -> None:
    """Each case has the answers it should, none of the server's own mistakes among them."""
    expected = CASES[name][1] if name in CASES else SLOW[name][2]
    assert expected == answers[name]


def test_the_next_request_is_fine(service: RunningService, answers: dict[str, list[int]]) -> None:
    """After all of them the service is well, and every success it told is a row of the journal."""
    with service.client() as client:
        ready = client.get("/health/ready")
        taken = client.post("/in/orders", json={"phone": "89031234567", "order": 2, "token": "b"})
    assert (200, 200) == (ready.status_code, taken.status_code)
    with closing(sqlite3.connect(service.log.parent / "crm.db")) as file:
        (rows,) = file.execute("SELECT count(*) FROM journal WHERE status = 200").fetchone()
    lives = [name for name in CASES if "absolute" in name]
    told = sum(each.count(200) for name, each in answers.items() if name not in lives)
    assert told + 1 == rows
    assert [] == [line for line in service.logged() if line["level"] in ("ERROR", "CRITICAL")]


@pytest.mark.parametrize("count", [1, 3])
def test_who_sends_no_more_hears_the_answers(service: RunningService, count: int) -> None:
    """A client that has ended its half of the connection gets what it has asked for."""
    heard = b""
    with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as connection:
        connection.sendall(GOOD * count + GOOD[:-5])
        connection.shutdown(socket.SHUT_WR)
        while data := connection.recv(65536):
            heard += data
    assert count == heard.count(b"HTTP/1.1 200 OK")


def test_who_hangs_up_is_no_mistake(service: RunningService) -> None:
    """Connections that are reset at any moment leave no error in the log."""
    for size in range(0, len(GOOD) * 3, 7):
        with socket.create_connection(("127.0.0.1", service.port), PATIENCE) as connection:
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            connection.sendall((GOOD * 3)[:size])
    with service.client() as client:
        assert 200 == client.get("/health/ready").status_code
    assert [] == [line for line in service.logged() if line["level"] in ("ERROR", "CRITICAL")]


def test_a_trailer_is_no_header(service: RunningService) -> None:
    """What stands behind a body is no request id: two deliveries are two requests."""
    trailed = CHUNKED + CHUNK[:-2] + b"idempotency-key: behind\r\n\r\n"
    assert [200] == statuses(service, iter([trailed]), PATIENCE)
    with closing(sqlite3.connect(service.log.parent / "crm.db")) as file:
        found = file.execute("SELECT 1 FROM journal WHERE request_id = 'behind'").fetchall()
    assert [] == found


def test_a_body_cannot_hide_a_request(service: RunningService) -> None:
    """A second request inside of a body is body: one answer, one row."""
    hidden = b'{"phone": "89031234567", "order": 3, "token": "smuggled"}'
    inner = POST + b"content-length: %d\r\n\r\n" % len(hidden) + hidden
    outer = POST + b"content-length: %d\r\n\r\n" % len(inner) + inner
    assert [400] == statuses(service, iter([outer]), PATIENCE)
    with closing(sqlite3.connect(service.log.parent / "crm.db")) as file:
        found = file.execute("SELECT 1 FROM comment WHERE text = 'smuggled'").fetchall()
    assert [] == found
