"""Every store makes the same of the same requests, step by step.

`bench/agree.py` takes as many steps as it is told; here are a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from postgres_server import PostgresServer
from strategies import FOLDER, NOW

from leadlark import Channel, MemoryStore, Record, Request, load
from leadlark.adapters.postgres import PostgresStore
from leadlark.adapters.sqlite import SqliteStore

CHANNELS: Final = load(FOLDER / "stores.channel")

PHONES: Final = (
    *("8 (471) 277-31-20", "+7 471 277 31 20", "84712773121", "4712773122, +7 471 277-31-20"),
    *("+7 471 277-31-23 доб. 5", "no phone", "", None),
)
EMAILS: Final = ("Anna@Example.com", "anna@example.com", "ivan@example.com", "no e-mail", None)

payloads = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(("Анна", "Иван", " ", "e\u0301", "é", "🙂", None)),
        "phone": st.sampled_from(PHONES),
        "email": st.sampled_from(EMAILS),
        "site": st.sampled_from(("https://example.com", "example.org", "")),
        "order": st.sampled_from((1, "1", " 1 ", "1.0", 2, "0002", 10**25, None)),
        "amount": st.sampled_from(("9.90", 0, "1e3", 12345678901234567890123, True)),
        "note": st.sampled_from(("", "Позвоните", "a" * 300, "'; --", "{}", None)),
        "stage": st.sampled_from(("NEW", "OPEN", "", "WON")),
        "manager": st.sampled_from((7, "12", "")),
        "items": st.lists(st.sampled_from(("a", "b", "", "ß")), max_size=3),
    },
)
channels = st.sampled_from(sorted(CHANNELS))

Opened = Callable[[ExitStack], Any]
"""Opens a new empty store, and closes it with the stack."""


def memory(stack: ExitStack) -> MemoryStore:
    return stack.enter_context(MemoryStore())


def sqlite(stack: ExitStack) -> SqliteStore:
    folder = stack.enter_context(TemporaryDirectory())
    return stack.enter_context(SqliteStore(Path(folder) / "crm.db"))


def postgres_on(server: PostgresServer) -> Opened:
    """Stores in schemas of a server."""

    def opened(stack: ExitStack) -> PostgresStore:
        return stack.enter_context(PostgresStore(server.empty()))

    return opened


class Agreement(RuleBasedStateMachine):
    """The same requests on every store, from empty stores on; ``taken`` counts the steps."""

    taken = 0

    def __init__(self, kinds: Sequence[Opened]) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stores = [each(self.stack) for each in kinds]

    @rule(address=channels, payload=payloads)
    def process(self, address: str, payload: dict[str, Any]) -> None:
        """A request is carried out: the decisions are the same, ids and all."""
        channel, request = CHANNELS[address], Request(payload)
        self._step(lambda store: channel.process_all(request, store, NOW))

    @rule(address=channels, payload=payloads)
    def decide(self, address: str, payload: dict[str, Any]) -> None:
        """A request is decided, and nothing is written."""
        channel: Channel = CHANNELS[address]
        request = Request(payload)
        self._step(lambda store: channel.decide_all(request, store, NOW))

    def teardown(self) -> None:
        """At the end every record, comment and to-do is the same in every store."""
        with self.stack:
            self._alike(lambda store: list(_held(store)))

    def _step(self, ask: Callable[[Any], Any]) -> None:
        Agreement.taken += 1
        self._alike(ask)

    def _alike(self, ask: Callable[[Any], Any]) -> None:
        first, *others = [ask(each) for each in self.stores]
        for each in others:
            assert first == each


def _held(store: Any) -> Iterator[tuple[Record, Any, Any]]:
    for kind in ("contact", "lead", "deal"):
        for record in store.records(kind):
            comments, tasks = store.comments(kind, record.id), store.tasks(kind, record.id)
            yield record, list(comments), list(tasks)


def compare(kinds: Sequence[Opened], examples: int, steps: int) -> None:
    """Run so many examples of at most so many steps on new stores of these kinds."""
    run_state_machine_as_test(
        partial(Agreement, kinds),
        settings=settings(
            max_examples=examples,
            database=None,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_stores_agree(postgres: PostgresServer) -> None:
    """The store in memory, SQLite and PostgreSQL decide and hold the same."""
    compare([memory, sqlite, postgres_on(postgres)], examples=10, steps=30)
