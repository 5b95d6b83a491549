"""What every check of a channel, or of a file as a whole, is given."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeVar, cast

from ..language import nodes
from ..language.layout import STATEMENTS
from ..language.nodes import Node
from ..late_dataclass import dataclass
from ..messages.diagnostics import Diagnostic, Edit, Label
from ..messages.source import Source, Span
from ..messages.suggest import Suggester
from . import walk
from .effort import Effort
from .reads import Known, Lets, Read, element_of
from .shape import Shape, shape_of
from .survey import Survey
from .types import Typing

NodeT = TypeVar("NodeT", bound=Node)


@dataclass(frozen=True)
class Context:
    """A channel with its indexes; all in order of writing.

    ``broken`` is set where the channel has statements that could not be read, and ``lost`` are
    the words on their lines: what is said there is not held against the rest.
    ``known`` is what the channel says of what it reads. ``firsts`` are the first statements of
    each kind, `when` blocks aside; ``effort`` is shared by the channels of a file.
    """

    source: Source
    file: nodes.File
    channel: nodes.Channel
    broken: bool
    lost: frozenset[str]
    tables: Mapping[str, nodes.Table]
    known: Known
    reads: Sequence[Read]
    levels: Sequence[tuple[nodes.Statement, ...]]
    placed: Sequence[walk.Placed]
    kinds: Mapping[type[Node], Sequence[Node]]
    firsts: Mapping[type[Node], Node]
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
        return cast("NodeT | None", self.firsts.get(kind))

    @property
    def entity(self) -> nodes.Entity | None:
        """The `entity` statement."""
        return self.first(nodes.Entity)

    @property
    def find(self) -> nodes.Find | None:
        """The `find` statement."""
        return self.first(nodes.Find)

    @property
    def each(self) -> nodes.Each | None:
        """The `each` statement."""
        return self.first(nodes.Each)

    @property
    def lets(self) -> Lets:
        """The channel's `let` statements by name, each with its index."""
        return self.known.lets

    @property
    def payload(self) -> Shape | None:
        """What `payload {…}` declares; None where anything may be read."""
        return self.known.payload

    @property
    def element(self) -> Shape | None:
        """What params read below `each`; None where anything may be read."""
        return self.known.element

    @cached_property
    def typing(self) -> Typing:
        """The types of what is read."""
        return Typing(self.lets, self.reads)

    def of(self, kind: type[NodeT]) -> Sequence[NodeT]:
        """All nodes of a kind, wherever they are in the channel; as in `Survey`."""
        return cast("Sequence[NodeT]", self.kinds.get(kind, ()))


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

    firsts: dict[type[Node], Node] = {}
    lets: dict[str, tuple[int, nodes.Let]] = {}
    for index, statement in enumerate(channel.statements):
        firsts.setdefault(type(statement), statement)
        if isinstance(statement, nodes.Let):
            lets.setdefault(statement.name.text, (index, statement))
    payload, each = firsts.get(nodes.Payload), firsts.get(nodes.Each)
    assert isinstance(payload, nodes.Payload | None)
    assert isinstance(each, nodes.Each | None)
    shape = None if payload is None or damaged(payload) else shape_of(payload.params)
    known = Known(lets, shape, element_of(shape, each, lets))
    survey = Survey(channel, known)
    levels = walk.levels(channel)
    return Context(
        source,
        file,
        channel,
        damaged(channel),
        lost,
        tables,
        known,
        survey.reads,
        levels,
        _placed(levels),
        survey.kinds,
        firsts,
        effort,
    )


def _placed(levels: Sequence[tuple[nodes.Statement, ...]]) -> list[walk.Placed]:
    """The assignments of all field blocks."""
    blocks = [
        (block, number > 0)
        for number, level in enumerate(levels)
        for block in level
        if isinstance(block, nodes.Fields)
    ]
    blocks.sort(key=lambda entry: entry[0].span.start)
    return [each for block, inside in blocks for each in walk.placed(block, inside)]
