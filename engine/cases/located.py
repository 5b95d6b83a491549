"""YAML 1.2 as values that know where they stand.

Plain scalars follow the core schema with JSON's values: integers of any size, decimals with the
digits they were written with, timestamps as text. A scalar keeps its written text too, because
ids, phones and form values are compared and sent as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from ..errors import CaseError

if TYPE_CHECKING:
    from ..values.value import Json

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 100_000
MAX_DIGITS: Final = 4_000

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_INTEGER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_DECIMAL: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NO_NUMBER: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)
_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value")
)
_TEXT_TAG: Final = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column in a case file, from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, true, false or null; ``text`` is how it was written."""

    value: bool | int | Decimal | str | None
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Entries:
    """A map; ``keys`` says where each key stands."""

    entries: Mapping[str, Node]
    keys: Mapping[str, Place]
    place: Place


Node: TypeAlias = "Scalar | Items | Entries"


def read_yaml(text: str, path: str) -> Node:
    """The one document of a YAML text; raises `CaseError` at the first mistake in it."""
    root, mistakes = read_located(text, path)
    if mistakes:
        raise mistakes[0]
    return root


def read_located(text: str, path: str) -> tuple[Node, tuple[CaseError, ...]]:
    """The one document of a YAML text, and what in it a case file cannot hold.

    That is a key written twice, which counts as it was written first; a tag, which is left out;
    and a number that JSON does not have, which is a text.

    Raises `CaseError` for what cannot be read at all: broken YAML, a key that is no text, a merge
    key, more than 64 levels or 100,000 values (aliases count as often as they are used).
    """
    reader = _Reader(path)
    root = reader.node(compose(text, path), 1)
    return root, tuple(reader.mistakes)


def compose(text: str, path: str) -> ScalarNode | SequenceNode | MappingNode:
    """The YAML nodes of a text; raises `CaseError` where they are broken or nested too deep."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = _place(mark) if mark else Place(1, 1)
        raise CaseError(f"broken YAML: {error.problem}", path, place.line, place.column) from error
    except YAMLError as error:
        raise CaseError("broken YAML: a character that cannot stand in a file", path) from error
    except RecursionError:  # the composer recurses before any depth can be counted
        raise CaseError(f"nested deeper than {MAX_DEPTH} levels", path) from None
    if root is None:
        raise CaseError("the file is empty", path)
    assert isinstance(root, ScalarNode | SequenceNode | MappingNode)
    return root


class _Reader:
    """Turns ruamel's node graph into located values, counting what aliases multiply."""

    def __init__(self, path: str) -> None:
        self.mistakes: list[CaseError] = []
        self._path = path
        self._count = 0

    def node(self, node: object, depth: int) -> Node:
        assert isinstance(node, ScalarNode | SequenceNode | MappingNode)
        place = _place(node.start_mark)
        self._count += 1
        if depth > MAX_DEPTH:
            raise mistake(f"nested deeper than {MAX_DEPTH} levels", place, self._path)
        if self._count > MAX_VALUES:
            raise mistake(f"more than {MAX_VALUES:,} values, aliases included", place, self._path)
        if str(node.tag) not in _TAGS:
            self._add(f"the tag {node.tag} has no meaning in a case file", place)
        if isinstance(node, ScalarNode):
            return Scalar(self._value(node, place), node.value, place)
        if isinstance(node, SequenceNode):
            return Items(tuple(self.node(item, depth + 1) for item in node.value), place)
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key, value in node.value:
            at = _place(getattr(key, "start_mark", None))
            name = self._key(key, at)
            inner = self.node(value, depth + 1)
            if isinstance(inner, Scalar) and value.start_mark.index == value.end_mark.index:
                inner = replace(inner, place=at)  # one left out seems to stand at the next key
            if name in keys:
                self._add(f"the key `{name}` stands already in line {keys[name].line}", at)
                continue
            keys[name] = at
            entries[name] = inner
        return Entries(entries, keys, place)

    def _key(self, key: object, place: Place) -> str:
        if not isinstance(key, ScalarNode):
            raise mistake("a key is a text", place, self._path)
        if key.style is None and key.value == "<<":
            message = "YAML 1.2 has no merge key `<<`; write the keys out"
            raise mistake(message, place, self._path)
        return str(key.value)

    def _value(self, node: ScalarNode, place: Place) -> bool | int | Decimal | str | None:
        text: str = node.value
        if node.style is not None or str(node.tag) == _TEXT_TAG:  # quoted, or an explicit !!str
            return text
        if text in _NULL:
            return None
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        if _NO_NUMBER.fullmatch(text):
            self._add(f"JSON has no number {text}", place)
            return text
        if len(text) > MAX_DIGITS:
            return self._long(text, place)
        if _INTEGER.fullmatch(text):
            return int(text)
        if _BASED.fullmatch(text):
            return int(text, 0)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        return text

    def _long(self, text: str, place: Place) -> str:
        if _INTEGER.fullmatch(text) or _BASED.fullmatch(text) or _DECIMAL.fullmatch(text):
            self._add(f"a number of more than {MAX_DIGITS:,} digits", place)
        return text

    def _add(self, message: str, place: Place) -> None:
        self.mistakes.append(mistake(message, place, self._path))


def _place(mark: object) -> Place:
    return Place(getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1)


def key_place(node: Node, key: str) -> Place:
    """Where a key of a map stands, or the map itself where it has no such key."""
    return node.keys.get(key, node.place) if isinstance(node, Entries) else node.place


def mistake(message: str, place: Place, path: str) -> CaseError:
    """The error of that sentence at a place of the file at ``path``."""
    return CaseError(message, path, place.line, place.column)


def plain(node: Node) -> Json:
    """The value without its places."""
    match node:
        case Scalar(value=value):
            return value
        case Items(items=items):
            return [plain(item) for item in items]
        case Entries(entries=entries):
            return {key: plain(value) for key, value in entries.items()}


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """The node in which every text that is exactly ``$name`` is the value of that name.

    A value stands where its name stood, so that messages point to the use.
    """
    match node:
        case Scalar(value=str(text)) if text.startswith("$") and text[1:] in values:
            return replace(values[text[1:]], place=node.place)
        case Scalar():
            return node
        case Items(items=items):
            return replace(node, items=tuple(substitute(item, values) for item in items))
        case Entries(entries=entries):
            inner = {key: substitute(value, values) for key, value in entries.items()}
            return replace(node, entries=inner)
