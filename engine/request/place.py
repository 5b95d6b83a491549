"""Where a recorded payload stands: its file and its number there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeAlias

from ..errors import PayloadError
from ..late_dataclass import dataclass, replace
from .payload import Request


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The ``payload``-th payload of a file, and its ``element`` under ``each``; both from 1."""

    file: str
    payload: int
    element: int | None = None

    def text(self, counts: Mapping[str, int]) -> str:
        """The place as people read it; ``counts`` are the payloads of each file.

        A file of one payload is named alone.
        """
        number = f" payload {self.payload}" if counts.get(self.file, 0) != 1 else ""
        element = f" element {self.element}" if self.element is not None else ""
        return f"{self.file}{number}{element}"

    @staticmethod
    def texts(places: Sequence[Place], counts: Mapping[str, int]) -> str:
        """Several places in one text: those of one file are counted up behind its name."""
        by_file: dict[str, list[Place]] = {}
        for each in places:
            by_file.setdefault(each.file, []).append(each)
        texts = []
        for file, several in by_file.items():
            if len(several) == 1 or any(each.element is not None for each in several):
                texts += [each.text(counts) for each in several]
                continue
            *most, last = [str(each.payload) for each in several]
            texts.append(f"{file} payloads {', '.join(most)} and {last}")
        return ", ".join(texts)

    def inside(self, index: int, count: int) -> Place:
        """The place of one of a payload's decisions; ``index`` from 0."""
        return replace(self, element=index + 1) if count > 1 else self

    def to_dict(self) -> dict[str, Any]:
        """The place as it stands in JSON."""
        return {"file": self.file, "payload": self.payload, "element": self.element}


Sent: TypeAlias = Iterable[tuple[Place, Request | PayloadError]]
"""Requests, or why one cannot be read, with their places."""


def placed(
    sent: Iterable[tuple[str, Request | PayloadError]],
) -> Iterator[tuple[Place, Request | PayloadError]]:
    """Number the requests of each file, those that cannot be read among them."""
    counts: Counter[str] = Counter()
    for file, request in sent:
        counts[file] += 1
        yield Place(file, counts[file]), request


def labelled(
    sent: Iterable[tuple[str, Request | PayloadError]],
) -> Iterator[tuple[str, Request | PayloadError]]:
    """Name each request by its place, as people read it, before the next but one is read."""
    for file, several in groupby(sent, key=itemgetter(0)):
        held = next(several)[1]
        number = 0
        for number, (_, request) in enumerate(several, start=1):
            yield f"{file} payload {number}", held
            held = request
        yield f"{file} payload {number + 1}" if number else file, held


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A payload that cannot be read, and why."""

    place: Place
    code: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """The payload as it stands in JSON."""
        return {"place": self.place.to_dict(), "code": self.code, "message": self.message}
