"""Checks of what several rule files have in common.

They stand apart from the checks of a file, which a file from the cache has passed already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from .language import nodes
from .messages.diagnostics import Diagnostic, Label
from .messages.source import Source, Span

Files: TypeAlias = Sequence[tuple[Source, nodes.File]]


def addresses_are_unique(files: Files) -> Iterator[Diagnostic]:
    """E206: two channels of one address."""
    seen: dict[str, tuple[Source, nodes.Channel]] = {}
    for source, file in files:
        for channel in file.channels:
            name = channel.address.text
            if not name:
                continue
            first_source, first = seen.setdefault(name, (source, channel))
            if first is not channel:
                yield Diagnostic(
                    "E206",
                    f"address `{name}` is used twice",
                    source,
                    channel.address.span,
                    "a request to it could mean either channel",
                    (Label(first.address.span, "first used here", first_source),),
                    "give one of the channels another address",
                )


def default_is_single(files: Files) -> Iterator[Diagnostic]:
    """E207: two channels with `default`."""
    first: tuple[Source, nodes.Channel, nodes.Default] | None = None
    for source, file in files:
        for channel in file.channels:
            own = [each for each in channel.statements if isinstance(each, nodes.Default)]
            if not own:
                continue
            if first is None:
                first = (source, channel, own[0])
                continue
            name = first[1].address.text
            yield Diagnostic(
                "E207",
                "second default channel",
                source,
                own[0].span,
                "only one channel can take what belongs to none",
                (Label(own_span(first), f"`{name}` is the default already", first[0]),),
                "leave out one of the two",
            )


def own_span(entry: tuple[Source, nodes.Channel, nodes.Default]) -> Span:
    """Where a channel says that it is the default."""
    return entry[2].span


TOGETHER_CHECKS: Final[tuple[Callable[[Files], Iterable[Diagnostic]], ...]] = (
    addresses_are_unique,
    default_is_single,
)
"""What is checked of all files that are loaded at once."""


def check_together(files: Files) -> tuple[Diagnostic, ...]:
    """What is wrong between files that are loaded at once, or between channels of one of them.

    The later place is at fault, the earlier one is the related place, in its own source.
    """
    found = [each for together_check in TOGETHER_CHECKS for each in together_check(files)]
    return tuple(sorted(found, key=lambda each: each.order))
