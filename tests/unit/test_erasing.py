"""A person is erased from a store: the same in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest
from postgres_server import PostgresServer, rows

from leadlark import Record, open_store
from leadlark.adapters.erasing import ConflictError, Erasing, open_erasing
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.journal import Delivery, Entry, EntryAction, Identity, Recorded, Wanted
from leadlark.journaling.erasing import REASON, Erased, erase, survey
from leadlark.journaling.people import email_key, people_of, phone_key
from leadlark.late_dataclass import replace
from leadlark.store import Deciding, Key, Plan, Search, Task, Unit, Write

NOW: Final = "2026-02-01T00:00:00.000Z"
PHONE: Final = Key("PHONE", "+74712773120")
RECORDS: Final = (
    Record(
        "contact",
        "1",
        {"NAME": "Мария", "PHONE": ["+7 471 277-31-20"], "EMAIL": ["Maria@Example.com"]},
    ),
    Record("contact", "2", {"NAME": "Пётр", "PHONE": ["+79031234567"]}),
    Record(
        "deal",
        "5",
        {
            "TITLE": "Заказ: МАРИЯ, 6510",
            "UF_PHONE": "8 (471) 277 31-20",
            "UF_MAIL": "to maria@example.COM, soon",
            "UF_ORDER": 6510,
            "UF_NOTE": "Мариям is another name",
        },
        {},
        "NEW",
        "12",
        ("1", "2"),
    ),
    Record("deal", "6", {"TITLE": "Заказ Мария"}, {}, "NEW", None, ("2",)),
    Record("lead", "7", {"PHONE": ["+74712773120", "+79031234567"], "NAME": "Мария"}, {}, "NEW"),
)


class Place:
    """A store of some kind, and what erases in it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.store: Any = open_store(url)

    def erasing(self) -> Erasing:
        erasing: Erasing = self.store.erasing() if self.url == "memory:" else open_erasing(self.url)
        return erasing

    def erase(self, key: Key = PHONE) -> Erased:
        with closing(self.erasing()) as erasing:
            return erase(erasing, key, NOW)

    def all(self) -> dict[tuple[str, str], Record]:
        kinds = ("contact", "lead", "deal")
        return {(kind, each.id): each for kind in kinds for each in self.store.records(kind)}

    def journal(self) -> dict[str, Entry]:
        return {row.delivery.id: row for _, row in self.store.entries(Wanted(limit=1000))}

    def found(self, type: Any, *keys: Key) -> list[str]:
        return [each.id for each in self.store.search(Search(type, keys))]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A store with the records above."""
    if request.param == "memory":
        url = "memory:"
    elif request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/crm.db"
    else:
        postgres: PostgresServer = request.getfixturevalue("postgres")
        url = postgres.empty()
    made = Place(url)
    made.store.add(RECORDS, "RU")
    with made.store:
        yield made


def work(*writes: Write, links: tuple[str, ...] = ()) -> Callable[[], Deciding]:
    nothing = Decision("shop", "update", "", "0" * 64, 1, ContactPart("keep"), EntityPart("deal"))

    def deciding() -> Deciding:
        return Plan(nothing, None, writes, links)
        yield

    return deciding


def told(action: EntryAction = "create", ids: tuple[str, ...] = (), **fields: Any) -> str:
    contact = ContactPart("keep", ids, fields)
    entity = EntityPart("deal", ("5",), "NEW", "12", {"TITLE": "Order"})
    if action == "unreadable":
        problem = {"type": "about:blank", "title": "Bad Request", "status": 400, **fields}
        return json.dumps({**problem, "code": "P101", "detail": "Broken JSON"})
    return Decision("shop", action, "because", "0" * 64, 1, contact, entity).to_json()


def row(
    name: str,
    body: bytes | None = b"{}",
    query: str = "",
    request_id: str | None = None,
    action: EntryAction = "create",
    decision: str | None = None,
    headers: dict[str, str] | None = None,
) -> Entry:
    delivery = Delivery(
        name, "2026-01-01T12:00:00.000Z", "shop", "shop", "POST", query, headers or {}, body, "0"
    )
    identity = None if request_id is None else Identity("shop", request_id, "d" * 64)
    text = told(action) if decision is None else decision
    return Entry(delivery, 0, True, identity, action, 200, text, "because")


def write(place: Place, *several: Entry) -> None:
    units = [
        Unit(work(), lambda _, each=each: each, each.identity)  # type: ignore[misc]
        for each in several
    ]
    assert all(isinstance(each, Decision) for each in place.store.transact_all(units))


def test_a_contact_goes_with_all_that_belongs_to_it(place: Place) -> None:
    """The contact, its keys and its links are gone; others, the deals and their order stay."""
    done = place.erase()
    left = place.all()

    assert (("1",), ("7",), ("5",)) == (done.contacts, done.leads, done.deals)
    assert {("contact", "2"), ("lead", "7"), ("deal", "5"), ("deal", "6")} == set(left)
    assert RECORDS[1].fields["NAME"] == left["contact", "2"].fields["NAME"]
    assert ("2",) == left["deal", "5"].contacts
    assert ("NEW", "12") == (left["deal", "5"].status, left["deal", "5"].responsible)
    assert [] == place.found("contact", PHONE, Key("EMAIL", "maria@example.com"))
    assert ["5", "6"] == [each.id for each in place.store.search(Search("deal", contacts=("2",)))]
    assert [] == list(place.store.search(Search("deal", contacts=("1",))))


def test_fields_of_linked_records_that_hold_the_person_are_emptied(place: Place) -> None:
    """Phones in any punctuation, e-mails in any case, names as words; with their keys."""
    done = place.erase()
    deal, other = place.all()["deal", "5"], place.all()["deal", "6"]

    assert {"UF_ORDER": 6510, "UF_NOTE": "Мариям is another name"} == deal.fields
    assert {"TITLE": "Заказ Мария"} == other.fields  # of another contact: another Maria
    assert ("deal 5", ("TITLE", "UF_PHONE", "UF_MAIL")) in done.changed
    assert ["5"] == place.found("deal", Key("UF_ORDER", "6510"))
    assert [] == place.found("deal", Key("TITLE", "Заказ: МАРИЯ, 6510"))


def test_of_several_values_the_others_stay(place: Place) -> None:
    """A lead that is found by the phone itself loses that phone and its name."""
    place.erase()
    lead = place.all()["lead", "7"]

    assert {"PHONE": ["+79031234567"]} == lead.fields
    assert ("WORK",) == tuple(lead.types["PHONE"])
    assert ([], ["7"]) == (
        place.found("lead", PHONE),
        place.found("lead", Key("PHONE", "+79031234567")),
    )


def test_comments_and_to_dos_of_linked_records_go(place: Place) -> None:
    """They are free text about the person; those of other records stay."""
    task = Task("Call Мария", "2026-01-01T00:00:00Z", None)
    place.store.transact(work(Write("deal", "5", comment="Мария called", task=task)))
    place.store.transact(work(Write("deal", "6", comment="other", task=task)))
    done = place.erase()

    assert (1, 1) == (done.comments, done.activities)
    assert ((), ()) == (
        tuple(place.store.comments("deal", "5")),
        tuple(place.store.tasks("deal", "5")),
    )
    assert (("other",), (task,)) == (
        tuple(place.store.comments("deal", "6")),
        tuple(place.store.tasks("deal", "6")),
    )


HOLDING: Final = {
    "json": row("json", b'{"phone": 74712773120}'),
    "spelled": row("spelled", b'{"phone": "8 (471) 277-31-20"}'),
    "form": row("form", b"phone=%2B7+%28471%29+277-31-20"),
    "escaped": row("escaped", rb'{"mail": "\u006daria\u0040example.com"}'),
    "wide": row("wide", '{"phone": "+74712773120"}'.encode("utf-16")),
    "query": row("query", None, "mail=MARIA%40example.com"),
    "decided": row("decided", decision=told(PHONE=["+74712773120"])),
    "linked": row("linked", b'{"order": 1}', decision=told(ids=("1",))),
    "header": row("header", headers={"x-customer": "maria@example.com"}),
    "unread": row("unread", b"{'phone': 84712773120}", action="unreadable"),
}
OTHERS: Final = {
    "other": row("other", b'{"phone": "+79031234567"}', decision=told(ids=("2",))),
    "alike": row("alike", b'{"mail": "anamaria@example.com", "other": "maria@example.com.org"}'),
    "ids": row("ids", b'{"order": 1}', decision=told(ids=("11", "12"))),
    "digits": row("digits", b'{"phone": "+7 471 277-31-21", "id": 7471277}'),
}


def test_rows_of_the_journal_that_tell_of_the_person_are_emptied(place: Place) -> None:
    """Whatever spelling they hold; all other rows stay as they are."""
    write(place, *HOLDING.values(), *OTHERS.values())
    before = place.journal()
    done = place.erase()
    after = place.journal()

    assert (len(HOLDING), len(HOLDING)) == (done.rows, done.deliveries)
    assert {name: before[name] for name in OTHERS} == {name: after[name] for name in OTHERS}
    for name in HOLDING:
        emptied = after[name]
        delivery = emptied.delivery
        assert (None, None, {}, "") == (
            delivery.body,
            delivery.query,
            dict(delivery.headers),
            emptied.text,
        ), name
        assert (True, HOLDING[name].action, 200) == (emptied.first, emptied.action, emptied.status)
        assert "4712773120" not in emptied.decision


def test_a_decision_is_reduced_to_its_action_and_ids(place: Place) -> None:
    """Its shape stays that of every decision."""
    given = told("update", ("1",), NAME="Мария")
    write(place, row("a", decision=given, action="update"), HOLDING["unread"])
    place.erase()
    journal = place.journal()
    empty, before = json.loads(journal["a"].decision), json.loads(given)

    assert list(before) == list(empty)
    assert ("update", REASON) == (empty["action"], empty["reason"])
    assert {"action": "keep", "ids": ["1"], "fields": {}, "types": {}} == empty["contact"]
    assert ["5"] == empty["entity"]["ids"]
    assert {} == empty["entity"]["fields"]
    assert REASON == json.loads(journal["unread"].decision)["detail"]


def test_a_repeated_request_still_gets_its_answer(place: Place) -> None:
    """Its row stays, so the request is not carried out a second time."""
    entry = row("a", b'{"phone": 74712773120}', request_id="order-1")
    write(place, entry)
    place.erase()
    (again,) = place.store.transact_all([Unit(work(), lambda _: entry, entry.identity)])

    assert isinstance(again, Recorded)
    assert ("a", "d" * 64, "create") == (again.delivery, again.digest, again.action)
    assert ["5"] == json.loads(again.decision)["entity"]["ids"]


def test_a_request_id_that_holds_the_phone_is_removed(place: Place) -> None:
    """A repetition of such a request is a new one."""
    entry = row("a", b'{"order": 1}', request_id="+74712773120/1")
    write(place, entry)
    done = place.erase()

    assert (1, 1) == (done.rows, done.requests)
    assert place.journal()["a"].identity is None
    write(place, replace(entry, delivery=replace(entry.delivery, id="b")))


def test_all_rows_of_a_request_of_several_payloads_are_emptied(place: Place) -> None:
    """Its body is that of all of them."""
    first = row("a", b'[{"phone": "+74712773120"}, {"phone": "+79031234567"}]')
    second = replace(first, part=1, first=False)
    write(place, first, second)

    assert (2, 1) == ((done := place.erase()).rows, done.deliveries)


def test_marks_are_left_for_every_phone_and_email(place: Place) -> None:
    """By any of them the person is known as erased; from a mark nobody reads whose it is."""
    assert 2 == place.erase().marks
    with closing(place.erasing()) as erasing:
        asked = [PHONE, Key("EMAIL", "maria@example.com"), Key("PHONE", "+79031234567")]
        assert dict.fromkeys(asked[:2], NOW) == erasing.marked(asked)
        assert {} == erasing.marked([])


def test_who_is_not_there_leaves_everything_as_it_is(place: Place) -> None:
    """No mark is left of nobody; who was erased before is told with the time."""
    write(place, *OTHERS.values())
    before = place.all(), place.journal()
    nobody = place.erase(Key("PHONE", "+79990000000"))

    assert (True, None, 0) == (nobody.is_nobody, nobody.before, nobody.marks)
    assert before == (place.all(), place.journal())
    place.erase()
    again = place.erase()
    assert (True, NOW) == (again.is_nobody, again.before)


def test_erasing_is_all_or_nothing(place: Place) -> None:
    """What fails at the very end has changed nothing, and may be tried again."""
    write(place, *HOLDING.values())
    before = place.all(), place.journal()
    with closing(place.erasing()) as erasing:
        with (
            patch.object(type(erasing), "mark", side_effect=StoreError("no")),
            pytest.raises(StoreError),
        ):
            erase(erasing, PHONE, NOW)
        assert before == (place.all(), place.journal())
        assert ["1"] == place.found("contact", PHONE)
        assert {} == erasing.marked([PHONE])
        assert not erase(erasing, PHONE, NOW).is_nobody


def test_what_comes_between_looking_and_removing_is_removed(place: Place) -> None:
    """A contact and a row that are written in between go, too."""
    write(place, HOLDING["json"])
    with closing(place.erasing()) as erasing:
        seen: list[int] = []

        def meanwhile(_: int) -> None:
            if not seen:
                seen.append(1)
                place.store.add([Record("contact", "9", {"PHONE": ["+74712773120"]})])
                write(place, HOLDING["form"])

        done = erase(erasing, PHONE, NOW, meanwhile)

    assert (("1", "9"), 2) == (done.contacts, done.rows)


def test_a_survey_tells_what_would_be_removed(place: Place) -> None:
    """It writes nothing, and says of records and rows what erasing says."""
    write(place, *HOLDING.values(), *OTHERS.values())
    before = place.all(), place.journal()
    with closing(place.erasing()) as erasing:
        would = survey(erasing, PHONE)

    assert before == (place.all(), place.journal())
    done = place.erase()
    assert replace(done, comments=0, activities=0, marks=0) == would


def test_people_are_found_by_email_in_any_case(place: Place) -> None:
    """An e-mail finds the contact that has the phone."""
    key = email_key("mailto:MARIA@example.com")
    assert key is not None
    with closing(place.erasing()) as erasing, erasing.unit():
        found = people_of(erasing, key)
    assert (frozenset("1"), (key, PHONE)) == (found.ids, found.keys)


def test_what_is_no_phone_or_email_is_nobody() -> None:
    """A number without a country's code needs its region."""
    assert phone_key("8 471 277-31-20", "RU") == PHONE
    assert phone_key("8 471 277-31-20", None) is None
    assert email_key("maria") is None


def test_conflicts_are_tried_again_and_end(place: Place) -> None:
    """Who always comes in between is told to the operator at last."""
    with closing(place.erasing()) as erasing:
        with (
            patch.object(type(erasing), "hold", side_effect=ConflictError("busy")),
            patch("leadlark.journaling.erasing.time.sleep"),
            pytest.raises(StoreError, match="nothing was removed"),
        ):
            erase(erasing, PHONE, NOW)
        assert ["1"] == place.found("contact", PHONE)


def test_nothing_stays_in_the_bytes_of_an_sqlite_file(tmp_path: Path) -> None:
    """Pages that are given back are overwritten, and the log is emptied."""
    place = Place(f"sqlite:///{tmp_path}/crm.db")
    place.store.add(RECORDS[:1])
    write(place, *HOLDING.values())
    place.erase()
    place.store.close()
    held = b"".join(each.read_bytes() for each in tmp_path.iterdir())

    for trace in (b"4712773120", b"277-31-20", "Мария".encode(), b"Maria"):
        assert trace not in held


def test_claims_of_a_person_go(postgres: PostgresServer) -> None:
    """What units of work lock by are phones and e-mails as they are."""
    place = Place(postgres.empty())
    place.store.add(RECORDS, "RU")

    def searching() -> Deciding:
        yield Search("contact", (PHONE, Key("EMAIL", "maria@example.com")))
        return Plan(Decision("shop", "ignore", "", "", 1))

    def claimed() -> list[str]:
        found = rows(place.url, "SELECT value FROM claim")
        return [each for (each,) in found if "4712773120" in each or "maria" in each]

    place.store.transact(searching)
    write(place, row("a", request_id="+74712773120"))
    assert 3 == len(claimed())
    place.erase()
    place.store.close()
    assert [] == claimed()
