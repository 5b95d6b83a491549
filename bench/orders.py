"""The orders that mapping is measured with, and functions that map them written by hand.

The functions do what `data/wide.channel` and `data/four.channel` say: blank text, null, an empty
object and an empty list are no value; what has no value is left out; texts of several params have
a value if one of these has; the key that the deal is searched by is normalised. They do not look
keys up in another case, keep no account of lines, and take a phone as it was sent.
"""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

from leadlark.values.value import number_of, trim

DATA: Final = Path(__file__).parent / "data"
WIDE: Final[dict[str, Any]] = json.loads((DATA / "wide.json").read_text(encoding="utf-8"))
SOURCES: Final = {"checkout": "WEB", "store-api": "WEB", "admin": "CALL"}

Fields: TypeAlias = dict[str, Any]
Mapped: TypeAlias = tuple[Fields, Fields, str]
"""The contact's fields, the deal's, and the text that the deal is searched by."""


class RejectedError(Exception):
    """A value that the order needs is not there, or is none of its type."""


def filled(value: Any) -> bool:
    """Whether a value is one."""
    if type(value) is str:
        return bool(trim(value))
    if type(value) is list:
        return any(map(filled, value))
    return value is not None and value != {}


def text(value: Any) -> str:
    """A value in a text."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if type(value) is bool:
        return "true" if value else "false"
    return f"{value:f}" if type(value) is Decimal else str(value)


def trimmed(value: Any) -> Any:
    return trim(value) if type(value) is str else value


def upper(value: Any) -> Any:
    return value.upper() if type(value) is str else value


def lower(value: Any) -> Any:
    return value.lower() if type(value) is str else value


def part(order: Fields, name: str) -> Fields:
    """An object in the order, empty where there is none."""
    found = order.get(name)
    return found if type(found) is dict else {}


def kept(fields: Fields) -> Fields:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if filled(value)}


def wide(order: Fields) -> Mapped:
    """The wide order."""
    billing, shipping = part(order, "billing"), part(order, "shipping")
    contact = {
        "NAME": trimmed(billing.get("first_name")),
        "LAST_NAME": trimmed(billing.get("last_name")),
        "COMPANY_TITLE": billing.get("company"),
        "ADDRESS": billing.get("address_1"),
        "ADDRESS_CITY": trimmed(billing.get("city")),
        "ADDRESS_REGION": billing.get("state"),
        "ADDRESS_POSTAL_CODE": billing.get("postcode"),
        "ADDRESS_COUNTRY": upper(billing.get("country")),
    }
    number, via, tax = order.get("number"), order.get("created_via"), order.get("total_tax")
    first, last = billing.get("first_name"), billing.get("last_name")
    to_first, to_last = shipping.get("first_name"), shipping.get("last_name")
    code, city, address = (
        shipping.get("postcode"),
        shipping.get("city"),
        shipping.get("address_1"),
    )
    deal = {
        "TITLE": f"Order #{text(number)} of {text(first)} {text(last)}"
        if filled(number) or filled(first) or filled(last)
        else None,
        "UF_CRM_ORDER_ID": order.get("id"),
        "OPPORTUNITY": order.get("total"),
        "CURRENCY_ID": upper(order.get("currency")),
        "UF_CRM_STATUS": lower(order.get("status")),
        "UF_CRM_VERSION": order.get("version"),
        "UF_CRM_DISCOUNT": order.get("discount_total"),
        "UF_CRM_SHIPPING": order.get("shipping_total"),
        "UF_CRM_TAX": tax,
        "UF_CRM_PAY": order.get("payment_method"),
        "UF_CRM_PAY_TITLE": trimmed(order.get("payment_method_title")),
        "UF_CRM_TRANSACTION": order.get("transaction_id"),
        "UF_CRM_AGENT": order.get("customer_user_agent"),
        "SOURCE_ID": SOURCES.get(trim(text(via)), "OTHER") if filled(via) else None,
        "UF_CRM_NOTE": trimmed(order.get("customer_note")),
        "UF_CRM_PAID_AT": order.get("date_paid"),
        "UF_CRM_CREATED_AT": order.get("date_created"),
        "UF_CRM_SHIP_NAME": f"{text(to_first)} {text(to_last)}"
        if filled(to_first) or filled(to_last)
        else None,
        "UF_CRM_SHIP_CITY": city,
        "UF_CRM_SHIP_TO": f"{text(code)}, {text(city)}, {text(address)}"
        if filled(code) or filled(city) or filled(address)
        else None,
        "UF_CRM_CART": order.get("cart_hash"),
    }
    if filled(tax) and text(tax) != "0.00":
        deal["UF_CRM_TAXED"] = True
    deal = kept(deal)
    if "UF_CRM_ORDER_ID" not in deal:
        raise RejectedError
    return kept(contact), deal, trim(text(deal["UF_CRM_ORDER_ID"]))


def four(order: Fields) -> Mapped:
    """The order of four values; the phone is a text as any other."""
    number = number_of(order.get("order_id"))
    if number is None or number != int(number):
        raise RejectedError
    amount = order.get("order_amount")
    if filled(amount):
        amount = number_of(amount)
        if amount is None:
            raise RejectedError
    number, phone = int(number), order.get("client_phone")
    contact = {
        "NAME": trimmed(order.get("client_name")),
        "UF_CRM_PHONE": text(phone),
    }
    deal = {
        "TITLE": f"Заказ №{number}",
        "UF_CRM_ORDER_ID": number,
        "OPPORTUNITY": amount,
        "CURRENCY_ID": "RUB",
    }
    return kept(contact), kept(deal), str(number)


def four_orders(count: int, seed: int = 1) -> list[Fields]:
    """Orders of four values, each with another phone, in the ways that people write them."""
    chance = random.Random(seed)
    orders = []
    for number in chance.sample(range(10_000_000), count):
        head, rest = f"{chance.choice((903, 916, 921, 985))}", f"{number:07}"
        phone = chance.choice(("+7 ({}) {}-{}-{}", "8 {} {} {} {}", "+7{}{}{}{}"))
        orders.append(
            {
                "client_phone": phone.format(head, rest[:3], rest[3:5], rest[5:]),
                "client_name": chance.choice(("Мария", " Иван", "Пётр")),
                "order_id": chance.randrange(1, 100_000),
                "order_amount": chance.randrange(100, 10_000),
            }
        )
    return orders
