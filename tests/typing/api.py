"""The public API as an embedding project uses it; the type checker reads it, nothing runs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType

import leadlark


def decide(path: str, body: bytes, store: leadlark.Store, now: datetime) -> leadlark.Decision:
    rules = leadlark.load(path)
    channel: leadlark.Channel = rules["shop-orders"]
    request = leadlark.Request.from_http(method="POST", query=b"", headers={}, body=body)
    planned: leadlark.Decision = channel.decide(request, store, now)
    done: leadlark.Decision = channel.process(request, store, now=now)
    return done if planned.writes else planned


def map_only(channel: leadlark.Channel) -> tuple[dict[str, object], Sequence[leadlark.Note]]:
    mapped: leadlark.MappedPayload = channel.map(leadlark.Request(payload={"a": 1}))
    keys: leadlark.Keys = mapped.keys
    return {**mapped.contact, **mapped.entity, "keys": keys.entity}, mapped.warnings


def explain(text: str) -> list[str]:
    try:
        leadlark.loads(text, filename="shop.channel")
    except leadlark.RuleError as error:
        return [f"{each.code} {each.message}" for each in error.diagnostics]
    return []


class OwnStore:
    """A store of an embedding project: the protocol is all that it has to fit."""

    def search(self, search: leadlark.Search) -> Sequence[leadlark.Record]:
        return [leadlark.Record(search.type, "1", {"NAME": "Мария"})]

    def transact(self, work: leadlark.Work) -> leadlark.Decision:
        plan: leadlark.Plan = leadlark.settle(work(), self.search)
        return plan.decision.applied("1" if plan.contact else None, ["1" for _ in plan.entities])

    def close(self) -> None: ...

    def __enter__(self) -> OwnStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


def bring_your_own() -> leadlark.Store:
    return OwnStore()


def open_all() -> None:
    with leadlark.open_store("sqlite:///crm.db") as store:
        found: Sequence[leadlark.Record] = store.search(
            leadlark.Search("contact", keys=(leadlark.Key("PHONE", "+74712773120"),))
        )
        assert found is not None
