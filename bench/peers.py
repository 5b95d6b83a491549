"""Mapping the wide order against other languages that turn JSON into JSON.

Each is given the order as Python has it and gives the fields of contact and deal as one dict, by
an expression or template compiled beforehand. They do it in their own way: none knows the four
states of a value or search keys, and no warning is asked of them. jmespath has no functions for
texts, so it gets ones in Python; a template language writes JSON, which is read again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Final, TypeAlias

import orders
from mapping import channel, mapped
from measure import Ratio, repeated
from rows import PEERS, WIDE_ORDER, Row

from leadlark import Request

Map: TypeAlias = Callable[[Any], Any]

# What each field is made of: a path, and what is done with it.
FIELDS: Final[dict[str, tuple[str, str]]] = {
    "NAME": ("trim", "billing.first_name"),
    "LAST_NAME": ("trim", "billing.last_name"),
    "COMPANY_TITLE": ("copy", "billing.company"),
    "ADDRESS": ("copy", "billing.address_1"),
    "ADDRESS_CITY": ("trim", "billing.city"),
    "ADDRESS_REGION": ("copy", "billing.state"),
    "ADDRESS_POSTAL_CODE": ("copy", "billing.postcode"),
    "ADDRESS_COUNTRY": ("upper", "billing.country"),
    "TITLE": ("text", "'Order #'|number|' of '|billing.first_name|' '|billing.last_name"),
    "UF_CRM_ORDER_ID": ("copy", "id"),
    "OPPORTUNITY": ("copy", "total"),
    "CURRENCY_ID": ("upper", "currency"),
    "UF_CRM_STATUS": ("lower", "status"),
    "UF_CRM_VERSION": ("copy", "version"),
    "UF_CRM_DISCOUNT": ("copy", "discount_total"),
    "UF_CRM_SHIPPING": ("copy", "shipping_total"),
    "UF_CRM_TAX": ("copy", "total_tax"),
    "UF_CRM_PAY": ("copy", "payment_method"),
    "UF_CRM_PAY_TITLE": ("trim", "payment_method_title"),
    "UF_CRM_TRANSACTION": ("copy", "transaction_id"),
    "UF_CRM_AGENT": ("copy", "customer_user_agent"),
    "SOURCE_ID": ("source", "created_via"),
    "UF_CRM_NOTE": ("trim", "customer_note"),
    "UF_CRM_PAID_AT": ("copy", "date_paid"),
    "UF_CRM_CREATED_AT": ("copy", "date_created"),
    "UF_CRM_SHIP_NAME": ("text", "shipping.first_name|' '|shipping.last_name"),
    "UF_CRM_SHIP_CITY": ("copy", "shipping.city"),
    "UF_CRM_SHIP_TO": ("text", "shipping.postcode|', '|shipping.city|', '|shipping.address_1"),
    "UF_CRM_CART": ("copy", "cart_hash"),
    "UF_CRM_TAXED": ("taxed", "total_tax"),
}


def written(spellings: Mapping[str, str], plus: str) -> dict[str, str]:
    """The fields in a language: ``{}`` in a spelling is the path, texts are joined by ``plus``."""
    return {
        name: spellings[kind].replace("{}", plus.join(path.split("|")))
        for name, (kind, path) in FIELDS.items()
    }


def as_object(fields: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}"


def minijinja() -> Map:
    filters = {"trim": "{}|trim", "upper": "{}|upper", "lower": "{}|lower", "copy": "{}"}
    fields = written(
        {
            **filters,
            "text": "({})",
            "source": "sources[{}]|default('OTHER')",
            "taxed": "{} != '0.00'",
        },
        " ~ ",
    )
    template = as_object({name: "{{ (" + each + ")|tojson }}" for name, each in fields.items()})
    environment = import_module("minijinja").Environment(
        templates={"order": template}, globals={"sources": orders.SOURCES}
    )
    return lambda order: json.loads(environment.render_template("order", **order))


def jinja2() -> Map:
    fields = written(
        {
            "trim": "{}|trim",
            "upper": "{}|upper",
            "lower": "{}|lower",
            "copy": "{}",
            "text": "{}",
            "source": "sources.get({}, 'OTHER')",
            "taxed": "{} != '0.00'",
        },
        " ~ ",
    )
    environment = import_module("jinja2.nativetypes").NativeEnvironment()
    environment.globals["sources"] = orders.SOURCES
    return environment.from_string("{{ " + as_object(fields) + " }}").render


JSONATA: Final = as_object(
    written(
        {
            "trim": "$trim({})",
            "upper": "$uppercase({})",
            "lower": "$lowercase({})",
            "copy": "{}",
            "text": "{}",
            "source": f"$lookup({json.dumps(orders.SOURCES)}, {{}})",
            "taxed": "{} != '0.00'",
        },
        " & ",
    )
)


def jsonata() -> Map:
    return import_module("jsonata").Jsonata(JSONATA).evaluate


def jsonata2py() -> Map:
    return import_module("jsonata2py").compile(JSONATA).evaluate


def jmespath() -> Map:
    package = import_module("jmespath")
    functions = import_module("jmespath.functions")
    text = [{"types": ["string"]}]
    own = type(
        "Functions",
        (functions.Functions,),
        {
            f"_func_{name}": functions.signature(*text)(function)
            for name, function in {
                "trim": lambda _, value: value.strip(),
                "upper": lambda _, value: value.upper(),
                "lower": lambda _, value: value.lower(),
                "source": lambda _, value: orders.SOURCES.get(value, "OTHER"),
            }.items()
        },
    )
    fields = written(
        {
            "trim": "trim({})",
            "upper": "upper({})",
            "lower": "lower({})",
            "copy": "{}",
            "text": "join('', [{}])",
            "source": "source({})",
            "taxed": "{} != '0.00'",
        },
        ", ",
    )
    compiled = package.compile(as_object(fields))
    options = package.Options(custom_functions=own())
    return lambda order: compiled.search(order, options)


def zen() -> Map:
    fields = written(
        {
            "trim": "trim({})",
            "upper": "upper({})",
            "lower": "lower({})",
            "copy": "{}",
            "text": "{}",
            "source": "{} == 'admin' ? 'CALL' : {} in ['checkout', 'store-api'] ? 'WEB' : 'OTHER'",
            "taxed": "{} != '0.00'",
        },
        " + ",
    )
    rows = [{"id": name, "key": name, "value": value} for name, value in fields.items()]
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {}},
        {"id": "map", "name": "map", "type": "expressionNode", "content": {"expressions": rows}},
        {"id": "out", "name": "out", "type": "outputNode", "content": {}},
    ]
    edges = [
        {"id": f"{start}-{end}", "type": "edge", "sourceId": start, "targetId": end}
        for start, end in (("in", "map"), ("map", "out"))
    ]
    decision = import_module("zen").ZenEngine().create_decision({"nodes": nodes, "edges": edges})
    return lambda order: decision.evaluate(order)["result"]


def cel() -> Map:
    package = import_module("celpy")
    types = import_module("celpy.celtypes")
    fields = written(
        {
            "trim": "trim({})",
            "upper": "upper({})",
            "lower": "lower({})",
            "copy": "{}",
            "text": "{}",
            "source": "source({})",
            "taxed": "{} != '0.00'",
        },
        " + ",
    )
    environment = package.Environment()
    program = environment.program(
        environment.compile(as_object(fields)),
        functions={
            "trim": lambda value: types.StringType(value.strip()),
            "upper": lambda value: types.StringType(value.upper()),
            "lower": lambda value: types.StringType(value.lower()),
            "source": lambda value: types.StringType(orders.SOURCES.get(value, "OTHER")),
        },
    )
    return lambda order: program.evaluate(
        {name: package.json_to_cel(value) for name, value in order.items()}
    )


def vrl() -> Map:
    fields = written(
        {
            "trim": "strip_whitespace!(.{})",
            "upper": "upcase!(.{})",
            "lower": "downcase!(.{})",
            "copy": ".{}",
            "text": "{}",
            "source": f"get!({json.dumps(orders.SOURCES)}, [.{{}}])",
            "taxed": '.{} != "0.00"',
        },
        "|",
    )
    for name, (kind, path) in FIELDS.items():
        if kind == "text":
            parts = [
                json.dumps(part[1:-1]) if part[0] == "'" else f"string!(.{part})"
                for part in path.split("|")
            ]
            fields[name] = " + ".join(parts)
    return import_module("pyvrl").Transform(f". = {as_object(fields)}\n.").remap


def against(peer: Callable[[], Map]) -> Ratio:
    way, request = channel("wide.channel", "wide"), Request(orders.WIDE)
    other = peer()
    contact, deal, _ = mapped(way, request)
    assert {**contact, **deal} == other(orders.WIDE)
    return repeated(lambda _: mapped(way, request), other, orders.WIDE)


def _row(name: str, package: str, peer: Callable[[], Map], goal: float | None = None) -> Row:
    return Row(
        PEERS,
        WIDE_ORDER,
        name,
        "all fields",
        goal,
        partial(against, peer),
        (package,),
    )


ROWS: Final = (
    _row("minijinja", "minijinja", minijinja, 1 / 3.5),
    _row("jinja2, native types", "jinja2", jinja2),
    _row("jsonata2py", "jsonata2py", jsonata2py, 1 / 6),
    _row("jsonata-python", "jsonata", jsonata),
    _row("jmespath", "jmespath", jmespath, 1 / 35),
    _row("zen-engine", "zen", zen),
    _row("cel-python", "celpy", cel),
    _row("pyvrl", "pyvrl", vrl),
)
