"""``params`` and ``each``: a case that runs once a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..errors import CaseError
from .located import Entries, Node, Scalar, mistake, substitute
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
    rest = {key: value for key, value in node.entries.items() if key not in _KEYS}
    for values in shape.each:
        place = values[0].place if values else node.keys["each"]
        if len(values) != len(shape.params):
            message = f"a row of {len(values)} values for {len(shape.params)} params"
            yield mistake(message, place, path)
            continue
        row = dict(zip(shape.params, values, strict=True))
        label = ", ".join(f"{name}={_short(value)}" for name, value in row.items())
        yield substitute(Entries(rest, node.keys, node.place), row), f" [{label}]"


def _short(node: Node) -> str:
    if not isinstance(node, Scalar):
        return "…"
    return node.text if len(node.text) <= _SHOWN else node.text[:_SHOWN] + "…"
