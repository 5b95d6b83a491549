"""``params`` and ``each``: a case that runs once a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..errors import CaseError
from .located import Entries, Node, Scalar, mistake, substitute
from .notes import stand_ins
from .shapes import ParametersShape, shaped

_KEYS: Final = ("params", "each")
_SHOWN: Final = 40
_MATCHERS: Final = ("any", "absent")


def rows(node: Node, path: str) -> Iterator[tuple[Node, str] | CaseError]:
    """The case itself, or once a row of its parameters, each with a label that tells them apart.

    Mistakes in the parameters come in the place of rows.
    """
    if not isinstance(node, Entries) or not any(key in node.entries for key in _KEYS):
        yield node, ""
        return
    own = {key: value for key, value in node.entries.items() if key in _KEYS}
    shape = shaped(ParametersShape, Entries(own, node.keys, node.place), path)
    if isinstance(shape, tuple):
        yield from shape
        return
    for name in shape.params:
        if name in _MATCHERS or shape.params.count(name) > 1:
            place = node.keys["params"]
            what = "is a matcher" if name in _MATCHERS else "is named twice"
            yield mistake(f"the param `{name}` {what}", place, path)
            return
    if not shape.each:
        yield mistake("`each` has no row, so the case never runs", node.keys["each"], path)
    rest = {key: value for key, value in node.entries.items() if key not in _KEYS}
    for values in shape.each:
        place = values[0].place if values else node.keys["each"]
        if len(values) != len(shape.params):
            message = "a row has one value for each name of `params`: this one has "
            message += f"{_counted(values, 'value')} for {_counted(shape.params, 'name')}"
            yield mistake(message, place, path)
            continue
        row = dict(zip(shape.params, values, strict=True))
        label = ", ".join(f"{name}={_short(value)}" for name, value in row.items())
        yield substitute(Entries(rest, node.keys, node.place), row), f" [{label}]"


def without_params(node: Node) -> Node:
    """What of a case no row changes: it keeps its name and has no key with a ``$name`` in it."""
    if not isinstance(node, Entries):
        return node
    kept = {
        key: value
        for key, value in node.entries.items()
        if key == "name"
        or (key not in _KEYS and all(each.text[1:] in _MATCHERS for each in stand_ins(value)))
    }
    return Entries(kept, node.keys, node.place)


def _counted(several: Sequence[object], what: str) -> str:
    return f"{len(several)} {what}{'' if len(several) == 1 else 's'}"


def _short(node: Node) -> str:
    if not isinstance(node, Scalar):
        return "…"
    return node.text if len(node.text) <= _SHOWN else node.text[:_SHOWN] + "…"
