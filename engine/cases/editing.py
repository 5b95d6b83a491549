"""Values of a YAML text replaced by place, so that the rest of it stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from ..values.value import Json
from .writing import WIDTH, block, flow

YamlNode: TypeAlias = ScalarNode | SequenceNode | MappingNode

_BLOCK_SCALARS: Final = ("|", ">")


@dataclass(frozen=True, slots=True)
class Edit:
    """A range of a text and what takes its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A value where it stands in a YAML text.

    ``behind`` is the offset behind its key's colon, None for an element of a list; ``indent`` the
    column of what stands in a block below its key; ``flow`` says whether it is in ``{…}`` or
    ``[…]``.
    """

    node: YamlNode
    behind: int | None = None
    indent: int = 0
    flow: bool = False

    @property
    def start(self) -> int:
        """Where the value begins; one that is left out is behind its colon."""
        if self.behind is not None and _left_out(self.node):
            return self.behind
        return int(self.node.start_mark.index)

    @property
    def quote(self) -> str:
        """The sign that a text is quoted with, if it is."""
        style = self.node.style if isinstance(self.node, ScalarNode) else None
        return style if style in ("'", '"') else ""

    def members(self, text: str) -> dict[str, Slot]:
        """The values of a map by their keys."""
        if not isinstance(self.node, MappingNode):
            return {}
        within = self.flow or bool(self.node.flow_style)
        return {
            key.value: Slot(
                value,
                text.index(":", key.end_mark.index) + 1,
                key.start_mark.column + 2,
                within,
            )
            for key, value in self.node.value
        }

    def elements(self) -> list[Slot]:
        """The values of a list."""
        if not isinstance(self.node, SequenceNode):
            return []
        within = self.flow or bool(self.node.flow_style)
        return [Slot(each, flow=within) for each in self.node.value]


def is_shared(node: YamlNode) -> bool:
    """Whether a value or anything in it has an anchor, so that it may stand elsewhere too."""
    if node.anchor is not None:
        return True
    if isinstance(node, MappingNode):
        return any(is_shared(key) or is_shared(value) for key, value in node.value)
    return isinstance(node, SequenceNode) and any(map(is_shared, node.value))


def replace(slot: Slot, value: Json, text: str) -> Iterator[Edit]:
    """The edits that put a value in the place of another: on one line, or in a block below."""
    start, end = slot.start, _end(slot, text)
    on_a_line = flow(value, slot.quote)
    if slot.behind is None or slot.flow:
        yield Edit(start, end, on_a_line if start > (slot.behind or 0) else f" {on_a_line}")
        return
    if text[slot.behind : start].isspace():
        start = slot.behind
    width = slot.behind - text.rfind("\n", 0, slot.behind) + len(on_a_line)
    if not isinstance(value, dict | list) or not value or width <= WIDTH:
        yield Edit(start, end, on_a_line if start > slot.behind else f" {on_a_line}")
        return
    yield from in_block(slot, value, text)


def in_block(slot: Slot, value: dict[str, Json] | list[Json], text: str) -> Iterator[Edit]:
    """The edits that put a map or list below its key, behind the comment of the key's line."""
    assert slot.behind is not None
    end = _end(slot, text)
    lines = block(value, slot.indent)
    line_break = "\r\n" if "\r\n" in text else "\n"
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    line_end -= text[end:line_end].endswith("\r")
    start = slot.behind if text[slot.behind : slot.start].isspace() else slot.start
    yield Edit(start, end, "")
    yield Edit(line_end, line_end, "".join(line_break + line for line in lines))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits made, none of which overlap."""
    for each in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: each.start] + each.text + text[each.end :]
    return text


def _left_out(node: YamlNode) -> bool:
    return bool(node.start_mark.index == node.end_mark.index)


def _end(slot: Slot, text: str) -> int:
    """Where a value ends, without the comments and blank lines that follow it."""
    node = slot.node
    if slot.behind is not None and _left_out(node):
        return slot.behind
    end = int(node.end_mark.index)
    if isinstance(node, ScalarNode):
        written = text[slot.start : end]
        return slot.start + len(written.rstrip()) if node.style in _BLOCK_SCALARS else end
    if node.flow_style:
        return end
    inner = slot.members(text).values() if isinstance(node, MappingNode) else slot.elements()
    return max((_end(each, text) for each in inner), default=end)
