"""Mapping against functions that map the same orders and were written by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import orders
from measure import Ratio, in_slices, repeated
from rows import MAPPING, WIDE_ORDER, Row

from leadlark import Channel, Request, load
from leadlark.mapping.frame import Frame
from leadlark.mapping.gathering import Gathering
from leadlark.mapping.mapped import field_of
from leadlark.mapping.scope import Notes, Surroundings
from leadlark.values.phones import split_phones

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
SLICE: Final = 100


def channel(file: str, address: str) -> Channel:
    return load(orders.DATA / file)[address]


def mapped(way: Channel, request: Request) -> tuple[Any, Any, Any]:
    """What `orders.Mapped` is, by a channel."""
    found = way.map(request, NOW)
    return found.contact, found.entity, found.keys


def told(way: Channel, request: Request) -> orders.Mapped:
    """The same, the one key as text."""
    contact, entity, keys = mapped(way, request)
    return contact, entity, keys.entity[0].value


def wide() -> Ratio:
    way, request = channel("wide.channel", "wide"), Request(orders.WIDE)
    assert orders.wide(orders.WIDE) == told(way, request)
    return repeated(lambda _: mapped(way, request), lambda _: orders.wide(orders.WIDE))


def wide_payload() -> Ratio:
    way, request = channel("wide.channel", "wide"), Request(orders.WIDE)
    return repeated(lambda _: way.map(request, NOW), lambda _: orders.wide(orders.WIDE))


def wide_function() -> Ratio:
    way, request = channel("wide.channel", "wide"), Request(orders.WIDE)
    half = way.program.halves[1]
    assert half is not None
    assert half.gather is not None
    gather, payload = half.gather, request.payload
    around = Surroundings(request, way.address, NOW)

    def rows(_: object) -> Gathering:
        made = Gathering(way.program)
        frame = Frame(way.program, around, Notes(), {}, payload)
        frame.gathering = made
        gather(payload, frame, made.contact, made.entity)
        return made

    made = rows(None)
    only = way.program.only_rules
    pairs = (made.contact, only.contact), (made.entity, only.entity)
    fields = [
        {name: field_of(name, row, rules).value for name, row in found.items()}
        for found, rules in pairs
    ]
    assert [*orders.wide(orders.WIDE)[:2]] == [orders.kept(each) for each in fields]
    return repeated(rows, lambda _: orders.wide(orders.WIDE))


def wide_evaluated() -> Ratio:
    way, request = channel("wide.channel", "wide"), Request(orders.WIDE)

    def evaluated(_: object) -> Any:
        (found,) = way.map_all(request, NOW, watch=lambda _: None)
        return found.contact, found.entity, found.keys

    assert mapped(way, request) == evaluated(None)
    return repeated(evaluated, lambda _: orders.wide(orders.WIDE))


def four_without_phone() -> Ratio:
    way = channel("four.channel", "without-phone")
    pairs = [(order, Request(order)) for order in orders.four_orders(20 * SLICE)]
    assert all(orders.four(order) == told(way, request) for order, request in pairs)
    return _by_turns(way, [pairs[at : at + SLICE] for at in range(0, len(pairs), SLICE)] * 3)


def four_with_new_phones() -> Ratio:
    way = channel("four.channel", "with-phone")
    pairs = [(order, Request(order)) for order in orders.four_orders(60 * SLICE)]
    slices = [pairs[at : at + SLICE] for at in range(0, len(pairs), SLICE)]
    for order, request in pairs[::SLICE]:
        _assert_like(order, way, request)
    return _by_turns(way, slices[1:])


def four_with_known_phones() -> Ratio:
    way = channel("four.channel", "with-phone")
    pairs = [(order, Request(order)) for order in orders.four_orders(SLICE)]
    for order, request in pairs:
        _assert_like(order, way, request)
    return _by_turns(way, [pairs] * 60)


def _assert_like(order: orders.Fields, way: Channel, request: Request) -> None:
    """Equal but for the phone, which is in E.164 and in another field."""
    contact, deal, key = orders.four(order)
    phones = split_phones(contact.pop("UF_CRM_PHONE"), "RU")
    assert phones is not None
    found = told(way, request)
    assert ({**contact, "PHONE": [each.text for each in phones]}, deal, key) == found


def _by_turns(way: Channel, slices: list[list[tuple[orders.Fields, Request]]]) -> Ratio:
    return in_slices(lambda pair: mapped(way, pair[1]), lambda pair: orders.four(pair[0]), slices)


EQUAL: Final = "contact, deal and search key"

ROWS: Final = (
    Row(
        MAPPING,
        WIDE_ORDER,
        "hand-written function",
        EQUAL,
        1.25,
        wide,
    ),
    Row(
        MAPPING,
        "the wide order, its compiled function alone",
        "hand-written function",
        "all fields",
        None,
        wide_function,
    ),
    Row(
        MAPPING,
        "the wide order, mapped with its keys and warnings, fields not yet taken out",
        "hand-written function",
        "as above",
        None,
        wide_payload,
    ),
    Row(
        MAPPING,
        "the wide order, by the evaluator",
        "hand-written function",
        EQUAL,
        None,
        wide_evaluated,
    ),
    Row(
        MAPPING,
        "the four-field order, its phone a text",
        "hand-written function",
        EQUAL,
        1.4,
        four_without_phone,
    ),
    Row(
        MAPPING,
        "the four-field order, every phone new",
        "hand-written function that keeps the phone as sent",
        EQUAL + ", but for the phone",
        5,
        four_with_new_phones,
    ),
    Row(
        MAPPING,
        "the four-field order, phones repeated",
        "hand-written function that keeps the phone as sent",
        EQUAL + ", but for the phone",
        1.6,
        four_with_known_phones,
    ),
)
