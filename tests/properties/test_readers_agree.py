"""The plain way through a rule file and the one that recovers read the same nodes at one place."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from strategies import mutated_files

from leadlark.check.walk import children
from leadlark.language.nodes import Node
from leadlark.language.plain_reading import PlainReading
from leadlark.language.reading import Reading
from leadlark.messages.source import Source

ROOT: Final = Path(__file__).parent.parent.parent
FILES: Final = (
    Path(__file__).parent / "everything.channel",
    *sorted((ROOT / "rules").rglob("*.channel")),
)


def with_places(value: Any) -> Any:
    """A node as plain values, spans among them, which take no part in comparing nodes."""
    if isinstance(value, Node):
        kind: Any = type(value)
        return (kind, *(with_places(getattr(value, each.name)) for each in fields(kind)))
    if isinstance(value, tuple):
        return tuple(with_places(each) for each in value)
    return value


def assert_agreement(text: str) -> None:
    source = Source("x.channel", text)
    plain, recovering = PlainReading(source, text, "file"), Reading(source, text, "file")
    read, recovered = plain.run(), recovering.run()
    assert (read is None) == bool(recovering.problems)
    if read is not None:
        assert with_places(recovered) == with_places(read)
        assert with_places(tuple(recovering.comments)) == with_places(tuple(plain.comments))
        assert recovering.tokens_left == plain.tokens_left


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_files_without_mistakes_are_read_alike(file: Path) -> None:
    """A rule file without mistakes gives the same nodes at the same places either way."""
    assert_agreement(file.read_text(encoding="utf-8"))


@given(mutated_files())
def test_a_mistake_is_left_to_the_reader_that_recovers(text: str) -> None:
    """The plain way gives up where there is a mistake, and only there."""
    assert_agreement(text)


def test_every_node_is_found_below_its_parent() -> None:
    """Walking over nodes misses none, whatever attribute holds it."""
    text = FILES[0].read_text(encoding="utf-8")
    waiting: list[Node] = [PlainReading(Source("x.channel", text), text, "file").run()]

    for node in waiting:
        kind: Any = type(node)
        held = [getattr(node, each.name) for each in fields(kind)]
        several = [each if isinstance(each, tuple) else (each,) for each in held]
        expected = {id(each) for group in several for each in group if isinstance(each, Node)}
        below = children(node)
        assert expected == {id(each) for each in below}
        waiting += below
