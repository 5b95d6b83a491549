"""Sends units of work in groups, of the same few people, from many processes, and counts.

    python bench/grouped.py --store postgresql://… --people 40 --processes 4 --threads 4

Every thread of every process sends the requests of everybody, in an order of its own, sixteen in
a call of `transact_all`. A request names its person by one of three keys and makes known another
one, so that any two of a person's requests have a key in common or one that leads to the other's
contact; it finds or creates the person's contact, and the deal of its number. Each request is sent
by every process, under one request id. So, whatever comes first:

- there is one contact for each person, with three keys;
- there is one deal for each request, linked to that contact, with one comment;
- there is one row of the journal for each request, which counts how often it was sent.

The store is empty at first.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from subprocess import PIPE, Popen
from typing import Any, Final

from leadlark.decision import ContactPart, Decision, EntityPart
from leadlark.journal import Delivery, Entry, Identity, Recorded, Wanted
from leadlark.store import Deciding, Key, Plan, Search, Unit, Write

GROUP: Final = 16
REQUESTS: Final = 6
"""How many requests a person sends."""

KEYS: Final = 3

WINDOW: Final = 8 * GROUP
"""Requests that come at about one time, in another order from each process."""


def unit(person: int, request: int) -> Unit:
    """The request of a number, of its person."""
    first = Key("UF_PERSON", f"{person}.0")
    other = Key("UF_PERSON", f"{person}.{1 + request % (KEYS - 1)}")
    keys = (first, other) if request % 3 else (other, first)
    number = f"{person}.{request}"
    what = Key("UF_REQUEST", number)

    def work() -> Deciding:
        found = yield Search("contact", keys=keys)
        links = tuple(each.id for each in found)
        deals = yield Search("deal", keys=(what,))
        decision = Decision(
            "grouped",
            "update" if deals else "create",
            "a store is tried",
            "0" * 64,
            1,
            ContactPart("keep" if found else "create", links),
            EntityPart("deal"),
        )
        contact = Write("contact", None, {"UF_PERSON": ""}, keys=keys)
        if found:
            known = Key("EMAIL", f"{number}@example.com")
            append = {"EMAIL": (known.value,)}
            contact = Write("contact", found[0].id, append=append, keys=(known,))
        deal = Write(
            "deal",
            deals[0].id if deals else None,
            {"UF_REQUEST": number},
            keys=(what,),
            comment="c",
        )
        return Plan(decision, contact, (deal,), links)

    delivery = Delivery(
        f"{number}-{random.random()}", "2026-01-01T12:00:00.000Z", "grouped", "grouped", "POST",
        "", {}, number.encode(), "0" * 64,
    )  # fmt: skip
    identity = Identity("grouped", number, "0" * 64)

    def entry(decision: Decision) -> Entry:
        return Entry(delivery, 0, True, identity, "create", 200, decision.to_json())

    return Unit(work, entry, identity)


def opened(options: argparse.Namespace) -> Any:
    """The store of a run."""
    from leadlark.adapters.postgres import PostgresStore  # noqa: PLC0415 (an extra)

    return PostgresStore(options.store, pool_size=options.threads, wait=120)


def send(options: argparse.Namespace) -> None:
    """Send the requests of everybody, each from one thread, the same ones at about one time."""
    chance = random.Random(options.sender)
    requests = [
        (person, request) for request in range(REQUESTS) for person in range(options.people)
    ]
    for at in range(0, len(requests), WINDOW):
        window = requests[at : at + WINDOW]
        requests[at : at + WINDOW] = chance.sample(window, len(window))
    groups = [requests[at : at + GROUP] for at in range(0, len(requests), GROUP)]
    with opened(options) as store, ThreadPoolExecutor(options.threads) as pool:
        print("ready", flush=True)
        sys.stdin.readline()

        def run(group: Sequence[tuple[int, int]]) -> Counter[str]:
            units = [unit(*each) for each in group]
            outcomes = store.transact_all(units)
            failed = [each for each in outcomes if isinstance(each, Exception)]
            if failed:
                raise failed[0]
            return Counter("again" if isinstance(each, Recorded) else "done" for each in outcomes)

        told = sum(pool.map(run, groups), Counter[str]())
    print(f"{told['done']} {told['again']}", flush=True)


def race(options: argparse.Namespace) -> list[str]:
    """Run all processes to their end; what is wrong with what they made."""
    with opened(options) as store:  # makes the tables
        if store.records("contact"):
            raise SystemExit("the store is not empty")
    command = [sys.executable, __file__, *sys.argv[1:], "--sender"]
    senders = [
        Popen([*command, str(each)], stdin=PIPE, stdout=PIPE, text=True)
        for each in range(options.processes)
    ]
    for sender in senders:
        sender.stdout.readline()  # type: ignore[union-attr]
    begun = time.perf_counter()
    told = Counter[str]()
    for sender in senders:
        sender.stdin.write("\n")  # type: ignore[union-attr]
        sender.stdin.flush()  # type: ignore[union-attr]
    for sender in senders:
        out, _ = sender.communicate()
        if sender.returncode:
            raise SystemExit(f"a process ended with status {sender.returncode}")
        done, again = out.split()
        told.update(done=int(done), again=int(again))
    seconds = time.perf_counter() - begun
    with opened(options) as store:
        people, deals = store.records("contact"), store.records("deal")
        rows = store.entries(Wanted(limit=10**9))
        comments = [store.comments("deal", each.id) for each in deals]
    requests = options.people * REQUESTS
    wrong = []
    for name, expected, found in (
        ("contacts", options.people, len(people)),
        ("deals", requests, len(deals)),
        ("requests of deals", requests, len({each.fields["UF_REQUEST"] for each in deals})),
        ("comments", requests, sum(map(len, comments))),
        ("linked once", requests, sum(len(each.contacts) == 1 for each in deals)),
        ("rows", requests, len(rows)),
        ("requests done", requests, told["done"]),
        ("requests told again", requests * (options.processes - 1), told["again"]),
        ("attempts", requests * options.processes, sum(row.attempts for _, row in rows)),
    ):
        if expected != found:
            wrong.append(f"{name}: {found} and not {expected}")
    owners = {id: {each.fields["UF_REQUEST"].split(".")[0] for each in deals if id in each.contacts}
              for id in (each.id for each in people)}  # fmt: skip
    wrong += [f"contact {id} has deals of {many}" for id, many in owners.items() if len(many) != 1]
    sent = told.total()
    print(f"{options.people} people, {len(people)} contacts, {len(deals)} deals, {sent} sent in "
          f"{seconds:.1f} s, {sent / seconds:,.0f}/s, {len(wrong)} faults")  # fmt: skip
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", required=True)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--sender", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sender is not None:
        send(options)
        return 0
    wrong = race(options)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
