"""What a draft decides before it is written: what becomes of requests, found by what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ..language.nodes import EntityType, Key, Step
from ..values.value import to_text, trim
from .fields import Field, Fields
from .guesses import Guesses
from .sheet import said
from .words import words_of

Finding: TypeAlias = Literal["key", "key or contact", "contact", "nothing"]

_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FALSE: Final = frozenset(("false", "0", "no"))
_FLAGS: Final = _FALSE | {"true", "1", "yes"}
_LONGEST_FIELD: Final = 30
_LONGEST_REASON: Final = 60
_NAMED: Final = {"order": "ORDER", "request": "REQUEST", "transaction": "PAYMENT", "event": "EVENT"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a draft says.

    ``finding`` tells what existing records are found by. ``test`` is the param that marks a test,
    ``flag`` whether it is one of true and false; ``bare`` are the params one of which every
    request has that is about something. ``ignored`` are the samples that these leave out.
    ``each`` are the keys of the list whose elements are decided one by one.
    """

    address: str
    entity: EntityType
    told: bool
    fields: Fields
    guesses: Guesses
    finding: Finding
    required: bool
    key_field: str
    test: Field | None
    flag: bool
    bare: tuple[Field, ...]
    ignored: frozenset[int]
    each: tuple[Step, ...]
    samples: int

    @property
    def reasons(self) -> str:
        """Why requests become what they become, for a comment."""
        if self.told:
            return ""
        amount = self.guesses.amount or (
            (self.guesses.odd_amount,) if self.guesses.odd_amount else ()
        )
        meaning = "order" if self.guesses.key_meaning == "order" else ""
        named = [each.text for each in (*(self.guesses.key[:1] if meaning else ()), *amount[:1])]
        if self.entity == "deal":
            return f"because of {said(' and '.join(named), _LONGEST_REASON)}"
        return "because nothing looks like an order or an amount"


def plan(
    address: str,
    entity: EntityType | None,
    fields: Fields,
    guesses: Guesses,
    samples: int,
    each: Sequence[Step] = (),
) -> Plan:
    """What to draft for samples, numbered from 0, that hold these fields."""
    everyone = frozenset(range(samples))
    telling = frozenset(at for field in guesses.telling for at in field.values)
    tests = guesses.tests[0] if guesses.tests else None
    flag = tests is not None and _is_flag(tests)
    ignored = _tested(tests) if tests is not None else frozenset()
    left = everyone - ignored
    bare: tuple[Field, ...] = ()
    if telling and left - telling:
        bare = _sign(guesses, left & telling)
        if bare:
            ignored |= left - frozenset(at for field in bare for at in field.values)
            left = everyone - ignored
    keyed = frozenset(at for field in guesses.key for at in field.values)
    required = bool(guesses.key) and left <= keyed
    contact = bool(guesses.phones or guesses.emails)
    finding: Finding = "nothing"
    if guesses.key:
        finding = "key" if required or not contact else "key or contact"
    elif contact:
        finding = "contact"
    order = guesses.key_meaning == "order" or guesses.amount or guesses.odd_amount
    kind: EntityType = entity or ("deal" if order else "lead")
    return Plan(
        address=address,
        entity=kind,
        told=entity is not None,
        fields=fields,
        guesses=guesses,
        finding=finding,
        required=required,
        key_field=_key_field(guesses, kind),
        test=tests,
        flag=flag,
        bare=bare,
        ignored=ignored,
        each=tuple(each),
        samples=samples,
    )


def _is_flag(test: Field) -> bool:
    return all(trim(to_text(value)).casefold() in _FLAGS for value in test.values.values())


def _tested(test: Field) -> frozenset[int]:
    """The samples that are tests."""
    flag = _is_flag(test)
    return frozenset(
        at
        for at, value in test.values.items()
        if not flag or trim(to_text(value)).casefold() not in _FALSE
    )


def _sign(guesses: Guesses, telling: frozenset[int]) -> tuple[Field, ...]:
    """The params one of which every telling sample has: the keys, else phones and e-mails."""
    for fields in (guesses.key, (*guesses.phones, *guesses.emails)):
        if fields and telling <= frozenset(at for field in fields for at in field.values):
            return fields
    return ()


def _key_field(guesses: Guesses, entity: EntityType) -> str:
    """A name for the CRM field that keeps the key."""
    if not guesses.key:
        return ""
    last = guesses.key[0].steps[-1]
    words = last.name.replace("-", "_") if isinstance(last, Key) else ""
    plain = words.isascii() and words.replace("_", "").isalnum() and len(words) <= _LONGEST_FIELD
    if plain and len(words_of(words) - {"id", "number"}):
        snake = _HUMP.sub("_", words).removeprefix("_").upper()
        joined = "_" not in snake and snake.endswith("ID") and len(snake) > len("ID")
        return f"UF_CRM_{snake[:-2]}_ID" if joined else f"UF_CRM_{snake}"
    named = "ORDER" if entity == "deal" else _NAMED[guesses.key_meaning or "request"]
    return f"UF_CRM_{named}_ID"
