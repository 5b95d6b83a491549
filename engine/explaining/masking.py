"""Stand-ins for personal data, so that what is told of a payload can be shared.

Equal values get equal stand-ins within one output (`phone-1`, `email-2`, `text-3`), compared as
search keys are: spellings of one phone are one phone. What is replaced is decided by what it is:

- what reads as a phone or an e-mail address, a number too;
- the values of phone and e-mail fields whatever they are;
- the values of contact fields, numbers of fewer than five digits apart;
- every other text that is no number and does not stand in the rule file.

Rule text, ids, amounts, statuses, dates that LeadLark itself names and truth values stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from ..check.walk import descend
from ..language.nodes import Name, Param, Template, Text
from ..mapping.program import Program
from ..store import Key
from ..values.emails import parse_email
from ..values.keys import is_email_field, is_phone_field
from ..values.phones import phone_text, split_phones
from ..values.value import ABSENT, Json, Value, has_value, nfc, number_of, to_text, trim

Personal: TypeAlias = Literal["phone", "email", "contact"]
"""Why a value is personal by its place: a phone or e-mail field, any other contact field."""

_PHONE_DIGITS: Final = 5  # no phone has fewer
_TELLING_DIGITS: Final = 5  # fewer digits of a contact field tell nobody apart
_SHOWN: Final = 40  # characters that a note shows of a text; see `filters.spec.shown`
_TRUTHS: Final = ("true", "false")

_CODE: Final = re.compile(r"`[^`\"]*`")
_QUOTE: Final = re.compile(r"[\"'“‘«]")
_LAST_QUOTE: Final = "\"'”’»"
# With the sign in the pattern, a long key without one would be searched from every character.
_RUN: Final = re.compile(r"[^\s<>()\[\]\"'`,;:]+")
_DIGIT_RUN: Final = re.compile(r"\+?\d(?:[\d ().-]{0,40}\d)?")


class Mask:
    """The stand-ins of one output; ``region`` is the country of phones without a country code."""

    def __init__(self, region: str | None = None) -> None:
        self.region = region
        self._stand_ins: dict[tuple[str, str], str] = {}
        self._count: Counter[str] = Counter()
        self._plain: set[str] = set()

    def learn(self, program: Program) -> None:
        """Take the texts of a channel's rules as no secret, and its region where none is set."""
        self.region = self.region or program.region
        for statement in (*program.before, *program.after):
            for node in descend(statement):
                if isinstance(node, Text):
                    self._keep(node.value)
                elif isinstance(node, Name):
                    self._keep(node.text)
        for table in program.tables.values():
            for row, value in table.rows.items():
                self._keep(row)
                self._keep(to_text(value))
            self._keep(to_text(table.otherwise))

    def value(self, value: Value, personal: Personal | None = None) -> Value:
        """The value as it can be shared; lists and objects keep their shape."""
        return value if value is ABSENT else self.json(value, personal)

    def json(self, value: Json, personal: Personal | None = None) -> Json:
        """The same for a value that is there."""
        match value:
            case None | bool():
                return value
            case str():
                return self.text(value, personal)
            case list():
                return [self.json(each, personal) for each in value]
            case dict():
                return {self.loose(name): self.json(each, personal) for name, each in value.items()}
            case _:
                return self._number(value, personal)

    def text(self, text: str, personal: Personal | None = None) -> str:
        """The text as it can be shared; blank text stays."""
        if not has_value(text):
            return text
        canonical = nfc(trim(text))
        known = self._stand_ins.get(("text", canonical)) or self._contact_data(text)
        if known is not None:
            return known
        if personal in ("phone", "email"):
            return self._named("text", canonical)
        if canonical.casefold() in self._plain or canonical.lower() in _TRUTHS:
            return text
        if number_of(canonical) is not None and not _tells(canonical, personal):
            return text
        return self._named("text", canonical)

    def field(self, target: str, name: str, value: Value, kind: str | None = None) -> Value:
        """The value of a record's field; ``kind`` is how the rules normalise it, if they do."""
        return self.value(value, personal(target, name, kind))

    def filled(self, template: Template, result: Value, of: Callable[[Param], Value]) -> Value:
        """What a template became: its own text as written, what its params gave masked.

        The whole gets that as its stand-in wherever it stands. ``of`` gives each param's value.
        """
        if template.only is not None or not isinstance(result, str) or not has_value(result):
            return self.value(result)
        canonical = nfc(trim(result))
        known = self._stand_ins.get(("text", canonical)) or self._contact_data(result)
        if known is not None:
            return known
        shared = "".join(
            part.value if isinstance(part, Text) else to_text(self.value(of(part)))
            for part in template.parts
        )
        if nfc(trim(shared)) == canonical:
            self._keep(canonical)
        else:
            self._stand_ins["text", canonical] = shared
        return shared

    def remember(self, text: str, stand_in: str) -> None:
        """Take ``stand_in``, which is masked already, for a text from now on."""
        self._stand_ins["text", nfc(trim(text))] = stand_in

    def sentence(self, text: str, keys: Iterable[Key] = ()) -> str:
        """A sentence of LeadLark's own about values, each value in quotes in it replaced.

        What is in backticks is rule text or a path. ``keys`` are the search keys that the
        sentence may name as `FIELD value`.
        """
        for key in keys:
            pair = f"{key.field} {key.value}"
            if pair in text:
                text = text.replace(pair, f"{key.field} {self.key(key).value}")
        at = 0
        while (quote := _QUOTE.search(text, at)) is not None:
            code = _CODE.search(text, at)
            if code is None or code.start() > quote.start():
                break
            at = code.end()
        if quote is None:
            return self.loose(text)
        end = max(text.rfind(sign) for sign in _LAST_QUOTE)
        end = end if end > quote.start() else len(text)
        inside = self.text(text[quote.start() + 1 : end], "phone")
        return f"{self.loose(text[: quote.start()])}{inside}{self.loose(text[end + 1 :])}"

    def key(self, key: Key) -> Key:
        """A search key with its value masked."""
        by_name: Personal | None = None
        if is_phone_field(key.field):
            by_name = "phone"
        elif is_email_field(key.field):
            by_name = "email"
        return Key(key.field, self.text(key.value, by_name))

    def loose(self, text: str) -> str:
        """Text of another kind (a path, a key, a place) without the phones and e-mails in it."""
        text = _RUN.sub(self._address, text)
        return _DIGIT_RUN.sub(self._digits, text)

    def _address(self, run: re.Match[str]) -> str:
        return ("@" in run[0] and self._contact_data(run[0])) or run[0]

    def _digits(self, run: re.Match[str]) -> str:
        known = self._stand_ins.get(("text", run[0])) or self._contact_data(run[0])
        return run[0] if known is None else known

    def _number(self, number: int | Decimal, personal: Personal | None) -> Json:
        text = to_text(number)
        known = self._stand_ins.get(("text", text)) or self._contact_data(phone_text(number))
        if known is not None:
            return known
        if personal in ("phone", "email") or _tells(text, personal):
            return self._named("text", text)
        return number

    def _contact_data(self, text: str) -> str | None:
        """The stand-in of a text that is made of phones or is an e-mail address."""
        text = text.removeprefix("-")  # a number below zero can be a phone behind a dash
        if sum(map(str.isdigit, text)) >= _PHONE_DIGITS:
            phones = split_phones(text, self.region)
            if phones is not None:
                return ", ".join(self._named("phone", phone.key) for phone in phones)
        if "@" in text:
            email = parse_email(text)
            if email is not None:
                return self._named("email", email.key)
        return None

    def _named(self, kind: str, identity: str) -> str:
        stand_in = self._stand_ins.get((kind, identity))
        if stand_in is None:
            self._count[kind] += 1
            stand_in = self._stand_ins[kind, identity] = f"{kind}-{self._count[kind]}"
            if kind == "text" and len(identity) > _SHOWN:
                self._stand_ins.setdefault(("text", f"{identity[:_SHOWN]}…"), stand_in)
        return stand_in

    def _keep(self, text: str) -> None:
        self._plain.add(nfc(trim(text)).casefold())


def personal(target: str, name: str, kind: str | None) -> Personal | None:
    """Why the values of a record's field are personal, if its place alone makes them so."""
    if is_phone_field(name) or kind == "phone":
        return "phone"
    if is_email_field(name) or kind == "email":
        return "email"
    return "contact" if target == "contact" else None


def _tells(number: str, personal: Personal | None) -> bool:
    """Whether a number may tell a person: one of a contact that is long enough."""
    return personal == "contact" and sum(map(str.isdigit, number)) >= _TELLING_DIGITS
