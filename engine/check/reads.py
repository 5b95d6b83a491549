"""The paths that a channel reads, and where they lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from ..language import nodes
from ..late_dataclass import dataclass
from .shape import Gap, Place, Shape, look_up

Scope: TypeAlias = Literal["payload", "element", "map"]
Lets: TypeAlias = Mapping[str, tuple[int, nodes.Let]]

ANYTHING: Final = Place(None, "any", ())


@dataclass(frozen=True, slots=True)
class Read:
    """A path that is read: ``scope`` tells in what.

    ``param`` is the ``<…>`` whose path it is; the path of `each`, of `auth` or of a filter's
    argument has none. ``name`` is the first key of a path into the payload, which a `let` may
    have named, and ``let`` the one that has: it stands above the path. ``place`` is what is
    declared where the path leads; anything, where nothing is known.
    """

    path: nodes.Path
    scope: Scope
    param: nodes.Param | None
    name: str | None
    let: nodes.Let | None
    place: Place | Gap


@dataclass(frozen=True, slots=True)
class Known:
    """What a channel says of what its params may read.

    ``lets`` are those of the channel, each with the index of its statement. ``payload`` is what
    `payload {…}` declares and ``element`` what params read below `each`; both are None where
    anything may be read.
    """

    lets: Lets
    payload: Shape | None
    element: Shape | None

    def read(
        self, path: nodes.Path, scope: Scope, index: int, param: nodes.Param | None = None
    ) -> Read:
        """A path that the statement of that index reads."""
        steps = path.steps
        name = None
        if steps and not path.root:
            first = steps[0]
            if isinstance(first, nodes.Key):
                name = first.name
        entry = self.lets.get(name or "")
        let = entry[1] if entry is not None and entry[0] < index else None
        place = ANYTHING if let is not None else self._place(path, scope)
        return Read(path, scope, param, name, let, place)

    def _place(self, path: nodes.Path, scope: Scope) -> Place | Gap:
        root = path.root
        if scope == "map":
            return ANYTHING
        shape = self.payload
        if root == "@item" or (scope == "element" and not root):
            shape = self.element
        elif root and root != "@root":
            return ANYTHING
        return ANYTHING if shape is None else look_up(shape, path.steps)


def element_of(shape: Shape | None, each: nodes.Each | None, lets: Lets) -> Shape | None:
    """What the keys of an element are known to be below `each`."""
    if shape is None or each is None:
        return None
    first = each.path.steps[0] if each.path.steps and not each.path.root else None
    if not isinstance(first, nodes.Key) or first.name in lets:
        return None
    place = look_up(shape, each.path.steps)
    if isinstance(place, Gap) or place.shape is None:
        return None
    element = place.shape.element or place.shape
    return element if element.keys else None
