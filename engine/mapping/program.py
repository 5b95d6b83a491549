"""A checked channel made ready to decide with: its statements sorted by what they are for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Final, TypeVar

from ..filters import LookupTable, row_key
from ..language.nodes import (
    Auth,
    Boolean,
    Channel,
    Declared,
    Default,
    Each,
    Entity,
    EntityType,
    File,
    Find,
    Let,
    ManyContacts,
    ManyPolicy,
    Number,
    OnFound,
    OnMissing,
    Payload,
    Region,
    RequestId,
    Statement,
    Table,
    Template,
    Value,
)
from ..late_dataclass import dataclass
from ..messages.source import Source
from ..values.value import ABSENT, Json
from .declared import Regular, regular
from .field_rules import field_rules
from .mapped import FieldRule, OnlyRules

if TYPE_CHECKING:
    from .compiler import Half
    from .schema import PayloadCheck

NodeT = TypeVar("NodeT")

_EVALUATED: Final = 4
"""How often statements are evaluated before functions are made of them: one payload asks at most
as often, and a start that decides one payload is over before `ast` is imported and used."""


@dataclass(frozen=True)
class Program:
    """A channel to decide with.

    ``rules`` is the SHA-256 of its file in hexadecimal. ``before`` and ``after`` are its
    statements above and below ``each``; without ``each`` all are in ``after``. ``field_rules`` are
    those of its assignments by the offset at which each is written. ``declared`` are
    the params of its `payload`, written out or taken from its schema file, whose own rules
    ``schema`` checks.
    """

    address: str
    title: str
    type: EntityType
    region: str | None
    edition: int
    rules: str
    source: Source
    tables: Mapping[str, LookupTable]
    before: tuple[Statement, ...]
    after: tuple[Statement, ...]
    field_rules: Mapping[int, FieldRule]
    each: Each | None = None
    declared: tuple[Declared, ...] = ()
    strict: bool = False
    schema: PayloadCheck | None = None
    find: Find | None = None
    found: OnFound | None = None
    create_missing: bool = True
    many: ManyPolicy = "link all"
    auth: Auth | None = None
    request_id: RequestId | None = None
    default: bool = False

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that `find` looks in; none means any."""
        return () if self.find is None else tuple(name.text for name in self.find.statuses)

    @cached_property
    def halves(self) -> tuple[Half | None, Half | None]:
        """The statements above and below ``each`` as functions, made when first asked for."""
        from .compiler import compile_half  # noqa: PLC0415 (the compiler knows programs)

        outer = [each.name.text for each in self.before if isinstance(each, Let)]
        return compile_half(self, self.before), compile_half(self, self.after, outer)

    def half(self, position: int) -> Half | None:
        """The functions above or below ``each``; none at first, nor where there are none.

        The evaluator has gone through the statements a few times before they are made.
        """
        known = self.__dict__.get("halves")
        if known is None:
            if next(self._asked) < _EVALUATED:
                return None
            known = self.halves
        half: Half | None = known[position]
        return half

    @cached_property
    def _asked(self) -> Iterator[int]:
        return count()

    @cached_property
    def only_rules(self) -> OnlyRules:
        """The rules of the fields that only one assignment fills, and what is searched by."""
        contact, entity = self._rules_of(contact=True), self._rules_of(contact=False)
        return OnlyRules(_only(contact), _only(entity), _searched(contact), _searched(entity))

    def _rules_of(self, *, contact: bool) -> list[FieldRule]:
        return [each for each in self.field_rules.values() if (each.target == "contact") == contact]

    @cached_property
    def regular(self) -> tuple[Regular, ...]:
        """The declared params, made ready to be taken."""
        return tuple(map(regular, self.declared))

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The names of the fields that some assignment requires."""
        rules = self.field_rules.values()
        return tuple(dict.fromkeys(rule.name for rule in rules if rule.required))

    @property
    def update_fields(self) -> bool:
        """Whether a found entity's fields are updated."""
        return self.found is None or self.found.fields

    @property
    def update_status(self) -> bool:
        """Whether a found entity's status is updated."""
        return self.found is not None and self.found.status


def compile_channel(
    source: Source, file: File, channel: Channel, rules: str, schema: PayloadCheck | None = None
) -> Program:
    """Make a channel ready. It has passed the checker: there is one entity, names are known."""
    statements = channel.statements
    each = _one(statements, Each)
    position = statements.index(each) if each is not None else 0
    entity = _one(statements, Entity)
    region = _one(statements, Region)
    payload = _one(statements, Payload)
    missing = _one(statements, OnMissing)
    many = _one(statements, ManyContacts)
    declared = schema.declared if schema is not None else payload.params if payload else ()
    before, after = statements[:position], statements[position:]
    return Program(
        address=channel.address.text,
        title=channel.title or channel.address.text.replace("-", " ").capitalize(),
        type="lead" if entity is None else entity.type,
        region=None if region is None else region.country.text.upper(),
        edition=file.edition,
        rules=rules,
        source=source,
        tables={table.name.text: _lookup(table) for table in file.tables},
        before=before,
        after=after,
        field_rules=field_rules(source, before, after, declared, each),
        each=each,
        declared=declared,
        strict=payload is not None and payload.strict,
        schema=schema,
        find=_one(statements, Find),
        found=_one(statements, OnFound),
        create_missing=missing is None or missing.create,
        many="link all" if many is None else many.policy,
        auth=_one(statements, Auth),
        request_id=_one(statements, RequestId),
        default=_one(statements, Default) is not None,
    )


def _only(rules: Sequence[FieldRule]) -> dict[str, FieldRule]:
    counts = Counter(each.name for each in rules)
    return {each.name: each for each in rules if counts[each.name] == 1}


def _searched(rules: Iterable[FieldRule]) -> frozenset[str]:
    return frozenset(each.name for each in rules if each.searched)


def _one(statements: tuple[Statement, ...], kind: type[NodeT]) -> NodeT | None:
    return next((each for each in statements if isinstance(each, kind)), None)


def _lookup(table: Table) -> LookupTable:
    rows = {row_key(name.text): _constant(row.value) for row in table.rows for name in row.keys}
    return LookupTable(rows, ABSENT if table.otherwise is None else _constant(table.otherwise))


def _constant(value: Value) -> Json:
    match value:
        case Number(value=number):
            return number
        case Boolean(value=truth):
            return truth
        case Template():
            return value.constant or ""
