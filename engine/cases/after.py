"""``after``: records that the store holds once the decision is applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import CaseError
from ..messages.suggest import closest
from ..store import Record, RecordType
from ..values.value import Json
from .expectations import matcher_mistakes
from .located import Entries, Items, Node, Scalar, mistake
from .matching import EXACTLY, differences
from .model import Difference
from .shapes import AfterRecordShape, shaped

TYPES: Final[Mapping[str, RecordType]] = {"contacts": "contact", "leads": "lead", "deals": "deal"}


@dataclass(frozen=True, slots=True)
class Stated:
    """A record as ``after`` states it beside the one that the store holds.

    ``item`` is None for a record that none is stated of, where there may be no other;
    ``record`` is None where the store has none. ``line`` is where it is, or is not, stated.
    """

    path: str
    line: int
    item: Entries | None
    record: dict[str, Json] | None


def after_mistakes(node: Node, path: str) -> Iterator[CaseError]:
    """Mistakes in the form of ``after``: that of ``store``, with matchers for values."""
    if not isinstance(node, Entries):
        yield mistake("a map is expected here", node.place, path)
        return
    yield from matcher_mistakes(node, path, lists=True)
    for key, value in node.entries.items():
        if key not in TYPES:
            near = closest(key, TYPES)
            hint = f"; did you mean `{near}`?" if near else ""
            yield mistake(f"unknown key `{key}`{hint}", node.keys[key], path)
            continue
        records = _listed(value)
        if not isinstance(records, Items):
            yield mistake("a list is expected here", value.place, path)
            continue
        for record in records.items:
            shape = shaped(AfterRecordShape, record, path)
            if isinstance(shape, tuple):
                yield from shape


def after_differences(after: Entries, records: Sequence[Record]) -> Iterator[Difference]:
    """What of the stated records is not so among ``records``."""
    for each in stated(after, records):
        if each.item is None:
            yield Difference(each.path, each.line, "nothing", "a record")
        elif each.record is None:
            yield Difference(each.path, each.line, "a record", "nothing")
        else:
            yield from differences(each.item, each.record, each.path)


def stated(after: Entries, records: Sequence[Record]) -> Iterator[Stated]:
    """Every stated record with the one that it is about among ``records``, then those too many.

    A record with an id is looked up by it; one without is the first that no other one states.
    An empty list states that there are none, ``$exactly`` that there are no others.
    """
    for key, type in TYPES.items():
        if key in after.entries:
            left = {each.id: _shown(each) for each in records if each.type == type}
            yield from _of_type(after.entries[key], left, f"after.{key}")


def _of_type(node: Node, left: dict[str, dict[str, Json]], path: str) -> Iterator[Stated]:
    listed = _listed(node)
    assert isinstance(listed, Items)
    unnamed: list[tuple[int, Entries]] = []
    for index, item in enumerate(listed.items):
        assert isinstance(item, Entries)
        id = item.entries.get("id")
        if isinstance(id, Scalar):
            found = left.pop(id.text, None)
            yield Stated(f"{path}[id={id.text}]", item.place.line, item, found)
        else:
            unnamed.append((index, item))
    for index, item in unnamed:
        record = left.pop(next(iter(left))) if left else None
        yield Stated(f"{path}[{index}]", item.place.line, item, record)
    if not listed.items or listed is not node:
        for surplus, record in left.items():
            yield Stated(f"{path}[id={surplus}]", listed.place.line, None, record)


def _listed(node: Node) -> Node:
    """The list of records, whether it stands for itself or under ``$exactly``."""
    return node.entries.get(EXACTLY, node) if isinstance(node, Entries) else node


def _shown(record: Record) -> dict[str, Json]:
    return {
        "id": record.id,
        "fields": dict(record.fields),
        "types": {name: list(types) for name, types in record.types.items()},
        "status": record.status,
        "responsible": record.responsible,
        "contacts": list(record.contacts),
    }
