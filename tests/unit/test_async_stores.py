"""Services on an event loop decide by the same code."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leadlark import (
    AsyncStore,
    Decision,
    InThreads,
    MemoryStore,
    Request,
    SeveralPayloadsError,
    load,
    open_store,
)

REPOSITORY = Path(__file__).parent.parent.parent
CHANNEL = load(REPOSITORY / "rules/reference/order.channel").only()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def order(number: int, phone: str = "8 (471) 277-31-20") -> Request:
    return Request({"client_phone": phone, "client_name": "Мария", "order_id": number})


def decided(
    how: Callable[[AsyncStore], Awaitable[tuple[Decision, ...]]],
) -> tuple[Decision, ...]:
    """What an asynchronous call decides on an empty store."""

    async def run() -> tuple[Decision, ...]:
        async with InThreads(MemoryStore()) as store:
            return await how(store)

    return asyncio.run(run())


def test_decisions_are_those_of_a_store_that_waits() -> None:
    """Deciding and processing give what they give on a store that is not awaited."""
    several = Request([order(1).payload, order(2).payload])
    with MemoryStore() as store:
        assert CHANNEL.decide_all(several, store, NOW) == decided(
            lambda store: CHANNEL.decide_all_async(several, store, NOW)
        )
        assert CHANNEL.process_all(several, store, NOW) == decided(
            lambda store: CHANNEL.process_all_async(several, store, NOW)
        )


def test_one_request_gives_one_decision() -> None:
    """The calls for one payload give it alone, and refuse several."""

    async def run() -> tuple[str, str]:
        async with InThreads(MemoryStore()) as store:
            planned = await CHANNEL.decide_async(order(1), store, NOW)
            done = await CHANNEL.process_async(order(1), store, NOW)
            with pytest.raises(SeveralPayloadsError):
                await CHANNEL.process_async(Request([{}, {}]), store, NOW)
            return planned.action, done.action

    assert ("create", "create") == asyncio.run(run())


def test_requests_of_one_person_at_once_make_one_contact(tmp_path: Path) -> None:
    """However many requests of one person are awaited at once, one contact is made of them."""
    spellings = ["84712773120", "+7 471 277 31 20", "8 (471) 277-31-20", "4712773120"]
    file = tmp_path / "crm.db"

    async def run() -> list[Decision]:
        async with InThreads(open_store(f"sqlite:///{file}"), threads=8) as store:
            requests = [order(number, spellings[number % 4]) for number in range(20)]
            return await asyncio.gather(
                *(CHANNEL.process_async(each, store, NOW) for each in requests)
            )

    decisions = asyncio.run(run())
    contacts = {each.contact.ids for each in decisions if each.contact is not None}
    deals = {each.entity.ids for each in decisions if each.entity is not None}
    assert (1, 20) == (len(contacts), len(deals))
