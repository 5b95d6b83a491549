"""The intake service as senders and operators meet it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from service import RunningService

ORDER = {"client_phone": 74712773120, "client_name": "Мария", "order_id": 6510}
FORM = {"client_phone": "8 (471) 277-31-20", "client_name": "Мария", "order_id": "6510"}
PROBLEM = "application/problem+json"
SECRET = "a-secret-of-32-characters-000000"

RULES = """
channel shop {
    entity deal
    region RU
    payload {
        phone  phone
        order  integer  required
        note   text
        ping   any
    }
    ignore when <ping> is present
    find
    on found update fields
    contact {
        PHONE = "<phone>" search
    }
    deal {
        ORDER = "<order>" search required
        NOTE  = "<note>"
    }
}
channel keyed {
    entity lead
    auth token query "key" secret KEYED
    lead {
        TITLE = "<title>"
    }
}
channel lines {
    entity lead
    each <items>
    request id "<id>"
    reject when <bad> is present "bad line"
    lead {
        TITLE = "<id>"
        NOTE  = "<note>"
    }
}
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    folder = tmp_path_factory.mktemp("service")
    (folder / "shop.channel").write_text(RULES)
    (folder / "order.channel").write_text(
        (Path(__file__).parents[2] / "rules/reference/order.channel").read_text()
    )
    store = f"sqlite:///{folder / 'crm.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEADLARK_SECRET_KEYED", SECRET)
        with RunningService(folder, folder, store, body_seconds=2, head_seconds=2) as running:
            yield running


def rows(service: RunningService, sql: str) -> list[Any]:
    """What the database of a service holds."""
    with closing(sqlite3.connect(service.rules / "crm.db")) as connection:
        return connection.execute(sql).fetchall()


def test_three_ways_one_order(service: RunningService) -> None:
    """JSON, a form and a query are one contact, one deal and three rows of the journal."""
    with service.client() as client:
        first = client.post("/in/shop-orders", json=ORDER)
        second = client.post("/in/shop-orders", data=FORM)
        third = client.get("/in/shop-orders", params=FORM)
    assert (200, "create") == (first.status_code, first.json()["action"])
    assert {"type": "deal", "ids": ["1"]} == first.json()["entity"]
    assert {"ids": ["1"]} == first.json()["contact"]
    assert ["ignore", "ignore"] == [second.json()["action"], third.json()["action"]]
    kept = rows(service, "SELECT method, action FROM journal WHERE channel = 'shop-orders'")
    assert [("POST", "create"), ("POST", "ignore"), ("GET", "ignore")] == kept


def test_a_repeated_id_gets_the_recorded_answer(service: RunningService) -> None:
    """The same id with the same payload, differently written: one effect, one answer."""
    with service.client(headers={"Idempotency-Key": "k-1"}) as client:
        first = client.post("/in/shop", json={"order": 1, "note": "a"})
        again = client.post(
            "/in/shop",
            content='{ "note":"a",\n "order":1 }',
            headers={"content-type": "application/json"},
        )
        other = client.post("/in/shop", json={"order": 1, "note": "b"})
    assert (200, first.json()) == (again.status_code, again.json())
    assert (409, PROBLEM) == (other.status_code, other.headers["content-type"])
    assert [(2 + 1,)] == rows(service, "SELECT attempts FROM journal WHERE request_id = 'k-1'")


def test_without_an_id_every_delivery_counts(service: RunningService) -> None:
    """Two deliveries without an id are two requests; the search keys make one deal of them."""
    with service.client() as client:
        first = client.post("/in/shop", json={"order": 2, "note": "a"}).json()
        again = client.post("/in/shop", json={"order": 2, "note": "b"}).json()
    assert (first["entity"], "update") == (again["entity"], again["action"])
    assert first["request"] != again["request"]


def test_several_decisions(service: RunningService) -> None:
    """Each payload has its decision; 422 only if all are rejected; ids are of each element."""
    lines = [{"id": "a"}, {"id": "b", "bad": 1}]
    with service.client() as client:
        mixed = client.post("/in/lines", json={"items": lines})
        again = client.post("/in/lines", json={"items": [{"id": "c"}, *lines]})
        bad = client.post(
            "/in/lines", json={"items": [{"id": "d", "bad": 1}, {"id": "e", "bad": 1}]}
        )
        root = client.post("/in/shop", json=[{"order": 11}, {"order": 12}])
        conflict = client.post("/in/lines", json={"items": [{"id": "a", "note": 1}, {"id": "f"}]})
    assert 200 == mixed.status_code
    assert ["create", "reject"] == [each["action"] for each in mixed.json()["decisions"]]
    decided = again.json()["decisions"]
    assert mixed.json()["decisions"] == decided[1:]
    assert "create" == decided[0]["action"]
    assert (422, 2) == (bad.status_code, len(bad.json()["decisions"]))
    assert ["create", "create"] == [each["action"] for each in root.json()["decisions"]]
    assert [409, None] == [each.get("status") for each in conflict.json()["decisions"]]
    assert 200 == conflict.status_code
    body = rows(
        service, "SELECT count(*) FROM journal WHERE channel = 'lines' AND body IS NOT NULL"
    )
    assert [(4,)] == body


def test_an_id_of_a_header_counts_for_one_and_for_several(service: RunningService) -> None:
    """An id that came with several payloads is taken for another single one, too."""
    with service.client(headers={"webhook-id": "several"}) as client:
        first = client.post("/in/shop", json=[{"order": 21}, {"order": 22}])
        again = client.post("/in/shop", json=[{"order": 21}, {"order": 22}])
        other = client.post("/in/shop", json={"order": 23})
    assert first.json()["decisions"] == again.json()["decisions"]
    assert 409 == other.status_code


def test_one_request_asks_for_so_many_decisions(service: RunningService) -> None:
    """A request of more payloads than one request may have is refused as a whole."""
    with service.client() as client:
        answer = client.post("/in/lines", json={"items": [{"note": n} for n in range(1001)]})
    assert (413, PROBLEM) == (answer.status_code, answer.headers["content-type"])
    assert "send 1000 at a time" in answer.json()["detail"]
    assert [] == rows(service, "SELECT 1 FROM journal WHERE decision LIKE '%1000%' LIMIT 1")


def test_a_sender_proves_itself_and_its_secret_is_not_kept(service: RunningService) -> None:
    """Without the secret 401 and no row; with it a row in which the secret is masked."""
    count = "SELECT count(*) FROM journal WHERE channel = 'keyed'"
    with service.client() as client:
        wrong = client.get("/in/keyed", params={"key": "wrong" * 8, "title": "a"})
        none = client.post("/in/keyed", json={"title": "a"})
        assert [(0,)] == rows(service, count)
        right = client.get("/in/keyed", params={"title": "a", "key": SECRET})
    assert [401, 401, 200] == [wrong.status_code, none.status_code, right.status_code]
    assert {PROBLEM} == {wrong.headers["content-type"], none.headers["content-type"]}
    kept = rows(service, "SELECT query FROM journal WHERE channel = 'keyed'")
    assert [("title=a&key=***",)] == kept
    assert SECRET not in service.log.read_text()


def test_what_is_refused_says_why(service: RunningService) -> None:
    """Every refusal is a problem document with the status of the contract."""
    json_type = {"content-type": "application/json"}
    with service.client() as client:
        answers = {
            "rejected": client.post("/in/shop", json={"order": "x"}),
            "ignored": client.post("/in/shop", json={"ping": 1}),
            "broken": client.post("/in/shop", content="{'a': 1}", headers=json_type),
            "nan": client.post("/in/shop", content='{"a": NaN}', headers=json_type),
            "deep": client.post("/in/shop", content="[" * 9999, headers=json_type),
            "surrogate": client.post("/in/shop", content=r'{"a":"\ud800"}', headers=json_type),
            "picture": client.post(
                "/in/shop", content=b"\x89PNG", headers={"content-type": "image/png"}
            ),
            "packed": client.post("/in/shop", content=b"x", headers={"content-encoding": "gzip"}),
            "large": client.post("/in/shop", content=b"a=" + b"x" * 1_100_000),
            "unknown": client.post("/in/nobody", json={}),
            "strange": client.post("/in/%2e%2e", json={}),
            "method": client.put("/in/shop", json={}),
            "head": client.head("/in/shop"),
            "nowhere": client.get("/"),
        }
    expected = {
        "rejected": 422, "ignored": 200, "broken": 400, "nan": 400, "deep": 400, "surrogate": 400,
        "picture": 415, "packed": 415, "large": 413, "unknown": 404, "strange": 404, "method": 405,
        "head": 405, "nowhere": 404,
    }  # fmt: skip
    assert expected == {name: answer.status_code for name, answer in answers.items()}
    for name, answer in answers.items():
        if name not in ("ignored", "head"):
            assert (name, PROBLEM) == (name, answer.headers["content-type"])
            assert answer.status_code == answer.json()["status"]
    assert {"path": "order"} == {"path": answers["rejected"].json()["problems"][0]["path"]}
    assert "double quotes" in answers["broken"].json()["detail"]
    assert {"P101", "P104", "P503", "P106"} == {
        answers[name].json()["code"] for name in ("broken", "nan", "deep", "surrogate")
    }
    unreadable = rows(service, "SELECT count(*) FROM journal WHERE action = 'unreadable'")
    assert [(5,)] == unreadable


def test_operators_look(service: RunningService) -> None:
    """Health, metrics and the description of the channels are there."""
    with service.client() as client:
        client.post("/in/shop", json={"order": 3})
        ready = client.get("/health/ready")
        metrics = client.get("/metrics").text
        described = client.get("/openapi.json").json()
    assert (200, []) == (ready.status_code, ready.json()["problems"])
    assert 'leadlark_requests_total{action="create",channel="shop",status="200"}' in metrics
    assert {"/in/shop", "/in/lines", "/in/shop-orders"} <= described["paths"].keys()


def test_logs_hold_no_payload(service: RunningService) -> None:
    """Every line of the log is one JSON object, and no value of a payload stands in it."""
    with service.client() as client:
        client.post("/in/shop", json={"order": 4, "note": "hush-hush\nnew line"})
    assert "hush" not in service.log.read_text()
    lines = [line for line in service.logged() if line["message"] == "request"]
    assert {"time", "level", "channel", "action", "status", "request", "milliseconds"} <= set(
        lines[-1]
    )
