"""The syntax tree of a rule file: frozen values with spans.

Spans take no part in equality, so two trees are equal when they mean the same text.
Names, statements and blocks follow the language reference; nothing here evaluates itself.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Generic, Literal, TypeAlias, TypeVar

from ..late_dataclass import dataclass, field
from ..messages.source import Span

EntityType: TypeAlias = Literal["lead", "deal"]
ParamType: TypeAlias = Literal[
    "text", "integer", "decimal", "bool", "date", "phone", "email", "list", "object", "any"
]
FlagName: TypeAlias = Literal["search", "required", "fill", "once", "clear"]
Pick: TypeAlias = Literal["newest", "oldest", "all"]
ManyPolicy: TypeAlias = Literal["link all", "newest", "oldest", "reject"]
Operator: TypeAlias = Literal[
    "==", "!=", "<", "<=", ">", ">=", "contains", "starts with", "ends with"
]
Event: TypeAlias = Literal["create", "update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that stands at a place of a rule file."""

    span: Span = field(compare=False, repr=False)


# Names and values


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A word or quoted text that names something: a table, a status, a country."""

    text: str


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Literal text, its escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number as written: an ``int`` without a decimal point, else a ``Decimal``."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """A regular expression in RE2 syntax, every backslash kept."""

    text: str


# Paths


@dataclass(frozen=True, slots=True)
class Key(Node):
    """``.name``: the value of an object's key."""

    name: str


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``[0]``: an element of a list, negative from the end."""

    number: int


@dataclass(frozen=True, slots=True)
class Every(Node):
    """``[*]``: every element of a list (written ``[]`` in a payload declaration)."""


@dataclass(frozen=True, slots=True)
class Where(Node):
    """``[field.ref='phone']``: the first element in which the keys lead to that text."""

    keys: tuple[str, ...]
    value: str


Step: TypeAlias = Key | Index | Every | Where


@dataclass(frozen=True, slots=True)
class Path(Node):
    """Where a value is read; ``root`` is empty for the payload, else ``@query``, ``@id`` or so."""

    root: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``| name argument …``; ``name_span`` is the span of the name alone.

    The argument of ``map`` is a template, that of ``extract`` a pattern.
    """

    name: str
    arguments: tuple[Argument, ...]
    name_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Param(Node):
    """``<path | filter …>``."""

    path: Path
    filters: tuple[Filter, ...] = ()


@dataclass(frozen=True, slots=True)
class Template(Node):
    """Text in double quotes, params in it; one pass over ``parts`` gives its value."""

    parts: tuple[Text | Param, ...]

    @property
    def only(self) -> Param | None:
        """The param of a template that is exactly one ``<…>``, whose value keeps its type."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Param):
            return self.parts[0]
        return None

    @property
    def constant(self) -> str | None:
        """The text of a template without params, else nothing."""
        if all(isinstance(part, Text) for part in self.parts):
            return "".join(part.value for part in self.parts if isinstance(part, Text))
        return None


Argument: TypeAlias = Text | Number | Path | Template | Pattern
Value: TypeAlias = Template | Number | Boolean


# Conditions


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """``<param> operator value``."""

    param: Param
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Among(Node):
    """``<param> in (value, …)``."""

    param: Param
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Matches(Node):
    """``<param> matches "REGEX"``: searches."""

    param: Param
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Presence(Node):
    """``<param> is present`` or ``is absent``."""

    param: Param
    present: bool


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of two or more terms."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Any of two or more terms."""

    terms: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The opposite of a term."""

    term: Condition


Condition: TypeAlias = Compare | Among | Matches | Presence | And | Or | Not


# Statements

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Branch(Node, Generic[ItemT]):
    """``when CONDITION {…}``, or ``else {…}`` where the condition is left out."""

    condition: Condition | None
    items: tuple[ItemT, ...]


@dataclass(frozen=True, slots=True)
class When(Node, Generic[ItemT]):
    """The first branch whose condition holds applies."""

    branches: tuple[Branch[ItemT], ...]


@dataclass(frozen=True, slots=True)
class Entity(Node):
    """``entity lead`` or ``entity deal``."""

    type: EntityType


@dataclass(frozen=True, slots=True)
class Region(Node):
    """``region RU``: an ISO 3166 country."""

    country: Name


@dataclass(frozen=True, slots=True)
class Declared(Node):
    """One line of a ``payload`` block: ``items[].name text required``."""

    path: Path
    type: Name
    required: bool


@dataclass(frozen=True, slots=True)
class Payload(Node):
    """``payload [strict] {…}``."""

    strict: bool
    params: tuple[Declared, ...]


@dataclass(frozen=True, slots=True)
class PayloadSchema(Node):
    """``payload schema "FILE.json" [strict]``."""

    file: Name
    strict: bool


@dataclass(frozen=True, slots=True)
class Let(Node):
    """``let NAME = VALUE``."""

    name: Name
    value: Value


@dataclass(frozen=True, slots=True)
class Each(Node):
    """``each <path>``: one decision for every element."""

    path: Path


@dataclass(frozen=True, slots=True)
class Ignore(Node):
    """``ignore when CONDITION ["REASON"]``; without a condition inside ``when`` blocks."""

    condition: Condition | None
    reason: Template | None


@dataclass(frozen=True, slots=True)
class Reject(Node):
    """``reject when CONDITION ["REASON"]``; without a condition inside ``when`` blocks."""

    condition: Condition | None
    reason: Template | None


@dataclass(frozen=True, slots=True)
class Find(Node):
    """``find [newest|oldest|all] [only] [in STATUS, …]``."""

    pick: Pick
    only: bool
    statuses: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class OnFound(Node):
    """``on found ignore`` (``ignore`` set) or ``on found update [status] [fields]``."""

    ignore: bool
    status: bool
    fields: bool


@dataclass(frozen=True, slots=True)
class OnMissing(Node):
    """``on missing create`` or ``on missing ignore``."""

    create: bool


@dataclass(frozen=True, slots=True)
class ManyContacts(Node):
    """``many contacts link all|newest|oldest|reject``."""

    policy: ManyPolicy


@dataclass(frozen=True, slots=True)
class Status(Node):
    """``status NEW``, or a template in quotes."""

    value: Name | Template


@dataclass(frozen=True, slots=True)
class Responsible(Node):
    """``responsible 12``, or a template in quotes."""

    value: Number | Template


@dataclass(frozen=True, slots=True)
class FieldName(Node):
    """``TITLE`` or, for a value type of a multi-value field, ``PHONE.MOBILE``."""

    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Flag(Node):
    """A word after a field's value."""

    name: FlagName


@dataclass(frozen=True, slots=True)
class Assign(Node):
    """``FIELD = VALUE flags``."""

    field: FieldName
    value: Value
    flags: tuple[Flag, ...] = ()

    def has(self, flag: FlagName) -> bool:
        """Whether the field bears the flag."""
        return any(each.name == flag for each in self.flags)


FieldItem: TypeAlias = "Assign | When[FieldItem]"


@dataclass(frozen=True, slots=True)
class Fields(Node):
    """``contact [update] {…}``, ``lead {…}`` or ``deal {…}``."""

    target: Literal["contact", "lead", "deal"]
    update: bool
    items: tuple[FieldItem, ...]


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """``comment "TEMPLATE"``, or ``comment payload`` where the template is left out."""

    template: Template | None


@dataclass(frozen=True, slots=True)
class Activity(Node):
    """``activity "TEMPLATE" [within 1h] [on create, update]``; ``within`` in minutes."""

    template: Template
    within: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class RequestId(Node):
    """``request id "TEMPLATE"``."""

    template: Template


@dataclass(frozen=True, slots=True)
class Auth(Node):
    """``auth SCHEME … secret NAME``.

    ``scheme`` is a named scheme (``standard``, ``shopify``, …), ``hmac`` or ``token``.
    For ``hmac``: ``algorithm``, ``encoding`` and ``prefix``. ``place`` is where the proof
    stands (``header``, ``query`` or ``field``) and ``key`` its name there; for ``field`` the
    param's ``path`` is given instead.
    """

    scheme: Name
    secret: Name
    algorithm: str | None = None
    encoding: str | None = None
    place: Literal["header", "query", "field"] | None = None
    key: Name | None = None
    path: Path | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Default(Node):
    """``default``: takes requests to deleted channels' addresses."""


Statement: TypeAlias = (
    "Entity | Region | Payload | PayloadSchema | Let | Each | Ignore | Reject | Find | OnFound"
    " | OnMissing | ManyContacts | Status | Responsible | Fields | Comment | Activity"
    " | RequestId | Auth | Default | When[Statement]"
)


# Files


@dataclass(frozen=True, slots=True)
class Row(Node):
    """``"google", "g" -> "ADWORDS"`` in a table."""

    keys: tuple[Name, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Table(Node):
    """``table NAME {…}``; ``otherwise`` is the value of its ``else`` line.

    ``repeated`` are the values of further ``else`` lines, which are a mistake.
    """

    name: Name
    rows: tuple[Row, ...]
    otherwise: Value | None
    repeated: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel(Node):
    """``channel ADDRESS ["TITLE"] {…}``; an empty title is generated from the address."""

    address: Name
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CommentLine(Node):
    """``# text`` outside strings; ``text`` begins with the ``#``."""

    text: str


@dataclass(frozen=True, slots=True)
class File(Node):
    """A rule file; ``comments`` stand in order of their places.

    ``broken`` are the statements that could not be read: what they would have said is missing,
    so nothing that seems to be missing is complained about.
    """

    edition: int
    tables: tuple[Table, ...]
    channels: tuple[Channel, ...]
    edition_span: Span | None = field(default=None, compare=False, repr=False)
    comments: tuple[CommentLine, ...] = field(default=(), compare=False, repr=False)
    broken: tuple[Span, ...] = field(default=(), compare=False, repr=False)
