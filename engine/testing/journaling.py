"""What a journal keeps of units of work, and what is found in it."""

# ruff: noqa: SIM300 (what is expected stands first, as in all tests)

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pytest

from ..decision import Decision
from ..errors import StoreError
from ..journal import Delivery, Entry, EntryAction, Identity, Wanted
from ..late_dataclass import replace
from ..store import JournalStore, Record, Unit, Work, Write
from .suite import StoreSuite, written

NOON: Final = "2026-01-01T12:00:00.000Z"
STRANGE: Final = "Ж\0\ud800\r\n<b>%_\\"
"""Text of a request that no store can hold as it is."""


def delivery(number: int, **changed: Any) -> Delivery:
    """A request of a number, received so many seconds after noon."""
    given = Delivery(
        id=f"019b79ee-0000-7000-8000-{number:012}",
        received=f"2026-01-01T12:00:{number:02}.000Z",
        address="shop",
        channel="shop",
        method="POST",
        query="source=Site&page=1",
        headers={"content-type": "application/json"},
        body=b'{"phone": "84712773120"}',
        rules="0" * 64,
    )
    return replace(given, **changed)


def entry(number: int, identity: str | None = None, **changed: Any) -> Entry:
    """The row of the only decision on the request of a number; ``identity`` is a request id."""
    known = Identity("shop", identity, f"{number:064}") if identity is not None else None
    given = Entry(delivery(number), 0, True, known, "create", 200, '{"action": "create"}', "deal 1")
    return replace(given, **changed)


def unit(row: Entry, work: Work | None = None) -> Unit:
    """A unit of work that creates a deal, or does ``work``, with a row that tells of it."""

    def told(decision: Decision) -> Entry:
        return replace(row, decision=decision.to_json())

    return Unit(work or written(Write("deal", None)), told, row.identity)


def plain(row: Entry) -> Unit:
    """A unit of work that writes nothing but a row, as it is."""
    return Unit(written(), lambda _: row, row.identity)


def numbers(rows: Sequence[tuple[int, Entry]]) -> list[int]:
    """The numbers of the requests of rows."""
    return [int(row.delivery.id[-12:]) for _, row in rows]


class JournalSuite(StoreSuite):
    """What a test of the journal needs to know of a store."""

    def open_journal(self, *records: Record) -> JournalStore:
        """A store that keeps a journal."""
        store: Any = self.open_store(records)
        return store  # type: ignore[no-any-return]  # that of a suite for such stores


class RowContract(JournalSuite):
    """A row of the journal is what was handed in, and is found by all that is asked for."""

    def test_a_row_is_kept_with_its_decision(self) -> None:
        """The row holds the decision with the ids that the store gave."""
        with self.open_journal() as store:
            (decision,) = store.transact_all([unit(entry(1, "a"))])
            ((number, row),) = store.entries(Wanted())
            assert isinstance(number, int)
            assert isinstance(decision, Decision)
            assert decision.entity is not None
            assert decision.entity.ids
            assert entry(1, "a", decision=decision.to_json()) == row

    def test_only_the_first_row_of_a_delivery_holds_its_content(self) -> None:
        """Body, query and headers stand with the row that was written first."""
        rows = [entry(1), entry(1, part=1, first=False, action="reject", status=422)]
        with self.open_journal() as store:
            store.transact_all([plain(each) for each in rows])
            (_, second), (_, first) = store.entries(Wanted(delivery=rows[0].delivery.id))
            assert rows[0] == first
            bare = delivery(1, body=None, query=None, headers={})
            assert replace(rows[1], delivery=bare) == second

    @pytest.mark.parametrize(
        "body", [None, b"", b"\0\xff\xfe", "Мария".encode(), b"x" * 2**20], ids=repr
    )
    def test_a_body_is_kept_as_received(self, body: bytes | None) -> None:
        """Every byte of a body, and whether there was one."""
        row = entry(1, delivery=delivery(1, body=body))
        with self.open_journal() as store:
            store.transact_all([plain(row)])
            assert [row] == [each for _, each in store.entries(Wanted())]

    def test_any_text_of_a_request_is_kept(self) -> None:
        """Characters that a store cannot hold are U+FFFD, those of headers stay as they are."""
        given = delivery(1, address=STRANGE, query=STRANGE, headers={"x": STRANGE}, method="GET")
        kept = STRANGE.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
        row = entry(1, delivery=given, text=STRANGE, decision=STRANGE)
        with self.open_journal() as store:
            store.transact_all([plain(row)])
            ((_, found),) = store.entries(Wanted())
            assert (
                replace(given, address=kept, query=kept),
                kept,
                kept,
            ) == (found.delivery, found.text, found.decision)

    def test_a_unit_without_a_row_leaves_none(self) -> None:
        """The journal does not tell of units that give no row, and of single ones."""
        with self.open_journal() as store:
            (decision,) = store.transact_all([Unit(written(Write("deal", None)))])
            store.transact(written())
            assert isinstance(decision, Decision)
            assert [] == list(store.entries(Wanted()))

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (Wanted(), [4, 3, 2, 1]),
            (Wanted(limit=2), [4, 3]),
            (Wanted(limit=0), []),
            (Wanted(channel="form"), [3, 2]),
            (Wanted(channel="form", actions=("ignore",)), [3]),
            (Wanted(channel="for"), []),
            (Wanted(channel="\0\ud800"), []),
            (Wanted(actions=("create", "reject")), [4, 2, 1]),
            (Wanted(after=delivery(2).received), [4, 3, 2]),
            (Wanted(before=delivery(2).received), [1]),
            (Wanted(after=delivery(2).received, before=delivery(4).received), [3, 2]),
            (Wanted(delivery=delivery(3).id), [3]),
            (Wanted(delivery=delivery(3).id, channel="form"), [3]),
            (Wanted(delivery=delivery(3).id, channel="shop"), []),
            (Wanted(delivery="unknown"), []),
            (Wanted(text="PHONE"), [4, 1]),
            (Wanted(text="Мария"), [2]),
            (Wanted(text="мария"), []),
            (Wanted(text="Q=1%"), [2]),
            (Wanted(text="q=1_"), []),
            (Wanted(text="EJECT"), [4]),
            (Wanted(text="\xff"), []),
            (Wanted(text="\ud800"), []),
            (Wanted(text="\0end"), [3]),
            (Wanted(text="phone", channel="shop", limit=1), [4]),
        ],
        ids=repr,
    )
    def test_rows_are_found(self, wanted: Wanted, found: list[int]) -> None:
        """Times are from ``after`` on and up to ``before``, text is literal, the newest first."""
        actions: tuple[EntryAction, ...] = ("create", "create", "ignore", "reject")
        deliveries = (
            delivery(1),
            delivery(2, channel="form", query="Q=1%25&q=1%", body="имя=Мария".encode()),
            delivery(3, channel="form", body=b"\xff\0END"),
            delivery(4),
        )
        with self.open_journal() as store:
            for number, (each, action) in enumerate(zip(deliveries, actions, strict=True), 1):
                text = f'{{"action": "{action}"}}'
                row = entry(number, delivery=each, action=action, decision=text)
                store.transact_all([plain(row)])
            assert found == numbers(store.entries(wanted))

    def test_pages_follow_one_another(self) -> None:
        """The last number of a page is below which the next one begins."""
        with self.open_journal() as store:
            store.transact_all([plain(entry(number)) for number in range(7)])
            pages, below = [], None
            while page := store.entries(Wanted(channel="shop", limit=3, below=below)):
                pages.append(numbers(page))
                below = page[-1][0]
            assert [[6, 5, 4], [3, 2, 1], [0]] == pages
            assert [] == list(store.entries(Wanted(below=-(10**30))))
            assert [6, 5, 4, 3, 2, 1, 0] == numbers(store.entries(Wanted(below=10**30)))

    def test_a_purge_empties_and_drops(self) -> None:
        """Older rows lose body, query and headers, the oldest go, and a second purge finds none."""
        with self.open_journal() as store:
            store.transact_all([plain(entry(number, str(number))) for number in range(1, 7)])
            store.transact_all([plain(entry(4, part=1, first=False))])
            asked = (delivery(5).received, delivery(3).received)
            assert (2, 2) == store.purge(*asked)
            rows = {
                (int(row.delivery.id[-2:]), row.part): row for _, row in store.entries(Wanted())
            }
            assert {(3, 0), (4, 0), (4, 1), (5, 0), (6, 0)} == set(rows)
            emptied = delivery(3, body=None, query=None, headers={})
            assert entry(3, "3", delivery=emptied) == rows[3, 0]
            assert entry(5, "5") == rows[5, 0]
            assert (0, 0) == store.purge(*asked)
            assert (2, 0) == store.purge("9")

    def test_a_request_that_was_dropped_is_new(self) -> None:
        """Once its row is gone, nothing is known of an identity; an emptied row still tells."""
        with self.open_journal() as store:
            store.transact_all([plain(entry(1, "a")), plain(entry(2, "b"))])
            store.purge("9", delivery(2).received)
            outcomes = store.transact_all([unit(entry(3, "a")), unit(entry(4, "b"))])
            assert [True, False] == [isinstance(each, Decision) for each in outcomes]

    def test_addresses_are_remembered(self) -> None:
        """Every address that was ever loaded is given, whether it is loaded now or not."""
        with self.open_journal() as store:
            assert frozenset() == store.addresses()
            assert {"shop", "форма/1"} == store.addresses(["shop", "форма/1", "shop"])
            assert {"shop", "форма/1", "new"} == store.addresses(("new",))
            assert {"shop", "форма/1", "new"} == store.addresses()
            with pytest.raises(StoreError, match="address"):
                store.addresses(["\0"])
