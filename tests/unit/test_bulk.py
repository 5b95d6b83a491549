"""Databases as a whole: what is added, what is there, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from postgres_server import PostgresServer

import leadlark
from leadlark.adapters.bulk import Bulk, Held, Met, Unlinked, open_bulk
from leadlark.adapters.records import seeded
from leadlark.store import Key, Record, RecordType, Task


def held(type: RecordType, id: str, *contacts: str, **fields: str) -> Held:
    return Held(seeded(Record(type, id, fields, contacts=contacts), None))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/crm.db"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return postgres.empty()


@pytest.fixture
def bulk(url: str) -> Iterator[Bulk]:
    with closing(open_bulk(url, create=True)) as opened:
        yield opened


def test_answers_stand_in_the_order_of_records(bulk: Bulk) -> None:
    """Contacts are added first wherever they stand; of two with one id the first counts."""
    answers = bulk.add_new(
        [
            held("deal", "1", "7"),
            held("deal", "2", "8"),
            held("contact", "7", NAME="Maria"),
            held("contact", "7", NAME="Maria"),
            held("contact", "7", NAME="Marie"),
            held("lead", "9"),
        ]
    )

    assert [Met.ADDED, Unlinked("8"), Met.ADDED, Met.THERE, Met.DIFFERS, Met.ADDED] == answers
    assert 3 == bulk.count()
    assert [("7",)] == [each.stored.record.contacts for each in bulk.read("deal")]


def test_equal_is_what_reads_the_same(bulk: Bulk) -> None:
    """The order of fields does not count; 1 is not true, and not "1"."""
    first = Record("contact", "1", {"A": 1, "B": "x"})
    others = [
        Record("contact", "1", {"B": "x", "A": 1}),
        Record("contact", "1", {"A": True, "B": "x"}),
        Record("contact", "1", {"A": "1", "B": "x"}),
        Record("contact", "1", {"A": 1, "B": "x"}, status="NEW"),
    ]
    bulk.add_new([Held(seeded(first, None), ("comment",), (Task("Call", "2026", None),))])
    answers = bulk.add_new([Held(seeded(each, None)) for each in others])
    with_others = bulk.add_new(
        [Held(seeded(first, None), ("comment",)), Held(seeded(first, None), ("other",))]
    )

    assert [Met.THERE, Met.DIFFERS, Met.DIFFERS, Met.DIFFERS] == answers
    assert [Met.THERE, Met.DIFFERS] == with_others


def test_shared_keys_are_those_of_phones_and_e_mails(bulk: Bulk) -> None:
    """Contacts of one name are no finding, and neither are deals."""
    phone = "+74712773120"
    bulk.add_new([held("contact", str(id), NAME="Maria", PHONE=phone) for id in (3, 1, 2)])
    bulk.add_new([held("deal", str(id), PHONE=phone) for id in (1, 2)])

    assert [(Key("PHONE", phone), 3)] == list(bulk.shared())
    assert ("1", "2") == bulk.led_to(Key("PHONE", phone), 2)


def test_a_snapshot_does_not_see_what_comes_later(bulk: Bulk, url: str) -> None:
    """What others write while an export runs is not in it, and nobody waits."""
    bulk.add_new([held("contact", "1")])
    with bulk.snapshot():
        first = bulk.count()
        with leadlark.open_store(url) as store:
            store.add([Record("contact", "2", {})])  # type: ignore[attr-defined]
        within = [each.stored.record.id for each in bulk.read("contact")]

    assert (1, ["1"], 2) == (first, within, bulk.count())


def test_imports_at_once_add_each_record_one_time(url: str) -> None:
    """Four connections that add the same records at the same moment add them once."""
    leadlark.open_store(url).close()
    records = [held("contact", str(id), PHONE=f"+7903{id % 50:07}") for id in range(1, 301)]
    answers: list[list[Met | Unlinked]] = []

    def add() -> None:
        with closing(open_bulk(url)) as bulk:
            chunks = (records[start : start + 60] for start in range(0, len(records), 60))
            answers.extend(map(bulk.add_new, chunks))

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [each for chunk in answers for each in chunk]

    assert {Met.ADDED: 300, Met.THERE: 900} == {each: told.count(each) for each in set(told)}
    with closing(open_bulk(url)) as bulk:
        assert (300, []) == (bulk.count(), list(bulk.faults()))
