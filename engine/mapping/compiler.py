"""Channels as Python functions: the fast way through their statements.

Each half of a channel, its statements above or below ``each``, becomes up to four functions, built
from `ast` nodes. Texts of a rule file are constants in them; nothing of a payload is ever code.
For the block ``deal { TITLE = "Order #<order.id>"  NAME = "<client | trim>" }`` there is::

    def gather(payload, frame, contact, entity):
        inner1 = payload['order'] if 'order' in payload else nothing
        if type(inner1) is not dict:
            inner1 = nothing
        entity['TITLE'] = (text3 if has_value(value2 := (inner1['id'] if 'id' in inner1
            else read(frame, path4))) and len(text3 := f'Order #{to_text(value2)}') <= 16384
            else render(frame, template5))
        entity['NAME'] = filter6(payload['client'] if 'client' in payload
            else read(frame, path7), frame)

They do what is regular: keys that are there as they are written, texts that have a value,
comparisons with constants. Whatever is not (a key in another case, a text to be cut, a filter with
something to note) is left to the `Evaluator`, node by node, which gives the meaning. `Half.source`
shows the functions.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from ..language.nodes import (
    Among,
    And,
    Assign,
    Boolean,
    Compare,
    Condition,
    FieldItem,
    Fields,
    Ignore,
    Key,
    Let,
    Name,
    Not,
    Number,
    Or,
    Param,
    Path,
    Presence,
    Reject,
    Statement,
    Status,
    Template,
    Text,
    Value,
    When,
)
from ..late_dataclass import dataclass
from ..values.dates import parse_iso
from ..values.value import has_value, nfc, to_text
from . import frame as frames
from .program import Program
from .quick import QUICK, filter_function

Function: TypeAlias = Callable[..., Any]

MAX_STATEMENTS: Final = 2_000
"""Halves with more statements and fields than that are left to the evaluator."""


@dataclass(frozen=True, slots=True)
class Half:
    """The functions of one half, None for what it does not do; ``source`` is their text.

    ``bind(payload, frame)`` fills ``frame.lets``; ``ignored`` and ``rejected`` give the first
    verdict that applies, or None; ``gather(payload, frame, contact, entity)`` maps the fields.
    """

    bind: Function | None
    ignored: Function | None
    rejected: Function | None
    gather: Function | None
    source: str


def compile_half(
    program: Program, statements: Sequence[Statement], outer: Iterable[str] = ()
) -> Half | None:
    """The functions of some statements; None where there are too many.

    ``outer`` are the lets of the half above.
    """
    if sum(1 for _ in _all(statements)) > MAX_STATEMENTS:
        return None
    names: dict[str, Any] = {
        "has_value": has_value,
        "holds": frames.holds,
        "nfc": nfc,
        "nothing": {},
        "put": frames.put,
        "read": frames.read,
        "render": frames.render,
        "take": frames.take,
        "to_text": to_text,
    }
    own = [each.name.text for each in statements if isinstance(each, Let)]
    lets = frozenset((*outer, *own))
    functions = [
        _Function("bind", program, names, frozenset(outer)).binding(statements),
        _Function("ignored", program, names, lets).verdict(statements, Ignore),
        _Function("rejected", program, names, lets).verdict(statements, Reject),
        _Function("gather", program, names, lets).gathering(statements),
    ]
    module = ast.Module([each for each in functions if each is not None], type_ignores=[])
    exec(compile(ast.fix_missing_locations(module), "<channel>", "exec"), names)
    made = [None if each is None else names[each.name] for each in functions]
    return Half(made[0], made[1], made[2], made[3], ast.unparse(module))


def _all(statements: Iterable[Statement | FieldItem]) -> Iterator[Statement | FieldItem]:
    for each in statements:
        yield each
        if isinstance(each, When):
            for branch in each.branches:
                yield from _all(branch.items)
        elif isinstance(each, Fields):
            yield from _all(each.items)


class _Function:
    """One function in the making; constants of all functions share ``names``."""

    def __init__(
        self, name: str, program: Program, names: dict[str, Any], lets: frozenset[str]
    ) -> None:
        self.name = name
        self.program = program
        self.names = names
        self.lets = lets
        self.inner: dict[tuple[str, ...], str] = {}
        self.head: list[ast.stmt] = []

    # Functions

    def binding(self, statements: Iterable[Statement]) -> ast.FunctionDef | None:
        body: list[ast.stmt] = []
        for each in statements:
            if isinstance(each, Let):
                place = ast.Subscript(_load("lets"), ast.Constant(each.name.text), ast.Store())
                body.append(ast.Assign([place], self.value(each.value)))
                self.lets |= {each.name.text}
        return self._function(body, ("payload", "frame"))

    def verdict(
        self, statements: Iterable[Statement], kind: type[Ignore] | type[Reject]
    ) -> ast.FunctionDef | None:
        return self._function(self._verdicts(statements, kind), ("payload", "frame"))

    def gathering(self, statements: Iterable[Statement]) -> ast.FunctionDef | None:
        return self._function(
            self._statements(statements), ("payload", "frame", "contact", "entity")
        )

    def _function(self, body: list[ast.stmt], parameters: Sequence[str]) -> ast.FunctionDef | None:
        if not body:
            return None
        head: list[ast.stmt] = [*_dict_only("payload")]
        if self.lets:
            head.append(_let("lets", ast.Attribute(_load("frame"), "lets", ast.Load())))
        arguments = ast.arguments(
            posonlyargs=[],
            args=[ast.arg(each) for each in parameters],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        )
        return ast.FunctionDef(self.name, arguments, [*head, *self.head, *body], [])

    # Statements

    def _verdicts(
        self, statements: Iterable[Statement], kind: type[Ignore] | type[Reject]
    ) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for each in statements:
            if isinstance(each, When):
                if any(isinstance(inner, kind) for inner in _all([each])):
                    body += self._when(each, lambda items: self._verdicts(items, kind))
            elif isinstance(each, kind):
                given = ast.Return(self._constant("verdict", each))
                test = each.condition
                body.append(given if test is None else ast.If(self.condition(test), [given], []))
        return body

    def _statements(self, statements: Iterable[Statement]) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for each in statements:
            match each:
                case When():
                    if any(not isinstance(inner, When | Ignore | Reject) for inner in _all([each])):
                        body += self._when(each, self._statements)
                case Fields(target=target, update=update, items=items):
                    if target == "contact" and update:
                        body.append(_gathered("contact_update", ast.Constant(value=True)))
                    body += self._fields(items, "contact" if target == "contact" else "entity")
                case Status(value=Name(text=text)):
                    body.append(_gathered("status", ast.Constant(text)))
                case _:
                    if not isinstance(each, frames.GATHERED):
                        continue
                    body.append(_call("take", _load("frame"), self._constant("statement", each)))
        return body

    def _fields(self, items: Iterable[FieldItem], fields: str) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        for each in items:
            if isinstance(each, When):
                body += self._when(each, lambda inner: self._fields(inner, fields))
            else:
                body.append(self._assign(each, fields))
        return body

    def _assign(self, assign: Assign, fields: str) -> ast.stmt:
        rule = self.program.field_rules[assign.span.start]
        value, known = self.value(assign.value), self._constant("rule", rule)
        if rule.multi or rule.kind is not None:
            return _call("put", _load(fields), known, value, _load("frame"))
        place = ast.Subscript(_load(fields), ast.Constant(rule.name), ast.Store())
        only = self.program.only_rules
        rules = only.contact if fields == "contact" else only.entity
        row = value if rule.name in rules else ast.Tuple([known, value], ast.Load())
        return ast.Assign([place], row)

    def _when(
        self, when: When[Any], inside: Callable[[Iterable[Any]], list[ast.stmt]]
    ) -> list[ast.stmt]:
        following: list[ast.stmt] = []
        for branch in reversed(when.branches):
            body = inside(branch.items)
            if branch.condition is None:
                following = body
            else:
                test = self.condition(branch.condition)
                following = [ast.If(test, body or [ast.Pass()], following)]
        return following

    # Values

    def value(self, node: Value) -> ast.expr:
        match node:
            case Number(value=number):
                return self._constant("number", number)
            case Boolean(value=truth):
                return ast.Constant(truth)
            case Template():
                return self.template(node)

    def template(self, node: Template) -> ast.expr:
        only, constant = node.only, node.constant
        if only is not None:
            return self.param(only)
        rendered = _called("render", _load("frame"), self._constant("template", node))
        if constant is not None:
            return ast.Constant(constant) if len(constant) <= QUICK else rendered
        tests: list[ast.expr] = []
        parts: list[ast.expr] = []
        for part in node.parts:
            if isinstance(part, Text):
                parts.append(ast.Constant(part.value))
                continue
            name = self._new("value")
            tests.append(_filled(name, self.param(part)))
            is_text = _is(_load(name), "str")
            text = ast.IfExp(is_text, _load(name), _called("to_text", _load(name)))
            parts.append(ast.FormattedValue(text, conversion=-1))
        name = self._new("text")
        length = _called("len", ast.NamedExpr(_store(name), ast.JoinedStr(parts)))
        tests.append(ast.Compare(length, [ast.LtE()], [ast.Constant(QUICK)]))
        return ast.IfExp(ast.BoolOp(ast.And(), tests), _load(name), rendered)

    def param(self, node: Param) -> ast.expr:
        value = self.path(node.path)
        for each in node.filters:
            function = filter_function(each, node.path, self.program)
            value = _called(self._named("filter", function), value, _load("frame"))
        return value

    def path(self, path: Path) -> ast.expr:
        reading = _called("read", _load("frame"), self._constant("path", path))
        names = tuple(step.name for step in path.steps if isinstance(step, Key))
        if path.root or len(names) != len(path.steps):
            return reading
        if names[0] in self.lets:
            let = ast.Subscript(_load("lets"), ast.Constant(names[0]), ast.Load())
            return reading if len(names) > 1 else let
        return _member(self._inside(names[:-1]), names[-1], reading)

    def _inside(self, names: tuple[str, ...]) -> str:
        """The variable of the object that some keys lead to; empty where there is none."""
        if not names:
            return "payload"
        if names not in self.inner:
            outer = self._inside(names[:-1])
            name = self.inner[names] = self._new("inner")
            self.head.append(_let(name, _member(outer, names[-1], _load("nothing"))))
            self.head.extend(_dict_only(name))
        return self.inner[names]

    # Conditions

    def condition(self, node: Condition) -> ast.expr:
        match node:
            case And(terms=terms):
                return ast.BoolOp(ast.And(), [self.condition(each) for each in terms])
            case Or(terms=terms):
                return ast.BoolOp(ast.Or(), [self.condition(each) for each in terms])
            case Not(term=term):
                return ast.UnaryOp(ast.Not(), self.condition(term))
            case Presence(param=param, present=present):
                there = _called("has_value", self.param(param))
                return there if present else ast.UnaryOp(ast.Not(), there)
            case Compare(param=param, operator=operator, value=right):
                quick = self._comparison(param, operator, right)
            case Among(param=param, values=rights):
                quick = self._membership(param, rights)
            case _:
                quick = None
        holds = _called("holds", _load("frame"), self._constant("condition", node))
        return holds if quick is None else ast.IfExp(*quick, holds)

    def _comparison(
        self, param: Param, operator: str, right: Value
    ) -> tuple[ast.expr, ast.expr] | None:
        """When a comparison is quick, and the quick one."""
        name = self._new("left")
        read = ast.NamedExpr(_store(name), self.param(param))
        if isinstance(right, Number) and operator in _ORDERS:
            number = self._constant("number", right.value)
            return _is(read, "int"), ast.Compare(_load(name), [_ORDERS[operator]()], [number])
        text = _plain_text(right)
        if text is None or operator not in ("==", "!="):
            return None
        same = ast.Compare(_called("nfc", _load(name)), [_ORDERS[operator]()], [ast.Constant(text)])
        if operator == "==":
            return _is(read, "str"), same
        there = _called("has_value", _load(name))
        return _is(read, "str"), ast.BoolOp(ast.And(), [there, same])

    def _membership(
        self, param: Param, rights: Iterable[Value]
    ) -> tuple[ast.expr, ast.expr] | None:
        texts = [_plain_text(each) for each in rights]
        if None in texts:
            return None
        name = self._new("left")
        read = ast.NamedExpr(_store(name), self.param(param))
        among = self._constant("texts", frozenset(texts))
        return _is(read, "str"), ast.Compare(_called("nfc", _load(name)), [ast.In()], [among])

    # Names

    def _new(self, kind: str) -> str:
        """A name that nothing has yet, in any function."""
        name = f"{kind}{len(self.names)}"
        self.names[name] = None
        return name

    def _named(self, kind: str, value: object) -> str:
        name = self._new(kind)
        self.names[name] = value
        return name

    def _constant(self, kind: str, value: object) -> ast.expr:
        return _load(self._named(kind, value))


_ORDERS: Final[dict[str, type[ast.cmpop]]] = {
    "==": ast.Eq,
    "!=": ast.NotEq,
    "<": ast.Lt,
    "<=": ast.LtE,
    ">": ast.Gt,
    ">=": ast.GtE,
}


def _plain_text(value: Value) -> str | None:
    """The text of a constant that texts are compared with as text: it has a value, is no date."""
    text = value.constant if isinstance(value, Template) else None
    if text is None or not has_value(text) or parse_iso(text) is not None:
        return None
    return nfc(text)


def _load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _let(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([_store(name)], value)


def _called(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(_load(name), list(arguments), [])


def _call(name: str, *arguments: ast.expr) -> ast.stmt:
    return ast.Expr(_called(name, *arguments))


def _is(value: ast.expr, type: str) -> ast.expr:
    return ast.Compare(_called("type", value), [ast.Is()], [_load(type)])


def _member(place: str, name: str, otherwise: ast.expr) -> ast.expr:
    """``place[name] if name in place else otherwise``."""
    key = ast.Constant(name)
    there = ast.Compare(key, [ast.In()], [_load(place)])
    return ast.IfExp(there, ast.Subscript(_load(place), key, ast.Load()), otherwise)


def _dict_only(name: str) -> list[ast.stmt]:
    """What makes an empty object of anything else."""
    other = ast.Compare(_called("type", _load(name)), [ast.IsNot()], [_load("dict")])
    return [ast.If(other, [_let(name, _load("nothing"))], [])]


def _filled(name: str, value: ast.expr) -> ast.expr:
    """Whether a value, bound to a name, is one."""
    bound = ast.NamedExpr(_store(name), value)
    start = ast.Subscript(_load(name), ast.Slice(upper=ast.Constant(1)), ast.Load())
    word = ast.Call(ast.Attribute(start, "isalnum", ast.Load()), [], [])
    text = ast.BoolOp(ast.And(), [_is(bound, "str"), word])
    return ast.BoolOp(ast.Or(), [text, _called("has_value", _load(name))])


def _gathered(name: str, value: ast.expr) -> ast.stmt:
    """``frame.gathering.name = value``."""
    place = ast.Attribute(_load("frame"), "gathering", ast.Load())
    return ast.Assign([ast.Attribute(place, name, ast.Store())], value)
