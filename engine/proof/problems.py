"""What is wrong with the secrets of channels, to be told before a request comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from ..channel import Channel
from .names import VARIABLE, canonical
from .strength import Secret, weakness

Known: TypeAlias = Callable[[str], Sequence[Secret]]
"""Gives the values of a secret by its name, the one in use first; none where it is not set."""


def problems(channels: Iterable[Channel], secrets: Known) -> list[str]:
    """A sentence for every secret that a channel names and that is missing or will not do.

    Each names the channel, its line and the secret, and the way out; none holds a value.
    """
    return [sentence for each in channels for sentence in _of_channel(each, secrets)]


def _of_channel(channel: Channel, secrets: Known) -> Iterator[str]:
    program = channel.program
    auth = program.auth
    if auth is None:
        return
    name = canonical(auth.secret.text)
    line = program.source.position(auth.span.start).line
    place = f"{program.source.name}:{line}: channel `{channel.address}`"
    values = secrets(auth.secret.text)
    if not values:
        yield (
            f"{place}: the secret {name} is not set; run `leadlark secret set {name}`, "
            f"or set {VARIABLE}{name}"
        )
    for which, value in zip(("secret", "former value of"), values, strict=False):
        wrong = weakness(auth, value)
        if wrong is not None:
            yield f"{place}: the {which} {name} {wrong}; set another at the sender and here"
