"""What every check of a channel, or of a file as a whole, is given."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, cast

from ..language import nodes
from ..language.layout import STATEMENTS
from ..language.nodes import Node
from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Source, Span
from ..messages.suggest import Suggester
from . import walk
from .effort import Effort
from .shape import Gap, Place, Shape, look_up, shape_of

NodeT = TypeVar("NodeT", bound=Node)

ANYTHING: Final = Place(None, "any", ())


@dataclass(frozen=True, slots=True)
class Context:
    """A channel with its indexes; all in order of writing.

    ``broken`` is set where the channel has statements that could not be read, and ``lost`` are
    the words on their lines: what is said there is not held against the rest.
    ``payload`` is what `payload {…}` declares and ``element`` what params read below `each`;
    both are None where anything may be read. ``effort`` is shared by the channels of a file.
    """

    source: Source
    file: nodes.File
    channel: nodes.Channel
    broken: bool
    lost: frozenset[str]
    tables: Mapping[str, nodes.Table]
    lets: Mapping[str, tuple[int, nodes.Let]]
    payload: Shape | None
    element: Shape | None
    each: nodes.Each | None
    reads: tuple[walk.Read, ...]
    levels: tuple[tuple[nodes.Statement, ...], ...]
    placed: tuple[walk.Placed, ...]
    kinds: Mapping[type[Node], tuple[Node, ...]]
    effort: Effort

    def report(
        self,
        code: str,
        message: str,
        at: Node | Span,
        label: str = "",
        *,
        related: Sequence[Label] = (),
        help: str | None = None,
        fix: Sequence[Edit] = (),
    ) -> Diagnostic:
        """A diagnostic at a node or a span of this channel's file."""
        span = at.span if isinstance(at, Node) else at
        return Diagnostic(code, message, self.source, span, label, tuple(related), help, tuple(fix))

    def text(self, node: Node) -> str:
        """A node as it is written."""
        return self.source.text[node.span.start : node.span.end]

    def first(self, kind: type[NodeT]) -> NodeT | None:
        """The first statement of a kind, `when` blocks aside."""
        return next((each for each in self.channel.statements if isinstance(each, kind)), None)

    @property
    def entity(self) -> nodes.Entity | None:
        """The `entity` statement."""
        return self.first(nodes.Entity)

    @property
    def find(self) -> nodes.Find | None:
        """The `find` statement."""
        return self.first(nodes.Find)

    def of(self, kind: type[NodeT]) -> tuple[NodeT, ...]:
        """All nodes of a kind, wherever they are in the channel."""
        return cast("tuple[NodeT, ...]", self.kinds.get(kind, ()))

    def let_of(self, read: walk.Read) -> nodes.Let | None:
        """The `let` that a path reads: one that stands above it."""
        entry = self.lets.get(read.name or "")
        return entry[1] if entry is not None and entry[0] < read.index else None

    def place(self, read: walk.Read) -> Place | Gap:
        """What is declared where a path leads; anything, where nothing is known."""
        if self.let_of(read) is not None or read.scope == "map":
            return ANYTHING
        shape = self.payload
        if read.path.root == "@item" or (not read.path.root and read.scope == "element"):
            shape = self.element
        elif read.path.root not in ("", "@root"):
            return ANYTHING
        return ANYTHING if shape is None else look_up(shape, read.path.steps)


@dataclass(frozen=True, slots=True)
class FileContext:
    """A file as a whole and its channels; ``lost`` as in `Context`."""

    source: Source
    file: nodes.File
    lost: frozenset[str]
    channels: tuple[Context, ...]


def context_of(source: Source, file: nodes.File) -> FileContext:
    """What the checks of a file are given."""
    lost = _lost_words(source, file)
    broken = sorted(span.start for span in file.broken)
    tables: dict[str, nodes.Table] = {}
    for table in file.tables:
        tables.setdefault(table.name.text, table)
    effort = Effort()
    channels = tuple(
        _context(source, file, channel, broken, lost, tables, effort) for channel in file.channels
    )
    return FileContext(source, file, lost, channels)


def _lost_words(source: Source, file: nodes.File) -> frozenset[str]:
    """The words of the lines that could not be read; of a very long line its beginning.

    Where a line begins with a word that is no statement, the one that was meant is among them.
    """
    suggester = Suggester()
    lost: set[str] = set()
    for span in file.broken:
        words = re.findall(r"\w+", source.text[span.start : min(span.end, span.start + 2_000)])
        lost.update(words)
        if words and words[0] not in STATEMENTS:
            lost.update(filter(None, [suggester.closest(words[0], STATEMENTS)]))
    return frozenset(lost)


def _context(
    source: Source,
    file: nodes.File,
    channel: nodes.Channel,
    broken: Sequence[int],
    lost: frozenset[str],
    tables: Mapping[str, nodes.Table],
    effort: Effort,
) -> Context:
    def damaged(node: Node) -> bool:
        return bisect_left(broken, node.span.start) < bisect_right(broken, node.span.end)

    lets: dict[str, tuple[int, nodes.Let]] = {}
    payload: nodes.Payload | None = None
    each: nodes.Each | None = None
    for index, statement in enumerate(channel.statements):
        match statement:
            case nodes.Let(name=name):
                lets.setdefault(name.text, (index, statement))
            case nodes.Payload() if payload is None:
                payload = statement
            case nodes.Each() if each is None:
                each = statement
            case _:
                pass
    shape = None if payload is None else shape_of(payload.params)
    if payload is not None and damaged(payload):
        shape = None
    kinds, reads = walk.survey(channel)
    levels = walk.levels(channel)
    blocks = [
        (block, number > 0)
        for number, level in enumerate(levels)
        for block in level
        if isinstance(block, nodes.Fields)
    ]
    blocks.sort(key=lambda entry: entry[0].span.start)
    return Context(
        source,
        file,
        channel,
        damaged(channel),
        lost,
        tables,
        lets,
        shape,
        _element(shape, each, lets),
        each,
        tuple(reads),
        tuple(levels),
        tuple(p for block, inside in blocks for p in walk.placed(block, inside)),
        {kind: tuple(found) for kind, found in kinds.items()},
        effort,
    )


def _element(
    shape: Shape | None, each: nodes.Each | None, lets: Mapping[str, tuple[int, nodes.Let]]
) -> Shape | None:
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
