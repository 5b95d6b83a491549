"""From the grammar's rules to nodes: one method a rule, called while the parser runs.

Tokens that carry a value (text, numbers, patterns, quoted arguments) arrive as nodes already
(see `lexemes`); children that the grammar marks as optional are None where they are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from lark import Token, Transformer

from ..messages.source import Span
from .nodes import (
    Activity,
    Among,
    And,
    Argument,
    Assign,
    Auth,
    Boolean,
    Branch,
    Channel,
    Comment,
    Compare,
    Condition,
    Declared,
    Default,
    Each,
    Entity,
    EntityType,
    Every,
    FieldItem,
    FieldName,
    Fields,
    File,
    Filter,
    Find,
    Flag,
    Ignore,
    Index,
    Key,
    Let,
    ManyContacts,
    Matches,
    Name,
    Node,
    Not,
    Number,
    OnFound,
    OnMissing,
    Operator,
    Or,
    Param,
    Path,
    Payload,
    PayloadSchema,
    Pick,
    Presence,
    Region,
    Reject,
    RequestId,
    Responsible,
    Row,
    Statement,
    Status,
    Step,
    Table,
    Template,
    Text,
    Value,
    When,
    Where,
)

_MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
_OTHERWISE = "otherwise"

Children = list[Any]


def _span(children: Sequence[Any]) -> Span:
    """From the first child that has a place to the last one that has."""
    for first in children:
        if isinstance(first, Token | Node):
            break
    else:
        return Span(0, 0)
    last = first
    for child in reversed(children):
        if isinstance(child, Token | Node):
            last = child
            break
    return Span(
        first.start_pos or 0 if isinstance(first, Token) else first.span.start,
        last.end_pos or 0 if isinstance(last, Token) else last.span.end,
    )


def _place(item: Token | Node) -> Span:
    return _span((item,))


def _name(token: Token) -> Name:
    return Name(str(token), span=_place(token))


def _path(root: str, children: Sequence[Step], span: Span) -> Path:
    return Path(root, tuple(children), span=span)


class Builder(Transformer[Token, File]):
    """The transformer that the parser calls at each rule."""

    # Files

    def file(self, children: Children) -> File:
        edition, *blocks = children
        return File(
            edition=1 if edition is None else edition.value,
            edition_span=None if edition is None else edition.span,
            tables=tuple(block for block in blocks if isinstance(block, Table)),
            channels=tuple(block for block in blocks if isinstance(block, Channel)),
            span=_span(blocks),
        )

    def edition(self, children: Children) -> Number:
        return cast(Number, children[1].value)

    def table(self, children: Children) -> Table:
        _, name, *lines, _ = children
        rows = tuple(line for line in lines if isinstance(line, Row))
        first, *others = [line[1] for line in lines if isinstance(line, tuple)] or [None]
        return Table(_name(name), rows, first, tuple(others), span=_span(children))

    def row(self, children: Children) -> Row:
        *keys, value = children
        return Row(tuple(keys), value, span=_span(children))

    def otherwise(self, children: Children) -> tuple[str, Value]:
        return (_OTHERWISE, children[1])

    def channel(self, children: Children) -> Channel:
        _, address, title, *statements, _ = children
        return Channel(
            _name(address),
            "" if title is None else title.text,
            tuple(statements),
            span=_span(children),
        )

    # Statements

    def entity(self, children: Children) -> Entity:
        return Entity(cast(EntityType, str(children[1])), span=_span(children))

    def region(self, children: Children) -> Region:
        return Region(_name(children[1]), span=_span(children))

    def payload(self, children: Children) -> Payload:
        _, strict, *params, _ = children
        return Payload(strict is not None, tuple(params), span=_span(children))

    def payload_schema(self, children: Children) -> PayloadSchema:
        return PayloadSchema(children[2], children[3] is not None, span=_span(children))

    def declared(self, children: Children) -> Declared:
        path, type, required = children
        return Declared(path, _name(type), required is not None, span=_span(children))

    def let(self, children: Children) -> Let:
        return Let(_name(children[1]), children[2], span=_span(children))

    def each(self, children: Children) -> Each:
        return Each(children[1], span=_span(children))

    def ignore(self, children: Children) -> Ignore:
        _, _, condition, reason = children
        return Ignore(condition, reason, span=_span(children))

    def reject(self, children: Children) -> Reject:
        _, _, condition, reason = children
        return Reject(condition, reason, span=_span(children))

    def find(self, children: Children) -> Find:
        _, pick, only, _, *statuses = children
        return Find(
            cast(Pick, "newest" if pick is None else str(pick)),
            only is not None,
            tuple(status for status in statuses if status is not None),
            span=_span(children),
        )

    def on_found(self, children: Children) -> OnFound:
        _, _, action, *parts = children
        return OnFound(
            str(action) == "ignore", "status" in parts, "fields" in parts, span=_span(children)
        )

    def update_part(self, children: Children) -> Token:
        return cast(Token, children[0])

    def on_missing(self, children: Children) -> OnMissing:
        return OnMissing(str(children[2]) == "create", span=_span(children))

    def many_contacts(self, children: Children) -> ManyContacts:
        policy: Any = " ".join(children[2:])
        return ManyContacts(policy, span=_span(children))

    def status(self, children: Children) -> Status:
        value = children[1]
        return Status(_name(value) if isinstance(value, Token) else value, span=_span(children))

    def status_name(self, children: Children) -> Name:
        value = children[0]
        return _name(value) if isinstance(value, Token) else cast(Name, value)

    def responsible(self, children: Children) -> Responsible:
        return Responsible(children[1], span=_span(children))

    def comment(self, children: Children) -> Comment:
        template = children[1]
        return Comment(template if isinstance(template, Template) else None, span=_span(children))

    def activity(self, children: Children) -> Activity:
        _, template, _, duration, _, *events = children
        within = 60 if duration is None else int(duration[:-1]) * _MINUTES[duration[-1]]
        named: Any = tuple(str(event) for event in events if event is not None)
        return Activity(template, within, named or ("create", "update"), span=_span(children))

    def event(self, children: Children) -> Token:
        return cast(Token, children[0])

    def request_id(self, children: Children) -> RequestId:
        return RequestId(children[2], span=_span(children))

    def auth_named(self, children: Children) -> Auth:
        _, scheme, _, secret = children
        return Auth(_name(scheme), _name(secret), span=_span(children))

    def auth_hmac(self, children: Children) -> Auth:
        _, scheme, algorithm, encoding, _, header, _, prefix, _, secret = children
        return Auth(
            _name(scheme),
            _name(secret),
            algorithm=str(algorithm),
            encoding=str(encoding),
            place="header",
            key=header,
            prefix="" if prefix is None else prefix.text,
            span=_span(children),
        )

    def auth_token(self, children: Children) -> Auth:
        _, scheme, place, key, _, secret = children
        where: Any = str(place)
        return Auth(_name(scheme), _name(secret), place=where, key=key, span=_span(children))

    def default(self, children: Children) -> Default:
        return Default(span=_span(children))

    def when(self, children: Children) -> When[Statement]:
        branches: tuple[Branch[Statement], ...] = self._branches(children)
        return When(branches, span=_span([branches[0], branches[-1]]))

    def else_statements(self, children: Children) -> tuple[Branch[Statement], ...]:
        return self._branches(children[1:])

    def statements(self, children: Children) -> tuple[Statement, ...]:
        return tuple(children)

    def _branches(self, children: Children) -> tuple[Branch[Any], ...]:
        """``[WHEN, condition, items, RBRACE, later branches]`` or, last, ``[items, RBRACE]``."""
        if len(children) == 2:
            items, brace = children
            return (Branch(None, items, span=_span([*items, brace])),)
        keyword, condition, items, brace, rest = children
        branch: Branch[Any] = Branch(condition, items, span=_span([keyword, brace]))
        return (branch, *(rest or ()))

    # Field blocks

    def contact(self, children: Children) -> Fields:
        keyword, update, items, _ = children
        target: Any = str(keyword)  # empty where the header could not be read
        return Fields(target, update is not None, items, span=_span(children))

    def entity_fields(self, children: Children) -> Fields:
        target: Any = str(children[0])
        return Fields(target, False, children[1], span=_span(children))

    def fields(self, children: Children) -> tuple[FieldItem, ...]:
        return tuple(children)

    def assign(self, children: Children) -> Assign:
        field, value, *flags = children
        return Assign(field, value, tuple(flags), span=_span(children))

    def field_name(self, children: Children) -> FieldName:
        name, type = children
        text = name.text if isinstance(name, Name) else str(name)
        return FieldName(text, None if type is None else str(type), span=_span(children))

    def flag(self, children: Children) -> Flag:
        name: Any = str(children[0])
        return Flag(name, span=_span(children))

    def fields_when(self, children: Children) -> When[FieldItem]:
        branches: tuple[Branch[FieldItem], ...] = self._branches(children)
        return When(branches, span=_span([branches[0], branches[-1]]))

    def else_fields(self, children: Children) -> tuple[Branch[FieldItem], ...]:
        return self._branches(children[1:])

    # Conditions

    def any_of(self, children: Children) -> Or:
        return Or(tuple(children[::2]), span=_span(children))

    def all_of(self, children: Children) -> And:
        return And(tuple(children[::2]), span=_span(children))

    def negation(self, children: Children) -> Not:
        return Not(children[1], span=_span(children))

    def compare(self, children: Children) -> Compare:
        param, operator, value = children
        return Compare(param, operator, value, span=_span([param, value]))

    def operator(self, children: Children) -> Operator:
        return cast(Operator, " ".join(children))

    def among(self, children: Children) -> Among:
        param, _, *values, _ = children
        return Among(param, tuple(values), span=_span(children))

    def matches(self, children: Children) -> Matches:
        param, _, pattern = children
        return Matches(param, pattern.value, span=_span(children))

    def presence(self, children: Children) -> Presence:
        param, _, state = children
        return Presence(param, str(state) == "present", span=_span(children))

    def unreadable(self, children: Children) -> Condition:
        nothing = Param(Path("", (), span=_span(children)), span=_span(children))
        return Presence(nothing, True, span=_span(children))

    def subject(self, children: Children) -> Param:
        return self.param(children)

    # Values

    def constant_text(self, children: Children) -> Template:
        name: Name = children[0]
        return Template((Text(name.text, span=name.span),) if name.text else (), span=name.span)

    def number(self, children: Children) -> Number:
        return cast(Number, children[0].value)

    argument_number = number

    def boolean(self, children: Children) -> Boolean:
        return Boolean(str(children[0]) == "true", span=_span(children))

    def string(self, children: Children) -> Template:
        return Template(self._parts(children[1:-1]), span=_span(children))

    def literal(self, children: Children) -> Name:
        text = "".join(part.value for part in self._parts(children[1:-1]) if isinstance(part, Text))
        return Name(text, span=_span(children))

    def template(self, children: Children) -> Template:
        return Template(self._parts(children), span=_span(children))

    def _parts(self, children: Children) -> tuple[Text | Param, ...]:
        """Params and runs of text, neighbouring text made one."""
        parts: list[Text | Param] = []
        run: list[Text] = []
        for child in children:
            if isinstance(child, Param):
                if run:
                    parts.append(_joined(run))
                    run = []
                parts.append(child)
            else:
                run.append(_text(child))
        if run:
            parts.append(_joined(run))
        return tuple(parts)

    def param(self, children: Children) -> Param:
        _, path, *filters, _ = children
        return Param(path, tuple(filters), span=_span(children))

    # Paths and filters

    def path(self, children: Children) -> Path:
        return _path("", children, _span(children))

    def surrounding(self, children: Children) -> Path:
        at, root, *steps = children
        return _path(f"@{root}", steps, _span([at, root, *steps]))

    argument_surrounding = surrounding

    def argument_path(self, children: Children) -> Path:
        key, *steps = children
        return _path("", [self.key([key]), *steps], _span(children))

    def key(self, children: Children) -> Key:
        return Key(_key_text(children[0]), span=_span(children))

    step_key = key
    quoted_key = key

    def index(self, children: Children) -> Index:
        return Index(int(children[0]), span=_span(children))

    def every(self, children: Children) -> Every:
        return Every(span=_span(children))

    def where(self, children: Children) -> Where:
        keys, value = children
        return Where(keys, value.value.value, span=_span([value]))

    def where_keys(self, children: Children) -> tuple[str, ...]:
        return tuple(children)

    def where_key(self, children: Children) -> str:
        return _key_text(children[0])

    def filter(self, children: Children) -> Filter:
        _, name, *arguments = children
        return Filter(
            str(name),
            tuple(_argument(argument) for argument in arguments),
            name_span=_place(name),
            span=_span(children[1:]),
        )


def _text(token: Token) -> Text:
    """A TEXT token as it stands; an ESCAPE carries its node."""
    value: Any = token.value
    return value if isinstance(value, Text) else Text(str(token), span=_place(token))


def _joined(run: list[Text]) -> Text:
    span = run[0].span.to(run[-1].span)
    return Text("".join(text.value for text in run), span=span)


def _key_text(token: Token) -> str:
    value: Any = token.value
    return value.value if isinstance(value, Text) else str(token)


def _argument(child: Token | Path | Number) -> Argument:
    """A quoted argument carries its node: a text, a template for `map`, a pattern."""
    return cast(Argument, child.value) if isinstance(child, Token) else child
