"""The shape of a case file: pydantic models over located values.

The models take `located.Node` values, so every mistake they find has a line and a column.
``request`` and ``expect`` values stay located: they are read where they are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from ..errors import CaseError
from ..messages.suggest import closest
from .located import Entries, Items, Node, Place, Scalar


def _text(node: object) -> object:
    if isinstance(node, Scalar) and node.value is not None:
        return node.text
    raise PydanticCustomError("shape", "a text is expected here")


def _optional_text(node: object) -> object:
    if isinstance(node, Scalar) and node.value is None:
        return None
    return _text(node)


def _items(node: object) -> object:
    if isinstance(node, Items):
        return list(node.items)
    raise PydanticCustomError("shape", "a list is expected here")


def _row(node: object) -> object:
    if isinstance(node, Items):
        return list(node.items)
    message = "a row is a list of values: write one in brackets, such as [1]"
    raise PydanticCustomError("shape", message)


def _node(node: object) -> object:
    if isinstance(node, Scalar | Items | Entries):
        return node
    raise PydanticCustomError("shape", "a value is expected here")


def _map(node: object) -> object:
    if isinstance(node, Entries):
        return dict(node.entries)
    raise PydanticCustomError("shape", "a map is expected here")


Text = Annotated[str, BeforeValidator(_text)]
OptionalText = Annotated[str | None, BeforeValidator(_optional_text)]
Located = Annotated[Any, BeforeValidator(_node)]
Texts = Annotated[list[Text], BeforeValidator(_items)]
TextMap = Annotated[dict[str, Text], BeforeValidator(_map)]
Row = Annotated[list[Located], BeforeValidator(_row)]
Fields = Annotated[dict[str, Located], BeforeValidator(_map)]


class Shape(BaseModel):
    """A map with known keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _entries(cls, node: object) -> object:
        return _map(node)


class RecordShape(Shape):
    """A contact, lead or deal that the store holds."""

    id: Text
    fields: Fields = {}
    types: Annotated[dict[str, Texts], BeforeValidator(_map)] = {}
    status: OptionalText = None
    responsible: OptionalText = None
    contacts: Texts = []


class StoreShape(Shape):
    """What a store holds."""

    contacts: Annotated[list[RecordShape], BeforeValidator(_items)] = []
    leads: Annotated[list[RecordShape], BeforeValidator(_items)] = []
    deals: Annotated[list[RecordShape], BeforeValidator(_items)] = []


class AfterRecordShape(Shape):
    """A record that is expected: every key of a record's, each an expectation."""

    id: OptionalText = None
    fields: Located = None
    types: Located = None
    status: Located = None
    responsible: Located = None
    contacts: Located = None


class ParametersShape(Shape):
    """The rows that a case runs with."""

    params: Texts
    each: Annotated[list[Row], BeforeValidator(_items)]


class CaseShape(Shape):
    """One case, its parameters put in."""

    name: Text
    json_: Located = Field(None, alias="json")
    form: Located = None
    query: Located = None
    body: OptionalText = None
    content_type: OptionalText = None
    file: OptionalText = None
    headers: TextMap = {}
    store: StoreShape | None = None
    now: OptionalText = None
    expect: Located = None
    after: Located = None
    skip: OptionalText = None
    todo: OptionalText = None


class FileShape(Shape):
    """A case file; its cases are read one by one."""

    rules: Text
    channel: OptionalText = None
    now: OptionalText = None
    store: StoreShape = StoreShape.model_construct()
    cases: Annotated[list[Located], BeforeValidator(_items)]


ShapeT = TypeVar("ShapeT", bound=Shape)


def shaped(model: type[ShapeT], node: Node, path: str) -> ShapeT | tuple[CaseError, ...]:
    """The node as a model's value, or every mistake in it."""
    try:
        return model.model_validate(node)
    except ValidationError as error:
        return tuple(_mistake(detail, model, node, path) for detail in error.errors())


def shaped_anyway(
    model: type[ShapeT], node: Node, path: str
) -> tuple[ShapeT | None, tuple[CaseError, ...]]:
    """What of the node has the model's shape, and every mistake in it.

    A key that is wrong in any place is left out, and what the model requires is empty then; where
    the node is no map there is nothing.
    """
    try:
        return model.model_validate(node), ()
    except ValidationError as error:
        details = error.errors()
    mistakes = tuple(_mistake(detail, model, node, path) for detail in details)
    if not isinstance(node, Entries):
        return None, mistakes
    wrong = {str(detail["loc"][0]) for detail in details if detail["loc"]}
    entries: dict[str, Node] = {
        key: Items((), node.place) if key == "cases" else Scalar("", "", node.place)
        for key, field in model.model_fields.items()
        if key in wrong and field.is_required()
    }
    entries |= {key: value for key, value in node.entries.items() if key not in wrong}
    return model.model_validate(Entries(entries, node.keys, node.place)), mistakes


def _mistake(detail: ErrorDetails, model: type[Shape], node: Node, path: str) -> CaseError:
    parts = detail["loc"]
    key = str(parts[-1]) if parts else ""
    match detail["type"]:
        case "extra_forbidden":
            place = _place(node, parts)
            message = f"unknown key `{key}`"
            near = closest(key, _known(model, parts[:-1]))
            message += f"; did you mean `{near}`?" if near else ""
        case "missing":
            place = _place(node, parts[:-1])
            message = f"the key `{key}` is missing"
        case _:
            place = _place(node, parts)
            message = detail["msg"]
    return CaseError(message, path, place.line, place.column)


def _place(node: Node, parts: Sequence[int | str]) -> Place:
    """Where a path of keys and indexes leads: for a key, the key itself."""
    place = node.place
    for part in parts:
        if isinstance(node, Entries) and part in node.entries:
            place, node = node.keys[str(part)], node.entries[str(part)]
        elif isinstance(node, Items) and isinstance(part, int):
            node = node.items[part]
            place = node.place
    return place


def _known(model: type[Shape], parts: Sequence[int | str]) -> Iterable[str]:
    if parts and isinstance(parts[-1], int):
        model = RecordShape
    elif parts and parts[-1] == "store":
        model = StoreShape
    return [field.alias or name for name, field in model.model_fields.items()]
