"""The SQLite store where things go wrong: shared transactions, failing disks, killed processes."""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from subprocess import run
from threading import Event, Thread, get_ident, main_thread

import pytest

from leadlark.adapters.sqlite import SqliteStore
from leadlark.adapters.sqlite import group as group_module
from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.errors import StoreError
from leadlark.store import Deciding, Key, Plan, Record, Search, Work, Write

BENCH = Path(__file__).parents[2] / "bench"
PLACE: ContextVar[str] = ContextVar("PLACE", default="nowhere")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "crm.db", wait=0) as opened:
        yield opened


def makes(name: str, during: Callable[[], object] = lambda: None) -> Work:
    """Work that creates a deal of a name; ``during`` is called amid deciding."""
    decision = Decision(
        "test", "create", "a test", "0" * 64, 1, ContactPart("none"), EntityPart("deal")
    )
    key = Key("TITLE", name)

    def work() -> Deciding:
        yield Search("deal", keys=(key,))
        during()
        return Plan(decision, None, (Write("deal", None, {"TITLE": name}, keys=(key,)),))

    return work


def missing(name: str) -> Work:
    """Work that creates a deal, and then changes one that is not there."""

    def work() -> Deciding:
        plan = yield from makes(name)()
        return Plan(plan.decision, None, (*plan.entities, Write("deal", "999")))

    return work


def names(store: SqliteStore) -> set[object]:
    return {each.fields["TITLE"] for each in store.records("deal")}


class Together:
    """Units of work in one group: the first one waits amid its work for all others."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.outcomes: dict[str, Decision | BaseException] = {}
        self.threads: list[Thread] = []

    def start(self, name: str, work: Work, place: str = "nowhere") -> None:
        """Run work in a thread of its own."""

        def transact() -> None:
            PLACE.set(place)
            try:
                self.outcomes[name] = self.store.transact(work)
            except BaseException as error:
                self.outcomes[name] = error

        self.threads.append(Thread(target=transact))
        self.threads[-1].start()

    def gather(self, count: int) -> None:
        """Wait until so many units are handed in."""
        while len(self.store._group._waiting) < count:
            time.sleep(0.0001)

    def run(self, **works: Work) -> dict[str, Decision | BaseException]:
        """What becomes of all, the first with a name of its own."""
        begun = Event()

        def during() -> None:
            if not begun.is_set():
                begun.set()
                self.gather(len(works))

        self.start("first", makes("first", during))
        begun.wait()
        for name, work in works.items():
            self.start(name, work)
        for each in self.threads:
            each.join()
        return self.outcomes


@pytest.fixture
def statements(store: SqliteStore) -> list[str]:
    """The statements around units of work, as SQLite gets them."""
    seen: list[str] = []

    def trace(statement: str) -> None:
        if re.match("BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", statement):
            seen.append(statement)

    store._tables.connection.set_trace_callback(trace)
    return seen


# Groups


def test_units_of_work_at_the_same_time_share_a_transaction(
    store: SqliteStore, statements: list[str]
) -> None:
    """One transaction for all, and a savepoint for each but the first."""
    outcomes = Together(store).run(a=makes("a"), b=makes("b"))

    assert all(isinstance(each, Decision) for each in outcomes.values())
    assert {"first", "a", "b"} == names(store)
    saved = ["SAVEPOINT unit", "RELEASE unit"]
    assert ["BEGIN IMMEDIATE", *saved, *saved, "COMMIT"] == statements


def test_a_unit_alone_needs_no_savepoint(store: SqliteStore, statements: list[str]) -> None:
    """What nobody shares is one transaction, as short as it can be."""
    store.transact(makes("a"))

    assert ["BEGIN IMMEDIATE", "COMMIT"] == statements


def test_units_of_a_group_see_one_another(store: SqliteStore) -> None:
    """Of two units for one person the second finds what the first made, in one transaction."""
    found: list[int] = []

    def looking() -> Deciding:
        records = yield Search("deal", keys=(Key("TITLE", "first"),))
        found.append(len(records))
        return (yield from makes("b")())

    Together(store).run(b=looking)

    assert [1] == found


@pytest.mark.parametrize("failing", ["deciding", "writing"])
def test_an_error_of_one_unit_touches_no_other(store: SqliteStore, failing: str) -> None:
    """Those before it and behind it are carried out, and its own thread gets its error."""
    error = LookupError("deciding fails")

    def fail() -> None:
        raise error

    wrong = makes("wrong", fail) if failing == "deciding" else missing("wrong")
    outcomes = Together(store).run(a=makes("a"), wrong=wrong, b=makes("b"))

    assert {"first", "a", "b"} == names(store)
    assert isinstance(outcomes["a"], Decision)
    assert isinstance(outcomes["b"], Decision)
    if failing == "deciding":
        assert error is outcomes["wrong"]
    else:
        assert "there is no deal with the id '999' to change" == str(outcomes["wrong"])


def test_a_unit_that_spoils_the_transaction_touches_no_other(
    store: SqliteStore, statements: list[str]
) -> None:
    """Where SQLite rolls all back because of one unit, the others are run again without it."""
    connection = store._tables.connection

    def break_off_once() -> bool:
        connection.set_progress_handler(None, 0)
        return True

    def spoil() -> None:
        connection.set_progress_handler(break_off_once, 1)

    outcomes = Together(store).run(a=makes("a"), wrong=makes("wrong", spoil), b=makes("b"))

    assert isinstance(outcomes["wrong"], StoreError)
    assert {"first", "a", "b"} == names(store)
    assert 2 == statements.count("BEGIN IMMEDIATE")


def test_a_group_is_bounded(
    store: SqliteStore, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes when a group is full is in the next one."""
    monkeypatch.setattr(group_module, "MAX_GROUP", 2)
    Together(store).run(a=makes("a"), b=makes("b"), c=makes("c"))

    assert {"first", "a", "b", "c"} == names(store)
    assert 2 == statements.count("COMMIT")


def test_nobody_is_told_before_the_commit(store: SqliteStore) -> None:
    """When the transaction cannot be committed, all of the group fail and nothing is written."""
    connection = store._tables.connection

    class NoCommit:
        def __getattr__(self, name: str) -> object:
            return getattr(connection, name)

        def execute(self, statement: str) -> object:
            if statement == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return connection.execute(statement)

    store._group._connection = NoCommit()  # type: ignore[assignment]
    outcomes = Together(store).run(a=makes("a"), b=makes("b"))
    store._group._connection = connection

    assert all("disk I/O error" in str(each) for each in outcomes.values())
    assert [StoreError] * 3 == [type(each) for each in outcomes.values()]
    assert set() == names(store)
    store.transact(makes("next"))
    assert {"next"} == names(store)


def test_work_has_the_context_of_its_caller(store: SqliteStore) -> None:
    """Work that runs in the thread of another sees its own caller's context variables."""
    seen: dict[str, tuple[str, int]] = {}
    running, begun = Together(store), Event()

    def during() -> None:
        begun.set()
        running.gather(1)
        seen["a"] = (PLACE.get(), get_ident())

    running.start("a", makes("a", during), place="here")
    begun.wait()
    running.start("b", makes("b", lambda: seen.update(b=(PLACE.get(), get_ident()))), "there")
    for each in running.threads:
        each.join()

    assert ("here", "there") == (seen["a"][0], seen["b"][0])
    assert seen["a"][1] == seen["b"][1]


def test_an_interrupt_of_the_leader_touches_no_other(store: SqliteStore) -> None:
    """Ctrl-C in the thread that runs a group ends its own unit, and the others are carried out."""
    running = Together(store)

    def during() -> None:
        running.start("a", makes("a"))
        running.start("b", makes("b"))
        running.gather(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.transact(makes("interrupted", during))
    for each in running.threads:
        each.join()

    assert {"a", "b"} == names(store)
    store.transact(makes("next"))
    assert {"a", "b", "next"} == names(store)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Ctrl-C raises, even where a shell in the background has handed on that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_an_interrupt_of_one_that_waits_touches_no_other(store: SqliteStore) -> None:
    """Ctrl-C in a thread that waits for its group takes its unit out of the queue."""
    running, begun = Together(store), Event()
    main = main_thread().ident
    assert main == get_ident()

    def during() -> None:
        begun.set()
        running.gather(1)
        signal.pthread_kill(main, signal.SIGINT)
        while store._group._waiting:
            time.sleep(0.0001)

    running.start("a", makes("a", during))
    begun.wait()
    with pytest.raises(KeyboardInterrupt):
        store.transact(makes("interrupted"))
    running.threads[0].join()
    store.transact(makes("next"))

    assert {"a", "next"} == names(store)


# Reading


def test_searches_wait_for_no_unit_of_work(store: SqliteStore) -> None:
    """Outside of a unit of work the store is as it was last committed, without waiting."""
    store.add([Record("deal", "1", {"TITLE": "there"})])
    seen: list[object] = []
    reader = Thread(target=lambda: seen.append(names(store)))

    def during() -> None:
        reader.start()
        reader.join()

    store.transact(makes("new", during))

    assert [{"there"}] == seen
    assert {"there", "new"} == names(store)


def test_work_cannot_search_its_store_by_itself(store: SqliteStore) -> None:
    """Work that reaches for its store is told so, for it would see what was there before."""
    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(makes("a", lambda: store.search(Search("deal"))))
    with pytest.raises(StoreError, match="yielding a Search"):
        store.transact(makes("a", store.close))
    assert set() == names(store)


# Scripts whose counts are larger when they are run by hand


@pytest.mark.parametrize(
    ("script", "arguments", "last"),
    [
        ("faults.py", ["--groups", "2"], "  nothing wrong"),
        ("kills.py", ["50"], "nothing wrong"),
    ],
)
def test_faults_and_kills_leave_whole_units(script: str, arguments: list[str], last: str) -> None:
    """Whatever fails or is killed, units are there whole or not at all, and none told is lost."""
    command = [sys.executable, str(BENCH / script), *arguments]
    done = run(command, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stderr), done.stdout
    assert done.stdout.splitlines()[-1].endswith(last)
