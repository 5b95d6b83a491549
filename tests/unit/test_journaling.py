"""The journal as people work with it: found, masked, decided again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leadlark
from leadlark.adapters.memory import MemoryStore
from leadlark.decision import Decision
from leadlark.explaining.masking import Mask
from leadlark.journal import Delivery, Entry, EntryAction, Identity, Wanted
from leadlark.journaling.counting import Counted
from leadlark.journaling.masking import shared_document, shared_headers, shared_reason
from leadlark.journaling.recorded import before_ids, decision_of
from leadlark.journaling.replaying import ErasedPersonError, Replayer, person_keys
from leadlark.journaling.secrets import read_again, shown_body, shown_query
from leadlark.journaling.selecting import (
    REPLAY_OF,
    Kept,
    NotFoundError,
    delivered,
    find,
    length,
    moment,
    rows,
)
from leadlark.journaling.traces import Traces
from leadlark.late_dataclass import replace
from leadlark.store import Deciding, Key, Plan, Unit

RULES: Final = """\
channel shop "Shop" {
    entity deal
    region RU
    payload {
        phone phone required
        name text
        order integer
        test any
        key any
    }
    ignore when <test> is present "test of <name>"
    find newest in NEW
    on found ignore
    status NEW
    contact {
        NAME = "<name>"
        PHONE = "<phone>" search
    }
    deal {
        TITLE = "Order #<order>"
        UF_ORDER = "<order>" search required
    }
    activity "Call <name>" within 60m on create
}
"""
NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
ID: Final = "019b79e8-6400-7000-8000-{:012}"  # of noon


def delivery(number: int = 1, **changed: Any) -> Delivery:
    made = Delivery(
        ID.format(number), "2026-01-01T12:00:00.000Z", "shop", "shop", "POST", "",
        {"content-type": "application/json"}, b"{}", "0" * 64,
    )  # fmt: skip
    return replace(made, **changed)


def row(given: Delivery, action: EntryAction = "ignore", text: str = "", **told: Any) -> Entry:
    decision = Decision("shop", "ignore", text, "0" * 64, 1).to_dict()
    return Entry(given, 0, True, None, action, 200, json.dumps({**decision, **told}), text)


def kept_in(store: MemoryStore, *several: Entry) -> None:
    def work() -> Deciding:
        return Plan(Decision("shop", "ignore", "", "", 1))
        yield

    store.transact_all([Unit(work, lambda _, each=each: each) for each in several])  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("+74712773120", True),
        ("8 (471) 277-31-20", True),
        ("тел.: 8471 277 31 20, звонить", True),
        ("471.277.31.20", True),
        ("７４７１２７７３１２０", True),
        ("471-277\u201131\u201320", True),
        ("tel:+7-471-277-31-20;ext=5", True),
        ("7471277312", False),
        ("471 277 31 21", False),
        ("2773120", False),
        ("MARIA@Example.com", True),
        ("<maria@example.com>, other@example.com", True),
        ("maria@example.com.", True),
        ("anamaria@example.com", False),
        ("x.maria@example.com", False),
        ("maria@example.com.org", False),
        ("maria@example.community", False),
        ("", False),
    ],
)
def test_a_person_is_found_in_texts(text: str, is_there: bool) -> None:
    """By a phone in any punctuation, and an e-mail in any case; not by a part of either."""
    assert is_there == Traces(["+74712773120"], ["maria@example.com"]).in_text(text)


def test_a_short_national_number_needs_its_country() -> None:
    """Fewer than nine digits are in too many other numbers."""
    traces = Traces(["+37126123456"], [])  # Latvia: eight digits

    assert (True, False) == (traces.in_text("00371 26-123-456"), traces.in_text("26123456"))


@pytest.mark.parametrize(
    ("value", "is_there"),
    [
        ("Мария", True),
        ("заказ МАРИЯ!", True),
        ("Мариям", False),
        ([1, {"a": ["Мария"]}], True),
        (74712773120, True),
        (None, False),
        (True, False),
    ],
)
def test_values_of_fields_are_looked_through(value: Any, is_there: bool) -> None:
    """Names count as whole words, in lists and objects, too."""
    assert is_there == Traces(["+74712773120"], [], ["Мария"]).in_value(value)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200), st.binary(max_size=200))
def test_any_content_can_be_looked_through(text: str, body: bytes) -> None:
    """Nothing that a request may hold makes it fail, and a phone in it is found."""
    traces = Traces(["+74712773120"], ["maria@example.com"], ["Мария"])
    traces.in_value(text)
    traces.in_content(text)

    assert traces.in_content(body + b" 84712773120")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2h", "2026-01-01T10:00:00.000Z"),
        ("90 m", "2026-01-01T10:30:00.000Z"),
        ("3d", "2025-12-29T12:00:00.000Z"),
        ("1w", "2025-12-25T12:00:00.000Z"),
        ("30s", "2026-01-01T11:59:30.000Z"),
        ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ("2026-01-31T09:30:00+03:00", "2026-01-31T06:30:00.000Z"),
        ("yesterday", None),
        ("999999w", None),
        ("-2h", None),
        ("2x", None),
    ],
)
def test_times_are_told_by_date_or_by_how_long_ago(text: str, time: str | None) -> None:
    """What is neither is no time."""
    assert time == moment(text, NOON)


def test_an_age_is_a_number_and_a_unit() -> None:
    """A date is no age."""
    assert (14, None) == ((length("14d") or NOON - NOON).days, length("2026-01-01"))


def test_rows_are_read_page_by_page() -> None:
    """All of them, the newest first, or as many as are asked for."""
    store = MemoryStore()
    kept_in(store, *(row(delivery(number)) for number in range(1, 251)))
    pages: list[int] = []
    entries = store.entries

    def counted(wanted: Wanted) -> Sequence[tuple[int, Entry]]:
        page = entries(wanted)
        pages.append(len(page))
        return page

    store.entries = counted  # type: ignore[method-assign]
    assert list(range(250, 0, -1)) == [number for number, _ in rows(store, Wanted())]
    assert [100, 100, 50] == pages
    assert 120 == len(list(rows(store, Wanted(), 120)))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (ID.format(3), 3),
        (ID.format(3).upper(), 3),
        (f" {ID.format(3)} ", 3),
        ("3", 3),
        ("#3", 3),
        ("aaaa", 5),
        ("aaaa-b", 5),
    ],
)
def test_a_delivery_is_found_by_what_people_write(name: str, found: int) -> None:
    """Its id, a unique beginning, or the number of a row."""
    store = MemoryStore()
    others = delivery(5, id="aaaa-bbbb")
    kept_in(store, *(row(delivery(number)) for number in range(1, 5)), row(others))

    assert found == find(store, name).number


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("99", "the journal has no row 99"),
        ("019b79e8", "several deliveries begin with 019b79e8"),
        ("beef", "the journal has no delivery beef"),
        ("x" * 100, "is no delivery"),
        ("019", "is no delivery"),
        ("", "is no delivery"),
    ],
)
def test_what_is_no_delivery_is_told(name: str, said: str) -> None:
    """In one sentence, with the way out."""
    store = MemoryStore()
    kept_in(store, row(delivery(1)), row(delivery(2)))

    with pytest.raises(NotFoundError, match=said):
        find(store, name)


CONTACT: Final = {"contact": {"fields": {"NAME": "Maria"}}}


@pytest.mark.parametrize(
    ("text", "body", "told", "shown"),
    [
        ("no deal found", b'{"type": "deal"}', {}, "no deal found"),
        ("test of \u041c\u0430\u0440\u0438\u044f", '{"a": "Мария"}'.encode(), {}, "test of text-1"),
        ("test of Maria", b"name=Maria&x=%20", {}, "test of text-1"),
        ("deal 5 found by UF_ORDER 6510", b'{"order": 6510}', {}, None),
        ("deal 5 found by PHONE +74712773120", b"{}", {}, "deal 5 found by PHONE phone-1"),
        ("test of Мария Ли", None, {}, "test of text-1 text-2"),
        ("deal 5 found by NAME Maria", None, CONTACT, "deal 5 found by NAME text-1"),
        ("line 5: ignore when <Test> is present", None, {}, None),
        ("", None, {}, ""),
    ],
)  # fmt: skip
def test_a_reason_is_listed_without_personal_data(
    text: str, body: bytes | None, told: Mapping[str, Any], shown: str | None
) -> None:
    """What a payload or a decision holds is replaced, LeadLark's own words stay."""
    kind = "application/x-www-form-urlencoded" if body and b"=" in body else "application/json"
    given = delivery(body=body, query=None, headers={"content-type": kind})

    assert (text if shown is None else shown) == shared_reason(
        row(given, text=text, **told), Mask()
    )


def test_a_rejects_value_is_masked() -> None:
    """What stands in quotes came from outside."""
    text = '`phone` is not a phone number: "Maria"'

    assert "`phone` is not a phone number: text-1" == shared_reason(
        row(delivery(body=None, query=None), "reject", text), Mask()
    )


def test_a_decision_is_shown_without_personal_data() -> None:
    """Fields, comment, activity and notes; ids and what the rules name stay."""
    told = shared_document(
        row(
            delivery(),
            contact={"action": "create", "ids": ["1"], "fields": {"PHONE": ["+74712773120"]}},
            entity={"type": "deal", "ids": ["5"], "fields": {"TITLE": "Maria"}, "records": None},
            comment="Maria",
            activity={"subject": "Call Maria", "due": "x", "responsible": None},
            warnings=[{"code": "N1", "message": 'no "Maria"', "path": "a"}],
        ),
        Mask(),
    )

    text = json.dumps(told)
    assert ("Maria" in text, "74712773120" in text) == (False, False)
    assert (["phone-1"], ["5"]) == (told["contact"]["fields"]["PHONE"], told["entity"]["ids"])
    assert {"host": "a.b", "x-name": "text-1"} == shared_headers(
        {"host": "a.b", "x-name": "Maria"}, Mask()
    )


AUTH: Final = 'auth token field "{}" secret SHOP'


def channel(auth: str) -> leadlark.Channel:
    text = RULES.replace("    entity deal", f"    {auth}\n    entity deal")
    return leadlark.loads(text, filename="shop.channel").only()


@pytest.mark.parametrize(
    ("body", "field", "shown"),
    [
        (b'{"key": "s3cret/x", "a": 1}', "key", '{"key": "***", "a": 1}'),
        (rb'{"key": "s3cret\/x", "a": 1}', "key", '{"key": "***", "a": 1}'),
        (rb'{"key": "\u00733cret/x"}', "key", '{"key": "***"}'),
        (b'[{"key": "one"}, {"key": "two"}]', "key", '[{"key": "***"}, {"key": "***"}]'),
        (b'{"api_key": "x", "apiKey": "a\\"b", "TOKEN": 12345}', "key",
         '{"api_key": "***", "apiKey": "***", "TOKEN": "***"}'),
        (b"{'key': 's3cret'}", "key", "(17 bytes: not shown, they may hold the secret)"),
        (b"", "key", ""),
    ],
)  # fmt: skip
def test_a_body_is_shown_without_its_secret(body: bytes, field: str, shown: str) -> None:
    """In whatever spelling it stands there."""
    asked = channel(AUTH.format(field))

    assert shown == shown_body(delivery(body=body), asked)


def test_a_form_and_a_query_are_shown_without_secrets() -> None:
    """The value that `auth` names, and those whose names say what they are."""
    given = delivery(
        body=b"a=1&shop%5Ftoken=x&b=%D0%AF",
        query="a=1&Proof=x&password=y",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    asked = channel('auth token query "proof" secret SHOP')

    assert "a=1&shop%5Ftoken=***&b=%D0%AF" == shown_body(given, None)
    assert "a=1&Proof=***&password=***" == shown_query(given, asked)
    assert '{"a": "1", "shop_token": "***", "b": "Я"}' == read_again(given, None)
    assert read_again(delivery(body=b'{"a": 1}'), None) is None


class Shop:
    """A store with a journal that a channel has written."""

    def __init__(self, text: str = RULES) -> None:
        self.store = MemoryStore()
        self.rules = leadlark.loads(text, filename="shop.channel")
        self.marks: dict[Key, str] = {}

    def send(self, number: int, payload: Any, rules: str = RULES) -> Kept:
        """What the service does with a request."""
        channel = leadlark.loads(rules, filename="shop.channel").only()
        given = delivery(number, body=json.dumps(payload).encode(), rules=channel.program.rules)
        request = leadlark.Request.from_http(headers=given.headers, body=given.body or b"")
        first = True
        for index, part in enumerate(channel.parts(request, NOON)):

            def entry(done: Decision, index: int = index, first: bool = first) -> Entry:
                text = done.to_json()
                return Entry(given, index, first, None, done.action, 200, text, done.reason)

            self.store.transact_all([Unit(channel.work(part.mapped, NOON), entry)])
            first = False
        found = delivered(self.store, given.id)
        assert found is not None
        return found

    def replayer(self) -> Replayer:
        return Replayer(
            self.rules, self.store, lambda keys: {k: self.marks[k] for k in keys if k in self.marks}
        )


def written(given: Delivery, part: int, first: bool) -> Any:
    def entry(done: Decision) -> Entry:
        return Entry(given, part, first, None, done.action, 200, done.to_json(), done.reason)

    return entry


ORDER: Final = {"phone": 74712773120, "name": "Мария", "order": 6510}


def test_a_recorded_decision_is_read_as_it_was() -> None:
    """JSON of the journal and back, the ids of what was created aside."""
    shop = Shop()
    ((_, kept),) = shop.send(1, ORDER).rows
    decision = decision_of(kept)
    request = leadlark.Request(ORDER)
    fresh = shop.rules.only().decide(request, MemoryStore(), NOON)

    assert kept.decision == decision.to_json()
    assert fresh.to_json() == before_ids(decision).to_json()


def test_a_replay_is_decided_on_the_store_as_it_is() -> None:
    """What was created is found now; nothing is written, and the time is that of the request."""
    shop = Shop()
    kept = shop.send(1, ORDER)
    before = (shop.store.records("deal"), shop.store.entries(Wanted()))
    replayed = shop.replayer().compare(kept)
    (part,) = replayed.parts

    assert ("compared", False) == (replayed.state, replayed.is_same)
    assert [("action", "create", "ignore")] == [(c.kind, c.old, c.new) for c in part.changes]
    assert before == (shop.store.records("deal"), shop.store.entries(Wanted()))


def test_the_same_decision_is_no_difference() -> None:
    """On an empty store the same rules decide as they did, ids and times included."""
    shop = Shop()
    kept = shop.send(1, ORDER)
    other = Shop()

    assert other.replayer().compare(kept).is_same
    changed = Shop(RULES.replace("Order #", "No. ")).replayer().compare(kept)
    assert [("field", "TITLE")] == [(c.kind, c.name) for c in changed.parts[0].changes]


def test_what_could_not_be_read_is_decided_now() -> None:
    """An unreadable request becomes a decision where it can be read, else stays one."""
    shop = Shop()
    body = json.dumps({**ORDER, "order": 1}).encode()
    problem = {"detail": "Broken JSON", "code": "P101"}
    bad = replace(row(delivery(1, body=body), "unreadable"), decision=json.dumps(problem))
    worse = replace(bad, delivery=delivery(2, body=b"{'a': 1}"))
    kept_in(shop.store, bad, worse)
    first, second = (
        shop.replayer().compare(kept)
        for number in (1, 2)
        if (kept := delivered(shop.store, ID.format(number)))
    )

    assert [("action", "unreadable", "create")] == [
        (c.kind, c.old, c.new) for c in first.parts[0].changes
    ]
    assert {"reason"} == {c.kind for c in second.parts[0].changes}


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({"body": None, "query": None}, "purged"),
        ({"address": "gone"}, "no channel"),
        ({"body": None, "query": "order=1"}, "compared"),
    ],
)
def test_what_cannot_be_replayed_is_told(changed: dict[str, Any], state: str) -> None:
    """What is purged, and what no channel takes."""
    shop = Shop()
    kept = Kept(((1, row(delivery(**changed))),))

    assert state == shop.replayer().compare(kept).state


def test_requests_of_other_addresses_go_to_the_default_channel() -> None:
    """As they do when they come."""
    shop = Shop(RULES.replace("    entity deal", "    default\n    entity deal"))
    kept = Kept(((1, row(delivery(address="gone"))),))

    assert ("compared", "shop") == (
        (done := shop.replayer().compare(kept)).state,
        done.channel,
    )


def test_a_replay_is_carried_out_with_a_row_of_its_own() -> None:
    """It names the delivery that it is of, has no request id, and its new time."""
    shop = Shop()
    kept = shop.send(1, {**ORDER, "test": 1}, RULES)
    shop.rules = leadlark.loads(RULES.replace('"test of <name>"', "").replace("ignore when <test> is present", ""), filename="shop.channel")  # fmt: skip  # noqa: E501
    (done,) = shop.replayer().apply(kept, "new", "2026-02-01T00:00:00.000Z", written)
    ((number, row), *_) = shop.store.entries(Wanted())

    assert ("create", ("1",)) == (done.action, done.entity and done.entity.ids)
    assert (2, "new", True, None) == (number, row.delivery.id, row.first, row.identity)
    assert ID.format(1) == row.delivery.headers[REPLAY_OF]
    assert "2026-02-01T00:00:00.000Z" == row.delivery.received
    assert done.activity is not None
    assert "2026-01-01T13:00:00Z" == done.activity.due
    again = delivered(shop.store, "new")
    assert again is not None
    shop.replayer().apply(again, "newer", "2026-02-02T00:00:00.000Z", written)
    newest = delivered(shop.store, "newer")
    assert newest is not None
    assert ID.format(1) == newest.replay_of


def test_parts_of_earlier_deliveries_are_not_replayed() -> None:
    """A part without a row was recorded under the delivery that came before."""
    shop = Shop()
    kept = shop.send(1, [{**ORDER, "order": n} for n in (1, 2, 3)])
    several = Kept((kept.rows[0], kept.rows[2]))

    assert [0, 2] == [each.part for each in shop.replayer().compare(several).parts]
    assert 2 == len(shop.replayer().apply(several, "new", "2026-02-01T00:00:00.000Z", written))
    assert 1 == len(
        shop.replayer().apply(several, "newer", "2026-02-01T00:00:00.000Z", written, frozenset([2]))
    )


def test_a_person_who_was_erased_does_not_come_back() -> None:
    """Neither what is compared nor what is applied names them, unless it came afterwards."""
    shop = Shop()
    kept = shop.send(1, ORDER)
    mapped = shop.rules.only().map(leadlark.Request(ORDER), NOON)
    (key,) = person_keys(mapped)
    before = shop.store.records("deal")
    shop.marks[key] = "2026-01-02T00:00:00.000Z"

    assert Key("PHONE", "+74712773120") == key
    assert "erased" == shop.replayer().compare(kept).state
    with pytest.raises(ErasedPersonError):
        shop.replayer().apply(kept, "new", "2026-02-01T00:00:00.000Z", written)
    assert before == shop.store.records("deal")
    shop.marks[key] = "2025-12-31T00:00:00.000Z"
    assert "compared" == shop.replayer().compare(kept).state


def test_replays_are_counted_by_channel() -> None:
    """Kinds of differences are told as by `diff`, and deliveries one by one up to a number."""
    shop = Shop()
    counted = Counted()
    for number in range(1, 31):
        kept = shop.send(number, {**ORDER, "order": number})
        counted.add(shop.replayer().compare(kept))
    counted.add(shop.replayer().compare(Kept(((1, row(delivery(body=None, query=None))),))))
    (difference,) = counted.differences()

    assert (31, 30, 0, 20) == (
        counted.total,
        counted.differing,
        counted.same,
        len(counted.changed),
    )
    assert [("action", 30)] == [(group.kind, group.count) for group in difference.groups]
    assert {"purged": [ID.format(1)]} == counted.listed
    assert not counted.is_same


def test_an_identity_is_no_part_of_a_replay() -> None:
    """The request id belongs to the delivery that it came with."""
    shop = Shop()
    given = delivery(1, headers={"idempotency-key": "a", "content-type": "application/json"})
    entry = replace(row(given), identity=Identity("shop", "a", "0"))

    assert "compared" == shop.replayer().compare(Kept(((1, entry),))).state
