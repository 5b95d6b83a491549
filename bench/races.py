"""Sends the requests of the same people from many processes at the same moment, and counts.

    python bench/races.py --people 10000 --processes 8 --store sqlite:////tmp/races.db
    python bench/races.py --processes 8 --connections 32 --kill --store postgresql://…

Everybody has two phones, an e-mail address and an order, and every process sends requests of
everybody, spelled in its own way. The first request of a process names the order and at least two
of the three keys, so that any two of these have a key in common; the next ones name any one key
that the first one named, with or without the order. Therefore, whichever request comes first,
every other one belongs to its contact and its deal, and this is checked exactly:

- there is one contact and one deal for each person, and nothing else;
- the contact has every key that was named, each once, and no key of anybody else;
- the deal has the order, and is linked to that contact alone;
- the deal has a comment of every request that was answered, each once, and none of a request of
  anybody else.

With ``--kill`` processes are killed at random and started again; they go on with the person at
whom they were killed, whose requests are sent again, as new ones. The store is empty at first.
Processes go through the people in one order, which makes each of them hot for a while, and every
tenth request is one of the first ten people, who are hot all the time.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any, Final

from leadlark import Request, load
from leadlark.adapters.opening import sqlite_file

RULES: Final = Path(__file__).parent / "data" / "races.channel"
WAIT: Final = 120.0  # seconds: what is counted here is duplicates, not patience
FIRSTS: Final = (("phone", "email"), ("email", "phone2"), ("phone2", "phone"),
                 ("phone", "phone2", "email"))  # fmt: skip
HOT: Final = 10
DONE: Final = "done"
KILLED: Final = 0.05
"""The chance, twenty times a second, that a process is killed."""


@dataclass(frozen=True)
class Plan:
    """What a run sends: from how many processes, over how many connections in each.

    ``journals`` is the folder where each process writes down what was answered.
    """

    store: str
    people: int
    processes: int
    threads: int
    seed: int
    journals: str


@dataclass
class Counts:
    """What a run found."""

    people: int
    contacts: int = 0
    deals: int = 0
    answered: int = 0
    killed: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        duplicates = max(0, self.contacts - self.people) + max(0, self.deals - self.people)
        shown = "".join(f"\n  {each}" for each in self.wrong[:20])
        return (
            f"{self.people:,} people: {self.contacts:,} contacts, {self.deals:,} deals, "
            f"{duplicates} duplicates, {len(self.wrong)} faults; {self.answered:,} requests "
            f"answered in {self.seconds:.1f} s, {self.answered / self.seconds:,.0f}/s, "
            f"{self.killed} processes killed{shown}"
        )


# What is sent


def phone(person: int) -> str:
    return f"+7903{person:07}"


def phone2(person: int) -> str:
    return f"+7904{person:07}"


def email(person: int) -> str:
    return f"person.{person}@example.com"


def spelled_phone(digits: str, chance: random.Random) -> str:
    """A Russian number as people write it."""
    area, first, second, third = digits[2:5], digits[5:8], digits[8:10], digits[10:]
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return chance.choice(
        (
            digits,
            f"8{digits[2:]}",
            f"7{digits[2:]}",
            f"8 ({area}) {first}-{second}-{third}",
            f"+7 {area} {first} {second} {third}",
            f"tel:+7-{area}-{first}-{second}-{third}",
            f"８{digits[2:].translate(wide)}",
            f"  {area}{first}{second}{third} ",
        )
    )


def spelled_email(address: str, chance: random.Random) -> str:
    """An address in any case, as people write it."""
    return chance.choice((address, address.upper(), address.title(), f" {address} "))


def spelled_order(person: int, chance: random.Random) -> Any:
    """A number of an order as programs send it."""
    return chance.choice((person + 1, str(person + 1), f" {person + 1} "))


def payloads(person: int, number: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The requests of a person that one process sends, each after the one before it."""
    keys = {
        "phone": spelled_phone(phone(person), chance),
        "phone2": spelled_phone(phone2(person), chance),
        "email": spelled_email(email(person), chance),
    }
    name = {"name": f"Person {person}"}
    named = chance.choice(FIRSTS)
    order = spelled_order(person, chance)
    yield {**name, "order": order, "request": f"{number}.0", **{key: keys[key] for key in named}}
    key = chance.choice(named)
    later = {**name, "request": f"{number}.1", key: keys[key]}
    yield {**later, "order": spelled_order(person, chance)} if chance.random() < 0.5 else later


# Who sends it


class Sender:
    """A process that sends the requests of everybody; ``life`` counts how often it was started."""

    def __init__(self, plan: Plan, index: int, life: int) -> None:
        self.plan = plan
        self.number = f"{index}.{life}"
        self.chance = random.Random(f"{plan.seed}.{self.number}")
        self.channel = load(RULES).only()
        self.journal = journal(plan, index)
        self.lock = Lock()
        self.sent = 0

    def run(self) -> None:
        """Go on behind the last person whose requests were all answered."""
        todo = iter(range(first_left(self.journal), self.plan.people))
        with opened(self.plan) as store, ThreadPoolExecutor(self.plan.threads) as pool:
            print("ready", flush=True)
            sys.stdin.readline()
            with self.journal.open("a", encoding="ascii") as lines:
                while people := list(islice(todo, self.plan.threads)):
                    for answered in pool.map(lambda person: self.send(person, store), people):
                        lines.writelines(f"{request}\n" for request in answered)
                    lines.write(f"{DONE} {people[-1]}\n")
                    lines.flush()

    def send(self, person: int, store: Any) -> list[str]:
        """Send the requests of a person, and at times those of a hot one; which were answered."""
        with self.lock:
            people = [person]
            if self.chance.random() < 0.1:
                people.append(self.chance.randrange(min(HOT, self.plan.people)))
            requests: list[dict[str, Any]] = []
            for each in people:
                self.sent += 1
                requests += payloads(each, f"{each}.{self.number}.{self.sent}", self.chance)
        for request in requests:
            decision = self.channel.process(Request(request), store)
            if decision.action not in ("create", "update"):
                raise AssertionError(f"{request}: {decision}")
        return [request["request"] for request in requests]


def opened(plan: Plan) -> Any:
    """The store of a run."""
    file = sqlite_file(plan.store)
    if file is not None:
        from leadlark.adapters.sqlite import SqliteStore  # noqa: PLC0415 (only what is used)

        return SqliteStore(file, wait=WAIT)
    from leadlark.adapters.postgres import PostgresStore  # noqa: PLC0415 (an extra)

    return PostgresStore(plan.store, pool_size=plan.threads, wait=WAIT)


def journal(plan: Plan, index: int) -> Path:
    """Where a process writes down the requests that were answered."""
    return Path(plan.journals) / f"{index}.txt"


def first_left(journal: Path) -> int:
    """The first person who is left to a process that goes on."""
    lines = journal.read_text(encoding="ascii").splitlines()
    done = [int(line.split()[1]) for line in lines if line.startswith(DONE)]
    return max(done, default=-1) + 1


# Who watches


def race(plan: Plan, *, kill: bool) -> Counts:
    """Run all processes to their end, killing some on the way, and look at what they made."""
    chance = random.Random(plan.seed)
    with opened(plan) as store:  # makes the tables
        if store.records("contact"):
            raise SystemExit("the store is not empty")
    lives = Counter(range(plan.processes))
    written = dict.fromkeys(range(plan.processes), 0)
    for index in written:
        journal(plan, index).touch()
    running = {index: started(plan, index, lives[index]) for index in range(plan.processes)}
    for process in running.values():
        process.stdout.readline()  # type: ignore[union-attr]
    begin = time.perf_counter()
    for process in running.values():
        go(process)
    killed = 0
    while running:
        time.sleep(0.05)
        for index, process in tuple(running.items()):
            # Only one that has answered something in this life, so that all come to their end.
            lived = journal(plan, index).stat().st_size > written[index]
            if kill and lived and chance.random() < KILLED:
                process.kill()
            status = process.poll() if process.returncode is None else process.returncode
            if status == 0:
                del running[index]
            elif status is not None and status < 0 and kill:
                killed += 1
                lives[index] += 1
                written[index] = journal(plan, index).stat().st_size
                running[index] = started(plan, index, lives[index])
                go(running[index])
            elif status is not None:
                raise SystemExit(f"a process ended with status {status}")
    counts = Counts(plan.people, killed=killed, seconds=time.perf_counter() - begin)
    look(plan, counts)
    return counts


def started(plan: Plan, index: int, life: int) -> Popen[str]:
    """A process that sends."""
    given = [json.dumps(asdict(plan)), str(index), str(life)]
    return Popen([sys.executable, __file__, "--send", *given], stdin=PIPE, stdout=PIPE, text=True)


def go(process: Popen[str]) -> None:
    """Let a process begin as soon as it is ready."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


# What came of it


def look(plan: Plan, counts: Counts) -> None:
    """Count contacts, deals and requests, and find what is wrong with them."""
    answered = {
        line
        for index in range(plan.processes)
        for line in journal(plan, index).read_text(encoding="ascii").splitlines()
        if not line.startswith(DONE)
    }
    with opened(plan) as store:
        contacts, deals = store.records("contact"), store.records("deal")
        counts.contacts, counts.deals, counts.answered = len(contacts), len(deals), len(answered)
        people = dict(enumerate_people(contacts, counts.wrong))
        for person in set(range(plan.people)) - set(people.values()):
            counts.wrong.append(f"person {person} has no contact")
        noted: set[str] = set()
        met: set[int] = set()
        for deal in deals:
            person = int(str(deal.fields["UF_CRM_ORDER_ID"])) - 1
            comments = store.comments("deal", deal.id)
            if person in met:
                counts.wrong.append(f"order {person + 1} has a second deal {deal.id}")
            if [people.get(contact) for contact in deal.contacts] != [person]:
                counts.wrong.append(f"deal {deal.id} of person {person}: {deal.contacts}")
            if len(set(comments)) < len(comments):
                counts.wrong.append(f"deal {deal.id} has a request twice")
            if any(int(comment.partition(".")[0]) != person for comment in comments):
                counts.wrong.append(f"deal {deal.id} has a request of somebody else")
            met.add(person)
            noted.update(comments)
        counts.wrong += [f"request {each} left nothing" for each in sorted(answered - noted)]


def enumerate_people(contacts: Any, wrong: list[str]) -> Iterator[tuple[str, int]]:
    """The id of every contact and the person that it is."""
    met: set[int] = set()
    for contact in contacts:
        held = [*contact.fields.get("PHONE", ()), *contact.fields.get("EMAIL", ())]
        person = person_of(held[0])
        keys = {phone(person), phone2(person), email(person)}
        if len(held) != len(set(held)) or not {each.lower() for each in held} <= keys:
            wrong.append(f"contact {contact.id} of person {person} has {held}")
        if person in met:
            wrong.append(f"person {person} has a second contact {contact.id}")
        met.add(person)
        yield contact.id, person


def person_of(value: str) -> int:
    """Whose phone or e-mail a value is."""
    return (
        int(value[5:]) if value.startswith("+") else int(value.partition("@")[0].partition(".")[2])
    )


def main() -> None:
    if sys.argv[1:2] == ["--send"]:
        plan, index, life = sys.argv[2:]
        return Sender(Plan(**json.loads(plan)), int(index), int(life)).run()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", required=True, help="sqlite:///FILE or postgresql://…, empty")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--connections", type=int, help="of all processes; one each if left out")
    parser.add_argument("--kill", action="store_true", help="kill processes at random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    threads = max(1, (options.connections or options.processes) // options.processes)
    with TemporaryDirectory() as folder:
        plan = Plan(options.store, options.people, options.processes, threads, options.seed, folder)
        counts = race(plan, kill=options.kill)
    print(counts)
    sys.exit(bool(counts.wrong))


if __name__ == "__main__":
    main()
