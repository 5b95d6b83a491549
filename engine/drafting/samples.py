"""Sample payloads: what senders have sent, each with the name that a case has for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

from ..request.payload import Request
from ..values.value import Json
from .sheet import said

_STDIN: Final = "-"
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Sample:
    """One payload; ``number`` counts from 1 over all samples, ``title`` names it for people.

    ``transport`` is how a case sends it: as JSON, or as the form that it came as.
    """

    number: int
    title: str
    transport: Literal["json", "form"]
    request: Request

    @property
    def payload(self) -> dict[str, Json]:
        """The payload itself."""
        return self.request.payloads[0]


def sample_of(number: int, file: str, index: int | None, request: Request) -> Sample:
    """A sample of a file; ``index`` counts from 1 where the file holds several."""
    name = "standard input" if file == _STDIN else PurePath(file).name
    title = said(name, _SHOWN) if index is None else f"{said(name, _SHOWN)} {index}"
    form = PurePath(file).suffix.lower() == ".form" and _plain(request.payloads[0])
    return Sample(number, title, "form" if form else "json", request)


def _plain(payload: Json, *, outer: bool = True) -> bool:
    """Whether a form built of a payload is read as the same payload again.

    Brackets in names, empty lists and lists of one have no way to be written in a form.
    """
    match payload:
        case dict():
            keys = all(key and not set(key) & set("[]") for key in payload)
            numbered = not outer and all(key.isdigit() for key in payload)
            filled = outer or bool(payload)
            return (
                keys
                and filled
                and not numbered
                and all(_plain(each, outer=False) for each in payload.values())
            )
        case list():
            flat = all(isinstance(each, str) for each in payload)
            mixed = any(isinstance(each, str | list) for each in payload)
            return (
                len(payload) > 1
                and (flat or not mixed)
                and all(_plain(each, outer=False) for each in payload)
            )
        case _:
            return isinstance(payload, str)
