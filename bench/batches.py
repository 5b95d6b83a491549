"""Times batches of payloads against a loop written by hand, and takes their memory.

    python bench/batches.py --lines 100000 --memory 1000000

First the stages of ``leadlark run --dry-run --format json``, in one process: a payload is read,
mapped, decided and shown, against a loop that reads with orjson (and with json), makes the same
fields by hand and writes a decision of the same keys with orjson. Both are called by turns with
the same lines; what they make of them is compared first. Then the command itself, as a process,
deciding alone and with a store in memory, with one and with two jobs: the time of the process that
takes longest, which is what a payload takes where each has a processor of its own, and the CPU
time of all. The last work has large payloads. Last, the memory of a run over 10,000 lines and over
``--memory`` lines, above that of an interpreter that does nothing; ``--memory 0`` leaves it out.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson
from measure import Ratio, in_slices

import leadlark
from leadlark.cli.outcomes import Decider, Mapper
from leadlark.request.documents import documents

DATA: Final = Path(__file__).parent / "data"
WIDE: Final = DATA / "wide.channel"
REFERENCE: Final = Path(__file__).parents[1] / "rules" / "reference" / "order.channel"
NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)

NAMES: Final = ("Мария", "Иван", "Пётр", "Анна", "Maria", " Ольга ")
SOURCES: Final = {"checkout": "WEB", "store-api": "WEB", "admin": "CALL"}

Hand = Callable[[bytes], list[bytes]]


def reference_orders(seed: int) -> Iterator[dict[str, Any]]:
    """Orders of the reference: four values, every phone another one."""
    chance = random.Random(seed)
    while True:
        yield {
            "client_phone": 79_030_000_000 + chance.randrange(10_000_000),
            "client_name": chance.choice(NAMES),
            "order_id": chance.randrange(10**9),
            "order_amount": chance.randrange(100, 99_999),
        }


def wide_orders(seed: int, items: int = 2) -> Iterator[dict[str, Any]]:
    """Wide orders: 63 values with two items."""
    chance = random.Random(seed)
    order = json.loads((DATA / "wide.json").read_text(encoding="utf-8"))
    while True:
        order |= {
            "id": chance.randrange(10**9),
            "created_via": chance.choice((*SOURCES, "app")),
            "total": f"{chance.randrange(10_000, 999_999) / 100:.2f}",
            "customer_note": chance.choice(("", "Позвонить заранее", " до 18:00")),
        }
        order["number"] = str(order["id"])
        order["billing"]["first_name"] = chance.choice(NAMES)
        order["line_items"] = (order["line_items"] * items)[:items]
        yield order


def lines(orders: Iterator[dict[str, Any]], count: int) -> Iterator[bytes]:
    """Orders as lines of JSON."""
    for order in islice(orders, count):
        yield json.dumps(order, ensure_ascii=False).encode() + b"\n"


# By hand


def text(value: Any) -> Any:
    return None if value is None or value == "" else value


def trimmed(value: Any) -> Any:
    return text(value.strip()) if isinstance(value, str) else value


def filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def decision(channel: str, rules: str, contact: dict[str, Any], deal: dict[str, Any]) -> Any:
    types = {"PHONE": ["WORK"]} if "PHONE" in contact else {}
    return {
        "channel": channel,
        "action": "create",
        "reason": "no deal found",
        "contact": {"action": "create", "ids": [], "fields": contact, "types": types},
        "entity": {
            "type": "deal",
            "ids": [],
            "status": "NEW",
            "responsible": None,
            "fields": deal,
            "types": {},
            "records": None,
        },
        "comment": None,
        "activity": None,
        "warnings": [],
        "rules": rules,
        "edition": 1,
    }


def map_reference(order: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The reference order; its phones are known to be international and are not parsed."""
    return filled(
        {"NAME": trimmed(order.get("client_name")), "PHONE": [f"+{order['client_phone']}"]}
    ), filled(
        {
            "TITLE": f"Заказ №{order['order_id']}",
            "UF_CRM_ORDER_ID": order["order_id"],
            "OPPORTUNITY": order.get("order_amount"),
            "CURRENCY_ID": "RUB",
        }
    )


def map_wide(order: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The wide order, as its channel maps it."""
    billing, shipping = order["billing"], order["shipping"]
    contact = {
        "NAME": trimmed(billing.get("first_name")),
        "LAST_NAME": trimmed(billing.get("last_name")),
        "COMPANY_TITLE": text(billing.get("company")),
        "ADDRESS": text(billing.get("address_1")),
        "ADDRESS_CITY": trimmed(billing.get("city")),
        "ADDRESS_REGION": text(billing.get("state")),
        "ADDRESS_POSTAL_CODE": text(billing.get("postcode")),
        "ADDRESS_COUNTRY": text(billing["country"].upper()),
    }
    deal = {
        "TITLE": f"Order #{order['number']} of {billing['first_name']} {billing['last_name']}",
        "UF_CRM_ORDER_ID": order.get("id"),
        "OPPORTUNITY": text(order.get("total")),
        "CURRENCY_ID": text(order["currency"].upper()),
        "UF_CRM_STATUS": text(order["status"].lower()),
        "UF_CRM_VERSION": text(order.get("version")),
        "UF_CRM_DISCOUNT": text(order.get("discount_total")),
        "UF_CRM_SHIPPING": text(order.get("shipping_total")),
        "UF_CRM_TAX": text(order.get("total_tax")),
        "UF_CRM_PAY": text(order.get("payment_method")),
        "UF_CRM_PAY_TITLE": trimmed(order.get("payment_method_title")),
        "UF_CRM_TRANSACTION": text(order.get("transaction_id")),
        "UF_CRM_AGENT": text(order.get("customer_user_agent")),
        "SOURCE_ID": SOURCES.get(order["created_via"], "OTHER"),
        "UF_CRM_NOTE": trimmed(order.get("customer_note")),
        "UF_CRM_PAID_AT": text(order.get("date_paid")),
        "UF_CRM_CREATED_AT": text(order.get("date_created")),
        "UF_CRM_SHIP_NAME": f"{shipping['first_name']} {shipping['last_name']}",
        "UF_CRM_SHIP_CITY": text(shipping.get("city")),
        "UF_CRM_SHIP_TO": f"{shipping['postcode']}, {shipping['city']}, {shipping['address_1']}",
        "UF_CRM_CART": text(order.get("cart_hash")),
    }
    if order["total_tax"] != "0.00":
        deal["UF_CRM_TAXED"] = True
    return filled(contact), filled(deal)


def by_hand(
    read: Callable[[bytes], Any], make: Callable[[Any], Any], channel: leadlark.Channel
) -> Hand:
    """A loop written by hand: every line read, made, written."""
    address, rules = channel.address, channel.program.rules

    def made(chunk: bytes) -> list[bytes]:
        return [
            orjson.dumps(decision(address, rules, *make(read(line)))) for line in BytesIO(chunk)
        ]

    return made


# In one process


def stages(
    name: str, channel: leadlark.Channel, make: Callable[[Any], Any], items: list[bytes]
) -> None:
    """Print the ratios of what is done to a payload."""
    chunks = [b"".join(items[start : start + 50]) for start in range(0, len(items), 50)]
    slices = [[chunk] for chunk in chunks]
    mapper = Mapper(channel, leadlark.Request(payload={}), NOW)
    with leadlark.open_store("memory:") as store:
        decider = Decider(channel, store, dry=True, json=True)

        def mapped(chunk: bytes) -> list[Any]:
            found = documents("a.ndjson", BytesIO(chunk))
            return [each for document in found for each in mapper.document(document)]

        def shown(chunk: bytes) -> list[Any]:
            return [one.text for each in mapped(chunk) for one in decider.outcome(each)]

        def mapped_by_hand(chunk: bytes) -> list[Any]:
            return [make(orjson.loads(line)) for line in BytesIO(chunk)]

        hand, hand_json = (by_hand(read, make, channel) for read in (orjson.loads, json.loads))
        for chunk in chunks[:20]:
            assert [*map(json.loads, hand(chunk))] == [*map(json.loads, shown(chunk))], chunk
        told(
            "read and mapped / by hand with orjson", in_slices(mapped, mapped_by_hand, slices), name
        )
        told(
            "read, mapped, decided, shown / by hand with orjson",
            in_slices(shown, hand, slices),
            name,
        )
        told("the same / by hand with json", in_slices(shown, hand_json, slices), name)


def told(what: str, ratio: Ratio, name: str) -> None:
    print(f"{name:10} {what:52} {ratio.median:6.2f}  ({ratio.low:.2f} to {ratio.high:.2f})")


# As a process


@dataclass(frozen=True, slots=True)
class Used:
    """What a process and its workers have used: CPU seconds, its peak memory in MiB."""

    wall: float
    own: float
    workers: float
    peak: float

    def seconds(self, jobs: int) -> float:
        """How long it takes where every process has a processor of its own."""
        return max(self.own, self.workers / jobs) if jobs > 1 else self.own


COMMAND: Final = """\
import sys
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
if sys.argv[1:]:
    from leadlark.cli import main
    assert main() == 0
own, workers = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
times = (own.ru_utime + own.ru_stime, workers.ru_utime + workers.ru_stime)
with open("/proc/self/status") as status:  # getrusage tells the memory of who started it, too
    (peak,) = (int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(*times, peak / 1024, file=sys.stderr)
"""


def ran(*arguments: str) -> Used:
    """Run the command, or with no arguments an interpreter that does nothing."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=True,
    )
    wall = time.monotonic() - begun
    own, workers, peak = map(float, done.stderr.split())
    return Used(wall, own, workers, peak)


def command(rules: Path, file: Path, *more: str) -> Used:
    """``leadlark run``."""
    return ran("run", str(rules), str(file), "--format", "json", *more)


def throughput(name: str, rules: Path, file: Path, count: int) -> None:
    """Print what the command does a second, with one and two jobs."""
    for how in ((), ("--dry-run",)):
        for jobs in (1, 2):
            used = command(rules, file, *how, "--jobs", str(jobs))
            label = f"{'decided' if how else 'applied in memory'}, --jobs {jobs}"
            print(
                f"{name:10} {label:28} {used.seconds(jobs) / count * 1e6:9,.0f} us a payload"
                f"  (CPU {used.own:.1f} s, workers {used.workers:.1f} s; wall {used.wall:.1f} s)"
            )


def memory(rules: Path, make: Callable[[], Iterator[bytes]], folder: Path, most: int) -> None:
    """Print how much memory a small and a large run take above a bare interpreter."""
    bare = ran().peak
    for count in (10_000, most):
        file = written(folder / f"{count}.ndjson", islice(make(), count))
        peak = command(rules, file, "--dry-run").peak
        print(f"{count:10,} lines: {peak - bare:.1f} MiB above a bare interpreter ({bare:.1f} MiB)")
        file.unlink()


def written(file: Path, texts: Iterator[bytes]) -> Path:
    with file.open("wb") as stream:
        stream.writelines(texts)
    return file


def main() -> None:
    parser = argparse.ArgumentParser(description="Time batches against a loop written by hand.")
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--memory", type=int, default=1_000_000)
    options = parser.parse_args()
    wide, reference = leadlark.load(WIDE).only(), leadlark.load(REFERENCE).only()
    count = options.lines
    several = (
        ("reference", reference, map_reference, reference_orders, REFERENCE),
        ("wide", wide, map_wide, wide_orders, WIDE),
    )
    for name, channel, make, orders, _ in several:
        stages(name, channel, make, list(lines(orders(1), 6_000)))
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        for name, _, _, orders, rules in several:
            file = written(folder / f"{name}.ndjson", lines(orders(1), count))
            throughput(name, rules, file, count)
        large = max(count // 40, 1)
        file = written(folder / "large.ndjson", lines(wide_orders(1, items=400), large))
        throughput("400 items", WIDE, file, large)
        if options.memory:
            memory(WIDE, lambda: lines(wide_orders(1), options.memory), folder, options.memory)


if __name__ == "__main__":
    main()
